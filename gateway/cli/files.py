"""Documents and texts from files and from standard input, each with the place it came from."""

import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from models.db.resources.stamping import verbatim
from models.errors import BiomedError, NotJson, UnreadableFile

STDIN = Path("-")
TOO_DEEP = NotJson(reason="nested too deeply")
Refused = Callable[[str, BiomedError], None]
"""Takes down what is not read, by its place, and why."""

LINES = frozenset({".ndjson", ".jsonl"})


@dataclass(frozen=True, slots=True)
class Source:
    """The JSON of one document, and where it stands: `notes.ndjson:12`, `bundle.json, entry 3`."""

    where: str
    raw: bytes


def documents(paths: Sequence[Path], refused: Refused) -> Iterator[Source]:
    """Give every document of the files: NDJSON line by line, JSON whole, Bundles by entry.

    Nothing is checked beyond that: what is no document is for the parser to refuse. A
    file that is not there or not readable is told to `refused`, and the others are read.
    """
    for path in paths:
        try:
            if path.suffix in LINES:
                yield from of_lines(str(path), lines(path))
            else:
                yield from of_file(str(path), content(path), refused)
        except UnreadableFile as error:
            refused(str(path), error)


def of_lines(name: str, found: Iterator[bytes]) -> Iterator[Source]:
    """Give each line that is not empty; lines are counted from 1."""
    for number, line in enumerate(found, 1):
        if line.strip():
            yield Source(f"{name}:{number}", line)


def of_file(name: str, raw: bytes, refused: Refused) -> Iterator[Source]:
    """Give the document that a file is, the entries of a Bundle, or else its lines."""
    raw = raw.removeprefix(BOM_UTF8)
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        yield from of_lines(name, iter(raw.splitlines(keepends=True)))
        return
    if isinstance(found, dict) and found.get("resourceType") == "Bundle":
        yield from of_bundle(name, raw, refused)
    else:
        yield Source(name, raw)


def of_bundle(name: str, raw: bytes, refused: Refused) -> Iterator[Source]:
    """Give the resource of each entry of a Bundle; entries are counted from 1.

    Numbers keep their digits. What is nested so deeply that it cannot be written is refused.
    """
    try:
        entries = verbatim(raw.decode()).get("entry")
    except RecursionError:
        refused(name, TOO_DEEP)
        return
    for number, entry in enumerate(entries if isinstance(entries, list) else [], 1):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        where = f"{name}, entry {number}"
        try:
            written = orjson.dumps(resource)
        except TypeError:
            refused(where, TOO_DEEP)
        else:
            yield Source(where, written)


def lines(path: Path) -> Iterator[bytes]:
    """Give the lines of a file without keeping more than one of them."""
    try:
        with path.open("rb") as file:
            yield from file
    except OSError as error:
        raise unreadable(path, error) from error


def content(path: Path) -> bytes:
    """Return the bytes of a file, or of standard input for `-`."""
    try:
        return sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error


def text(path: Path, encoding: str = "utf-8") -> str:
    """Return the text of a file, its line ends and its byte order mark as they are.

    Raises:
        UnreadableFile: it is not there, or not of this encoding.
    """
    return decoded(path, content(path), encoding)


def decoded(path: Path, raw: bytes, encoding: str = "utf-8") -> str:
    """Return bytes as text; no other encoding is guessed, since offsets count in the text."""
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        reason = f"not {encoding.upper()} at byte {error.start}"
        raise UnreadableFile(path=path, reason=reason) from None
    except UnicodeError:
        raise UnreadableFile(path=path, reason=f"not {encoding.upper()}") from None


def unreadable(path: Path, error: OSError) -> UnreadableFile:
    """Return the error of the operating system as ours."""
    return UnreadableFile(path=path, reason=error.strerror or type(error).__name__)
