"""A dose that is given by a route or so often is a dose of a drug, and the drug stands before it.

"KCl 20 mEq PO": to a model of case reports a name and a number are a test and its result.
"""

import re
from collections.abc import Iterator
from typing import Final

from models.ner.decoding.priors.kinds import Expected

NATS = 2.0

_UNIT: Final = (
    r"(?:mg|mcg|µg|ug|g|gm|grams?|meq|mmol|units?|iu|ml|cc|puffs?|sprays?|drops?|tabs?|tablets?"
    r"|caps?|capsules?|patch(?:es)?|mg/(?:kg|m2|ml|day|hr?))"
)
_OFTEN: Final = (
    r"(?:q\.?d|q\.?h\.?s|qam|qpm|q\.?o\.?d|b\.?i\.?d|t\.?i\.?d|q\.?i\.?d"
    r"|q ?\d+(?:-\d+)? ?(?:h|hrs?|hours?|min|d)|daily|nightly|weekly|at bedtime)"
)
_HOW: Final = (
    rf"(?:{_OFTEN}|po|p\.o|iv|i\.v|im|sc|sq|subq|sl|pr|inh|ivp|ivpb|inhaled|topical|orally|by mouth"
    r"|subcutaneous(?:ly)?|intravenous(?:ly)?|every|once|twice|prn|as needed|tablet|capsule)"
)
_NUMBER: Final = r"\d+(?:[.,/-]\d+){0,4}"
_NAME: Final = r"[^\W\d_][\w-]{0,40}"  # bounded, so that time grows with the length of the text
_SIG: Final = re.compile(
    rf"(?<![^\W_])(?P<drug>{_NAME}(?:[ ]{_NAME})?)[ ]"
    rf"(?P<dose>{_NUMBER}[ ]?{_UNIT}(?=[ ](?:{_NUMBER}[ ]{_UNIT}[ ])?{_HOW}\b)"
    rf"|{_NUMBER}(?=[ ]{_OFTEN}\b))",
    re.IGNORECASE,
)


def expected(text: str) -> Iterator[Expected]:
    """Yield the one or two words before a dose as a drug, and the dose."""
    for sig in _SIG.finditer(text):
        yield Expected(*sig.span("drug"), "drug", NATS)
        yield Expected(*sig.span("dose"), "dose", NATS)
