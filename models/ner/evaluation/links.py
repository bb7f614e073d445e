"""How well links agree with the MODIFY relations of MACCROBAT.

Counted are the distinct relations whose two ends are both kept by `brat.flat` (the longest of
overlapping mentions), against all MODIFY links that are given.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

from models.clinical import Link, Mention, Reading
from models.ner.evaluation.counts import Counts
from models.ner.evaluation.matching import matched
from models.ner.links.candidates import MODIFY
from models.ner.links.corpus import LinkedText
from models.ner.links.link_attributes import link_all

ALL = "all"

Pair = tuple[int, int]
Table = dict[str, Counts]  # by pair of types, and under `ALL`


def given_gold(text: LinkedText) -> Table:
    """Count the links that are given between the annotated mentions."""
    return modify(text, link_all(text.text, text.mentions))


def modify(text: LinkedText, links: Sequence[Link]) -> Table:
    """Count links between the annotated mentions."""
    given = _pairs(links)
    return _table(text, text.mentions, given, given & text.modify)


def end_to_end(text: LinkedText, reading: Reading) -> Table:
    """Count a reading's links; right is one whose ends both stand for the ends of a relation."""
    gold_of = matched(text.mentions, reading.mentions)
    given = _pairs(reading.links)
    right = {(s, t) for s, t in given if (gold_of.get(s), gold_of.get(t)) in text.modify}
    return _table(text, reading.mentions, given, right)


def totals(tables: Iterable[Table]) -> Table:
    """Sum the counts of texts: `ALL` first, then the pairs by how many are due."""
    sums: defaultdict[str, Counts] = defaultdict(Counts)
    for table in tables:
        for pair, counts in table.items():
            sums[pair] += counts
    return dict(sorted(sums.items(), key=lambda item: (item[0] != ALL, -item[1].due, item[0])))


def _table(
    text: LinkedText, mentions: Sequence[Mention], given: Collection[Pair], right: Collection[Pair]
) -> Table:
    sorts = (_named(mentions, right), _named(mentions, given), _named(text.mentions, text.modify))
    return {pair: Counts(*(sort[pair] for sort in sorts)) for pair in {ALL}.union(*sorts)}


def _pairs(links: Iterable[Link]) -> set[Pair]:
    return {(link.source, link.target) for link in links if link.type == MODIFY}


def _named(mentions: Sequence[Mention], links: Collection[Pair]) -> Counter[str]:
    names = (f"{mentions[source].label} -> {mentions[target].label}" for source, target in links)
    return Counter(names) + Counter({ALL: len(links)})
