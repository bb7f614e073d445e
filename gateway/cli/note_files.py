"""Which files of text a command reads, and what the note in each is called."""

import codecs
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.cli.files import LINES, STDIN, unreadable
from models.errors import UnreadableFile, WrongUsage

TEXTS: Final = frozenset({".txt"})
UTF8: Final = "utf-8"


@dataclass(frozen=True, slots=True)
class NoteFile:
    """A file, and its name without folder and suffix: `7` of notes/7.txt.

    Of a file that a named folder holds it is the place there: `ward/7` of FOLDER/ward/7.txt.
    """

    path: Path
    name: str


def text_files(paths: Sequence[Path]) -> list[NoteFile]:
    """Return the files of plain text, those of folders (.txt, at any depth) in order of names.

    Raises:
        WrongUsage: two of them would have one name, so that one result could not be told from
            the other, or would be written over it.
        UnreadableFile: a folder holds no such file.
    """
    found = [file for path in paths for file in _files(path, TEXTS)]
    named: dict[str, Path] = {}
    for file in found:
        other = named.setdefault(file.name, file.path)
        if other is not file.path:
            reason = (
                f"{other} and {file.path} would both be the note {file.name}: "
                "name a folder that holds both"
            )
            raise WrongUsage(reason=reason)
    return found


def line_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files of JSON lines, those of folders (.jsonl, .ndjson) in order of their names.

    Raises:
        UnreadableFile: a folder holds no such file.
    """
    return [file.path for path in paths for file in _files(path, LINES)]


def _files(path: Path, suffixes: Collection[str]) -> Iterator[NoteFile]:
    if not path.is_dir():
        yield NoteFile(path, "stdin" if path == STDIN else path.stem)
        return
    inside = _inside(path, suffixes)
    if not inside:
        raise UnreadableFile(path=path, reason=f"it holds no {' or '.join(sorted(suffixes))} file")
    for file in inside:
        yield NoteFile(file, file.relative_to(path).with_suffix("").as_posix())


def _inside(folder: Path, suffixes: Collection[str]) -> list[Path]:
    """Return the files of a folder; what begins with a dot is an editor's, or a system's."""
    try:
        return sorted(
            path
            for path in folder.rglob("*")
            if path.suffix.lower() in suffixes and path.is_file() and not path.name.startswith(".")
        )
    except OSError as error:
        raise unreadable(folder, error) from error


def encoding(name: str) -> str:
    """Return the name of a character encoding as Python spells it, `utf-8` for `UTF8`.

    Raises:
        WrongUsage: there is no such encoding of text.
    """
    try:
        "a".encode(name)
        return codecs.lookup(name).name
    except (LookupError, UnicodeError):
        raise WrongUsage(reason=f"{name} is no encoding of text, such as utf-8 or cp1252") from None
