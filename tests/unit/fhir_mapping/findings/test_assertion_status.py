from dataclasses import replace
from itertools import product
from typing import Any, get_args

import pytest

from fhir_mapping.extraction import extract
from fhir_mapping.findings import status_tables
from fhir_mapping.findings.assertion_status import AssertionStatus, status_of
from models.clinical import Assertion, Cue, Mention
from tests.golden.markup import RUN, note, read
from tests.validity.check import problems

ROWS = get_args(AssertionStatus)
FLAGS = {
    "asserted": "",
    "negated": "negated",
    "uncertain": "uncertain",
    "historical": "historical",
    "uncertain-historical": "uncertain historical",
    "doubtful": "negated uncertain",
    "hypothetical": "hypothetical",
    "family": "family",
    "other": "other",
    "not_expressible": "family negated",
}

CONDITION = {
    "asserted": ("active", "unconfirmed"),
    "negated": (None, "refuted"),
    "uncertain": (None, "provisional"),
    "historical": ("inactive", "unconfirmed"),
    "uncertain-historical": ("inactive", "provisional"),
}
MEDICATION = {
    "asserted": "unknown",
    "negated": "not-taken",
    "uncertain": "unknown",
    "historical": "completed",
    "uncertain-historical": "unknown",
    "doubtful": "unknown",
}
PROCEDURE = {**MEDICATION, "negated": "not-done"}


def resource(label: str, flags: str) -> dict[str, Any] | None:
    """Return the resource of one mention."""
    one, reading = read(f"[thing|{label} {flags}]")
    made = extract([one], [reading], (), run=RUN, card="card").findings[0].resource
    assert made is None or problems(made) == []
    return dict(made) if made is not None else None


def code(concept: Any) -> str | None:
    return concept["coding"][0]["code"] if concept else None


@pytest.mark.parametrize("row", ROWS)
def test_condition_of_every_row(row: str) -> None:
    """A Condition has the status of its row, or there is none, or it is the relative's."""
    made = resource("Disease_disorder", FLAGS[row])
    if row == "family":
        assert made is not None
        assert (made["resourceType"], made["status"]) == ("FamilyMemberHistory", "partial")
    elif row in CONDITION:
        assert made is not None
        found = code(made.get("clinicalStatus")), code(made["verificationStatus"])
        assert (made["resourceType"], found) == ("Condition", CONDITION[row])
    else:
        assert made is None


@pytest.mark.parametrize("row", ROWS)
def test_medication_statement_of_every_row(row: str) -> None:
    """A MedicationStatement has the status of its row, or there is none."""
    made = resource("Medication", FLAGS[row])
    assert (made and made["status"]) == MEDICATION.get(row)


@pytest.mark.parametrize("label", ["Therapeutic_procedure", "Diagnostic_procedure"])
@pytest.mark.parametrize("row", ROWS)
def test_procedure_of_every_row(row: str, label: str) -> None:
    """A Procedure has the status of its row, or there is none."""
    made = resource(label, FLAGS[row])
    assert (made and made["status"]) == PROCEDURE.get(row)


def test_every_table_has_every_row() -> None:
    """No row can be asked for and be missing."""
    tables = (
        status_tables.CONDITION,
        status_tables.MEDICATION_STATEMENT,
        status_tables.PROCEDURE,
        status_tables.FAMILY_MEMBER_HISTORY,
        status_tables.ALLERGY_INTOLERANCE,
    )
    assert [set(table) for table in tables] == [set(ROWS)] * 5
    assert set(FLAGS) == set(ROWS)


def test_nothing_is_ever_confirmed_or_active_beyond_its_row() -> None:
    """No reading confirms, and only what is plainly asserted is active."""
    given = [status for status in status_tables.CONDITION.values() if status]
    assert "confirmed" not in {status.verification for status in given}
    active = [
        row for row, status in status_tables.CONDITION.items() if status and status[0] == "active"
    ]
    assert active == ["asserted"]


@pytest.mark.parametrize("flags", list(product([False, True], repeat=4)))
@pytest.mark.parametrize("who", ["patient", "family", "other"])
@pytest.mark.parametrize("label", ["Disease_disorder", "History", "Family_history", "Medication"])
def test_a_doubt_or_a_denial_never_makes_a_row_stronger(
    label: str, who: Any, flags: tuple[bool, ...]
) -> None:
    """A negated, uncertain or hypothetical mention is never in the rows that state a fact."""
    negated, uncertain, historical, hypothetical = flags
    assertion = Assertion(negated, uncertain, historical, hypothetical, who)
    said = status_of(Mention(0, 5, "thing", label, 0.9), assertion)
    if negated or uncertain or hypothetical:
        assert said not in {"asserted", "historical", "family"}
    if label == "History" and who == "patient" and not hypothetical:
        assert said in {"historical", "uncertain-historical", "negated", "doubtful"}


