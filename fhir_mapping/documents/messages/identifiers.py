"""Who and which: identifiers of HL7 v2 (EI, CX, HD; HL7 v2.9, chapter 2.A) as FHIR has them.

An identifier is one within its authority: the assigning authority where the field names one, else
the sender of the message.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote

from fhir_mapping.datatypes import identity
from fhir_mapping.documents.hl7v2.fields import Fields
from fhir_mapping.documents.hl7v2.message import Header

Kind = Literal["document", "filler", "placer"]

_LOCAL: Final = "urn:x-hl7v2"
_PREFIXES: Final = {"ISO": "urn:oid:", "UUID": "urn:uuid:", "GUID": "urn:uuid:", "URI": ""}
_KNOWN_AS: Final = ("MR", "PI", "PT", "")
"""Types of patient identifiers (table 0203): the first of them that is there is taken."""
_PLAIN: Final = re.compile(r"[A-Za-z0-9-]+")
_LONGEST_ID: Final = 64


@dataclass(frozen=True, slots=True)
class Identifier:
    """A value within an authority, by its short name and by the URI of its system."""

    value: str
    authority: str
    system: str

    @property
    def fhir(self) -> dict[str, str]:
        """The FHIR Identifier."""
        return {"system": self.system, "value": self.value}

    @property
    def fhir_id(self) -> str:
        """The id of the resource that this identifies.

        It is `authority.value` where both are of letters, digits and hyphens, else the UUIDv5 of
        both: no two of them share an id.
        """
        parts = [one for one in (self.authority, self.value) if one]
        plain = ".".join(parts)
        if len(plain) <= _LONGEST_ID and all(map(_PLAIN.fullmatch, parts)):
            return plain
        return identity.identify("hl7v2", self.authority, self.value)


class Identifiers:
    """Reads the identifiers of one message."""

    def __init__(self, header: Header, fields: Fields) -> None:
        self._fields = fields
        self._application = fields.component(header.msh[3])
        self._facility = fields.component(header.msh[4])

    def entity(self, field: str, kind: Kind, like: Identifier | None = None) -> Identifier | None:
        """Return an entity identifier (EI): the number of a document or an order.

        One without an authority has that of `like`, else its sender: application and facility.
        """
        value = self._fields.component(field)
        if not value:
            return None
        parts = (self._fields.component(field, number) for number in (2, 3, 4))
        if named := _named(kind, *parts):
            return Identifier(value, *named)
        if like:
            return Identifier(value, like.authority, like.system)
        sender = (self._facility, self._application)
        return Identifier(value, ".".join(sender), _local(kind, "sender", *sender))

    def patient(self, field: str) -> Identifier | None:
        """Return who the patient is: of PID-3 the medical record number, else the first."""
        valued = [
            (found, self._fields.component(one, 5))
            for one in self._fields.repetitions(field)
            if (found := self.composite(one, "patient"))
        ]
        order = {kind: place for place, kind in enumerate(_KNOWN_AS)}
        chosen = min(valued, key=lambda pair: order.get(pair[1], len(order)), default=None)
        return chosen[0] if chosen else None

    def composite(self, field: str, kind: Literal["patient", "visit"]) -> Identifier | None:
        """Return an extended composite id (CX), of the sending facility where it names nobody."""
        value = self._fields.component(field)
        if not value:
            return None
        named = _named(kind, *(self._fields.component(field, 4, number) for number in (1, 2, 3)))
        facility = self._facility
        return Identifier(value, *(named or (facility, _local(kind, "facility", facility))))


def _named(kind: str, namespace: str, universal: str, scheme: str) -> tuple[str, str] | None:
    """Return the short name and the system of a hierarchic designator (HD); None for none."""
    short = namespace or universal
    if not short:
        return None
    prefix = _PREFIXES.get(scheme.upper())
    if universal and prefix is not None:
        return short, prefix + quote(universal, safe=":/.-_~#?&=%")
    return short, _local(kind, "authority", short)


def _local(*parts: str) -> str:
    """Return the URI of a system that only its sender knows."""
    return ":".join([_LOCAL, *(quote(one, safe="") for one in parts)])
