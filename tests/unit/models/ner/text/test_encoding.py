"""Words and pieces: perfect labels must come back as exactly the annotated spans."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from transformers import PreTrainedTokenizerFast

from models.clinical import Span
from models.ner import brat
from models.ner.brat import AnnotatedText, Entity
from models.ner.checkpoint.labels import TYPES
from models.ner.checkpoint.loading import load
from models.ner.evaluation.entities import Item, gold_items
from models.ner.inference.passages import passages
from models.ner.text.encoding import NO_PIECE, encode
from models.ner.text.words import words_of
from tests.checkpoints import SENTENCES, bert
from tests.data import corpus
from tests.unit.models.ner.oracle import decoded

TRICKY = [
    "Palpitations.\nThe patient (T2-weighted MRI) had SCC; IL6 raised.",
    "a\u00a0b\tc\r\nd \U0001f600 \U0001f600 cafe\u0301 \u200bzero\u200bwidth",
    "[SEP] pain [CLS] [MASK] \ufeffB12",
    "x" * 3000 + " fever",
]

# What one tokenizer or another throws away, joins to a neighbour or has no piece for: private use,
# replacement, soft hyphen, zero width, byte order mark, NUL, BEL, lone accents.
STRANGE = [*"\uf0b7\ufffd\u00ad\u200b\u200d\u2060\ufeff\x00\x07\u0301\u0327", "\U000f0000"]
MIXED = st.lists(
    st.sampled_from([*STRANGE, *STRANGE, " ", "\n", "pain", "fever.", "T2", "e"]), max_size=40
).map("".join)


def _annotated(text: str, step: int) -> AnnotatedText:
    """Annotate every run of `step` words, types in turn, with gaps of one word."""
    words = words_of(text)
    entities = [
        Entity(f"T{first}", TYPES[first % 41], (Span(int(words.starts[first]), int(end)),))
        for first in range(0, len(words) - step + 1, step + 1)
        for end in [words.ends[first + step - 1]]
    ]
    return AnnotatedText("x", text, tuple(entities), (), ())


def _oracle(annotated: AnnotatedText, tokenizer: PreTrainedTokenizerFast) -> list[Item]:
    return decoded(annotated, encode(annotated.text, tokenizer))


def _on_word_borders(annotated: AnnotatedText) -> list[Item]:
    """The annotated spans, widened to whole words where an annotator cut one."""
    words = words_of(annotated.text)
    return [
        (label, int(words.starts[inside[0]]), int(words.ends[inside[-1]]))
        for label, start, end in gold_items(annotated)
        for inside in [np.flatnonzero((words.ends > start) & (words.starts < end))]
    ]


@pytest.mark.parametrize("text", TRICKY)
@pytest.mark.parametrize("step", [1, 2, 5])
def test_perfect_labels_give_exactly_the_spans(
    text: str, step: int, tokenizer: PreTrainedTokenizerFast
) -> None:
    """Line breaks, emoji, wide spaces and special-token look-alikes move no border."""
    annotated = _annotated(text, step)
    assert _oracle(annotated, tokenizer) == gold_items(annotated)


def test_perfect_labels_give_every_span_of_the_corpus(tokenizer: PreTrainedTokenizerFast) -> None:
    """All annotated spans of MACCROBAT dev come back through the real decode."""
    for annotated in brat.read_folder(corpus("maccrobat/dev")):
        assert _oracle(annotated, tokenizer) == _on_word_borders(annotated)


@pytest.mark.parametrize("text", TRICKY)
def test_every_word_has_a_piece(text: str, tokenizer: PreTrainedTokenizerFast) -> None:
    """No visible word is lost, so the whole text counts as read."""
    encoding = encode(text, tokenizer)
    assert (encoding.first != NO_PIECE).all()
    assert encoding.coverage.complete


def test_a_dropped_word_counts_as_unread(tmp_path: Path) -> None:
    """A control character that the tokenizer throws away is not claimed to be read."""
    coverage = encode("pain \x07 today", load(str(bert(tmp_path))).tokenizer).coverage
    assert (coverage.read, coverage.given) == (11, 12)


def test_the_whole_text_is_tokenised(tokenizer: PreTrainedTokenizerFast) -> None:
    """A text far over every model limit keeps its last word."""
    text = "fever " * 3000 + "anaemia"
    encoding = encode(text, tokenizer)
    assert encoding.borders[-1] == len(encoding.ids)
    assert encoding.first[-1] > 3000 - 1


@pytest.mark.parametrize("slab", [1, 7, 400])
def test_tokenised_in_parts_a_text_is_the_same(
    slab: int, tokenizer: PreTrainedTokenizerFast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cuts fall where pieces begin: ids, words and sentences are those of the text in one piece."""
    text = "".join(f"{each} \n\n{each}\r\n\t {each} \t  " for each in [*TRICKY, *SENTENCES])
    whole = encode(text, tokenizer)
    monkeypatch.setattr("models.ner.text.encoding.SLAB", slab)
    parts = encode(text, tokenizer)
    for name in ("ids", "first", "shared", "borders"):
        assert np.array_equal(getattr(parts, name), getattr(whole, name)), name


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=MIXED)
@example(text="\uf0b7 pain")
@example(text="pain \u200bzero")
@example(text="pain \x07\u200b today")
def test_no_word_has_a_piece_that_is_elsewhere(
    text: str, tokenizer: PreTrainedTokenizerFast
) -> None:
    """Characters without a piece, anywhere: a word's piece touches it, or no piece does."""
    encoding = encode(text, tokenizer)
    pieces = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    begins, ends = np.array(pieces["offset_mapping"]).reshape(-1, 2).T
    for start, end, first in zip(
        encoding.words.starts, encoding.words.ends, encoding.first, strict=True
    ):
        touching = np.flatnonzero((begins < end) & (ends > start))
        assert first in (touching if len(touching) else [NO_PIECE])


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=MIXED)
@example(text="\uf0b7 pain")
@example(text="pain \u200bzero")
def test_a_shared_piece_reaches_back_to_a_word_before(
    text: str, tokenizer: PreTrainedTokenizerFast
) -> None:
    """Pieces and sentences ascend; a piece is shared where it holds a part of an earlier word."""
    encoding = encode(text, tokenizer)
    pieces = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    begins = np.array([start for start, _ in pieces["offset_mapping"]], dtype=int)
    read = encoding.read
    ended = np.append(0, encoding.words.ends)[read]  # where the word before ends
    first = encoding.first[read]
    assert (np.diff(first) >= 0).all()
    assert (np.diff(encoding.borders) >= 0).all()
    assert (begins[first] < ended).tolist() == encoding.shared[read].tolist()


