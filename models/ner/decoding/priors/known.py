"""Shorthand whose meaning is known is what it means: "TKA" an operation, "Biktarvy" a drug."""

from collections.abc import Iterator
from typing import Final

from models.ner.decoding.priors.kinds import Expected, Kind, names_another
from models.ner.text.abbreviations.expansion import meanings
from models.ner.text.abbreviations.table import EACH, Named

NATS: Final = 3.0

_KINDS: Final[dict[Named, Kind]] = {"problem": "problem", "procedure": "procedure", "drug": "drug"}


def expected(text: str) -> Iterator[Expected]:
    """Yield the abbreviations and brands that stand for one thing of a known kind."""
    for start, end, found in meanings(text):
        if found.named in _KINDS and EACH not in found.form and not names_another(text, end):
            yield Expected(start, end, _KINDS[found.named], NATS)
