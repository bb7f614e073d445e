"""What a forward pass is asked to read: windows of many texts, and the words it is to label."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.ner.text.encoding import Encoding, Ids
from models.ner.text.windows import windows
from models.ner.text.words import Offsets

TOKEN_BUDGET = 2048  # pieces in one batch, padding included


@dataclass(frozen=True, slots=True)
class Passage:
    """One window of the text number `text`.

    `wanted` are the places in `ids` whose scores are asked for, the first pieces of the text's
    words `rows`.
    """

    text: int
    ids: Ids
    wanted: Offsets
    rows: Offsets


def passages(encodings: Sequence[Encoding]) -> Iterator[Passage]:
    """Yield the windows of texts; together they label each word that has a piece once."""
    for text, encoding in enumerate(encodings):
        yield from passages_of(text, encoding)


def passages_of(text: int, encoding: Encoding) -> Iterator[Passage]:
    """Yield the windows of the text number `text`, in order."""
    words = encoding.read
    first = encoding.first[words]
    for window in windows(encoding.borders):
        start, stop = np.searchsorted(first, (window.keep_start, window.keep_stop))
        wanted = first[start:stop] - window.start
        ids = encoding.ids[window.start : window.stop]
        yield Passage(text, ids, wanted, words[start:stop])


def batches(work: Iterable[Passage]) -> Iterator[list[Passage]]:
    """Cut passages, longest first, into batches whose padded size stays in the budget."""
    batch: list[Passage] = []
    for passage in sorted(work, key=lambda each: -len(each.ids)):
        longest = len((batch or [passage])[0].ids)
        if batch and (len(batch) + 1) * (longest + 2) > TOKEN_BUDGET:
            yield batch
            batch = []
        batch.append(passage)
    if batch:
        yield batch
