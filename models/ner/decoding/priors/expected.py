"""Words that are likely of one kind before the model is asked: shorthand of known meaning.

Shorthand whose meaning is known is what it means: "TKA" an operation, "Biktarvy" a drug.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from models.ner.text.abbreviations.expansion import meanings
from models.ner.text.abbreviations.table import EACH, Named

Kind = Literal["problem", "drug", "procedure", "nothing"]

TYPES_OF: Final[Mapping[Kind, frozenset[str]]] = {
    "problem": frozenset({"Disease_disorder", "Sign_symptom"}),
    "drug": frozenset({"Medication"}),
    "procedure": frozenset({"Therapeutic_procedure", "Diagnostic_procedure"}),
    "nothing": frozenset(),
}
NATS: Final = 3.0

_KINDS: Final[dict[Named, Kind]] = {"problem": "problem", "procedure": "procedure", "drug": "drug"}
_ANOTHER: Final = re.compile(
    r"[ -](?:vaccin|antibod|titer|test|level|trough|screen|class\b|joint|angle|-?10\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Expected:
    """The characters `start` to `end` of a text are expected to be of a kind, by so many nats."""

    start: int
    end: int
    kind: Kind
    nats: float


def shorthand(text: str) -> Iterator[Expected]:
    """Yield the abbreviations and brands that stand for one thing of a known kind."""
    for start, end, found in meanings(text):
        if found.named in _KINDS and EACH not in found.form and not _names_another(text, end):
            yield Expected(start, end, _KINDS[found.named], NATS)


def _names_another(text: str, end: int) -> bool:
    """Return whether the word that ends there is a part of another thing's name.

    A vaccine against it, a test for it, its level: "HBV vaccine", "digoxin level".
    """
    return _ANOTHER.match(text, end) is not None
