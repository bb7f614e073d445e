"""A text that is labelled portion by portion reads as one that is labelled whole."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.ner.checkpoint.bigrams import Follows
from models.ner.decoding.beam import SURE, Scores
from models.ner.decoding.beam import best_path as search
from models.ner.decoding.viterbi import best_path, settled
from models.ner.portions import together
from models.ner.recogniser import Recogniser, load
from models.ner.text import encoding as encodings
from models.ner.text.encoding import encode
from tests.growth import checkpoint as bundled

NOTES = Path(__file__).parents[4] / "gateway" / "demo"
LABELS = 7


def _scores(seed: int, words: int) -> Scores:
    """Return log probabilities of words of which about a third are O beyond doubt."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 3, (words, LABELS))
    logits[random.random(words) < 0.3, 0] += 15
    scores: Scores = (logits - np.logaddexp.reduce(logits, 1, keepdims=True)).astype(np.float32)
    return scores


def _path(scores: Scores, follows: Follows | None) -> NDArray[np.int64]:
    return best_path(scores) if follows is None else search(scores, follows)


@given(st.integers(0, 10_000), st.integers(40, 120), st.booleans())
@settings(max_examples=60, deadline=None)
def test_what_is_settled_is_labelled_as_in_the_whole(seed: int, words: int, pairs: bool) -> None:  # noqa: FBT001
    """By the search with bigrams and without: the words before a cut, and those behind it."""
    scores = _scores(seed, words)
    random = np.random.default_rng(seed + 1)
    follows = random.normal(0, 1, (LABELS, LABELS)).astype(np.float32) if pairs else None
    cut = settled(scores[: words * 2 // 3], follows)
    parts = [_path(some, follows) for some in (scores[:cut], scores[cut:])]
    assume(scores[cut - 1, 0] - scores[cut - 1, 1:].max() >= SURE)
    assert np.concatenate(parts).tolist() == _path(scores, follows).tolist()


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    """The bundled model."""
    return load("bundled", device="cpu")


@pytest.mark.parametrize("words", [50, 400])
def test_a_note_reads_the_same_in_portions(recogniser: Recogniser, words: int) -> None:
    """Its mentions, what is said of them, their links and what was read."""
    text = "\n\n".join(path.read_text("utf-8") for path in _notes())
    (whole,) = recogniser.read([text])
    cut = recogniser.scored_by(recogniser.scoring)
    cut.words_at_once = words
    (parts,) = cut.read([text])
    assert len(list(together([encode(text, recogniser._tokenizer)], words))) > 3
    assert [(m.start, m.end, m.label) for m in parts.mentions] == [
        (m.start, m.end, m.label) for m in whole.mentions
    ]
    scores = [mention.score for mention in whole.mentions]
    assert [mention.score for mention in parts.mentions] == pytest.approx(scores, abs=2e-6)
    assert (parts.assertions, parts.links) == (whole.assertions, whole.links)
    assert parts.coverage == whole.coverage


def _notes() -> list[Path]:
    names = ("discharge_summary.txt", "progress_note.txt", "emergency_note.txt")
    return [path for name in names for path in NOTES.rglob(name)]


def test_portions_hold_each_word_once_and_few_of_them() -> None:
    """Of a long text beside short ones, words that the tokenizer drops among them."""
    texts = ["Fever. " * 500, "Fever.", "", "\ufffd" * 300 + " fever " * 300]
    every = [encode(text, bundled().tokenizer) for text in texts]
    found = [portion for some in together(every, 100) for portion in some]
    for text, each in enumerate(every):
        own = [portion for portion in found if portion.text == text]
        covered = [word for one in own for word in range(one.start, one.stop)]
        assert covered == list(range(len(each.words)))
        rows = [row for one in own for passage in one.passages for row in passage.rows]
        assert rows == each.read.tolist()


@pytest.mark.parametrize("unit", [".", "/", "a-", "中"])
def test_a_text_without_blanks_is_tokenised_in_parts(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And has the pieces that it has as a whole."""
    text = unit * (4000 // len(unit))
    whole = encode(text, bundled().tokenizer)
    monkeypatch.setattr(encodings, "SLAB", 500)
    monkeypatch.setattr(encodings, "UNBROKEN", 500)
    cuts = encodings._cuts(text)
    assert max(np.diff(cuts)) <= 2 * 500
    assert encode(text, bundled().tokenizer).ids.tolist() == whole.ids.tolist()


@pytest.mark.parametrize("text", ["", "a", "a" * 30, " " * 30, "a " * 8, "a" * 12 + " b"])
def test_the_parts_of_a_text_are_the_text(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """None of them is empty, but that of an empty text."""
    monkeypatch.setattr(encodings, "SLAB", 5)
    monkeypatch.setattr(encodings, "UNBROKEN", 5)
    cuts = encodings._cuts(text)
    assert (cuts[0], cuts[-1]) == (0, len(text))
    assert all(np.diff(cuts) > 0) or not text
