"""The chain: each row's hash covers the row and the hash before it, so that no row can be changed.

Rows are linked in the transaction that writes them, as its last statement: whoever holds the chain
waits for nobody else, so nobody waits in a circle (docs/decisions/0029-one-chain.md).
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Row, func, insert, select

from models.audit_events import Agent, Entry, Event, Head
from models.db.audit_log.secrets import keyed, stored_secret
from models.db.tables.audit_log import audit_log
from models.errors import AuditLogBroken

_THE_CHAIN: Final = 4_206_028
_LONGEST: Final = 500  # characters of one value
_AT_ONCE: Final = 1000

START: Final = Head(0, "")
"""What stands before the first row."""


def append(connection: Connection, events: Sequence[Event], secret: str | None = None) -> None:
    """Add events to the log, as the last statement of a transaction.

    `secret` is the key of the patients' hashes; without one it is that in the database.
    """
    if not events:
        return
    secret = secret or stored_secret(connection)
    _hold(connection)
    last, rows = head(connection), []
    for event in events:
        row = _row(last.position + 1, _kept(event, secret))
        last = Head(last.position + 1, digest(last.hash, row))
        rows.append({**row, "hash": last.hash})
    connection.execute(insert(audit_log), rows)


def head(connection: Connection) -> Head:
    """Return the last row, or what stands before the first one."""
    last = select(audit_log.c.position, audit_log.c.hash).order_by(audit_log.c.position.desc())
    found = connection.execute(last.limit(1)).first()
    return Head(found.position, found.hash) if found else START


def verify(connection: Connection, known: Head | None = None) -> Head:
    """Go through all rows and return the last one.

    `known` is the last row of an earlier time: it has to be there still, and the same.

    Raises:
        AuditLogBroken: from this row on the log is not as it was written.
    """
    last = START
    for row in _rows(connection):
        if row["position"] != last.position + 1:
            raise AuditLogBroken(position=last.position + 1, reason="the row is missing")
        if row["hash"] != digest(last.hash, row):
            raise AuditLogBroken(position=row["position"], reason="the row was changed")
        last = Head(row["position"], row["hash"])
        if known and last.position == known.position and last != known:
            raise AuditLogBroken(position=last.position, reason="it is another row than before")
    if known and known.position > last.position:
        raise AuditLogBroken(position=last.position + 1, reason="the rows at the end are missing")
    return last


def digest(before: str, row: Mapping[str, Any]) -> str:
    """Return the hash of a row: SHA-256 over the hash before it and its canonical JSON."""
    said = {str(name): value for name, value in row.items() if name != "hash"}
    said["recorded_at"] = row["recorded_at"].astimezone(UTC).isoformat(timespec="microseconds")
    text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(before.encode() + b"\n" + text).hexdigest()


def entry(row: Row[Any]) -> Entry:
    """Return a row of the log."""
    event = Event(
        agent=Agent(row.agent_kind, row.agent, row.issuer),
        interaction=row.interaction,
        action=row.action,
        outcome=row.outcome,
        entity=row.entity,
        query=row.query,
        patient=row.patient,
        detail=row.detail,
        at=row.recorded_at,
    )
    return Entry(row.position, event, row.hash)


def _hold(connection: Connection) -> None:
    """Wait until no other transaction adds rows; SQLite's writers take turns anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_THE_CHAIN)))


def _rows(connection: Connection) -> Iterator[Mapping[str, Any]]:
    last = 0
    while True:
        part = select(audit_log).where(audit_log.c.position > last)
        some = connection.execute(part.order_by(audit_log.c.position).limit(_AT_ONCE)).mappings()
        found = some.all()
        if not found:
            return
        yield from map(dict, found)
        last = found[-1]["position"]


def _kept(event: Event, secret: str) -> Event:
    """Return an event whose patient is a hash, and whose values any database keeps."""
    patient = keyed(secret, event.patient) if event.patient else ""
    who = event.agent
    return replace(
        event,
        agent=Agent(who.kind, _plain(who.name), _plain(who.issuer)),
        entity=_plain(event.entity),
        query=_plain(event.query),
        patient=patient,
        detail=_plain(event.detail),
    )


def _plain(text: str) -> str:
    shown = text[:_LONGEST].encode("utf-8", "replace").decode()
    return "".join(one if one.isprintable() else "?" for one in shown)


def _row(position: int, event: Event) -> dict[str, Any]:
    return {
        "position": position,
        "recorded_at": event.at,
        "agent_kind": event.agent.kind,
        "agent": event.agent.name,
        "issuer": event.agent.issuer,
        "action": event.action,
        "interaction": event.interaction,
        "entity": event.entity,
        "query": event.query,
        "patient": event.patient,
        "outcome": event.outcome,
        "detail": event.detail,
    }
