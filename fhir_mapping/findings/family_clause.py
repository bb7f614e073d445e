"""What a Family_history clause is of, where its own grammar says so.

"Mother died of breast cancer at 52" is of breast cancer. Only where the whole clause is relatives,
one of a few verbs and a name without a verb, a second thing or a doubt in it: any other clause
stays the name of its condition, as it is written.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from fhir_mapping.findings import labels
from fhir_mapping.findings.ages import TENS
from fhir_mapping.findings.history_resource_type import PROCEDURE_HEAD
from fhir_mapping.findings.relatives import WORD
from models.clinical import Mention

_AROUND: Final = (
    r"(?:his|her|their|the|a|an|my|one|two|three|four|both|all|of|and|\d|younger|older|elder|eldest"
    r"|youngest|patient's|pt's)"
)
_WHO: Final = rf"(?:{_AROUND}\s+)*{WORD}(?:(?:\s+|,\s*)(?:{_AROUND}\s+)*{WORD})*"
_HAS: Final = (
    r"(?::|(?:\s+(?:who|also))*\s+(?:suffer(?:s|ed)?\s+from|had|has|have|with"
    r"|(?:(?:had|has|have)\s+been|was|were|is|are)\s+(?:diagnosed|affected)\s+(?:with|by)))"
)
_DIED: Final = r"\s+(?:died|passed\s+away)\s+(?:of|from|due\s+to)"
_HISTORY: Final = r"(?:(?:strong|positive|significant|known)\s+)?family\s+history\s+(?:of|for)"
_DISEASE: Final = r"\s+(?:(?:an?|the)\s+)?(?!been\s)(?P<disease>[^\W\d_][^,;:.()?/]*?)"
_WHEN: Final = (
    rf"(?:,?\s+(?:diagnosed\s+)?(?P<when>at\s+(?:(?:the\s+)?age\s+(?:of\s+)?)?\d{{1,3}}"
    rf"|in\s+(?:his|her|their)\s+(?:(?:early|mid|late)[\s-]+)?(?:teens|{TENS})))?"
)
_CLAUSE: Final = re.compile(
    rf"\s*(?:{_WHO}(?:(?P<died>{_DIED})|{_HAS})|{_HISTORY}){_DISEASE}{_WHEN}"
    rf"(?(died)|(?:\s+in\s+{_WHO})?)\s*\.?\s*",
    re.IGNORECASE,
)
# What no name of one disease holds: a verb or participle, a second thing, a doubt, another time.
_MORE: Final = re.compile(
    r"""\b(?: \w+ed | and | or | but | who | which | that | with | without | in | at | on | after
      | before | since | when | during | for | from | by | as | is | was | has | had | not | history
      | possibl\w+ | probabl\w+ | suspect\w* | likely | perhaps | maybe | unknown | unclear
      | question\w* | some | several | many | \w+n't )\b""",
    re.VERBOSE | re.IGNORECASE,
)
# What a reader took for a relative's disease, with how it ended: "died of [heart failure] at 68".
_DEATH: Final = re.compile(
    rf"(?:(?:is\s+)?deceased|died|passed\s+away|death)\s+(?:of|from|due\s+to|at\s+\d{{1,3}}\s+(?:of|from))"
    rf"{_DISEASE}{_WHEN}\s*",
    re.IGNORECASE,
)
_RELATIVE: Final = re.compile(WORD, re.IGNORECASE)
_LONGEST: Final = 6
_LONGEST_CLAUSE: Final = 200


@dataclass(frozen=True, slots=True)
class Clause:
    """The disease of a clause, and the words for the age at which it began, "" where none are."""

    disease: str
    began: str = ""


def disease(mention: Mention) -> str:
    """Return the name of the disease of a relative: that of its clause, or all of the words."""
    found = clause(mention)
    if found:
        return found.disease
    died = _DEATH.fullmatch(mention.text) if len(mention.text) <= _LONGEST_CLAUSE else None
    return died["disease"] if died and _is_name(died["disease"]) else mention.text


def clause(mention: Mention) -> Clause | None:
    """Return what a Family_history mention is of; None where its words do not say it so."""
    return _read(mention.text) if mention.label == "Family_history" else None


@lru_cache(maxsize=1024)
def _read(text: str) -> Clause | None:
    found = _CLAUSE.fullmatch(text) if len(text) <= _LONGEST_CLAUSE else None
    if found is None or not _is_name(found["disease"]):
        return None
    return Clause(found["disease"], "" if found["died"] else found["when"] or "")


def _is_name(words: str) -> bool:
    refused = _MORE.search(words) or labels.DENIAL.search(words) or _RELATIVE.search(words)
    named = words.split()
    done = PROCEDURE_HEAD.fullmatch(named[-1])
    return not refused and not done and len(named) <= _LONGEST
