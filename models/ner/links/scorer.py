"""How likely a mention belongs to each of its neighbours, or to none: a softmax over features."""

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from models.ner.links.arrays import TextArrays
from models.ner.links.candidates import Candidates
from models.ner.links.feature_codes import Places
from models.ner.links.features import Features
from models.ner.links.weights import Weights

Reals = NDArray[np.float64]

# Shares, and the part of the links with such a share that were right in reports of train which the
# weights had not seen (`tests/benchmarks/links_modify.py --folds 4`).
CALIBRATION = (
    (0.00, 0.25, 0.35, 0.46, 0.55, 0.65, 0.75, 0.855, 0.94, 0.987, 1.000),
    (0.00, 0.38, 0.55, 0.64, 0.66, 0.77, 0.82, 0.900, 0.967, 0.989, 0.995),
)
FILE = "weights.json"


@dataclass(frozen=True)
class Scorer:
    """The types of mention that can belong to another, and the weights of the features."""

    sources: frozenset[str]
    weights: Mapping[str, float]

    def shares(self, text: TextArrays, which: Candidates) -> tuple[Reals, Reals]:
        """Return a probability for no link of each source, then one for each candidate.

        Those of one source are together 1.
        """
        features = Features(text, which)
        none = self._table.sums(features.of_none())
        links = self._table.sums(features.of_links())
        return softmax(none, links, which.counts)

    def chance(self, share: float) -> float:
        """Return how often a link that the softmax gives this share is right."""
        shares, chances = CALIBRATION
        i = min(max(bisect_right(shares, share), 1), len(shares) - 1)
        part = min((share - shares[i - 1]) / (shares[i] - shares[i - 1]), 1.0)
        return round(chances[i - 1] + part * (chances[i] - chances[i - 1]), 4)

    @cached_property
    def _table(self) -> Weights:
        return Weights(self.weights)


def softmax(none: Reals, links: Reals, counts: Places) -> tuple[Reals, Reals]:
    """Return the shares of none and of each candidate, `counts` of them for each of none."""
    starts = np.cumsum(counts) - counts
    highest = np.maximum(none, np.maximum.reduceat(links, starts))
    none, links = np.exp(none - highest), np.exp(links - np.repeat(highest, counts))
    whole = none + np.add.reduceat(links, starts)
    return none / whole, links / np.repeat(whole, counts)


@cache
def scorer() -> Scorer:
    """Read the weights that `models.ner.links.fitting` learned, once."""
    kept = json.loads(resources.files(__package__).joinpath(FILE).read_text("utf-8"))
    return Scorer(frozenset(kept["sources"]), kept["weights"])