@pytest.mark.parametrize(
    "words",
    [
        "no history of smoking",
        "denied allergies",
        "He did not smoke",
        "didn't smoke",
        "previously healthy",
        "nonsmoker",
        "non-smoking",
        "history was unremarkable",
        "never had tuberculosis",
        "Family history noncontributory",
    ],
)
@pytest.mark.parametrize("label", ["History", "Family_history"])
def test_a_clause_that_denies_itself_makes_no_resource(label: str, words: str) -> None:
    """What a clause says did not happen is no finding, and no refutation of its denial either."""
    for assertion in (Assertion(), Assertion(negated=True)):
        assert status_of(Mention(0, len(words), words, label, 0.9), assertion) == "not_expressible"


@pytest.mark.parametrize(
    "words", ["non-small cell lung cancer", "normal pressure hydrocephalus", "nocturia"]
)
def test_names_that_only_look_like_denials_stay(words: str) -> None:
    """A disease whose name begins like a negation is a disease."""
    assert status_of(Mention(0, len(words), words, "History", 0.9), Assertion()) == "historical"


def test_of_a_group_no_family_history_can_be_written() -> None:
    """FamilyMemberHistory.patient must be a Patient; other resources may be of a Group."""
    one, reading = read("[gout|Disease_disorder family] [gout|Disease_disorder]")
    made = extract([replace(one, subject="Group/1")], [reading], (), run=RUN, card="c").findings
    assert [finding.resource is None for finding in made] == [True, False]
    assert made[1].resource is not None
    assert problems(made[1].resource) == []
    assert note("x").subject == "Patient/1"


@pytest.mark.parametrize(
    ("before", "status"),
    [
        ("Differential diagnosis:", "differential"),
        ("Differential diagnoses are gout, sarcoidosis and", "differential"),
        ("DDx", "differential"),
        ("The differential includes a stroke, a tumor, or an", "differential"),
        ("Pneumonia vs", "differential"),
        ("The differential blood count suggests", "provisional"),
        ("The differential no longer includes", "provisional"),
        ("Differential diagnosis: gout. Possible", "provisional"),
        ("The differential includes gout, most likely", "provisional"),
        ("Possible", "provisional"),
    ],
)
def test_listed_alternatives_are_differential(before: str, status: str) -> None:
    """All that a sentence lists as a differential diagnosis, and nothing behind its end."""
    one, reading = read(f"{before} [abscess|Disease_disorder uncertain]")
    made = extract([one], [reading], (), run=RUN, card="card").findings[0].resource
    assert made is not None
    assert code(made["verificationStatus"]) == status


def _cue(kind: Any, source: str, words: str) -> Cue:
    start = source.index(words)
    return Cue(kind, start, start + len(words), words)


def test_a_lost_function_is_asserted_under_its_own_name() -> None:
    """ "Not voided" is what is wrong: refuted, it would say that he has."""
    own = Assertion(negated=True, cues=(_cue("negated", "not voided", "not"),))
    assert status_of(Mention(0, 10, "not voided", "Sign_symptom", 0.9), own) == "asserted"
    other = Assertion(negated=True, cues=(_cue("negated", "not vomited", "not"),))
    assert status_of(Mention(0, 11, "not vomited", "Sign_symptom", 0.9), other) != "asserted"


def test_a_function_that_is_denied_is_never_refuted() -> None:
    """ "No [bowel movement]" is no absence of a problem."""
    denied = Assertion(negated=True)
    assert status_of(Mention(3, 17, "bowel movement", "Sign_symptom", 0.9), denied) == (
        "not_expressible"
    )
    assert status_of(Mention(3, 8, "fever", "Sign_symptom", 0.9), denied) == "negated"


def test_what_was_offered_and_refused_was_not_done() -> None:
    """A denial after an offer is about the act; after an "if" it is a part of the condition."""
    act = Mention(0, 6, "biopsy", "Diagnostic_procedure", 0.9)
    for first, expected in (("offered", "negated"), ("if", "hypothetical")):
        cues = (_cue("hypothetical", first, first), _cue("negated", "but declined", "but declined"))
        said = Assertion(negated=True, hypothetical=True, cues=cues)
        assert status_of(act, said) == expected
