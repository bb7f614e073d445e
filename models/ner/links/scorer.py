"""How likely a mention belongs to each of its neighbours, or to none: a softmax over features."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from models.ner.links.features import of_link, of_none
from models.ner.links.stretches import Stretches

# Shares, and the part of the links with such a share that were right in reports of train which the
# weights had not seen (`tests/benchmarks/links_modify.py --folds 4`).
CALIBRATION = (
    (0.00, 0.25, 0.35, 0.46, 0.55, 0.65, 0.75, 0.855, 0.94, 0.987, 1.000),
    (0.00, 0.38, 0.55, 0.64, 0.66, 0.77, 0.82, 0.900, 0.967, 0.989, 0.995),
)
FILE = "weights.json"


@dataclass(frozen=True, slots=True)
class Scorer:
    """The types of mention that can belong to another, and the weights of the features."""

    sources: frozenset[str]
    weights: Mapping[str, float]

    def shares(self, found: Stretches, source: int, candidates: Sequence[int]) -> list[float]:
        """Return a probability for no link, then one for each candidate; together they are 1."""
        sums = [self._sum(of_none(found, source))]
        sums += [self._sum(of_link(found, source, target)) for target in candidates]
        highest = max(sums)
        powers = [math.exp(each - highest) for each in sums]
        return [power / sum(powers) for power in powers]

    def chance(self, share: float) -> float:
        """Return how often a link that the softmax gives this share is right."""
        return round(float(np.interp(share, *CALIBRATION)), 4)

    def _sum(self, features: Iterable[str]) -> float:
        return sum(self.weights.get(feature, 0.0) for feature in features)


@cache
def scorer() -> Scorer:
    """Read the weights that `models.ner.links.fitting` learned, once."""
    kept = json.loads(resources.files(__package__).joinpath(FILE).read_text("utf-8"))
    return Scorer(frozenset(kept["sources"]), kept["weights"])
