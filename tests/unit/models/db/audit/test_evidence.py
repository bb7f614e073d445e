"""What a reader is shown around the words that are meant."""

import pytest

from models.db.audit.evidence import around

NOTE = "History: none.\r\nNo sign of pneumonia. Given aspirin 2.5 mg.\n\nPlan: rest"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("pneumonia", "No sign of pneumonia."),
        ("pneumonia.", "No sign of pneumonia."),
        ("aspirin", "Given aspirin 2.5 mg."),
        ("2.5 mg", "Given aspirin 2.5 mg."),
        ("History", "History: none."),
        ("rest", "Plan: rest"),
        ("pneumonia. Given", "No sign of pneumonia. Given aspirin 2.5 mg."),
        ("none.\r\nNo", "History: none.\r\nNo sign of pneumonia."),
    ],
)
def test_sentence_or_line(words: str, shown: str) -> None:
    """The words are shown in their sentence or line, and found in it again."""
    start = NOTE.index(words)
    found = around(NOTE, start, start + len(words))
    assert found.text == shown
    assert found.text[found.start : found.end] == words
    assert NOTE[found.offset : found.offset + len(found.text)] == found.text


def test_endless_sentence_is_cut() -> None:
    """A sentence without an end is cut on both sides."""
    note = "a" * 5000 + " fever " + "b" * 5000
    start = note.index("fever")
    found = around(note, start, start + 5)
    assert len(found.text) == 605
    assert found.text[found.start : found.end] == "fever"
