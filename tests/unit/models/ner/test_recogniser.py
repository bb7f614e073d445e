"""The recogniser: exact offsets, full coverage, the same answer however texts are batched."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from models.clinical import Coverage, Reading
from models.errors import Unscored
from models.ner.checkpoint import loading as checkpoints
from models.ner.checkpoint.loading import Checkpoint
from models.ner.inference.passages import Passage
from models.ner.inference.scoring import Outcome
from models.ner.recogniser import Recogniser, load
from models.ner.text.encoding import Ids, Scores
from models.ner.text.words import Offsets, words_of

STRANGE = [
    "",
    " \r\n\t ",
    "Fever\r\nand\tcough\u00a0today \U0001f912.",
    "No punctuation at all " * 90,
    "word " * 600,
]


class Everything:
    """A forward pass that calls every piece a `Disease_disorder` of its own, and counts them."""

    name = "everything"

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._column = checkpoint.labels.names.index("B-Disease_disorder")
        self._labels = len(checkpoint.labels.names)
        self.longest = 0

    def __call__(
        self, windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
    ) -> list[Scores]:
        """Score every wanted piece with certainty."""
        self.longest = max(self.longest, *map(len, windows))
        return [self._certain(len(places)) for places in wanted or windows]

    def _certain(self, pieces: int) -> Scores:
        scores = np.full((pieces, self._labels), -20.0, dtype=np.float32)
        scores[:, self._column] = 0.0
        return scores


@pytest.fixture(scope="module")
def recogniser(checkpoint: Path) -> Recogniser:
    """A recogniser with random weights."""
    return load(str(checkpoint), device="cpu")


def test_every_mention_is_the_text_at_its_offsets(recogniser: Recogniser) -> None:
    """Emoji, CRLF, tabs, wide spaces and 20,000 characters move no offset."""
    for text, reading in zip(STRANGE, recogniser.read(STRANGE), strict=True):
        assert all(text[m.start : m.end] == m.text == m.text.strip() for m in reading.mentions)
        assert all(0 <= m.score <= 1 for m in reading.mentions)
        assert len(reading.assertions) == len(reading.mentions)
        assert reading.coverage == Coverage(len(text), len(text))


def test_nothing_is_truncated(checkpoint: Path) -> None:
    """If every word is called a mention, every word of a long note comes out, in short windows."""
    loaded = checkpoints.load(str(checkpoint))
    forward = Everything(loaded)
    text = "word " * 5000 + "\n\n" + "Sentence number. " * 900
    reading = Recogniser(loaded, forward).read([text])[0]
    assert [m.start for m in reading.mentions] == words_of(text).starts.tolist()
    assert forward.longest <= 254


def test_an_answer_does_not_depend_on_its_neighbours(recogniser: Recogniser) -> None:
    """Batched with others or alone, a text gives the same mentions with the same scores."""
    together = recogniser.read(STRANGE)
    alone = [recogniser.read([text])[0] for text in STRANGE]
    assert [_spans(each) for each in together] == [_spans(each) for each in alone]
    for one, other in zip(together, alone, strict=True):
        scores = [m.score for m in one.mentions], [m.score for m in other.mentions]
        assert scores[0] == pytest.approx(scores[1], abs=1e-4)


def test_words_that_were_never_scored_are_an_error(recogniser: Recogniser) -> None:
    """What a forward pass left out, or gave as no number, is not read as if nothing stood there."""

    def first_only(passages: Iterable[Passage], /) -> Iterator[tuple[Passage, Outcome]]:
        yield from islice(recogniser.scoring(passages), 1)

    def no_numbers(passages: Iterable[Passage], /) -> Iterator[tuple[Passage, Outcome]]:
        for passage, found in recogniser.scoring(passages):
            yield passage, found * np.nan if isinstance(found, np.ndarray) else found

    texts = [" ".join(f"Fever {day}." for day in range(300))]
    for broken in (first_only, no_numbers):
        (outcome,) = recogniser.scored_by(broken).attempt(texts)
        assert isinstance(outcome, Unscored)
    assert isinstance(recogniser.attempt(texts)[0], Reading)


def test_no_texts_give_no_readings(recogniser: Recogniser) -> None:
    """An empty list is a list of nothing."""
    assert recogniser.read([]) == []


def _spans(reading: Reading) -> list[tuple[int, int, str]]:
    return [(m.start, m.end, m.label) for m in reading.mentions]
