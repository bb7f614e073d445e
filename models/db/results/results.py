"""Storing what was read: the readings, the resources made of them, and that a document is done."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row

from models.audit_events import Agent, Event, Signature
from models.clinical import Extraction
from models.db.audit_log import chain
from models.db.audit_log.notes import note_read, note_retracted
from models.db.inbox import reading_outcomes
from models.db.resources import versions
from models.db.resources.storable import check_extraction
from models.db.resources.versions import Source, Statement
from models.db.results import changes, outbox_entries, superseding
from models.db.results.changes import Change
from models.db.results.finding_rows import evidence_rows, finding_rows
from models.db.results.reading_rows import ROWS, model_id, model_row
from models.db.results.superseding import Done, Retraction
from models.db.sql.bulk import write
from models.db.sql.session import reading, writing
from models.db.sql.statements import store
from models.db.tables.documents import note
from models.db.tables.readings import model
from models.db.tables.resources import finding, finding_mention


@dataclass(frozen=True, slots=True)
class Delivery:
    """What goes to another FHIR server: what was made, and the documents themselves if wanted."""

    documents: bool


class Results:
    """Where extractions are stored; `retraction` says how what is found no more is taken back.

    With a `delivery`, what is stored waits in the outbox from the same transaction on.
    """

    def __init__(
        self,
        engine: Engine,
        retraction: Retraction,
        delivery: Delivery | None = None,
        signature: Signature | None = None,
    ) -> None:
        self._engine = engine
        self._signature = signature or Signature()
        self._retraction = retraction
        self._delivery = delivery

    def changes(self, runs: Sequence[str]) -> list[Change]:
        """Return what these runs changed in the resources made of findings, by type and id."""
        with reading(self._engine) as connection:
            return changes.of_runs(connection, runs)

    def complete(self, token: str, extractions: Mapping[int, Extraction]) -> list[int]:
        """Store all extractions by inbox row, in one transaction, and mark the rows done.

        Rows whose lease was lost meanwhile are left out with all they brought: another worker has
        them. Returns the rows that were completed. Every run needs an id of its own.

        The newest version of a document that was read is current. What it states gets a version
        where it differs; what was stated before, by an older version, another model or a document
        that this one replaces, and is not any more, is retracted. A reading of an older version or
        of a replaced document is kept, and changes no resource.

        Raises:
            Unstorable: a note or finding holds a character that no database keeps. Nothing is
                stored; its row should fail with this error.
            DatabaseUnavailable: nothing is stored; the rows stay ours until the lease ends.
            DatabaseRefused: nothing is stored; the extractions contradict the schema.
        """
        for one in extractions.values():
            check_extraction(one)
        with writing(self._engine) as connection:
            finished = reading_outcomes.mark_done(connection, token, list(extractions))
            done = [_done(row, extractions[row.id]) for row in finished]
            if done:
                retracted = _store(connection, done, self._retraction, self._delivery)
                events = _events(self._signature.agent, finished, done, retracted)
                chain.append(connection, list(events), self._signature.secret)
        return sorted(one.source.row for one in done)


def _done(row: Row[Any], extraction: Extraction) -> Done:
    source = Source(row.id, row.fhir_id, row.version, extraction.run.id, row.type)
    return Done(row.tenant, row.key, source, row.finished_at, extraction)


def _store(
    connection: Connection, done: list[Done], retraction: Retraction, delivery: Delivery | None
) -> list[Statement]:
    superseding.lock(connection, done)
    _store_models(connection, done)
    for table, rows in ROWS.items():
        insert = store if table is note else write  # a text read again is there already
        insert(
            connection, table, [row for at in done for row in rows(at.source.row, at.extraction)]
        )
    current = superseding.current_versions(connection, done)
    retracted = superseding.retractions(connection, current, retraction)
    stated = [*_statements([one.done for one in current]), *retracted]
    put = versions.put(connection, stated, done[0].finished_at)
    found = [row for at in done for row in finding_rows(at.tenant, at.extraction, put)]
    write(connection, finding, found)
    behind = [row for at in done for row in evidence_rows(at.extraction)]
    write(connection, finding_mention, behind)
    superseding.requeue_restored(connection, current)
    if delivery:
        documents = [one.done for one in current] if delivery.documents else []
        going = [
            *outbox_entries.of_statements(stated, put),
            *outbox_entries.of_documents(documents),
        ]
        outbox_entries.write(connection, going)
    return retracted


def _events(
    agent: Agent, rows: Sequence[Row[Any]], done: Sequence[Done], retracted: Sequence[Statement]
) -> Iterator[Event]:
    """Yield what is written down of each note: that it was read, and what it took back."""
    gone = Counter(one.run for one in retracted)
    for row, at in zip(rows, done, strict=True):
        yield note_read(agent, row, len(at.extraction.findings))
        if gone[at.source.run]:
            yield note_retracted(agent, row, gone[at.source.run] - 1)  # one is the record of it


def _store_models(connection: Connection, done: list[Done]) -> None:
    # Every worker writes its model: in one order, so that none waits for another in a circle.
    models = {model_id(at.extraction.run.model): at.extraction.run.model for at in done}
    store(connection, model, [model_row(models[key]) for key in sorted(models)])


def _statements(done: Sequence[Done]) -> list[Statement]:
    return [
        versions.statement(at.tenant, content, at.source)
        for at in done
        for content in _contents(at.extraction)
    ]


def _contents(extraction: Extraction) -> Iterator[Mapping[str, object]]:
    yield from (one.resource for one in extraction.findings if one.resource is not None)
    yield from extraction.records
