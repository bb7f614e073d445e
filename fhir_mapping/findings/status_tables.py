"""The status of a resource from what the note says. It never says more than the note.

None means that no resource is made. An unreviewed reading is never `confirmed`; whether a drug is
taken now or a procedure was done is `unknown` until an assertion says so.
Value sets: FHIR R4 condition-clinical, condition-ver-status, medication-statement-status,
event-status, history-status.
"""

from typing import Final, NamedTuple

from fhir_mapping.findings.assertion_status import AssertionStatus


class ConditionStatus(NamedTuple):
    """`clinical` is None where the note does not say that the condition is or was there."""

    clinical: str | None
    verification: str


CONDITION: Final[dict[AssertionStatus, ConditionStatus | None]] = {
    "asserted": ConditionStatus("active", "unconfirmed"),
    "negated": ConditionStatus(None, "refuted"),
    "uncertain": ConditionStatus(None, "provisional"),
    "historical": ConditionStatus("inactive", "unconfirmed"),
    "uncertain-historical": ConditionStatus("inactive", "provisional"),
    "doubtful": None,
    "hypothetical": None,
    "family": None,
    "other": None,
    "not_expressible": None,
}

MEDICATION_STATEMENT: Final[dict[AssertionStatus, str | None]] = {
    "asserted": "unknown",
    "negated": "not-taken",
    "uncertain": "unknown",
    "historical": "completed",
    "uncertain-historical": "unknown",
    "doubtful": "unknown",
    "hypothetical": None,
    "family": None,
    "other": None,
    "not_expressible": None,
}

# R4 asks for a clinicalStatus wherever nothing was entered in error (ait-1).
ALLERGY_INTOLERANCE: Final[dict[AssertionStatus, ConditionStatus | None]] = {
    "asserted": ConditionStatus("active", "unconfirmed"),
    "negated": ConditionStatus("inactive", "refuted"),
    "uncertain": ConditionStatus("active", "unconfirmed"),
    "historical": ConditionStatus("resolved", "unconfirmed"),
    "uncertain-historical": None,
    "doubtful": None,
    "hypothetical": None,
    "family": None,
    "other": None,
    "not_expressible": None,
}

PROCEDURE: Final[dict[AssertionStatus, str | None]] = {
    "asserted": "unknown",
    "negated": "not-done",
    "uncertain": "unknown",
    "historical": "completed",
    "uncertain-historical": "unknown",
    "doubtful": "unknown",
    "hypothetical": None,
    "family": None,
    "other": None,
    "not_expressible": None,
}

# A result has no place for a doubt, and a denial that it is so is no denial of the test.
OBSERVATION: Final[dict[AssertionStatus, str | None]] = {
    "asserted": "unknown",
    "negated": None,
    "uncertain": None,
    "historical": "unknown",
    "uncertain-historical": None,
    "doubtful": None,
    "hypothetical": None,
    "family": None,
    "other": None,
    "not_expressible": None,
}

# A sign, where it is an Observation: there, or not there.
SIGN: Final[dict[AssertionStatus, str | None]] = {**OBSERVATION, "negated": "unknown"}

FAMILY_MEMBER_HISTORY: Final[dict[AssertionStatus, str | None]] = {
    "asserted": None,
    "negated": None,
    "uncertain": None,
    "historical": None,
    "uncertain-historical": None,
    "doubtful": None,
    "hypothetical": None,
    "family": "partial",
    "other": None,
    "not_expressible": None,
}

# What the words beside a mention say of its course (fhir_mapping.elements.course_from_cues)
# replaces the row's status.
CLINICAL_OF_COURSE: Final = frozenset({"resolved", "remission"})
VERIFICATION_OF_COURSE: Final = frozenset({"differential"})

RETRACTED: Final = "entered-in-error"
