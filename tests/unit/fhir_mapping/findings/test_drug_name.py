"""An anesthetic that is named by its way alone has the name of its heading."""

import pytest

from fhir_mapping.findings.drug_name import drug_name
from fhir_mapping.findings.grouping import group
from tests.golden.markup import read


@pytest.mark.parametrize(
    ("marked", "name"),
    [
        ("ANESTHESIA: [General endotracheal|Medication].", "General endotracheal anesthesia"),
        ("Anesthesia: [Local|Medication] with sedation.", "Local anesthesia"),
        ("ANESTHESIA:\n[GENERAL|Medication]", "GENERAL ANESTHESIA"),
        ("ANESTHESIA: [Lidocaine|Medication].", "Lidocaine"),
        ("She was given [topical|Medication] ointment.", "topical"),
    ],
)
def test_the_heading_completes_a_way(marked: str, name: str) -> None:
    """A drug's own name stays as it is, and so does a way without such a heading."""
    note, reading = read(marked)
    assert drug_name(group([note], [reading])[0].first) == name
