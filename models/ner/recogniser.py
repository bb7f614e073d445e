"""The reader: texts in, readings out."""

from collections.abc import Iterator, Sequence

import numpy as np

from models.clinical import ModelIdentity, Reading
from models.ner.assertion.context import assert_all
from models.ner.checkpoint import Checkpoint
from models.ner.checkpoint import load as load_checkpoint
from models.ner.choice import forward_for
from models.ner.decode import decode
from models.ner.device import device as named_device
from models.ner.device import use_threads
from models.ner.encoding import Encoding, Scores, encode, word_scores
from models.ner.forward import Forward
from models.ner.links.heads import link_all
from models.ner.titles import without_titles
from models.ner.windows import Window, windows

TOKEN_BUDGET = 2048  # pieces in one batch, padding included


class Recogniser:
    """Reads notes with one checkpoint; safe to share between threads."""

    def __init__(self, checkpoint: Checkpoint, forward: Forward) -> None:
        self.identity: ModelIdentity = checkpoint.identity
        self.card: str = checkpoint.card
        self.engine: str = forward.name
        self.calibration = checkpoint.calibration
        self._tokenizer = checkpoint.tokenizer
        self._types = checkpoint.labels.types
        self._forward = forward

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Read whole texts of any length, windows of all of them batched together."""
        return [self.calibration.of(each) for each in self.read_decoded(texts)]

    def read_decoded(self, texts: Sequence[str]) -> list[Reading]:
        """Read texts; scores are as decoded, which is what a calibration is fitted to."""
        encodings = [encode(text, self._tokenizer) for text in texts]
        return [
            self._reading(encoding, scores)
            for encoding, scores in zip(encodings, self._score(encodings), strict=True)
        ]

    def _score(self, encodings: Sequence[Encoding]) -> list[Scores]:
        """Return log probabilities of the pieces of each text, shape [pieces, labels]."""
        labels = 1 + 2 * len(self._types)
        scores = [np.zeros((len(each.ids), labels), dtype=np.float32) for each in encodings]
        work = [(text, w) for text, each in enumerate(encodings) for w in windows(each.borders)]
        work.sort(key=lambda item: item[1].start - item[1].stop)
        for batch in _batches(work):
            ids = [encodings[text].ids[window.start : window.stop] for text, window in batch]
            for (text, window), found in zip(batch, self._forward(ids), strict=True):
                kept = slice(window.keep_start - window.start, window.keep_stop - window.start)
                scores[text][window.keep_start : window.keep_stop] = found[kept]
        return scores

    def _reading(self, encoding: Encoding, pieces: Scores) -> Reading:
        decoded = decode(encoding.text, encoding.words, word_scores(encoding, pieces))
        mentions = without_titles(encoding.text, decoded.mentions(self._types))
        assertions = assert_all(encoding.text, mentions)
        links = link_all(encoding.text, mentions)
        return Reading(mentions, assertions, links, encoding.coverage, self.identity)


def _batches(work: Sequence[tuple[int, Window]]) -> Iterator[list[tuple[int, Window]]]:
    """Cut windows, longest first, into batches whose padded size stays in the budget."""
    batch: list[tuple[int, Window]] = []
    for text, window in work:
        longest = (batch or [(text, window)])[0][1]
        if batch and (len(batch) + 1) * (longest.stop - longest.start + 2) > TOKEN_BUDGET:
            yield batch
            batch = []
        batch.append((text, window))
    if batch:
        yield batch


def load(
    reference: str,
    *,
    revision: str | None = None,
    device: str = "auto",
    threads: int | None = None,
) -> Recogniser:
    """Load a recogniser by bundled name, folder or hub id (`checkpoint.load`).

    Args:
        reference: which checkpoint.
        revision: of a hub id.
        device: where it runs (`device.device`).
        threads: how many compute one batch (`device.use_threads`).

    Raises:
        CheckpointError: the checkpoint or the device is not there.
    """
    checkpoint = load_checkpoint(reference, revision)
    use_threads(threads)
    return Recogniser(checkpoint, forward_for(checkpoint, named_device(device)))
