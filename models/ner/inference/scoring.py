"""Scores passages in the caller's own thread; `batcher` does it for many threads together.

Whatever a forward pass raises is the error of the passage that made it raise, and of no other.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from models.halving import in_halves, one_for_each
from models.ner.inference.forward import Forward
from models.ner.inference.passages import Passage, batches
from models.ner.text.encoding import Scores

Outcome = Scores | Exception
"""Log probabilities of a passage's wanted pieces, shape [wanted, labels], or why there are none."""


class Scoring(Protocol):
    """Scores any number of passages; threads may share it."""

    def __call__(self, passages: Iterable[Passage], /) -> Iterator[tuple[Passage, Outcome]]:
        """Yield each passage once, in any order, with what came of it."""


class InTurn:
    """Scores batch after batch in the thread that asks."""

    def __init__(self, forward: Forward) -> None:
        self._forward = forward

    def __call__(self, passages: Iterable[Passage], /) -> Iterator[tuple[Passage, Outcome]]:
        """Yield what came of the passages, those of the longest first."""
        for batch in batches(passages):
            yield from zip(batch, outcomes(self._forward, batch), strict=True)


def each_once(scoring: Scoring, passages: Iterable[Passage]) -> Iterator[tuple[Passage, Outcome]]:
    """Score passages that ask the same once, and yield each of them with what came of it.

    Scores do not depend on the company (decision 0021), so that nothing changes but the time: a
    text of one phrase a hundred thousand times has a handful of different windows.
    """
    alike: dict[tuple[bytes, bytes], list[Passage]] = {}
    for passage in passages:
        alike.setdefault(_asked(passage), []).append(passage)
    for first, outcome in scoring(same[0] for same in alike.values()):
        yield from ((passage, outcome) for passage in alike[_asked(first)])


def _asked(passage: Passage) -> tuple[bytes, bytes]:
    return passage.ids.tobytes(), passage.wanted.tobytes()


def outcomes(forward: Forward, batch: Sequence[Passage]) -> list[Outcome]:
    """Score a batch; an exception halves it until the culprit is alone and the others are scored.

    A batch that does not fit into memory is so scored in parts.
    """

    def attempt(some: Sequence[Passage]) -> Sequence[Outcome] | None:
        try:
            found = forward([each.ids for each in some], [each.wanted for each in some])
            return one_for_each(found, len(some))
        except Exception as error:  # noqa: BLE001 whatever a model raises
            return [error] if len(some) == 1 else None

    return [one for some in in_halves(attempt, batch) for one in some]
