"""Which mention an attribute belongs to: a dose to its drug, a severity to its finding."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from models.clinical import Link, Mention
from models.ner.links.arrays import TextArrays
from models.ner.links.candidates import Candidates, candidates, kind_of
from models.ner.links.coordination import partner, run, shared
from models.ner.links.link_bounds import Stretches, stretches
from models.ner.links.scorer import Scorer, scorer
from models.ner.text.layout.layout_model import Layout

LIKELY = 0.5  # a link is given where one is likelier than none
ALSO = 0.15  # a coordinated head joins when it has this much of the best one's probability


def link_all(
    text: str, mentions: Sequence[Mention], found: Layout | None = None
) -> tuple[Link, ...]:
    """Return the links of a text's mentions, ordered by source, then target.

    `type` is MODIFY, or OVERLAP where the source is a Date, Duration or Time; `source` and `target`
    are positions in `mentions`, whatever their order; `score` is the probability that the source
    belongs to this head, or to the coordinated heads it is one of. No link leaves its sentence.
    """
    return linked(text, mentions, scorer(), found)


def linked(
    text: str, mentions: Sequence[Mention], by: Scorer, laid_out: Layout | None = None
) -> tuple[Link, ...]:
    """Return the links of a text's mentions as a scorer sees them."""
    order = sorted(range(len(mentions)), key=lambda i: (mentions[i].start, mentions[i].end))
    found = stretches(text, [mentions[i] for i in order], laid_out)
    arrays = TextArrays(found)
    links = (
        Link(kind_of(found.mentions[source].label), order[source], order[target], score)
        for which in candidates(found, by.sources)
        for source, share in _shares(arrays, which, by)
        for target, score in _heads(found, source, share, by)
    )
    return tuple(sorted(links, key=lambda link: (link.source, link.target)))


def _shares(
    arrays: TextArrays, which: Candidates, by: Scorer
) -> Iterator[tuple[int, dict[int, float]]]:
    """Yield the mentions that likely belong to another, with the share of each that it may be."""
    none, shares = by.shares(arrays, which)
    ends = np.cumsum(which.counts)
    targets, share = which.targets.tolist(), shares.tolist()
    for i in np.flatnonzero(none < LIKELY).tolist():
        some = slice(int(ends[i] - which.counts[i]), int(ends[i]))
        yield int(which.sources[i]), dict(zip(targets[some], share[some], strict=True))


def _heads(
    found: Stretches, source: int, share: Mapping[int, float], by: Scorer
) -> Iterator[tuple[int, float]]:
    """Yield the heads of a mention with the probability of the link."""
    best = max(share, key=share.__getitem__)
    joined, ordered = run(found, best), partner(found, source, best)
    least = 0.0 if shared(found, source, best) else ALSO * share[best]
    also = [head for head in joined if share.get(head, -1.0) >= least]
    score = by.chance(sum(share.get(head, 0.0) for head in (also if ordered is None else joined)))
    yield from ((head, score) for head in (also if ordered is None else [ordered]))
