"""How far an import is: the resume point, what was counted, and the file of refused lines.

It lies beside the data of the database that is imported into, and not in that database: it is about
files of this machine, and a document that is stored once more is known. So it only spares work, and
whoever deletes it loses nothing.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import orjson

from gateway.cli.files import unreadable
from gateway.cli.ndjson_lines import Line, Point
from models.errors import BiomedError, UnwritableFile, WrongUsage
from models.private_files import open_private, private_folder, replace_private

if TYPE_CHECKING:
    from models.db.inbox.inbox import Receipt


@dataclass(slots=True)
class Counts:
    """What became of the lines so far, and how long the file of refused lines is."""

    stored: int = 0
    known: int = 0
    refused: int = 0
    others: dict[str, int] = field(default_factory=dict)
    refused_bytes: int = 0

    def __str__(self) -> str:
        left = ", ".join(f"{number} {kind}" for kind, number in sorted(self.others.items()))
        return f"{self.numbers}; not taken: {left}" if left else self.numbers

    @property
    def numbers(self) -> str:
        """What became of the documents, without a word of any file."""
        return f"{self.stored} stored, {self.known} known already, {self.refused} refused"


class Import:
    """One import of some files, from its resume point on."""

    def __init__(self, files: Sequence[Path], state: Path, refused: IO[bytes]) -> None:
        self._files = files
        self._state = state
        self._refused = refused
        self._sizes = [file.stat().st_size for file in files]
        self.point, self.counts = saved(state)
        # Somebody may have shortened it meanwhile: nothing is put in the place of what is gone.
        kept = min(self.counts.refused_bytes, os.fstat(refused.fileno()).st_size)
        refused.truncate(kept)
        refused.seek(kept)

    @property
    def total(self) -> int:
        """The size of all files in bytes."""
        return sum(self._sizes)

    def remaining(self) -> Iterator[tuple[Path, Point]]:
        """Yield each file that is not read to its end, with the point from which to go on."""
        for number in range(self.point.file, len(self._files)):
            going_on = self.point.file == number
            yield self._files[number], self.point if going_on else Point(number)

    def done(self, line: Line) -> int:
        """Return how many bytes of all files are read with this line."""
        ended = line.after.file > 0 and line.after.offset == 0
        return sum(self._sizes[: line.after.file]) + (0 if ended else line.position)

    def refuse(self, line: Line, error: BiomedError) -> None:
        """Name a refused line in the file, without any of its text."""
        self.counts.refused += 1
        where = {"file": str(line.path), "line": line.number}
        why = {"code": error.code, "reason": str(error)}
        self._refused.write(orjson.dumps({**where, **why}) + b"\n")

    def leave(self, kind: str) -> None:
        """Count a resource of a type that brings no text to read."""
        self.counts.others[kind] = self.counts.others.get(kind, 0) + 1

    def count(self, receipts: Sequence["Receipt"]) -> None:
        """Count documents that were stored, or had been before."""
        new = sum(receipt.created for receipt in receipts)
        self.counts.stored += new
        self.counts.known += len(receipts) - new

    def move_to(self, point: Point) -> None:
        """Save that all before this point is stored, and named where it was refused."""
        self.point = point
        self._refused.flush()
        os.fsync(self._refused.fileno())
        self.counts.refused_bytes = self._refused.tell()
        state = {"point": asdict(point), "counts": asdict(self.counts)}
        replace_private(self._state, json.dumps(state))

    def end(self) -> None:
        """Forget the resume point: the same command then begins anew."""
        self._state.unlink(missing_ok=True)


def saved(state: Path) -> tuple[Point, Counts]:
    """Return the point and the counts of an import that was ended early, else of a new one."""
    try:
        found: dict[str, Any] = json.loads(state.read_bytes())
        return Point(**found["point"]), Counts(**found["counts"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return Point(), Counts()


@contextmanager
def opened_import(folder: Path, files: Sequence[Path], refused: Path) -> Iterator[Import]:
    """Give the import of some files, to which no other process comes meanwhile.

    Raises:
        UnreadableFile: a file is not there.
        UnwritableFile: the file for refused lines cannot be written.
        WrongUsage: another process imports the same files, or one of them is to be written.
    """
    if refused.resolve() in {file.resolve() for file in files}:
        raise WrongUsage(reason="refused lines would be written over a file that is imported")
    private_folder(folder)
    state = folder / f"{name_of(files, refused)}.json"
    with open_private(state.with_suffix(".lock")) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WrongUsage(reason="these files are being imported by another process") from None
        with writable(refused) as file:
            yield Import(files, state, file)


@contextmanager
def writable(refused: Path) -> Iterator[IO[bytes]]:
    """Give the file for refused lines, with what is in it."""
    try:
        file = os.fdopen(os.open(refused, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnwritableFile(path=refused, reason=reason) from None
    with file:
        yield file


def name_of(files: Sequence[Path], refused: Path) -> str:
    """Return a name for an import: of these files as they are now."""
    parts = [str(refused.absolute()), *map(_described, files)]
    return sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _described(file: Path) -> str:
    try:
        found = file.stat()
    except OSError as error:
        raise unreadable(file, error) from error
    return f"{file.absolute()} {found.st_size} {found.st_mtime_ns}"
