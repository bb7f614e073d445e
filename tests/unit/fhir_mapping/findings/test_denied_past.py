"""A denial of what was before does not refute what is there."""

from typing import Any

from fhir_mapping.extraction import extract
from tests.golden.markup import RUN, read


def codes(marked: str) -> list[tuple[str, str]]:
    note, reading = read(marked)
    found = extract([note], [reading], (), run=RUN, card="c").findings
    assert len(found) == 2
    made: list[dict[str, Any]] = [dict(one.resource) for one in found if one.resource]
    return [(one["code"]["text"], one["verificationStatus"]["coding"][0]["code"]) for one in made]


def test_a_denied_history_of_what_is_there_is_no_resource() -> None:
    """New fibrillation without a history of it is fibrillation."""
    assert codes(
        "[New onset asthma|Disease_disorder]."
        " No prior history of [asthma|Disease_disorder negated:no]."
    ) == [("New onset asthma", "unconfirmed")]


def test_a_denial_of_the_present_stays_beside_it() -> None:
    """Two opinions of one day are two resources (decision 12)."""
    assert codes("[Asthma|Disease_disorder]. Film: no [asthma|Disease_disorder negated:no].") == [
        ("Asthma", "unconfirmed"),
        ("asthma", "refuted"),
    ]


def test_a_denied_history_of_something_wider_is_told() -> None:
    """Chest pain does not make a denied history of pain doubtful, nor one fracture another."""
    assert codes(
        "[Chest pain|Sign_symptom]. No prior history of [pain|Sign_symptom negated:no]."
    ) == [("Chest pain", "unconfirmed"), ("pain", "refuted")]


def test_a_denied_history_alone_is_told() -> None:
    """Nothing else says that it is there."""
    assert codes("A [cough|Sign_symptom]. No history of [asthma|Disease_disorder negated:no].") == [
        ("cough", "unconfirmed"),
        ("asthma", "refuted"),
    ]
