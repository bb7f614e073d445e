"""Who and which: identifiers of HL7 v2 (EI, CX, HD; HL7 v2.9, chapter 2.A) as FHIR has them.

An identifier is one within its authority: the assigning authority where the field names one, else
the sender of the message.
"""

import re
from typing import Final, Literal, NamedTuple
from urllib.parse import quote

from fhir_mapping.datatypes import identity
from fhir_mapping.documents.hl7v2.fields import Fields
from fhir_mapping.documents.hl7v2.message import Header
from models.errors import FieldTooLong
from models.fhir_ids import is_id

Kind = Literal["document", "filler", "placer"]

LONGEST: Final = 255
"""Characters of what names something; HL7 v2.7 allows 199 (MSH-10) and 227 (HD) at most."""

_LOCAL: Final = "urn:x-hl7v2"
_PREFIXES: Final = {"ISO": "urn:oid:", "UUID": "urn:uuid:", "GUID": "urn:uuid:", "URI": ""}
_KNOWN_AS: Final = ("MR", "PI", "PT", "")
"""Types of patient identifiers (table 0203): the first of them that is there is taken."""
_PLAIN: Final = re.compile(r"[A-Za-z0-9-]+")


def require_short(field: str, *texts: str) -> None:
    """Make sure that what becomes part of a key is no longer than HL7 allows.

    Raises:
        FieldTooLong: one of the texts is.
    """
    if any(len(text) > LONGEST for text in texts):
        raise FieldTooLong(field=field, limit=LONGEST)


class Authority(NamedTuple):
    """Who gave an identifier: a short name, a name for everybody, and the URI of its system."""

    namespace: str
    universal: str
    system: str


class Identifier(NamedTuple):
    """A value within an authority."""

    value: str
    authority: Authority

    @property
    def fhir(self) -> dict[str, str]:
        """The FHIR Identifier."""
        return {"system": self.authority.system, "value": self.value}

    @property
    def fhir_id(self) -> str:
        """The id of the resource that this identifies; no two of them share one.

        It is the authority's short name, its universal name where it has one, and the value, with
        dots between them; the UUIDv5 of the three where they are too long or hold other signs.
        """
        namespace, universal, _ = self.authority
        plain = _PLAIN.fullmatch(self.value) and (
            _PLAIN.fullmatch(namespace) if namespace else not universal
        )
        joined = ".".join(filter(None, (namespace, universal, self.value)))
        if plain and is_id(joined):
            return joined
        return identity.identify("hl7v2", namespace, universal, self.value)


class Identifiers:
    """Reads the identifiers of one message."""

    def __init__(self, header: Header, fields: Fields) -> None:
        self._fields = fields
        self._application = fields.component(header.msh[3])
        self._facility = fields.component(header.msh[4])

    def entity(self, field: str, kind: Kind, like: Identifier | None = None) -> Identifier | None:
        """Return an entity identifier (EI): the number of a document or an order.

        One without an authority has that of `like`, else its sender: application and facility.

        Raises:
            FieldTooLong: a component is too long.
        """
        value = self._fields.component(field)
        if not value:
            return None
        parts = [self._fields.component(field, number) for number in (2, 3, 4)]
        require_short(f"the number of a {kind}", value, *parts)
        if named := _named(kind, *parts):
            return Identifier(value, named)
        sender = (self._facility, self._application)
        own = Authority(*sender, _local(kind, "sender", *sender))
        return Identifier(value, like.authority if like else own)

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
        """Return an extended composite id (CX), of the sending facility where it names nobody.

        Raises:
            FieldTooLong: a component is too long.
        """
        value = self._fields.component(field)
        if not value:
            return None
        parts = [self._fields.component(field, 4, number) for number in (1, 2, 3)]
        require_short(f"the identifier of a {kind}", value, *parts)
        named = _named(kind, *parts)
        own = Authority(self._facility, "", _local(kind, "facility", self._facility))
        return Identifier(value, named or own)


def _named(kind: str, namespace: str, universal: str, scheme: str) -> Authority | None:
    """Return the authority that a hierarchic designator (HD) names; None where it names none."""
    if not (namespace or universal):
        return None
    prefix = _PREFIXES.get(scheme.upper())
    if universal and prefix is not None:
        system = prefix + quote(universal, safe=":/.-_~#?&=%")
    else:
        system = _local(kind, "authority", *filter(None, (namespace, universal)))
    return Authority(namespace, universal, system)


def _local(*parts: str) -> str:
    """Return the URI of a system that only its sender knows."""
    return ":".join([_LOCAL, *(quote(one, safe="") for one in parts)])
