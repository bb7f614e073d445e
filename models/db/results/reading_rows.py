"""What was read, as rows: runs, notes, mentions with their cues and links. Ids are made here."""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Table

from models.clinical import Assertion, Extraction, ModelIdentity, Note, Reading
from models.db.inbox.status import unread_rows
from models.db.sql.statements import Row
from models.db.tables import documents, readings

_MODELS = uuid.UUID("4d1ad1f5-9f1c-5f62-8f27-6c2f53f0a1c7")


def model_id(model: ModelIdentity) -> str:
    """Return the id of a model's row: the same for the same identity, wherever it runs."""
    return str(uuid.uuid5(_MODELS, json.dumps(_identity(model), sort_keys=True)))


def note_id(document: int, note: Note) -> str:
    """Return the id of a note's row; the same text decoded again is the same row."""
    return f"{document}.{note.content_index}.{note.sha256[:16]}"


def mention_id(run: str, content_index: int, ordinal: int) -> str:
    """Return the id of a mention: its run, the attachment it stands in, its place in reading."""
    return f"{run}.{content_index}.{ordinal}"


def model_row(model: ModelIdentity) -> Row:
    """Return the row of a model."""
    return {"id": model_id(model), **_identity(model)}


def assertion_values(assertion: Assertion) -> Row:
    """Return the columns of an assertion, without its cues."""
    return {
        "negated": assertion.negated,
        "uncertain": assertion.uncertain,
        "historical": assertion.historical,
        "hypothetical": assertion.hypothetical,
        "experiencer": assertion.experiencer,
    }


def _runs(document: int, extraction: Extraction) -> Iterator[Row]:
    run = extraction.run
    yield {
        "id": run.id,
        "document_id": document,
        "model_id": model_id(run.model),
        "started_at": _moment(run.started),
        "finished_at": _moment(run.finished),
    }


def _unread(document: int, extraction: Extraction) -> Iterable[Row]:
    return unread_rows(document, extraction.run.id, extraction.unread)


def _notes(document: int, extraction: Extraction) -> Iterator[Row]:
    for note in extraction.notes:
        yield {
            "id": note_id(document, note),
            "document_id": document,
            "content_index": note.content_index,
            "text": note.text,
            "sha256": note.sha256,
            "decoded_as": note.decoded_as,
            "source": _source(note),
        }


def _source(note: Note) -> str | None:
    parts = [[part.start, part.end, part.place] for part in note.source]
    return json.dumps(parts, separators=(",", ":")) if parts else None


def _readings(document: int, extraction: Extraction) -> Iterator[Row]:
    for note, reading in _read(extraction):
        yield {
            "run_id": extraction.run.id,
            "note_id": note_id(document, note),
            "characters_read": reading.coverage.read,
            "characters_given": reading.coverage.given,
        }


def _mentions(document: int, extraction: Extraction) -> Iterator[Row]:
    run = extraction.run.id
    for note, reading in _read(extraction):
        place = {"run_id": run, "note_id": note_id(document, note)}
        pairs = zip(reading.mentions, reading.assertions, strict=True)
        for ordinal, (mention, assertion) in enumerate(pairs):
            yield {
                "id": mention_id(run, note.content_index, ordinal),
                **place,
                "ordinal": ordinal,
                "start_char": mention.start,
                "end_char": mention.end,
                "label": mention.label,
                "score": mention.score,
                **assertion_values(assertion),
            }


def _cues(_document: int, extraction: Extraction) -> Iterator[Row]:
    for note, reading in _read(extraction):
        for ordinal, assertion in enumerate(reading.assertions):
            mention = mention_id(extraction.run.id, note.content_index, ordinal)
            for place, cue in enumerate(assertion.cues):
                yield {
                    "mention_id": mention,
                    "ordinal": place,
                    "kind": cue.kind,
                    "start_char": cue.start,
                    "end_char": cue.end,
                }


def _links(_document: int, extraction: Extraction) -> Iterator[Row]:
    run = extraction.run.id
    for note, reading in _read(extraction):
        for link in reading.links:
            yield {
                "source_id": mention_id(run, note.content_index, link.source),
                "target_id": mention_id(run, note.content_index, link.target),
                "type": link.type,
                "score": link.score,
            }


def _read(extraction: Extraction) -> Iterator[tuple[Note, Reading]]:
    return zip(extraction.notes, extraction.readings, strict=True)


def _identity(model: ModelIdentity) -> dict[str, str]:
    return {
        "name": model.name,
        "revision": model.revision,
        "weights_sha256": model.weights_sha256,
        "labels": json.dumps(model.labels),
        "code_version": model.code_version,
    }


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


ROWS: Final[Mapping[Table, Callable[[int, Extraction], Iterable[Row]]]] = {
    readings.run: _runs,
    documents.unread: _unread,
    documents.note: _notes,
    readings.reading: _readings,
    readings.mention: _mentions,
    readings.cue: _cues,
    readings.link: _links,
}
"""How each table's rows come out of (inbox row, extraction); in the order of their references."""
