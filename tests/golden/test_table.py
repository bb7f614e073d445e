"""The table of docs/fhir.md says what the golden cases show."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fhir_mapping.resources.retraction import retracted
from models.clinical import Finding
from tests.golden.test_golden import extraction

PAGE = Path(__file__).parents[2] / "docs" / "fhir.md"
ROW = re.compile(r"\| ([^|]+) \| ([^|]*\*\*[^|]*) \| ([^|]+) \| `([\w-]+)` \|")
SAYS = (
    "asserted",
    "negated",
    "uncertain",
    "historical",
    "on hold or stopped",
    "planned, hypothetical",
    "someone else's",
    "retracted",
)

TYPES = {
    "Disease_disorder": "Condition",
    "Medication": "MedicationStatement",
    "Diagnostic_procedure": "Procedure",
    "Therapeutic_procedure": "Procedure",
}


class Row(NamedTuple):
    says: str
    sentence: str
    resource: str
    case: str

    @property
    def words(self) -> str:
        """The words in bold: the mention that the row is about."""
        return self.sentence.split("**")[1]

    @property
    def found(self) -> Finding:
        """The finding of those words in the case, in this sentence of it."""
        made = extraction(Path(__file__).parent / self.case)
        (one,) = made.notes
        plain = self.sentence.replace("**", "")
        begin = one.text.index(plain) + self.sentence.index("**")
        for finding in made.findings:
            places = [made.readings[0].mentions[each.mention].start for each in finding.evidence]
            if begin in places:
                return finding
        raise AssertionError(f"no finding of {self.words}")


ROWS = [Row(*found) for found in ROW.findall(PAGE.read_text("utf-8"))]


def short(resource: Any, says: str) -> str:
    """Return a resource as the table writes it."""
    if resource is None:
        return "nothing"
    shown = retracted(resource) if says == "retracted" else resource
    return f"{shown['resourceType']}: {', '.join(_statuses(dict(shown)))}"


def _statuses(resource: dict[str, Any]) -> Iterator[str]:
    if "status" in resource:
        yield resource["status"]
    for name in ("clinicalStatus", "verificationStatus", "relationship"):
        if name in resource:
            yield resource[name]["coding"][0]["code"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.says}: {row.words}")
def test_a_row_is_what_its_case_shows(row: Row) -> None:
    """The case that a row names holds the sentence, and makes that resource of the bold words."""
    finding = row.found
    assert finding.text == row.words
    assert short(finding.resource, row.says) == row.resource


def test_every_row_and_type_is_in_the_table() -> None:
    """No cell of the assertion table is without a sentence; a Condition cannot be on hold."""
    told = {(row.says, TYPES.get(row.found.label, row.found.label)) for row in ROWS}
    wanted = {(says, kind) for says in SAYS for kind in TYPES.values()}
    allergies = {
        ("an allergy or intolerance", "MedicationStatement"),
        ("an allergy or intolerance", "Condition"),
        ("an allergy or intolerance", "Sign_symptom"),
        ("no allergy known", "Condition"),
    }
    clauses = {("historical", "History"), ("someone else's", "Family_history")}
    assert told == wanted - {("on hold or stopped", "Condition")} | clauses | allergies


def test_every_case_that_the_page_names_is_there() -> None:
    """No folder is named that was renamed or removed, and no row of the page is skipped."""
    page = PAGE.read_text("utf-8")
    named = re.findall(r"`([a-z]+(?:-[a-z]+)+)`", page)
    assert [name for name in named if not (Path(__file__).parent / name).is_dir()] == []
    assert len(ROWS) == page.count("**") // 2
