"""Scores that mean what they say: of the mentions with a score of 0.8, eight in ten are right.

Right is a mention where something of its kind is (`evaluation.reliability`). Beta calibration
(Kull, Silva Filho, Flach: Beta calibration, AISTATS 2017): the odds of that are
e^offset * score^low / (1 - score)^high. Temperature and Platt scaling are cases of it; it has no
steps, as isotonic regression has, on which different scores become one.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.clinical import Reading
from models.errors import CheckpointError

Reals = NDArray[np.float64]

FILE = "calibration.json"
EDGE = 1e-6  # scores nearer to 0 or 1 are taken for it: the decoder gives six digits
PULL = 1.0  # L2 towards no calibration at all, which is what a handful of mentions should give
STEPS, SMALLEST_STEP = 3000, 1e-7


@dataclass(frozen=True, slots=True)
class Calibration:
    """A map from decoded scores to probabilities, both 0 to 1, that keeps their order."""

    low: float = 1.0
    high: float = 1.0
    offset: float = 0.0

    def __call__(self, score: float) -> float:
        """Return the probability that a mention with this decoded score is right."""
        if self == UNCALIBRATED:
            return score
        score = min(max(score, EDGE), 1 - EDGE)
        odds = self.low * math.log(score) - self.high * math.log1p(-score) + self.offset
        return round((1 + math.tanh(odds / 2)) / 2, 6)

    def of(self, reading: Reading) -> Reading:
        """Return a reading with calibrated mentions; its links keep their own scores."""
        mentions = (replace(each, score=self(each.score)) for each in reading.mentions)
        return replace(reading, mentions=tuple(mentions))


UNCALIBRATED = Calibration()


def fit(scores: Sequence[float], right: Sequence[bool]) -> Calibration:
    """Learn from decoded scores and whether each mention was right: logistic regression.

    A negative slope would turn the order round: it is held at 0 and the rest is fitted again.
    """
    near = np.clip(np.array(scores, dtype=np.float64), EDGE, 1 - EDGE)
    features = np.stack([np.log(near), -np.log1p(-near), np.ones_like(near)], axis=1)
    truth = np.array(right, dtype=np.float64)
    free = np.ones(3, dtype=bool)
    weights = _minimum(features, truth, free)
    while (weights[:2] < 0).any():
        free[:2] &= weights[:2] >= 0
        weights = _minimum(features, truth, free)
    low, high, offset = (round(float(weight), 4) for weight in weights)
    return Calibration(low, high, offset)


def _minimum(features: Reals, truth: Reals, free: NDArray[np.bool_]) -> Reals:
    """Minimise cross-entropy; weights that are not free stay 0.

    Newton's method with the upper bound of the curvature, which never overshoots (Böhning, Ann Inst
    Stat Math 1992, 44:197).
    """
    prior = np.where(free, [UNCALIBRATED.low, UNCALIBRATED.high, UNCALIBRATED.offset], 0.0)
    weights, known = prior.copy(), features[:, free]
    bound = np.linalg.inv(known.T @ known / 4 + PULL * np.eye(free.sum()))
    for _ in range(STEPS):
        chance = (1 + np.tanh(features @ weights / 2)) / 2
        step = bound @ (known.T @ (chance - truth) + PULL * (weights - prior)[free])
        weights[free] -= step
        if np.abs(step).max() < SMALLEST_STEP:
            break
    return weights


def read(folder: Path, weights_sha256: str) -> Calibration:
    """Return the calibration beside a checkpoint's weights.

    Where there is none, or one that was fitted to other weights, scores stay as decoded.

    Raises:
        CheckpointError: the file is there and is no calibration.
    """
    path = folder / FILE
    if not path.is_file():
        return UNCALIBRATED
    try:
        kept = json.loads(path.read_text("utf-8"))
        found = Calibration(float(kept["low"]), float(kept["high"]), float(kept["offset"]))
        fitted_to = kept["weights_sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise CheckpointError(reference=folder, reason=f"{FILE} is no calibration") from error
    if min(found.low, found.high) < 0 or not math.isfinite(
        sum((found.low, found.high, found.offset))
    ):
        raise CheckpointError(reference=folder, reason=f"{FILE} does not keep the scores' order")
    return found if fitted_to == weights_sha256 else UNCALIBRATED


def write(calibration: Calibration, folder: Path, weights_sha256: str) -> Path:
    """Write a calibration beside the weights that it was fitted to; return its path.

    The file is replaced as a whole. Where it is a link, what it leads to stays as it is.

    Raises:
        CheckpointError: the folder cannot be written to.
    """
    path = folder / FILE
    kept = {"weights_sha256": weights_sha256, **asdict(calibration)}
    try:
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(kept, indent=2) + "\n", "utf-8")
        fresh.replace(path)
    except OSError as error:
        reason = f"{FILE} cannot be written ({error.strerror})"
        raise CheckpointError(reference=folder, reason=reason) from error
    return path
