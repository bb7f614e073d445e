"""The lines of NDJSON files of any size, compressed or not, from where somebody stopped before."""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from gateway.cli.files import unreadable
from models.errors import BiomedError, InputTooLarge, UnreadableFile

ENDINGS: Final = (".ndjson", ".jsonl")
COMPRESSED: Final = ".gz"
AT_ONCE: Final = 1 << 20

BROKEN: Final = (gzip.BadGzipFile, EOFError, zlib.error)


@dataclass(frozen=True, slots=True)
class Point:
    """How far files are read: so many files, then so many bytes and lines of the next one.

    Bytes are counted as they are when decompressed.
    """

    file: int = 0
    offset: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line, or why there is none; `after` is the point behind it.

    `position` is how many bytes of the file, compressed as it may be, are read by then.
    """

    path: Path
    number: int
    raw: bytes
    after: Point
    position: int
    error: BiomedError | None = None


def files_of(paths: Sequence[Path]) -> list[Path]:
    """Return the files, and of each folder the NDJSON files in it by name."""
    return [file for path in paths for file in (_in_folder(path) if path.is_dir() else [path])]


def _in_folder(folder: Path) -> list[Path]:
    names = tuple(f"{ending}{more}" for ending in ENDINGS for more in ("", COMPRESSED))
    return sorted(path for path in folder.iterdir() if path.name.endswith(names))


def lines_from(path: Path, point: Point, *, longest: int) -> Iterator[Line]:
    """Yield the lines of a file after a point, a file that cannot be read on as a last one.

    Empty lines are passed over. Of a line of more than `longest` bytes no more is kept at once.
    """
    at, position = point, 0
    try:
        with ExitStack() as stack:
            raw = stack.enter_context(path.open("rb"))
            stream = stack.enter_context(_decompressed(path, raw))
            stream.seek(point.offset)
            while line := stream.readline(longest + 1):
                size = len(line) + _skip(stream, line, longest)
                at, position = Point(at.file, at.offset + size, at.line + 1), raw.tell()
                error = InputTooLarge(limit=longest) if len(line) > longest else None
                if line.strip():
                    yield Line(path, at.line, b"" if error else line, at, position, error)
    except OSError as error:
        yield _last(path, at, position, unreadable(path, error))
    except BROKEN as error:
        broken = UnreadableFile(path=path, reason=f"broken gzip ({type(error).__name__})")
        yield _last(path, at, position, broken)
    else:
        yield Line(path, at.line, b"", Point(at.file + 1), position)


def _decompressed(path: Path, raw: IO[bytes]) -> IO[bytes]:
    if path.suffix == COMPRESSED:
        return gzip.GzipFile(fileobj=raw)  # type: ignore[return-value]  # as typeshed has it
    return raw


def _skip(stream: IO[bytes], line: bytes, longest: int) -> int:
    """Read to the end of a line that is too long, and return how many bytes that was."""
    if len(line) <= longest:
        return 0
    size = 0
    while line and not line.endswith(b"\n"):
        line = stream.readline(AT_ONCE)
        size += len(line)
    return size


def _last(path: Path, at: Point, position: int, error: BiomedError) -> Line:
    return Line(path, at.line, b"", Point(at.file + 1), position, error)