@pytest.mark.parametrize("strange", STRANGE, ids=ascii)
@pytest.mark.parametrize("shape", ["{0} {1}", "{1}{0}\n{1}", "{1} {0}", "{0}", "{0} {1}{0}"])
@pytest.mark.parametrize("length", [1, 900])
def test_a_text_with_strange_characters_is_read_whole(
    strange: str, shape: str, length: int, tokenizer: PreTrainedTokenizerFast
) -> None:
    """At the start, in the middle, at the end, alone; short and long: each word is asked once."""
    encoding = encode(shape.format(strange, "fever and pain. " * length), tokenizer)
    asked = list(passages([encoding]))
    assert np.concatenate([[], *(each.rows for each in asked)]).tolist() == encoding.read.tolist()
    assert all((each.wanted >= 0).all() for each in asked)
    assert all((each.wanted < len(each.ids)).all() for each in asked)


@pytest.mark.parametrize("strange", ["\uf0b7", "\ufffd", "\u00ad", "\x07"], ids=ascii)
@pytest.mark.parametrize("length", [2, 900])
def test_a_dropped_character_changes_no_other_word(
    strange: str, length: int, tmp_path: Path
) -> None:
    """With what the tokenizer drops before a text, the text's words have the pieces they had."""
    tokenizer = load(str(bert(tmp_path))).tokenizer
    text = " fever and pain" * length
    plain, odd = encode(text, tokenizer), encode(strange + text, tokenizer)
    assert np.array_equal(plain.ids, odd.ids)
    assert [NO_PIECE, *plain.first.tolist()] == odd.first.tolist()
    assert not odd.shared.any()
