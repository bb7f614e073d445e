"""Which dead letters are of a patient or a document: what was sent names them, whatever it is.

What is not JSON (msgpack, a pickle) is searched for the patient's references alone; what is
compressed names nobody.
"""

import base64
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from models.clinical import NO_SOURCE
from models.db.sql.statements import portions
from models.db.tables.dead_letters import dead_letter
from models.db.tables.documents import document_identifier

Key = tuple[str, str]

_AT_ONCE: Final = 20  # payloads in memory
_BODY: Final = re.compile(r'"body_base64": "(?P<data>[A-Za-z0-9+/=]*)"')
_WORD: Final = r"A-Za-z0-9.\-"
_END: Final = rb"(?=q?(?:[^A-Za-z0-9.\-]|\Z))"
"""The end of an id; in a pickle a `q` and a number follow a text (opcode BINPUT)."""


@dataclass(frozen=True, slots=True)
class Named:
    """By what letters are recognised: references of a patient, documents, their identifiers."""

    references: Collection[str]
    documents: Collection[Key]
    identifiers: Collection[Key]

    def in_json(self, text: str) -> bool:
        """Whether a text in JSON names one of them."""
        plain = text.replace("\\/", "/")
        return (
            any(_stands_in(one, plain) for one in self.references)
            or any(_stands_in(f"{kind}/{one}", plain) for kind, one in self.documents)
            or any(_is_document(*one, plain) for one in self.documents)
            or any(_are_strings_of(one, plain) for one in self.identifiers)
        )

    def in_bytes(self, data: bytes) -> bool:
        """Whether anything else names the patient."""
        return any(re.search(re.escape(one.encode()) + _END, data) for one in self.references)


def of_these(connection: Connection, tenant: str, named: Named) -> list[int]:
    """Return the letters that name one of them."""
    query = select(dead_letter.c.id, dead_letter.c.payload).where(dead_letter.c.tenant == tenant)
    rows = connection.execute(query.execution_options(yield_per=_AT_ONCE))
    return [row.id for row in rows if _names(row.payload, named)]


def identifiers(connection: Connection, rows: Collection[int]) -> set[Key]:
    """Return the identifiers, system and value, of the documents of these rows."""
    table = document_identifier.c
    found: set[Key] = set()
    for some in portions(sorted(rows)):
        query = select(table.system, table.value).where(table.document_id.in_(some))
        found |= {(system, value) for system, value in connection.execute(query)}
    return found


def _names(payload: str, named: Named) -> bool:
    return named.in_json(payload) or any(
        named.in_json(data.decode("utf-8", "replace"))
        if data.lstrip()[:1] in {b"[", b"{"}
        else named.in_bytes(data)
        for data in _bodies(payload)
    )


def _bodies(payload: str) -> Iterator[bytes]:
    """Yield the bytes of a message that could not be read."""
    for found in _BODY.finditer(payload):
        yield base64.b64decode(found["data"])


def _stands_in(reference: str, text: str) -> bool:
    return re.search(rf"(?<![{_WORD}/]){re.escape(reference)}(?![{_WORD}])", text) is not None


def _is_document(kind: str, fhir_id: str, text: str) -> bool:
    return _is_member("id", f'"{fhir_id}"', text) and f'"{kind}"' in text


def _are_strings_of(identifier: Key, text: str) -> bool:
    """Whether both strings stand there; a value alone, such as "1", stands in many others too."""
    system, value = identifier
    if system == NO_SOURCE and _is_named(value, text):
        return True
    return bool(system) and all(
        any(one in text for one in _written(word)) for word in (system, value)
    )


def _is_named(value: str, text: str) -> bool:
    """Whether it is a note in plain text of this name, whose sender names no system."""
    named = any(_is_member("document_id", one, text) for one in _written(value))
    return named and not _is_member("source", "", text)


def _written(word: str) -> set[str]:
    return {json.dumps(word), json.dumps(word, ensure_ascii=False)}


def _is_member(name: str, value: str, text: str) -> bool:
    return re.search(rf'"{name}"\s{{0,9}}:\s{{0,9}}{re.escape(value)}', text) is not None
