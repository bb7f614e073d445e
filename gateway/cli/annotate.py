"""`biomed-ner annotate`: notes in, mentions out, no database."""

import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from gateway.batches import batches
from gateway.cli import files
from gateway.cli.configuration import settings
from gateway.cli.formats import Text, brat, jsonl
from gateway.cli.reader import reader
from gateway.cli.refusals import Placed, Refusals
from models.clinical import Reading
from models.errors import UnreadableFile, WrongUsage

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


def annotate(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="files, or - for standard input")
    ],
    *,
    model: Annotated[
        str | None, typer.Option(help="bundled name, folder or hub id  [default: BIOMED_MODEL]")
    ] = None,
    input_format: Annotated[
        Input, typer.Option(help="plain text, or JSON lines of id and text")
    ] = Input.text,
    output: Annotated[Output, typer.Option("--format", help="what is written")] = Output.jsonl,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", file_okay=False, help="folder for the .ann files of brat"),
    ] = None,
) -> None:
    """Read notes and write their mentions, one line of JSON for each note.

    What cannot be read is named on standard error, and the exit code then is 1.
    """
    if output is Output.brat and out is None and (len(paths) > 1 or input_format is Input.jsonl):
        raise WrongUsage(reason="brat files of several notes need a folder, given by --out")
    write = partial(write_brat, out) if output is Output.brat else write_jsonl
    recogniser = reader(settings(), model)
    refusals = Refusals()
    for some in batches(read(paths, input_format, refusals), TEXTS_AT_ONCE):
        work = partial(read_together, recogniser())
        for where, (one, reading) in refusals.taken(work, some):
            try:
                write(one, reading)
            except WrongUsage as error:
                refusals.add(where, error)
    refusals.end()


def read_together(recogniser: "Recogniser", some: Sequence[Text]) -> list[tuple[Text, Reading]]:
    """Return texts with what was read in them."""
    return list(zip(some, recogniser.read([one.text for one in some]), strict=True))


def write_jsonl(text: Text, reading: Reading) -> None:
    """Write one line to standard output, in UTF-8 whatever the terminal's locale."""
    sys.stdout.buffer.write(jsonl(text, reading))


def write_brat(folder: Path | None, text: Text, reading: Reading) -> None:
    """Write `<id>.ann` into the folder, or to standard output where none is given.

    Raises:
        WrongUsage: the id, which comes from the input, is no plain file name.
    """
    annotations = brat(reading).encode()
    if folder is None:
        sys.stdout.buffer.write(annotations)
        return
    name = f"{text.id}.ann"
    if Path(name).name != name:
        raise WrongUsage(reason="an id is no plain file name, so no .ann file can be named by it")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        (folder / name).write_bytes(annotations)
    except (OSError, ValueError):
        raise WrongUsage(reason="no .ann file can be written under the id") from None


def read(paths: Sequence[Path], input_format: Input, refusals: Refusals) -> Iterator[Placed[Text]]:
    """Give the texts of the files; a text file's id is its stem, standard input's is `stdin`."""
    for path in paths:
        try:
            if input_format is Input.jsonl:
                yield from of_jsonl(path, refusals)
            else:
                name = "stdin" if path == files.STDIN else path.stem
                yield str(path), Text(name, files.text(path))
        except UnreadableFile as error:
            refusals.add(str(path), error)


def of_jsonl(path: Path, refusals: Refusals) -> Iterator[Placed[Text]]:
    """Give the texts of a file of JSON lines; report the lines that are none."""
    for source in files.of_lines(str(path), iter(files.content(path).splitlines())):
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
