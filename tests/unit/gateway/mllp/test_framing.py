"""Frames in a stream of bytes, wherever it is cut."""

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mllp.framing import HEAD, Frame, Frames
from models.errors import BiomedError, MessageTooLarge, NotFramed

LIMIT = 5000
TEXT = st.binary(max_size=60).filter(lambda data: b"\x1c\r" not in data and b"\x0bMSH" not in data)
# An end could otherwise begin in a message and go on behind it.
MESSAGE = TEXT.filter(lambda data: not data.endswith(b"\x1c"))
PIECES = st.lists(
    st.sampled_from([b"\x0b", b"\x1c", b"\r", b"\n", b"MSH|", b"\x1c\r", b"\x0bMSH"])
    | st.binary(max_size=20)
    | st.integers(0, 2 * LIMIT).map(lambda size: b"x" * size),
    max_size=12,
)


def framed(*messages: bytes) -> bytes:
    return b"".join(Frame(one).framed for one in messages)


def fed(chunks: Sequence[bytes], limit: int = LIMIT) -> list[Frame]:
    frames = Frames(limit)
    return [frame for chunk in chunks for frame in frames.feed(chunk)]


def cut(data: bytes, places: Sequence[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def attempted(chunks: Sequence[bytes]) -> tuple[list[Frame], type[BiomedError] | None]:
    """Return the frames before the first error, and what error that was."""
    frames = Frames(LIMIT)
    coming = chain.from_iterable(map(frames.feed, chunks))
    found: list[Frame] = []
    while True:
        try:
            found.append(next(coming))
        except StopIteration:
            return found, None
        except BiomedError as error:
            return found, type(error)


@given(st.lists(MESSAGE, max_size=5), st.lists(st.integers(0, 500), max_size=8))
def test_wherever_the_stream_is_cut(messages: list[bytes], places: list[int]) -> None:
    """The messages come out as they went in, in their order."""
    chunks = cut(framed(*messages), places)
    assert [frame.data for frame in fed(chunks)] == messages


def where_it_is_cut_does_not_matter(pieces: list[bytes], places: list[int]) -> None:
    data = b"".join(pieces)
    whole, error = attempted([data])
    parts, other = attempted(cut(data, places))
    assert (parts, other) == (whole, error)


@given(PIECES, st.lists(st.integers(0, 40_000), max_size=8))
def test_any_bytes_split_anywhere(pieces: list[bytes], places: list[int]) -> None:
    """They are the same messages or the same typed error; nothing else leaves."""
    where_it_is_cut_does_not_matter(pieces, places)


@pytest.mark.soak
@settings(max_examples=20_000)
@given(PIECES, st.lists(st.integers(0, 40_000), max_size=8))
def test_any_bytes_split_anywhere_for_long(pieces: list[bytes], places: list[int]) -> None:
    """The same, as often as takes a while."""
    where_it_is_cut_does_not_matter(pieces, places)


def test_what_may_stand_between_frames() -> None:
    """White space, and nothing else."""
    data = b"\r\n" + framed(b"a") + b"\n \t\r\n" + framed(b"b") + b"\n"
    assert [frame.data for frame in fed([data])] == [b"a", b"b"]
    for wrong in (b"MSH|^~\\&|", b"\x16\x03\x01", b"GET / HTTP/1.1", framed(b"a") + b"x"):
        with pytest.raises(NotFramed):
            fed([wrong])


def test_lone_signs_are_part_of_a_message() -> None:
    """A note may hold a vertical tab, and a frame ends with FS and CR together."""
    assert [frame.data for frame in fed([framed(b"a\x0bb\x1cc\rd")])] == [b"a\x0bb\x1cc\rd"]


def test_a_sender_that_begins_anew() -> None:
    """What it had begun before is told apart, and is not put before the one that follows."""
    frames = fed([b"\x0bMSH|half of\x0b a mess" + framed(b"MSH|whole")])
    assert frames == [
        Frame(b"MSH|half of\x0b a mess", complete=False, cut_off=True),
        Frame(b"MSH|whole"),
    ]


def test_two_signs_of_a_beginning_cut_nothing_off() -> None:
    """Some senders begin twice; there is nothing between that could be lost."""
    assert fed([b"\x0b\x0b" + framed(b"MSH|whole")]) == [Frame(b"MSH|whole")]


def test_what_begins_ever_anew_is_a_few_messages() -> None:
    """However often it begins, only so many are held, each with no more than its header."""
    frames = fed([framed(b"\x0bMSH|x" * 500)])
    assert len(frames) == 8
    assert max(len(frame.data) for frame in frames) <= HEAD


def test_the_limit_is_of_the_message() -> None:
    """One of just so many bytes passes; of a longer one the beginning is kept, for the answer."""
    assert fed([framed(b"x" * LIMIT)])[0].complete
    for data in ([framed(b"MSH" + b"x" * LIMIT)], cut(framed(b"MSH" + b"x" * LIMIT), [700, 4900])):
        [frame] = fed(data)
        assert (frame.complete, frame.data[:4], len(frame.data) <= HEAD) == (False, b"MSHx", True)


def test_after_one_that_was_too_large_comes_the_next() -> None:
    """The rest of it is thrown away up to its end."""
    data = framed(b"x" * (LIMIT + 1000), b"next")
    frames = fed(cut(data, range(0, len(data), 999)))
    assert [(frame.complete, frame.data[:4]) for frame in frames] == [
        (False, b"xxxx"),
        (True, b"next"),
    ]


def test_a_frame_that_never_ends_holds_no_memory() -> None:
    """It is answered once, then thrown away as it comes, and in the end refused."""
    frames = Frames(LIMIT)
    held: list[int] = []

    def chunks() -> Iterator[bytes]:
        for _ in range(40):
            yield b"\x0b" * 1000
            held.append(frames.size)

    coming = chain.from_iterable(map(frames.feed, chunks()))
    assert not next(coming).complete
    with pytest.raises(MessageTooLarge):
        next(coming)
    assert max(held) <= LIMIT + 1000
