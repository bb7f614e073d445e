"""The cues of a text; for each mention the nearest ones of each kind that reach it."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from sys import maxsize

from models.clinical import CueKind, Mention, Span
from models.ner.assertion.cue_search import NEAR, Cued, Stopped, lexicon
from models.ner.assertion.cued_lists import CuedList, lists
from models.ner.assertion.entity_groups import Group
from models.ner.assertion.rules import Side
from models.ner.assertion.scope_ends import FARTHEST, Gap, reaches
from models.ner.text.layout.layout_model import Layout
from models.ner.text.sentence_ends import breaks

Key = tuple[CueKind, Side]
LOOK_BACK = 200
TRIES = (
    8  # cues of one kind looked at around a mention: what bounds the work in a text of cues only
)


@dataclass(frozen=True, slots=True)
class Strand:
    """The cues of one kind and side in order, where they start and end, and what stops them."""

    cues: list[Cued]
    starts: list[int]
    ends: list[int]
    stops: list[int]


@dataclass(frozen=True, slots=True)
class Scopes:
    """Where sentences and the like end, and the cues and stops of each kind and side."""

    text: str
    breaks: list[int]
    strands: dict[Key, Strand]
    lists: tuple[CuedList, ...]

    def deciding(self, mention: Mention, group: Group) -> Iterator[Cued]:
        """Yield the cue of the mention's list, and the nearest of each kind and side in reach."""
        i = bisect_right(self.lists, mention.start, key=_first) - 1
        if i >= 0 and mention.start < self.lists[i].end and group in self.lists[i].cue.rule.about:
            yield self.lists[i].cue
        sentence = self.sentence(mention)
        for (_, side), strand in self.strands.items():
            find = self._before if side == "before" else self._after
            near = find(strand, sentence, mention, group)
            if near:
                yield near

    def sentence(self, mention: Mention) -> Span:
        """Return the sentence, or the like, in which a mention stands."""
        return Span(_last(self.breaks, mention.start), _next(self.breaks, mention.end))

    def _before(
        self, strand: Strand, sentence: Span, mention: Mention, group: Group
    ) -> Cued | None:
        i = bisect_right(strand.starts, mention.start)
        if not i or strand.ends[i - 1] <= sentence.start:
            return None
        clause = max(sentence.start, _last(strand.stops, mention.start))
        for cue in reversed(strand.cues[max(0, i - TRIES) : i]):
            if cue.end <= clause or mention.start - cue.end > FARTHEST:
                return None
            gap = self._gap(cue, mention, Span(clause, sentence.end))
            if _about(cue, mention) and reaches(cue.rule, group, gap):
                return cue
            if cue.rule.reach == "item" and ")" not in self.text[cue.end : mention.start]:
                return None  # nor does the one before it, of the same list
        return None

    def _after(self, strand: Strand, sentence: Span, mention: Mention, group: Group) -> Cued | None:
        i = bisect_left(strand.ends, mention.end)
        if i == len(strand.cues) or strand.starts[i] >= sentence.end:
            return None
        clause = max(sentence.start, _last(strand.stops, mention.start))
        end = min(sentence.end - 1, _next(strand.stops, mention.end))
        for cue in strand.cues[i : i + TRIES]:
            if cue.start > end or cue.start - 1 - mention.end > FARTHEST:
                return None
            if (cue.start > mention.start or _holds(cue, mention)) and reaches(
                cue.rule, group, self._gap(cue, mention, Span(clause, sentence.end))
            ):
                return cue
        return None

    def _gap(self, cue: Cued, mention: Mention, clause: Span) -> Gap:
        """Return the text around a mention, within its clause."""
        after = self.text[mention.end : min(mention.end + NEAR, clause.end)]
        if cue.start <= mention.start:
            return Gap(self.text[cue.end : mention.start], mention.text, "", after)
        before = self.text[max(clause.start, mention.start - LOOK_BACK) : mention.start]
        return Gap(self.text[mention.end : cue.start], mention.text, before, after)


def scopes(found: Layout) -> Scopes:
    """Find the cues and stops of a text whose layout is known."""
    text = found.text
    stops: defaultdict[Key, list[int]] = defaultdict(list)
    cues: defaultdict[Key, list[Cued]] = defaultdict(list)
    for hit in lexicon().hits(text):
        if isinstance(hit, Stopped):
            for key in hit.keys:
                stops[key].append(hit.start)
        else:
            cues[hit.rule.kind, hit.rule.side].append(hit)
    strands = {key: _strand(some, stops[key]) for key, some in cues.items()}
    listed = sorted(lists(found, chain.from_iterable(cues.values())), key=_first)
    return Scopes(text, sorted({*breaks(found), *_edges(found)}), strands, tuple(listed))


def _edges(found: Layout) -> Iterator[int]:
    """Yield where headings begin and end, and where their texts do: no scope runs across.

    A test or a part that heads a text is what the text is about: "Gait: not tested".
    """
    for section in found.sections:
        yield section.start
        if section.role == "section":
            yield section.body
        yield section.end


def _strand(cues: list[Cued], stops: list[int]) -> Strand:
    return Strand(cues, [cue.start for cue in cues], [cue.end for cue in cues], stops)


def _about(cue: Cued, mention: Mention) -> bool:
    """Whether a cue stands before (the end of) a mention, or holds it: "no [signs] of"."""
    beside = cue.rule.own or cue.start < mention.start
    return (beside and cue.end < mention.end) or _holds(cue, mention)


def _holds(cue: Cued, mention: Mention) -> bool:
    return cue.start < mention.start and mention.end <= cue.end


def _first(found: CuedList) -> int:
    return found.start


def _last(positions: list[int], position: int) -> int:
    """Return the last of some positions up to one, 0 where there is none."""
    i = bisect_right(positions, position)
    return positions[i - 1] if i else 0


def _next(positions: list[int], position: int) -> int:
    """Return the first of some positions from one on, beyond any text where there is none."""
    i = bisect_left(positions, position)
    return positions[i] if i < len(positions) else maxsize
