"""The kinds of things that a place or a word can promise, and the types that mean them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["problem", "drug", "procedure", "nothing"]

TYPES_OF: Final[Mapping[Kind, frozenset[str]]] = {
    "problem": frozenset({"Disease_disorder", "Sign_symptom"}),
    "drug": frozenset({"Medication"}),
    "procedure": frozenset({"Therapeutic_procedure", "Diagnostic_procedure"}),
    "nothing": frozenset(),
}


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


def names_another(text: str, end: int) -> bool:
    """Return whether the word that ends there is a part of another thing's name.

    A vaccine against it, a test for it, its level: "HBV vaccine", "digoxin level".
    """
    return _ANOTHER.match(text, end) is not None
