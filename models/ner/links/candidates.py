"""The mentions of a text that each of its attributes may belong to, as arrays."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.ner.links.feature_codes import Places
from models.ner.links.link_bounds import Stretches

AT_ONCE: Final = 1000  # attributes: what bounds the memory that a long text takes

# What a link is called: the relation of MACCROBAT that it stands for.
MODIFY: Final = "MODIFY"
OVERLAP: Final = "OVERLAP"

# When something held or was done; the corpus says of these that they OVERLAP an event.
TEMPORAL: Final = frozenset({"Date", "Duration", "Time"})


@dataclass(frozen=True, slots=True)
class Candidates:
    """Attributes (`sources`), and in their order the `targets` of each, `counts` of them."""

    sources: Places
    counts: Places
    targets: Places

    @property
    def owners(self) -> Places:
        """The source of each target, row by row."""
        return np.repeat(self.sources, self.counts)


def candidates(found: Stretches, labels: Collection[str]) -> Iterator[Candidates]:
    """Yield the attributes of some labels that have any candidates, not too many at once."""
    sources = [i for i, one in enumerate(found.mentions) if one.label in labels]
    for first in range(0, len(sources), AT_ONCE):
        some = [(i, found.candidates(i)) for i in sources[first : first + AT_ONCE]]
        some = [(i, near) for i, near in some if near]
        if some:
            yield Candidates(
                np.array([i for i, _ in some], dtype=np.int64),
                np.array([len(near) for _, near in some], dtype=np.int64),
                np.array([one for _, near in some for one in near], dtype=np.int64),
            )


def kind_of(label: str) -> str:
    """Return the type of the links that mentions of a label begin."""
    return OVERLAP if label in TEMPORAL else MODIFY
