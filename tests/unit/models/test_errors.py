"""An error is a sentence with typed fields."""

from models.errors import NotADocument, TooComplex


def test_the_fields_fill_the_sentence_and_can_be_read() -> None:
    """What was given stands in the message and under its name."""
    error = TooComplex(limit=3, what="entries")
    assert str(error) == "The input holds more than the 3 entries allowed."
    assert (error.limit, error.what) == (3, "entries")


def test_errors_share_no_fields() -> None:
    """Two errors of one class keep their own."""
    one, other = NotADocument(reason="a"), NotADocument(reason="b")
    assert (one.reason, other.reason) == ("a", "b")
