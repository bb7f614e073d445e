"""What the next sentence says of the drugs of one: "Lasix and Zoloft. He takes these daily."."""

import re
from typing import Final

from models.clinical import Span

_REACH: Final = 160
_NEXT: Final = re.compile(
    r"[^.;\n]{0,100}+[.;]\s+(?:he|she|they|(?:the\s+)?(?:patient|pt))\s+"
    r"(?:(?:is|was|has\s+been|also|currently)\s+){0,2}(?:takes?|taking|us(?:es?|ing))\s+"
    r"(?:these|them|both(?:\s+of\s+(?:these|them))?|this|it)\b(?P<how>[^.;\n]{0,60})",
    re.IGNORECASE,
)


def taken_next(text: str, end: int) -> Span | None:
    """Return how the next sentence says that a drug is taken that ends at `end`, None if not."""
    found = _NEXT.match(text, end, end + _REACH)
    return Span(*found.span("how")) if found else None
