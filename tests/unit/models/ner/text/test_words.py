"""The word table."""

import pytest

from models.ner.text.words import words_of


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
