"""The reader: texts in, readings out."""

from collections.abc import Sequence
from copy import copy
from itertools import chain
from typing import Self, TypeVar

from models.clinical import Mention, ModelIdentity, Reading
from models.ner.assertion.context import assert_all
from models.ner.checkpoint.loading import Checkpoint
from models.ner.checkpoint.loading import load as load_checkpoint
from models.ner.decoding.layout_limits import without_titles
from models.ner.decoding.span_trimming import trimmed
from models.ner.inference.device import device as named_device
from models.ner.inference.device import use_threads
from models.ner.inference.engine_choice import forward_for
from models.ner.inference.forward import Forward
from models.ner.inference.passages import Passage
from models.ner.inference.scoring import InTurn, Outcome, Scoring, each_once
from models.ner.links.link_attributes import link_all
from models.ner.portions import WORDS, Labelling, Portion, together
from models.ner.text.abbreviations.expansion import spelled_out
from models.ner.text.encoding import Encoding, encode
from models.ner.text.layout.layout_of_text import layout

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
        self.words_at_once = WORDS
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
        every = [self._labelling(text) for text in texts]
        for portions in together([each.encoding for each in every], self.words_at_once):
            self._label(portions, every)
        return [each.error or self._reading(each.encoding, each.mentions) for each in every]

    def _labelling(self, text: str) -> Labelling:
        encoding = self._encoded(text)
        return Labelling(encoding, self._types, self._follows, self.words_at_once)

    def _encoded(self, text: str) -> Encoding:
        return spelled_out(encode(text, self._tokenizer), self._tokenizer)

    def _label(self, portions: Sequence[Portion], every: Sequence[Labelling]) -> None:
        """Score portions together; there is one of a text at most."""
        whole = [one for one in portions if not every[one.text].error]
        came = {one.text: list[tuple[Passage, Outcome]]() for one in whole}
        passages = chain.from_iterable(one.passages for one in whole)
        for passage, outcome in each_once(self.scoring, passages):
            came[passage.text].append((passage, outcome))
        for one in whole:
            every[one.text].add(one, came[one.text])

    def _reading(self, encoding: Encoding, decoded: Sequence[Mention]) -> Reading:
        found = layout(encoding.text)
        mentions = without_titles(found, decoded)
        mentions = trimmed(encoding.text, mentions)
        assertions = assert_all(encoding.text, mentions, found)
        links = link_all(encoding.text, mentions, found)
        return Reading(
            mentions, assertions, links, encoding.coverage, self.identity, found.stretches()
        )


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
    checkpoint = load_checkpoint(reference, revision, labels, plain=where.type == "cpu")
    use_threads(threads)
    return Recogniser(checkpoint, forward_for(checkpoint, where))
