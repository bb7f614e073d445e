"""Reading back what was read: mentions with their words, cues, model and run."""

import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice, takewhile
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, select

from models.clinical import Assertion, Cue, Mention, ModelIdentity, Run, SourcePart
from models.db.sql.statements import portions
from models.db.tables.documents import document, note
from models.db.tables.readings import cue, mention, model, run

MODEL: Final = tuple(column.label(f"model_{column.name}") for column in model.c)
"""The columns of a model, under names of their own."""

_BORDER = re.compile(r"[\r\n]+|(?<=[.!?])[ \t]+")
_FURTHEST = 300


@dataclass(frozen=True, slots=True)
class Sentence:
    """A part of a note, which begins at character `offset` of it.

    In `text` the words that are meant stand from `start` to `end`.
    """

    text: str
    offset: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MentionEvidence:
    """One mention, and where it stands: in which text of which version of which document.

    `mention` and the cues of `assertion` count characters of the note; `sentence` shows the words
    among their neighbours. `places` says where the original of a text that was converted has them,
    in the words of its format; of a text that is the original itself there are none.
    """

    id: str
    document_type: str
    document: str
    document_version: str
    content_index: int
    mention: Mention
    assertion: Assertion
    sentence: Sentence
    run: Run
    places: tuple[str, ...] = ()


def mentions(tenant: str) -> Select[Any]:
    """Return the query for all mentions of a tenant, to be narrowed down for `evidence_of`."""
    return (
        select(
            mention,
            note.c.text,
            note.c.source,
            note.c.content_index,
            document.c.fhir_id,
            document.c.version,
            document.c.type.label("document_type"),
            run.c.started_at,
            run.c.finished_at,
            *MODEL,
        )
        .select_from(mention)
        .join(note, note.c.id == mention.c.note_id)
        .join(document, document.c.id == note.c.document_id)
        .join(run, run.c.id == mention.c.run_id)
        .join(model, model.c.id == run.c.model_id)
        .where(document.c.tenant == tenant)
        .order_by(note.c.content_index, mention.c.start_char, mention.c.end_char, mention.c.id)
    )


def evidence_of(connection: Connection, query: Select[Any]) -> tuple[MentionEvidence, ...]:
    """Return what the query found, in the order of the text."""
    rows = connection.execute(query).all()
    cues = _cues(connection, rows)
    sources = {row.note_id: source_parts(row.source) for row in rows}
    return tuple(_evidence(row, cues[row.id], sources[row.note_id]) for row in rows)


def _cues(connection: Connection, rows: Sequence[Row[Any]]) -> Mapping[str, list[Cue]]:
    texts = {row.id: row.text for row in rows}
    found: defaultdict[str, list[Cue]] = defaultdict(list)
    for some in portions(list(texts)):
        query = select(cue).where(cue.c.mention_id.in_(some)).order_by(cue.c.ordinal)
        for row in connection.execute(query):
            found[row.mention_id].append(_cue(row, texts[row.mention_id]))
    return found


def _cue(row: Row[Any], text: str) -> Cue:
    return Cue(row.kind, row.start_char, row.end_char, text[row.start_char : row.end_char])


def _evidence(row: Row[Any], cues: Iterable[Cue], source: Sequence[SourcePart]) -> MentionEvidence:
    return MentionEvidence(
        id=row.id,
        document_type=row.document_type,
        document=row.fhir_id,
        document_version=str(row.version),
        content_index=row.content_index,
        mention=_mention(row),
        assertion=_assertion(row, tuple(cues)),
        sentence=around(row.text, row.start_char, row.end_char),
        run=run_of(row),
        places=places(source, row.start_char, row.end_char),
    )


def source_parts(stored: str | None) -> tuple[SourcePart, ...]:
    """Return what `note.source` says, in the order of the text."""
    return tuple(SourcePart(*one) for one in json.loads(stored)) if stored else ()


def places(source: Sequence[SourcePart], start: int, end: int) -> tuple[str, ...]:
    """Return where an original has the characters `start` to `end` of its text, each place once."""
    first = bisect_right(source, start, key=lambda part: part.end)
    within = takewhile(lambda part: part.start < end, islice(source, first, None))
    return tuple(dict.fromkeys(part.place for part in within))


def run_of(row: Row[Any]) -> Run:
    """Return the run of a row that was selected with MODEL, `run_id` and the run's times."""
    return Run(row.run_id, _model(row), _iso(row.started_at), _iso(row.finished_at))


def _mention(row: Row[Any]) -> Mention:
    words = row.text[row.start_char : row.end_char]
    return Mention(row.start_char, row.end_char, words, row.label, row.score)


def _assertion(row: Row[Any], cues: tuple[Cue, ...]) -> Assertion:
    return Assertion(
        negated=row.negated,
        uncertain=row.uncertain,
        historical=row.historical,
        hypothetical=row.hypothetical,
        experiencer=row.experiencer,
        cues=cues,
    )


def _model(row: Row[Any]) -> ModelIdentity:
    return ModelIdentity(
        name=row.model_name,
        revision=row.model_revision,
        weights_sha256=row.model_weights_sha256,
        labels=tuple(json.loads(row.model_labels)),
        code_version=row.model_code_version,
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def around(note: str, start: int, end: int) -> Sentence:
    """Return the sentence or line around the characters `start` to `end` of a note.

    Words that span several lines bring them all; a sentence without an end is cut after 300
    characters on each side.
    """
    left, right = max(0, start - _FURTHEST), min(len(note), end + _FURTHEST)
    begin = max((border.end() for border in _BORDER.finditer(note, left, start)), default=left)
    close = _BORDER.search(note, end, right)
    return Sentence(
        text=note[begin : close.start() if close else right],
        offset=begin,
        start=start - begin,
        end=end - begin,
    )
