"""The reader: texts in, readings out."""

from collections.abc import Sequence
from copy import copy
from typing import Self, TypeVar

import numpy as np

from models.clinical import ModelIdentity, Reading
from models.errors import Unscored
from models.ner.assertion.context import assert_all
from models.ner.checkpoint import Checkpoint
from models.ner.checkpoint import load as load_checkpoint
from models.ner.choice import forward_for
from models.ner.decode import decode
from models.ner.device import device as named_device
from models.ner.device import use_threads
from models.ner.edges import trimmed
from models.ner.encoding import Encoding, Scores, encode, word_scores
from models.ner.forward import Forward
from models.ner.links.heads import link_all
from models.ner.passages import passages
from models.ner.priors.told import told
from models.ner.scoring import InTurn, Outcome, Scoring
from models.ner.shorthand import spelled_out
from models.ner.text.layout.reading import layout
from models.ner.titles import without_titles

T = TypeVar("T")


class Recogniser:
    """Reads notes with one checkpoint; safe to share between threads."""

    def __init__(self, checkpoint: Checkpoint, forward: Forward) -> None:
        self.identity: ModelIdentity = checkpoint.identity
        self.card: str = checkpoint.card
        self.engine: str = forward.name
        self.calibration = checkpoint.calibration
        self._tokenizer = checkpoint.tokenizer
        self._types = checkpoint.labels.types
        self._follows = checkpoint.follows
        self.forward = forward
        self.scoring: Scoring = InTurn(forward)

    def scored_by(self, scoring: Scoring) -> Self:
        """Return a recogniser that differs in who calls the forward pass, and when."""
        other = copy(self)
        other.scoring = scoring
        return other

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Read whole texts of any length, windows of all of them batched together."""
        return [self.calibration.of(each) for each in self.read_decoded(texts)]

    def read_decoded(self, texts: Sequence[str]) -> list[Reading]:
        """Read texts; scores are as decoded, which is what a calibration is fitted to."""
        return [_good(each) for each in self._attempt(texts)]

    def attempt(self, texts: Sequence[str]) -> list[Reading | Exception]:
        """Return for each text its reading, or what the forward pass raised over it alone."""
        return [
            each if isinstance(each, Exception) else self.calibration.of(each)
            for each in self._attempt(texts)
        ]

    def _attempt(self, texts: Sequence[str]) -> list[Reading | Exception]:
        encodings = [self._encoded(text) for text in texts]
        return [
            scores if isinstance(scores, Exception) else self._reading(encoding, scores)
            for encoding, scores in zip(encodings, self._outcomes(encodings), strict=True)
        ]

    def _encoded(self, text: str) -> Encoding:
        return spelled_out(encode(text, self._tokenizer), self._tokenizer)

    def _outcomes(self, encodings: Sequence[Encoding]) -> list[Outcome]:
        """Return log probabilities of the words of texts, each [words, labels]."""
        labels = 1 + 2 * len(self._types)
        scores = [_unscored(each, labels) for each in encodings]
        errors: dict[int, Exception] = {}
        for passage, found in self.scoring(passages(encodings)):
            if isinstance(found, Exception):
                errors[passage.text] = found
            else:
                scores[passage.text][passage.rows] = found
        whole = map(_whole, map(word_scores, encodings, scores))
        return [errors.get(text, found) for text, found in enumerate(whole)]

    def _reading(self, encoding: Encoding, scores: Scores) -> Reading:
        scores = told(encoding, scores, self._types)
        decoded = decode(encoding.text, encoding.words, scores, self._follows)
        found = layout(encoding.text)
        mentions = without_titles(found, decoded.mentions(self._types))
        mentions = trimmed(encoding.text, mentions)
        assertions = assert_all(encoding.text, mentions, found)
        links = link_all(encoding.text, mentions, found)
        return Reading(
            mentions, assertions, links, encoding.coverage, self.identity, found.stretches()
        )


def _unscored(encoding: Encoding, labels: int) -> Scores:
    """Return the scores of words before they are read: NaN, 0 where there is nothing to read."""
    scores = np.zeros((len(encoding.words), labels), np.float32)
    scores[encoding.read, 0] = np.nan
    return scores


def _whole(scores: Scores) -> Outcome:
    """Refuse scores of which some never came, or are no numbers: nothing is silently unread."""
    return Unscored() if np.isnan(scores[:, 0]).any() else scores


def _good(outcome: T | Exception) -> T:
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def load(
    reference: str,
    *,
    revision: str | None = None,
    labels: str | None = None,
    device: str = "auto",
    threads: int | None = None,
) -> Recogniser:
    """Load a recogniser by bundled name, folder or hub id (`checkpoint.load`).

    Args:
        reference: which checkpoint.
        revision: of a hub id.
        labels: what its labels mean in ours (`label_schemes`).
        device: where it runs (`device.device`).
        threads: how many compute one batch (`device.use_threads`).

    Raises:
        CheckpointError: the checkpoint is not there.
        UnknownLabels: none of its labels means anything here.
        WrongSettings: `labels` does not fit the model.
        UnknownDevice: no device has this name.
        DeviceAbsent: the device is not there.
    """
    where = named_device(device)
    checkpoint = load_checkpoint(reference, revision, labels)
    use_threads(threads)
    return Recogniser(checkpoint, forward_for(checkpoint, where))
