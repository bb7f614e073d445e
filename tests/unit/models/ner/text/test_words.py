"""The word table."""

import pytest

from models.ner.text.words import sentence_starts, words_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BP 120/80mmHg.", ["BP", "120", "/", "80", "mmHg", "."]),
        ("a\u00a0b\tc\r\nd", ["a", "b", "c", "d"]),
        ("cafe\u0301 au lait", ["cafe\u0301", "au", "lait"]),
        ("pain 😀😀", ["pain", "😀", "😀"]),
        ("x_y", ["x", "_", "y"]),
        (" \n", []),
    ],
)
def test_words_are_runs_of_letters_or_digits_or_single_signs(
    text: str, expected: list[str]
) -> None:
    """Each visible character belongs to exactly one word, at its true offsets."""
    words = words_of(text)
    assert [text[s:e] for s, e in zip(words.starts, words.ends, strict=True)] == expected


def test_a_sentence_starts_after_a_line_break_or_closing_punctuation() -> None:
    """A decimal point does not end a sentence; a line break does."""
    text = 'INR was 2.5 today. "Stop warfarin." He did\nPlan: none'
    starts = sentence_starts(text).tolist()
    assert [text[s:].split(maxsplit=1)[0] for s in starts] == ["INR", '"Stop', "He", "Plan:"]
