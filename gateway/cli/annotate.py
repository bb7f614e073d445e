"""`biomed-ner annotate`: notes in, mentions out, no database."""

import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from gateway.cli import files, note_files
from gateway.cli.configuration import settings
from gateway.cli.formats import Text, brat, jsonl
from gateway.cli.progress import progress
from gateway.cli.reader import reader
from gateway.cli.refusals import Placed, Refusals
from models.chunks import chunks
from models.clinical import Reading
from models.errors import NameTaken, UnreadableFile, UnwritableFile, WrongUsage

if TYPE_CHECKING:
    from worker.reading import Recogniser

TEXTS_AT_ONCE = 16


class Input(StrEnum):
    """What the files hold."""

    text = "text"
    jsonl = "jsonl"


class Output(StrEnum):
    """What is written."""

    jsonl = "jsonl"
    brat = "brat"


def annotate(  # noqa: PLR0913  # one for each option
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH…", help="files and folders, or - for standard input"),
    ],
    *,
    model: Annotated[
        str | None, typer.Option(help="bundled name, folder or hub id  [default: BIOMED_MODEL]")
    ] = None,
    input_format: Annotated[
        Input, typer.Option(help="plain text, or JSON lines of id and text")
    ] = Input.text,
    encoding: Annotated[str, typer.Option(help="of plain text files")] = note_files.UTF8,
    output: Annotated[Output, typer.Option("--format", help="what is written")] = Output.jsonl,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", file_okay=False, help="folder for the .ann files of brat"),
    ] = None,
) -> None:
    """Read notes and write their mentions, one line of JSON for each note.

    A note is called by its file's name without suffix, in a folder by its place there. Two notes of
    one name are refused. What cannot be read is named on standard error, and the exit code is 1.
    """
    refusals = Refusals()
    texts, total = read(paths, input_format, encoding, refusals)
    if output is Output.brat and out is None and total != 1:
        raise WrongUsage(reason="brat files of several notes need a folder, given by --out")
    write = Brat(out).write if output is Output.brat else write_jsonl
    recogniser = reader(settings(), model)
    with progress("notes", total, wanted=bool(out) or not sys.stdout.isatty()) as advance:
        for some in chunks(texts, TEXTS_AT_ONCE):
            work = partial(read_together, recogniser())
            for where, (one, reading) in refusals.taken(work, some):
                try:
                    write(one, reading)
                except (WrongUsage, NameTaken, UnwritableFile) as error:
                    refusals.add(where, error)
            advance(len(some))
    refusals.end()


def read_together(recogniser: "Recogniser", some: Sequence[Text]) -> list[tuple[Text, Reading]]:
    """Return texts with what was read in them."""
    return list(zip(some, recogniser.read([one.text for one in some]), strict=True))


def write_jsonl(text: Text, reading: Reading) -> None:
    """Write one line to standard output, in UTF-8 whatever the terminal's locale."""
    sys.stdout.buffer.write(jsonl(text, reading))


class Brat:
    """Writes brat files into a folder, or one to standard output where no folder is given."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._taken: set[str] = set()

    def write(self, text: Text, reading: Reading) -> None:
        """Write `<id>.ann`, in folders of its own where the note came out of such.

        Raises:
            WrongUsage: the id, which comes from the input, is no plain file name.
            NameTaken: another note was written under this name.
            UnwritableFile: the system refuses the file.
        """
        annotations = brat(reading).encode()
        if self._folder is None:
            sys.stdout.buffer.write(annotations)
            return
        path = self._folder / self._name(text)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(annotations)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise UnwritableFile(path=path, reason=reason) from None

    def _name(self, text: Text) -> str:
        name = f"{text.id}.ann"
        if not text.placed and Path(name).name != name:
            raise WrongUsage(
                reason="an id is no plain file name, so no .ann file can be named by it"
            )
        if name in self._taken:
            raise NameTaken(name=str(text.id))
        self._taken.add(name)
        return name


def read(
    paths: Sequence[Path], input_format: Input, encoding: str, refusals: Refusals
) -> tuple[Iterator[Placed[Text]], int | None]:
    """Return the texts of files and folders, read as they are asked for, and how many there are.

    Of JSON lines nobody knows that beforehand: None.

    Raises:
        WrongUsage: two texts have one name, or the encoding is none.
    """
    if input_format is Input.jsonl:
        if note_files.encoding(encoding) != note_files.UTF8:
            raise WrongUsage(reason="JSON lines are UTF-8; --encoding is of plain text")
        found = note_files.line_files(paths)
        return chain.from_iterable(of_jsonl(path, refusals) for path in found), None
    texts, spelled = note_files.text_files(paths), note_files.encoding(encoding)
    return of_files(texts, spelled, refusals), len(texts)


def of_files(
    found: Sequence[note_files.NoteFile], encoding: str, refusals: Refusals
) -> Iterator[Placed[Text]]:
    """Give the texts of files; report those that cannot be read."""
    for one in found:
        try:
            yield str(one.path), Text(one.name, files.text(one.path, encoding), placed=True)
        except UnreadableFile as error:
            refusals.add(str(one.path), error)


def of_jsonl(path: Path, refusals: Refusals) -> Iterator[Placed[Text]]:
    """Give the texts of a file of JSON lines; report the lines that are none."""
    try:
        lines = files.content(path).splitlines()
    except UnreadableFile as error:
        refusals.add(str(path), error)
        return
    for source in files.of_lines(str(path), iter(lines)):
        try:
            yield source.where, of_line(source)
        except UnreadableFile as error:
            refusals.add(source.where, error)


def of_line(source: files.Source) -> Text:
    """Return the text of a line; raise UnreadableFile where it is none."""
    try:
        found = orjson.loads(source.raw)
    except orjson.JSONDecodeError:
        raise UnreadableFile(path=source.where, reason="not JSON") from None
    if not (isinstance(found, dict) and isinstance(found.get("text"), str) and "id" in found):
        raise UnreadableFile(path=source.where, reason="not an object of id and text")
    return Text(found["id"], found["text"])
