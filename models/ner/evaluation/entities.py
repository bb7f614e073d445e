"""How well mentions agree with annotations: precision, recall and F1 per type and over all.

Strict: span and type are equal. Overlap: the type is equal and the spans share a character. Gold
mentions are those a BIO tagger can give: the longest of overlapping ones, first pieces only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from models.clinical import Mention
from models.ner.brat import AnnotatedText, flat

ALL = "all types"

Item = tuple[str, int, int]  # label, start, end


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one type: mentions annotated, mentions found, and how many of each agree."""

    gold: int
    found: int
    gold_hit: int
    found_hit: int

    @property
    def precision(self) -> float:
        """Share of the found mentions that are right; 0 where none is found."""
        return self.found_hit / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of the annotated mentions that are found; 0 where none is annotated."""
        return self.gold_hit / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def figures(self) -> dict[str, float]:
        """Return precision, recall and F1, rounded to four digits."""
        named = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {name: round(value, 4) for name, value in named.items()}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores by type, `ALL` among them (micro-averaged)."""

    strict: dict[str, Score]
    overlap: dict[str, Score]

    def summary(self) -> dict[str, dict[str, float]]:
        """Return one flat row of numbers per type, ready for JSON or a table."""
        return {name: self._row(name) for name in self.strict}

    def _row(self, name: str) -> dict[str, float]:
        strict, overlap = self.strict[name], self.overlap[name]
        return {
            "gold": strict.gold,
            "found": strict.found,
            **{f"strict_{key}": value for key, value in strict.figures().items()},
            **{f"overlap_{key}": value for key, value in overlap.figures().items()},
        }


def gold_items(annotated: AnnotatedText) -> list[Item]:
    """Return the annotated mentions that count."""
    return [(each.label, each.span.start, each.span.end) for each in flat(annotated.entities)]


def found_items(mentions: Iterable[Mention]) -> list[Item]:
    """Return found mentions in the same form."""
    return [(each.label, each.start, each.end) for each in mentions]


def evaluate(gold: Sequence[Sequence[Item]], found: Sequence[Sequence[Item]]) -> Evaluation:
    """Score the mentions found in texts against the annotated ones, text by text."""
    return Evaluation(_scores(gold, found, _equal), _scores(gold, found, _overlapping))


def _equal(one: Item, others: Sequence[Item]) -> bool:
    return one in others


def _overlapping(one: Item, others: Sequence[Item]) -> bool:
    label, start, end = one
    return any(label == kind and start < stop and first < end for kind, first, stop in others)


def _scores(
    gold: Sequence[Sequence[Item]],
    found: Sequence[Sequence[Item]],
    agrees: Callable[[Item, Sequence[Item]], bool],
) -> dict[str, Score]:
    counts = [
        _count(item for items in gold for item in items),
        _count(item for items in found for item in items),
        _count(_agreeing(gold, found, agrees)),
        _count(_agreeing(found, gold, agrees)),
    ]
    names = [ALL, *sorted((counts[0] | counts[1]).keys() - {ALL})]
    return {name: Score(*(count[name] for count in counts)) for name in names}


def _agreeing(
    ones: Sequence[Sequence[Item]],
    others: Sequence[Sequence[Item]],
    agrees: Callable[[Item, Sequence[Item]], bool],
) -> Iterable[Item]:
    for items, against in zip(ones, others, strict=True):
        yield from (item for item in items if agrees(item, against))


def _count(items: Iterable[Item]) -> Counter[str]:
    return Counter(name for label, _, _ in items for name in (ALL, label))
