"""Whether a score of 0.8 means that eight in ten are right: there is something of that kind.

The expected calibration error is the mean distance of score and share of right ones over ten bins
of equal width, weighted by their mentions (Guo, Pleiss, Sun, Weinberger, ICML 2017).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.clinical import Mention
from models.ner.checkpoint.calibration import Calibration, fit
from models.ner.checkpoint.labels import same_kind
from models.ner.evaluation.entities import Item

BINS = 10

Scored = tuple[float, bool]  # a mention's score, and whether it was right


@dataclass(frozen=True, slots=True)
class Bin:
    """The mentions with scores from `low` on: how many, their mean score, the share right."""

    low: float
    count: int
    score: float
    right: float

    def figures(self) -> dict[str, float]:
        """Return the bin as numbers, rounded to four digits."""
        rates = {"low": self.low, "score": round(self.score, 4), "right": round(self.right, 4)}
        return rates | {"mentions": self.count}


@dataclass(frozen=True, slots=True)
class Reliability:
    """What the scores are worth: errors are expected calibration errors.

    `error` and `bins` are of the scores as they are read, `decoded_error` of those before
    calibration. `halves_error` is honest where the model was calibrated on these very notes: it is
    of a calibration fitted on half of them and measured on the other half, both ways together;
    `each_half_error` is of each half alone.
    """

    mentions: int
    error: float
    decoded_error: float
    halves_error: float
    each_half_error: tuple[float, float]
    bins: tuple[Bin, ...]

    def figures(self) -> dict[str, object]:
        """Return the errors and the diagram as numbers."""
        return {
            "mentions": self.mentions,
            "expected_calibration_error": round(self.error, 4),
            "before_calibration": round(self.decoded_error, 4),
            "fitted_on_the_other_half": round(self.halves_error, 4),
            "each_half": [round(error, 4) for error in self.each_half_error],
            "bins": [each.figures() for each in self.bins],
        }


def judged(gold: Sequence[Item], mentions: Sequence[Mention]) -> list[Scored]:
    """Return the score of each found mention of a text, and whether something of it is there.

    It is where an annotated mention of the same kind (`labels.same_kind`) shares a character.
    """
    return [(each.score, any(_stands_for(each, item) for item in gold)) for each in mentions]


def _stands_for(mention: Mention, item: Item) -> bool:
    label, start, end = item
    return start < mention.end and mention.start < end and label in same_kind(mention.label)


def bins(scored: Iterable[Scored]) -> list[Bin]:
    """Return the bins that hold a mention, lowest first: the reliability diagram."""
    sorted_in: defaultdict[int, list[Scored]] = defaultdict(list)
    for score, right in scored:
        sorted_in[min(BINS - 1, int(score * BINS))].append((score, right))
    return [_bin(number, held) for number, held in sorted(sorted_in.items())]


def _bin(number: int, held: Sequence[Scored]) -> Bin:
    score, right = (sum(column) / len(held) for column in zip(*held, strict=True))
    return Bin(number / BINS, len(held), score, right)


def expected_calibration_error(scored: Sequence[Scored]) -> float:
    """Return how far scores are from the truth on average, 0 to 1; 0 where there is none."""
    apart = (each.count * abs(each.score - each.right) for each in bins(scored))
    return sum(apart) / max(1, len(scored))


def calibrated(scored: Iterable[Scored], by: Calibration) -> list[Scored]:
    """Return mentions with calibrated scores."""
    return [(by(score), right) for score, right in scored]


def fitted(texts: Iterable[Sequence[Scored]]) -> Calibration:
    """Fit a calibration to the mentions of texts, with decoded scores."""
    scored = [each for text in texts for each in text]
    return fit([score for score, _ in scored], [right for _, right in scored])


def halves(texts: Sequence[Sequence[Scored]]) -> tuple[list[Scored], list[Scored]]:
    """Score every other text by a calibration that saw only the rest, and the other way round."""
    even, odd = texts[::2], texts[1::2]
    by_odd, by_even = fitted(odd), fitted(even)
    return (
        [each for text in even for each in calibrated(text, by_odd)],
        [each for text in odd for each in calibrated(text, by_even)],
    )


def reliability(decoded: Sequence[Sequence[Scored]], by: Calibration) -> Reliability:
    """Measure what the decoded scores of texts are worth once calibrated."""
    before = [each for text in decoded for each in text]
    after = calibrated(before, by)
    one, other = halves(decoded)
    error = expected_calibration_error
    return Reliability(
        len(before),
        error(after),
        error(before),
        error(one + other),
        (error(one), error(other)),
        tuple(bins(after)),
    )
