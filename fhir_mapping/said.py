"""What a note says of a mention, as one word: the row of the status tables."""

from typing import Final, Literal

from fhir_mapping import labels
from models.clinical import Assertion, Mention

Said = Literal[
    "asserted",
    "negated",
    "uncertain",
    "historical",
    "uncertain-historical",
    "doubtful",
    "hypothetical",
    "family",
    "other",
    "unsaid",
]

# (negated, uncertain, historical). That something never was is said by "negated" alone;
# "probably not" is neither a denial nor a suspicion.
_OF_PATIENT: Final[dict[tuple[bool, bool, bool], Said]] = {
    (False, False, False): "asserted",
    (False, False, True): "historical",
    (False, True, False): "uncertain",
    (False, True, True): "uncertain-historical",
    (True, False, False): "negated",
    (True, False, True): "negated",
    (True, True, False): "doubtful",
    (True, True, True): "doubtful",
}


def said_of(mention: Mention, assertion: Assertion) -> Said:
    """Return the row for a mention.

    A History is historical whatever it names, a Family_history is of the family. "unsaid" is what
    no resource can say: a clause that denies itself, a relative who may have or has not.
    """
    if mention.label in labels.CLAUSES and labels.DENIAL.search(mention.text):
        return "unsaid"
    if assertion.experiencer == "other":
        return "other"
    if assertion.experiencer == "family" or mention.label == "Family_history":
        return _of_family(assertion)
    if assertion.hypothetical:
        return "hypothetical"
    historical = assertion.historical or mention.label == "History"
    return _OF_PATIENT[assertion.negated, assertion.uncertain, historical]


def _of_family(assertion: Assertion) -> Said:
    """FamilyMemberHistory.condition has no place for a doubt or a denial, so nothing is said."""
    doubted = assertion.negated or assertion.uncertain or assertion.hypothetical
    return "unsaid" if doubted else "family"
