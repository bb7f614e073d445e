"""Which found mention stands for which annotated one, where a whole reading is scored."""

from collections.abc import Iterator, Sequence

from models.clinical import Mention


def matched(gold: Sequence[Mention], found: Sequence[Mention]) -> dict[int, int]:
    """Return positions in `gold` by positions in `found`, one to one.

    Two match where their types are equal and they share a character; the pair that shares most is
    taken first.
    """
    pairs = sorted(_touching(gold, found), key=lambda pair: (-pair[0], pair[1:]))
    taken: dict[int, int] = {}
    used: set[int] = set()
    for _, one, other in pairs:
        if one not in taken and other not in used:
            taken[one] = other
            used.add(other)
    return taken


def _touching(gold: Sequence[Mention], found: Sequence[Mention]) -> Iterator[tuple[int, int, int]]:
    """Yield how many characters two mentions of one type share, and their positions."""
    for i, one in enumerate(found):
        for j, other in enumerate(gold):
            shared = min(one.end, other.end) - max(one.start, other.start)
            if shared > 0 and one.label == other.label:
                yield shared, i, j
