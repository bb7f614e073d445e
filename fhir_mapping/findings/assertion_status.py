"""What a note says of a mention, as one word: the row of the status tables."""

import re
from typing import Final, Literal

from fhir_mapping.findings import labels
from fhir_mapping.findings.chronic_diseases import lasts
from fhir_mapping.findings.semantic_tags import denied_by_itself, without_names
from models.clinical import Assertion, Mention

AssertionStatus = Literal[
    "asserted",
    "negated",
    "uncertain",
    "historical",
    "uncertain-historical",
    "doubtful",
    "hypothetical",
    "family",
    "other",
    "not_expressible",
]

# What is wrong is that it does not happen: "no bowel movement", "not voided".
LOST_FUNCTION: Final = re.compile(
    r"(?:not|no|never|cannot|can't|could\s+not)\s+(?:(?:been|being|be|had|having|have|an?|any)\s+)*"
    r"(?:able\b|bowel\s+movements?|bms?\b|urine(?:\s+output)?\b|flatus|stools?\b|appetite"
    r"|(?:void|urinat|sleep|slept|eat|ate|drink|breath|walk|stand|speak|talk|respond|ambulat|mov"
    r"|feed|suck|stool|defecat|swallow|hear|see|function|grow|thriv|gain)\w*)",
    re.IGNORECASE,
)

# Denied, these are what is wrong, and refuted they would say that nothing is.
FUNCTION: Final = re.compile(
    r"bowel\s+movements?|bms?|urine(?:\s+output)?|void(?:ed|ing)?|urinat(?:ed|ing|ion)|flatus|appetite",
    re.IGNORECASE,
)
_CONDITIONAL: Final = re.compile(
    r"(?:if|unless|should|in\s+case|in\s+the\s+event)\b", re.IGNORECASE
)

# (negated, uncertain, historical). That something never was is said by "negated" alone;
# "probably not" is neither a denial nor a suspicion.
_OF_PATIENT: Final[dict[tuple[bool, bool, bool], AssertionStatus]] = {
    (False, False, False): "asserted",
    (False, False, True): "historical",
    (False, True, False): "uncertain",
    (False, True, True): "uncertain-historical",
    (True, False, False): "negated",
    (True, False, True): "negated",
    (True, True, False): "doubtful",
    (True, True, True): "doubtful",
}


def status_of(mention: Mention, assertion: Assertion) -> AssertionStatus:
    """Return the row for a mention.

    A History is historical whatever it names, a Family_history is of the family. "not_expressible"
    is what no resource can say: words that deny themselves ("absence of appetite", refuted, would
    say the opposite), a relative who may have or has not. A function that is lost ("not voided") is
    asserted under that name. An act that was spoken of and refused was not done.
    """
    own_denial = assertion.negated and denied_by_itself(mention, assertion)
    lost = own_denial and LOST_FUNCTION.match(mention.text) is not None
    if own_denial and not lost and without_names(mention.text) == mention.text:
        return "not_expressible"
    if _unsayable(mention, assertion):
        return "not_expressible"
    if assertion.experiencer == "other":
        return "other"
    if assertion.experiencer == "family" or mention.label == "Family_history":
        return "not_expressible" if own_denial else _of_family(assertion)
    if assertion.hypothetical and not _refused(mention, assertion):
        return "hypothetical"
    past = assertion.historical or mention.label == "History"
    historical = past and not (mention.label in labels.MAY_LAST and lasts(mention, assertion))
    return _OF_PATIENT[assertion.negated and not own_denial, assertion.uncertain, historical]


def _unsayable(mention: Mention, assertion: Assertion) -> bool:
    """Whether a denial would say the opposite: of a clause that denies, of a body's function."""
    if assertion.negated and mention.label in labels.PROBLEMS and FUNCTION.fullmatch(mention.text):
        return True
    clause = mention.label in labels.CLAUSES
    return clause and labels.DENIAL.search(without_names(mention.text)) is not None


def _refused(mention: Mention, assertion: Assertion) -> bool:
    """Whether what was spoken of is denied, and no "if" comes before the denial."""
    cues = [cue.text for cue in assertion.cues if cue.kind == "hypothetical"]
    conditional = any(_CONDITIONAL.match(cue) for cue in cues)
    return assertion.negated and mention.label in labels.ACTS and not conditional


def _of_family(assertion: Assertion) -> AssertionStatus:
    """FamilyMemberHistory.condition has no place for a doubt or a denial, so nothing is said."""
    doubted = assertion.negated or assertion.uncertain or assertion.hypothetical
    return "not_expressible" if doubted else "family"
