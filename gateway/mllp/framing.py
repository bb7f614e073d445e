"""MLLP frames: VT, the message, FS, CR (HL7 Transport Specification: MLLP, Release 1).

White space between frames is passed over. A lone FS or VT is part of a message: notes hold them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from models.errors import MessageTooLarge, NotFramed

START: Final = b"\x0b"
END: Final = b"\x1c\r"
HEAD: Final = 4096
"""Bytes that are kept of a message that is too large: those that say whom to answer."""

_AGAIN: Final = START + b"MSH"
_BETWEEN: Final = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Frame:
    """A message, or the beginning of one that is too large.

    `cut_off` says that its sender began anew within the frame; what came before is no message.
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
        self._skipped: int | None = None  # bytes that were thrown away of one too large

    @property
    def begun(self) -> bool:
        """Whether a message has begun and not ended."""
        return bool(self._buffer) or self._skipped is not None

    @property
    def size(self) -> int:
        """Bytes that are held."""
        return len(self._buffer)

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """Take the next bytes in; yield the messages that end in them, and one that got too large.

        Raises:
            NotFramed: there is something between two frames.
            MessageTooLarge: one that was too large goes on for as long again.
        """
        self._buffer += chunk
        while (frame := self._next()) is not None:
            yield frame

    def _next(self) -> Frame | None:
        if self._skipped is None:
            self._begin()
        end = self._buffer.find(END, self._looked)
        if end < 0:
            return self._unfinished()
        body = bytes(self._buffer[len(START) : end]) if self._skipped is None else None
        del self._buffer[: end + len(END)]
        self._looked, self._skipped = 0, None
        if body is None:
            return self._next()
        if len(body) > self._limit:
            return Frame(body[:HEAD], complete=False)
        again = body.rfind(_AGAIN)
        return Frame(body[again + len(START) :], cut_off=True) if again >= 0 else Frame(body)

    def _begin(self) -> None:
        """Throw away what may stand between two frames."""
        if self._buffer[:1].strip(_BETWEEN) != self._buffer[:1]:
            self._buffer = self._buffer.lstrip(_BETWEEN)
        if self._buffer and not self._buffer.startswith(START):
            raise NotFramed

    def _unfinished(self) -> Frame | None:
        """Remember how far was looked; of a message that got too large return the beginning."""
        if self._skipped is not None:
            self._skip()
            return None
        self._looked = max(0, len(self._buffer) - 1)
        if len(self._buffer) <= self._limit + len(START + END):
            return None
        head = bytes(self._buffer[len(START) : HEAD])
        self._skipped = 0
        self._skip()
        return Frame(head, complete=False)

    def _skip(self) -> None:
        """Throw all away but a last byte, with which the end may begin."""
        gone = max(0, len(self._buffer) - 1)
        self._skipped = (self._skipped or 0) + gone
        del self._buffer[:gone]
        self._looked = 0
        if self._skipped > 2 * self._limit:
            raise MessageTooLarge(limit=self._limit)
