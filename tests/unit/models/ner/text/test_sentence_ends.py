"""Where a sentence begins, for the windows that a model reads."""

from models.ner.text.sentence_ends import sentence_starts


def test_a_sentence_starts_after_a_line_break_or_closing_punctuation() -> None:
    """A decimal point does not end a sentence; a line break does."""
    text = 'INR was 2.5 today. "Stop warfarin." He did\nPlan: none'
    starts = sentence_starts(text).tolist()
    assert [text[s:].split(maxsplit=1)[0] for s in starts] == ["INR", '"Stop', "He", "Plan:"]
