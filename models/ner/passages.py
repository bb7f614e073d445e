"""What a forward pass is asked to read: windows of many texts, and the pieces it is to label."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.ner.encoding import Encoding, Ids
from models.ner.windows import windows
from models.ner.words import Offsets

TOKEN_BUDGET = 2048  # pieces in one batch, padding included


@dataclass(frozen=True, slots=True)
class Passage:
    """One window of the text number `text`.

    `wanted` are the places in `ids` that are to be labelled; their scores are those of the `rows`
    of the text's labelled pieces.
    """

    text: int
    ids: Ids
    wanted: Offsets
    rows: slice


def passages(encodings: Sequence[Encoding]) -> Iterator[Passage]:
    """Yield the windows of texts; together they label each labelled piece once."""
    for text, encoding in enumerate(encodings):
        labelled = encoding.labelled
        for window in windows(encoding.borders):
            kept = np.searchsorted(labelled, (window.keep_start, window.keep_stop))
            rows = slice(int(kept[0]), int(kept[1]))
            wanted = labelled[rows] - window.start
            yield Passage(text, encoding.ids[window.start : window.stop], wanted, rows)


def batches(work: Iterator[Passage]) -> Iterator[list[Passage]]:
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
