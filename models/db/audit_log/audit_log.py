"""The audit log as its writers and its readers see it."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select

from models.audit_events import Entry, Event, Head
from models.db.audit_log import chain
from models.db.audit_log.secrets import keyed, stored_secret
from models.db.sql.session import reading, writing
from models.db.tables.audit_log import audit_log
from models.errors import BiomedError, DatabaseUnavailable

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for; what is None does not matter.

    `patient` are references that mean one patient; `since` is included, `before` is not.
    """

    patient: Sequence[str] | None = None
    agent: str | None = None
    action: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(slots=True)
class _Waiting:
    events: Sequence[Event]
    done: bool = False
    error: BiomedError | None = field(default=None)


class AuditLog:
    """The log of one database. Methods raise DatabaseUnavailable.

    `secret` is the key of the patients' hashes, if it is not the one in the database.
    """

    def __init__(self, engine: Engine, secret: str | None = None) -> None:
        self._engine = engine
        self._secret = secret
        self._waiting: list[_Waiting] = []
        self._adding = threading.Lock()
        self._turn = threading.Lock()

    def record(self, events: Sequence[Event]) -> None:
        """Write events, and return when they are committed.

        Whoever comes while a transaction is on its way goes with all the others into the next one,
        so that many requests cost one commit.
        """
        if not events:
            return
        mine = _Waiting(events)
        with self._adding:
            self._waiting.append(mine)
        with self._turn:
            if not mine.done:
                self._write()
        if mine.error:
            raise mine.error

    def _write(self) -> None:
        with self._adding:
            together, self._waiting = self._waiting, []
        # Whatever ends this thread, nobody who waits takes the rows for written.
        error: BiomedError | None = DatabaseUnavailable(kind="the writer of the audit log failed")
        try:
            with writing(self._engine) as connection:
                events = [event for one in together for event in one.events]
                chain.append(connection, events, self._key(connection))
            error = None
        except BiomedError as found:
            error = found
        finally:
            for one in together:
                one.done, one.error = True, error

    def verify(self, known: Head | None = None) -> Head:
        """Go through the whole chain and return its last row.

        Raises:
            AuditLogBroken: a row was changed or is missing; or the row `known` is.
        """
        with reading(self._engine) as connection:
            return chain.verify(connection, known)

    def export(self, wanted: Wanted) -> Iterator[Entry]:
        """Give the rows that are wanted, in their order, as they are at this moment."""
        last = 0
        chosen = self._chosen(self._keyed(wanted), wanted)
        with reading(self._engine) as connection:
            while True:
                part = chosen.where(audit_log.c.position > last).limit(_AT_ONCE)
                rows = connection.execute(part.order_by(audit_log.c.position)).all()
                yield from map(chain.entry, rows)
                if len(rows) < _AT_ONCE:
                    return
                last = rows[-1].position

    def search(
        self, wanted: Wanted, *, limit: int, before: int | None
    ) -> tuple[list[Entry], int, int | None]:
        """Return the newest rows that are wanted, how many there are, and where the next page is.

        `before` is the position from which on a page before this one was.
        """
        chosen = self._chosen(self._keyed(wanted), wanted)
        page = chosen if before is None else chosen.where(audit_log.c.position < before)
        page = page.order_by(audit_log.c.position.desc()).limit(limit + 1)
        with reading(self._engine) as connection:
            total = connection.scalar(select(func.count()).select_from(chosen.subquery())) or 0
            rows = connection.execute(page).all() if limit else []
        shown = list(map(chain.entry, rows[:limit]))
        return shown, total, shown[-1].position if len(rows) > limit else None

    def read(self, position: int) -> Entry | None:
        """Return one row, None where there is none."""
        with reading(self._engine) as connection:
            one = select(audit_log).where(audit_log.c.position == position)
            row = connection.execute(one).first()
        return chain.entry(row) if row else None

    def _key(self, connection: Connection) -> str:
        """Return the key of the hashes, which is asked for once: it never changes."""
        self._secret = self._secret or stored_secret(connection)
        return self._secret

    def _keyed(self, wanted: Wanted) -> list[str] | None:
        if wanted.patient is None:
            return None
        with reading(self._engine) as connection:
            secret = self._key(connection)
        return [keyed(secret, one) for one in wanted.patient]

    def _chosen(self, patients: Sequence[str] | None, wanted: Wanted) -> Select[Any]:
        column = audit_log.c
        conditions = [
            None if patients is None else column.patient.in_(patients),
            None if wanted.agent is None else column.agent == wanted.agent,
            None if wanted.action is None else column.action == wanted.action,
            None if wanted.outcome is None else column.outcome == wanted.outcome,
            None if wanted.since is None else column.recorded_at >= wanted.since,
            None if wanted.before is None else column.recorded_at < wanted.before,
        ]
        return select(audit_log).where(*(one for one in conditions if one is not None))
