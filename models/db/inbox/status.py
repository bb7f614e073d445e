"""What people ask of the inbox: which documents are meant, which are done, what was not read."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, select

from models.clinical import DOCUMENT_TYPES, Unread
from models.db.inbox.lineage import has_newer_version
from models.db.sql.statements import Row, portions
from models.db.tables.documents import DONE, document, unread
from models.db.tables.readings import run
from models.errors import NotFound
from models.fhir_ids import ID

_TYPES = "|".join(DOCUMENT_TYPES)
_NAME = re.compile(rf"(?:(?P<type>{_TYPES})/)?(?P<id>{ID})(?:/_history/(?P<version>[0-9]{{1,9}}))?")
_ROW = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class UnreadPart:
    """An attachment that was not read of a document that is done, and the sentence why."""

    row: int
    id: str
    version: str
    content_index: int
    code: str
    reason: str
    finished_at: datetime


def unread_parts(connection: Connection, limit: int) -> list[UnreadPart]:
    """Return what the last reading of each done document left unread, the latest first."""
    later = run.alias("later")
    is_last = (
        ~select(later.c.id)
        .where(later.c.document_id == run.c.document_id, later.c.finished_at > run.c.finished_at)
        .exists()
    )
    query = (
        select(document, unread.c.content_index, unread.c.code, unread.c.reason)
        .join(unread, unread.c.document_id == document.c.id)
        .join(run, run.c.id == unread.c.run_id)
        .where(document.c.state == DONE, is_last)
        .order_by(document.c.finished_at.desc(), document.c.id.desc(), unread.c.content_index)
        .limit(limit)
    )
    return [
        UnreadPart(
            row=row.id,
            id=row.fhir_id,
            version=str(row.version),
            content_index=row.content_index,
            code=row.code,
            reason=row.reason,
            finished_at=row.finished_at,
        )
        for row in connection.execute(query)
    ]


def find(connection: Connection, names: Sequence[str]) -> list[int]:
    """Return the rows that are named, each once; raise NotFound for a name without any."""
    found: dict[int, None] = {}
    for name in names:
        rows = connection.scalars(select(document.c.id).where(_called(name)).order_by("id")).all()
        if not rows:
            raise NotFound(reference=name)
        found |= dict.fromkeys(rows)
    return list(found)


def _called(name: str) -> ColumnElement[bool]:
    if _ROW.fullmatch(name):
        return document.c.id == int(name)
    named = _NAME.fullmatch(name)
    if named is None:
        raise NotFound(reference=name)
    same = document.c.fhir_id == named["id"]
    if named["type"]:
        same = and_(same, document.c.type == named["type"])
    return and_(same, document.c.version == int(named["version"])) if named["version"] else same


def done(connection: Connection, ids: Sequence[int] | None) -> list[int]:
    """Return the done rows, of those given or of all, of which no newer version was read."""
    query = select(document.c.id).where(document.c.state == DONE, ~has_newer_version(document))
    if ids is None:
        return sorted(connection.scalars(query))
    some = [connection.scalars(query.where(document.c.id.in_(part))) for part in portions(ids)]
    return sorted(row for rows in some for row in rows)


def unread_rows(document: int, run: str | None, unread: Iterable[Unread]) -> list[Row]:
    """Return the rows of the parts of a document that could not be read, in a run or before one.

    Of one attachment several parts may have the same code, such as images in a message.
    """
    seen: Counter[str] = Counter()
    return [
        {
            "id": _unread_id(f"{run or document}.{one.content_index}.{one.code}", seen),
            "document_id": document,
            "run_id": run,
            "content_index": one.content_index,
            "code": one.code,
            "reason": one.reason,
        }
        for one in unread
    ]


def _unread_id(name: str, seen: Counter[str]) -> str:
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}.{seen[name]}"
