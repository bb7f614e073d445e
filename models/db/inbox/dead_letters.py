"""What other applications sent by Celery and could not be taken in: kept, listed, tried anew."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine, Row, delete, select, update

from models.db.sql.clock import FromNow
from models.db.sql.session import reading, writing
from models.db.sql.statements import insert_missing, portions
from models.db.tables.dead_letters import dead_letter
from models.errors import BiomedError, NotFound

LONGEST_ID: Final = 200
_UUID: Final = re.compile(r"[0-9a-fA-F-]{36}")
_UNPRINTABLE: Final = re.compile(r"[^ -~]")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One of them: which task brought it, why and when it was refused, and what was sent.

    `payload` is JSON and may hold the text of a note.
    """

    id: int
    task_id: str
    code: str
    reason: str
    received_at: datetime
    payload: str

    @property
    def shown_id(self) -> str:
        """The task's id as it may be shown."""
        return shown(self.task_id)


def shown(task_id: str) -> str:
    """Return the id of a task as Celery makes it; a sender's own may be anything, and is `?`."""
    return task_id if _UUID.fullmatch(task_id) else "?"


class DeadLetters:
    """The dead letters of one tenant. Methods raise DatabaseUnavailable."""

    def __init__(self, engine: Engine, *, tenant: str = "default") -> None:
        self._engine = engine
        self._tenant = tenant

    def keep(self, task_id: str, payload: str, error: BiomedError) -> None:
        """Keep what was refused; the same of the same task again is kept once."""
        row = {
            "tenant": self._tenant,
            "task_id": _UNPRINTABLE.sub("?", task_id)[:LONGEST_ID],
            "sha256": hashlib.sha256(payload.encode()).hexdigest(),
            "code": error.code,
            "reason": str(error),
            "payload": payload,
        }
        with writing(self._engine) as connection:
            insert = insert_missing(connection, dead_letter).values(received_at=FromNow())
            connection.execute(insert, [row])

    def all(self, limit: int) -> list[DeadLetter]:
        """Return the latest, the latest first, without their payloads."""
        table = dead_letter.c
        columns = [column for column in table if column.name != "payload"]
        query = (
            select(*columns)
            .where(table.tenant == self._tenant)
            .order_by(table.id.desc())
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return [_letter(row, payload="") for row in connection.execute(query)]

    def ids(self) -> list[int]:
        """Return the numbers of all, the oldest first."""
        query = select(dead_letter.c.id).where(dead_letter.c.tenant == self._tenant)
        with reading(self._engine) as connection:
            return list(connection.scalars(query.order_by(dead_letter.c.id)))

    def one(self, letter: int) -> DeadLetter:
        """Return one of them, with its payload.

        Raises:
            NotFound: there is none of this number.
        """
        query = select(dead_letter).where(*self._named([letter]))
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotFound(reference=f"dead letter {letter}")
        return _letter(row, payload=row.payload)

    def refuse_again(self, letter: int, error: BiomedError) -> None:
        """Note why one was refused when it was tried anew."""
        said = {"code": error.code, "reason": str(error)}
        with writing(self._engine) as connection:
            connection.execute(update(dead_letter).where(*self._named([letter])).values(**said))

    def discard(self, letters: Sequence[int]) -> int:
        """Delete some; return how many there were."""
        with writing(self._engine) as connection:
            return sum(
                connection.execute(delete(dead_letter).where(*self._named(some))).rowcount
                for some in portions(letters)
            )

    def _named(self, letters: Sequence[int]) -> list[Any]:
        return [dead_letter.c.tenant == self._tenant, dead_letter.c.id.in_(letters)]


def _letter(row: Row[Any], *, payload: str) -> DeadLetter:
    return DeadLetter(row.id, row.task_id, row.code, row.reason, row.received_at, payload)
