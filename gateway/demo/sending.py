"""Sending documents over HTTP, as a FHIR client does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import orjson

from gateway.cli import files
from gateway.demo.samples import SAMPLES, Expected, document
from models.errors import BiomedError

HEADERS = {"Content-Type": "application/fhir+json", "Prefer": "return=minimal"}


@dataclass(frozen=True, slots=True)
class Letter:
    """A document to send, and what has to become of it."""

    title: str
    raw: bytes
    expected: Expected = "done"


@dataclass(frozen=True, slots=True)
class Sent:
    """What the server answered: the id it stored the document under, or its refusal."""

    letter: Letter
    status: int
    document: str | None
    body: str


def samples() -> list[Letter]:
    """Return the sample notes."""
    return [
        Letter(sample.title, document(sample, number), sample.expected)
        for number, sample in enumerate(SAMPLES, 1)
    ]


def of_files(paths: Iterable[Path]) -> list[Letter]:
    """Return the documents of bulk exports, each named by its place; all have to be read.

    Raises:
        UnreadableFile: a file is not there.
    """
    return [Letter(place(one.where), one.raw) for one in files.documents(list(paths), missed)]


def missed(_: str, error: BiomedError) -> None:
    """Raise the error of a file that is not read."""
    raise error


def place(where: str) -> str:
    """Return a place without its folder."""
    return where.rpartition("/")[2]


def send(client: httpx.Client, letters: Iterable[Letter]) -> Iterator[Sent]:
    """Post each document; nothing but the answer says what became of it."""
    for letter in letters:
        answer = client.post("/fhir/DocumentReference", content=letter.raw, headers=HEADERS)
        yield Sent(letter, answer.status_code, document_id(answer), answer.text)


def document_id(answer: httpx.Response) -> str | None:
    """Return the id in the Location `…/DocumentReference/<id>/_history/<version>`."""
    _, _, path = answer.headers.get("Location", "").rpartition("/DocumentReference/")
    return path.partition("/")[0] or None


def diagnosis(body: str) -> str:
    """Return the sentence of an OperationOutcome."""
    return str(orjson.loads(body)["issue"][0]["details"]["text"])
