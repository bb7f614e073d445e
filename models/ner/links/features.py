"""What speaks for and against a link, as the names of weights."""

from collections.abc import Iterator

from models.ner.links.stretches import Stretches, words

_AROUND = 15  # characters before and after a mention that hold its neighbouring word
_SHORT_GAP, _FEW = 6, 4  # words, and mentions, beyond which a wording hardly comes twice
_STEPS = ((16, "16+"), (10, "10-15"), (6, "6-9"), (4, "4-5"))


def of_link(found: Stretches, source: int, target: int) -> Iterator[str]:
    """Yield the features of the link from a mention to another of its stretch.

    The types of both, which comes first, how far apart they are, the types of the mentions between
    them, and the words between them.
    """
    begin, end = min(source, target), max(source, target)
    way = ">" if source < target else "<"
    kind, head = found.mentions[source].label, found.mentions[target].label
    between = [mention.label for mention in found.mentions[begin + 1 : end]]
    one, both = f"{kind}{way}", f"{kind}{way}{head}"
    gap = _gap(found, begin, end)
    yield from (f"pair {kind} {head}", f"pair {both}", f"head {way}{head}")
    yield from _between(between, kind, head, way)
    depth = gap.count("(") - gap.count(")")
    yield f"depth {one} {depth} {min(2, between.count(head))}"
    yield from (f"far {one} {_size(len(gap))}", f"far {way} {_size(len(gap))}")
    yield from (f"word {way} {word}" for word in sorted(set(gap)) if word[0] != "[")
    first, last = (gap[0], gap[-1]) if gap else ("", "")
    yield from (f"first {one} {first}", f"first {both} {first}")
    yield from (f"last {one} {last}", f"last {both} {last}")
    if len(gap) <= _SHORT_GAP:
        yield from (f"gap {way} {' '.join(gap)}", f"gap {one} {' '.join(gap)}")


def of_none(found: Stretches, source: int) -> Iterator[str]:
    """Yield the features of a mention that belongs to no other."""
    mention = found.mentions[source]
    before = words(found.text[max(0, mention.start - _AROUND) : mention.start])
    after = words(found.text[mention.end : mention.end + _AROUND])
    yield from ("none", f"none {mention.label}")
    yield f"none {mention.label} after {before[-1] if before else ''}"
    yield f"none {mention.label} before {after[0] if after else ''}"


def _between(between: list[str], kind: str, head: str, way: str) -> Iterator[str]:
    """Yield how many mentions stand between the two, and which."""
    rivals = between.count(head)
    yield f"between {kind}{way} {_size(len(between))}"
    yield f"rivals {kind}{way} {_size(rivals)}"
    yield f"rivals {kind}{way}{head} {min(2, rivals)}"
    yield f"fellows {kind}{way}{head} {_size(between.count(kind))}"
    if len(between) <= _FEW:
        yield f"types {kind}{way} {' '.join(between)}"


def _gap(found: Stretches, begin: int, end: int) -> list[str]:
    """Return the words between two mentions, those of other mentions replaced by their types."""
    gap: list[str] = []
    for i in range(begin, end):
        gap += found.gaps[i] or ()
        if i + 1 < end:
            gap.append(f"[{found.mentions[i + 1].label}]")
    return gap


def _size(count: int) -> str:
    return next((name for least, name in _STEPS if count >= least), str(count))
