"""MLLP frames: VT, the message, FS, CR (HL7 Transport Specification: MLLP, Release 1).

White space between frames is passed over. A lone FS or VT is part of a message: notes hold them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from models.errors import MessageTooLarge, NotFramed

START: Final = b"\x0b"
END: Final = b"\x1c\r"
HEAD: Final = 4096
"""Bytes that are kept of a message that is too large: those that say whom to answer."""

_AGAIN: Final = re.compile(START + b"(?=MSH)")
_MOST_CUT_OFF: Final = 8
"""Messages cut off within one frame that are told apart."""

_BETWEEN: Final = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Frame:
    """A message, or the beginning of one that is too large or was cut off.

    `cut_off` says that its sender began anew within the frame.
    """

    data: bytes
    complete: bool = True
    cut_off: bool = False

    @property
    def framed(self) -> bytes:
        """The bytes that go over the line."""
        return START + self.data + END


class Frames:
    """Cuts a stream of bytes into its messages, wherever it was cut before."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._looked = 0  # bytes of the buffer in which there is no end
        self._gone: int | None = None  # bytes that were thrown away of a message too large

    @property
    def begun(self) -> bool:
        """Whether a message has begun and not ended."""
        return bool(self._buffer) or self._gone is not None

    @property
    def size(self) -> int:
        """Bytes that are held."""
        return len(self._buffer)

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """Take the next bytes in; yield the messages that end in them, and one that got too large.

        Raises:
            NotFramed: there is something between two frames.
            MessageTooLarge: a message that is too large is of more than twice the size allowed.
        """
        self._buffer += chunk
        while self._buffer:
            if self._gone is None:
                self._begin()
            end = self._buffer.find(END, self._looked)
            if end >= 0:
                yield from self._ended(end)
            else:
                self._looked = max(0, len(self._buffer) - 1)
                yield from self._unfinished()
                return

    def _begin(self) -> None:
        """Throw away what may stand between two frames."""
        if self._buffer[:1].strip(_BETWEEN) != self._buffer[:1]:
            self._buffer = self._buffer.lstrip(_BETWEEN)
        if self._buffer and not self._buffer.startswith(START):
            raise NotFramed

    def _ended(self, end: int) -> Iterator[Frame]:
        """Take out what ends there: a message, or what was left of one too large."""
        body, gone = bytes(self._buffer[:end]), self._gone
        del self._buffer[: end + len(END)]
        self._looked, self._gone = 0, None
        if gone is None:
            message = body[len(START) :]
            yield from self._whole(message)
            self._require_end(len(message))
        else:
            self._require_end(gone + len(body))

    def _whole(self, message: bytes) -> Iterator[Frame]:
        """Yield a message, behind those that its sender began before it within the frame."""
        if len(message) > self._limit:
            yield Frame(message[:HEAD], complete=False)
            return
        again = message.rfind(START + b"MSH")
        if again >= 0:
            for half in _AGAIN.split(message[:again], _MOST_CUT_OFF - 1):
                if half.strip(START):
                    yield Frame(half[:HEAD], complete=False, cut_off=True)
        yield Frame(message[again + len(START) :] if again >= 0 else message)

    def _unfinished(self) -> Iterator[Frame]:
        """Throw away what came of a message that got too large; at first yield its beginning."""
        if self._gone is None:
            if len(self._buffer) <= self._limit + len(START + END):
                return
            head = bytes(self._buffer[len(START) :][:HEAD])
            del self._buffer[: len(START)]
            self._gone = 0
            yield Frame(head, complete=False)
        more = len(self._buffer) - 1  # an end may begin with the last byte
        self._gone += more
        del self._buffer[:more]
        self._looked = 0
        self._require_end(self._gone)

    def _require_end(self, size: int) -> None:
        if size > 2 * self._limit:
            raise MessageTooLarge(limit=self._limit)
