"""A stream is cut into lists."""

from models.chunks import chunks


def test_items_are_cut_into_lists_in_order() -> None:
    """The last list is shorter, and nothing makes no list."""
    assert list(chunks(range(1, 8), 3)) == [[1, 2, 3], [4, 5, 6], [7]]
    assert list(chunks([], 3)) == []


def test_nothing_is_read_ahead() -> None:
    """The second list is taken from the stream only when it is asked for."""
    stream = iter(range(10))
    assert next(chunks(stream, 4)) == [0, 1, 2, 3]
    assert next(stream) == 4
