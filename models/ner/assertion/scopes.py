"""The cues of a text, and which of them has a mention in its scope."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from models.clinical import CueKind, Mention
from models.ner.assertion.labels import Group
from models.ner.assertion.layout import breaks
from models.ner.assertion.lexicon import NEAR, Cued, Stopped, lexicon
from models.ner.assertion.lists import CuedList, lists
from models.ner.assertion.reach import FARTHEST, Gap, reaches
from models.ner.assertion.rules import Side
from models.ner.assertion.sections import Section, edges

Key = tuple[CueKind, Side]
LOOK_BACK = 200
TRIES = (
    8  # cues of one kind looked at around a mention: what bounds the work in a text of cues only
)


@dataclass(frozen=True, slots=True)
class Scopes:
    """Where sentences and the like end, and where cues and stops of each kind and side begin."""

    text: str
    breaks: list[int]
    stops: dict[Key, list[int]]
    cues: dict[Key, list[Cued]]
    lists: tuple[CuedList, ...]

    def deciding(self, mention: Mention, group: Group) -> Iterator[Cued]:
        """Yield the cue of the mention's list, and the nearest of each kind and side in reach."""
        i = bisect_right(self.lists, mention.start, key=_first) - 1
        if i >= 0 and mention.start < self.lists[i].end and group in self.lists[i].cue.rule.about:
            yield self.lists[i].cue
        for key, cues in self.cues.items():
            near = self._before(key, cues, mention, group) if key[1] == "before" else None
            near = self._after(key, cues, mention, group) if key[1] == "after" else near
            if near:
                yield near

    def _before(self, key: Key, cues: list[Cued], mention: Mention, group: Group) -> Cued | None:
        i = bisect_right(cues, mention.start, key=_start)
        for cue in reversed(cues[max(0, i - TRIES) : i]):
            if self._stopped(key, cue.end, mention.start):
                return None
            if _about(cue, mention) and reaches(cue.rule, group, self._gap(key, cue, mention)):
                return cue
        return None

    def _after(self, key: Key, cues: list[Cued], mention: Mention, group: Group) -> Cued | None:
        i = bisect_left(cues, mention.end, key=_end)
        for cue in cues[i : i + TRIES]:
            if self._stopped(key, mention.end, cue.start - 1):
                return None
            if (cue.start > mention.start or _holds(cue, mention)) and reaches(
                cue.rule, group, self._gap(key, cue, mention)
            ):
                return cue
        return None

    def _gap(self, key: Key, cue: Cued, mention: Mention) -> Gap:
        after = self.text[mention.end : mention.end + NEAR]
        if cue.start <= mention.start:
            return Gap(self.text[cue.end : mention.start], "", after)
        return Gap(self.text[mention.end : cue.start], self._clause(key, mention.start), after)

    def _clause(self, key: Key, position: int) -> str:
        start = max(_last(self.breaks, position), _last(self.stops.get(key, []), position))
        return self.text[max(start, position - LOOK_BACK) : position]

    def _stopped(self, key: Key, start: int, end: int) -> bool:
        if end - start > FARTHEST:
            return True
        return _any(self.breaks, start, end) or _any(self.stops.get(key, []), start, end)


def scopes(text: str, sections: tuple[Section, ...]) -> Scopes:
    """Find the cues and stops of a text whose sections are known."""
    stops: dict[Key, list[int]] = {}
    cues: dict[Key, list[Cued]] = {}
    for hit in lexicon().hits(text):
        if isinstance(hit, Stopped):
            for key in hit.keys:
                stops.setdefault(key, []).append(hit.start)
        else:
            cues.setdefault((hit.rule.kind, hit.rule.side), []).append(hit)
    listed = sorted(lists(text, chain.from_iterable(cues.values())), key=_first)
    return Scopes(text, sorted({*breaks(text), *edges(sections)}), stops, cues, tuple(listed))


def _about(cue: Cued, mention: Mention) -> bool:
    """Whether a cue stands before (the end of) a mention, or holds it: "no [signs] of"."""
    return cue.end < mention.end or _holds(cue, mention)


def _holds(cue: Cued, mention: Mention) -> bool:
    return cue.start < mention.start and mention.end <= cue.end


def _first(found: CuedList) -> int:
    return found.start


def _start(cue: Cued) -> int:
    return cue.start


def _end(cue: Cued) -> int:
    return cue.end


def _any(positions: list[int], start: int, end: int) -> bool:
    i = bisect_left(positions, start)
    return i < len(positions) and positions[i] <= end


def _last(positions: list[int], position: int) -> int:
    i = bisect_right(positions, position)
    return positions[i - 1] if i else 0
