"""Weights by the codes of their features, looked up for whole arrays at once."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.ner.links.feature_codes import NO_FEATURE, Codes, code

_BITS: Final = 16
_SPREAD: Final = np.uint64(0xD6E8FEB86659FD93)  # odd: the high bits of the product are the place


class Weights:
    """A table with a place for each code; what finds its place taken stands right behind."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        """Take the weights by the names of their features."""
        self._bits = max(_BITS, (8 * len(weights)).bit_length())
        self._codes: Codes = np.zeros(1 << self._bits, dtype=np.uint64)
        self._values = np.zeros(1 << self._bits, dtype=np.float32)
        self._steps = 1
        for name, weight in weights.items():
            self._put(code(name), weight)

    def sums(self, codes: Codes) -> NDArray[np.float64]:
        """Return the sum of the weights of each row, features without a weight being 0."""
        places = self._places(codes)
        met = self._codes[places]
        found = np.where(met == codes, self._values[places], np.float32(0))
        left = np.flatnonzero((met != codes) & (met != NO_FEATURE))
        for step in range(1, self._steps):
            at = (places.flat[left] + step) & (len(self._codes) - 1)
            met = self._codes[at]
            found.flat[left] += np.where(met == codes.flat[left], self._values[at], np.float32(0))
        sums: NDArray[np.float64] = found.sum(axis=1, dtype=np.float64)
        return sums

    def _places(self, codes: Codes) -> NDArray[np.int64]:
        return ((codes * _SPREAD) >> np.uint64(64 - self._bits)).astype(np.int64)

    def _put(self, key: int, weight: float) -> None:
        if key == NO_FEATURE:
            return
        place = int(self._places(np.array([key], dtype=np.uint64))[0])
        step = 0
        while self._codes[(place + step) & (len(self._codes) - 1)]:
            step += 1
        at = (place + step) & (len(self._codes) - 1)
        self._codes[at], self._values[at] = key, weight
        self._steps = max(self._steps, step + 1)
