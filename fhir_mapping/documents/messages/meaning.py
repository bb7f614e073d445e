"""What a message says of documents: which it brings, edits, replaces or cancels.

MDM by TXA, ORU by OBR (HL7 v2.9, chapters 9 and 7). Each document is a DocumentReference whose only
attachment is the message as it was sent, or the part of it that is about this document; its text is
made of it when it is read.
"""

import hashlib
from base64 import b64encode
from datetime import UTC
from typing import Any

import orjson

from fhir_mapping.documents.document_reference import checked_document, faults, loaded
from fhir_mapping.documents.hl7v2.fields import Fields
from fhir_mapping.documents.hl7v2.message import Header, Segment, message
from fhir_mapping.documents.hl7v2.message import Message as Parsed
from fhir_mapping.documents.hl7v2.tables import ER7
from fhir_mapping.documents.messages import tables
from fhir_mapping.documents.messages.document_parts import Part, of_document, of_results
from fhir_mapping.documents.messages.identifiers import Identifier, Identifiers, require_short
from fhir_mapping.documents.messages.times import moment, offset
from models.clinical import Document, Message, MessageDocument
from models.errors import MissingField, NotHl7, UnsupportedEvent, UnsupportedMessage

Json = dict[str, Any]


def parse(data: bytes, *, tenant: str) -> Message:
    """Return what the bytes of a message say.

    Raises:
        NotHl7, UnknownCharacterSet, WrongCharacterSet: it cannot be read.
        UnsupportedMessage, UnsupportedEvent: it is none that brings notes.
        MissingField: it has no MSH-10, or no TXA-12.
        FieldTooLong: what names it, its sender, a document or a patient is too long.
        TooManyOrders: it brings too many documents, or they are too large together.
    """
    return _Reader(data, message(data), tenant).read()


def withdrawn(document: Document) -> Document:
    """Return a document as one that was entered in error: its sender had cancelled it before."""
    resource: Json = {**loaded(document), "status": "entered-in-error"}
    return checked_document(orjson.dumps(resource).decode(), resource, document.tenant)


class _Reader:
    """Reads one message."""

    def __init__(self, data: bytes, parsed: Parsed, tenant: str) -> None:
        self._data = data
        self._parsed = parsed
        self._tenant = tenant
        self._fields = Fields(parsed)
        self._identifiers = Identifiers(parsed.header, self._fields)
        self._last_subject: tuple[Segment, Json | None] | None = None

    def read(self) -> Message:
        header = self._parsed.header
        if not header.msh.has(10):
            raise MissingField(field="MSH-10")
        for number in (3, 4, 10):
            require_short(f"MSH-{number}", header.msh[number])
        kind, event = _kind(self._parsed)
        documents = self._of_mdm(event) if kind == "MDM" else self._of_oru()
        return Message(
            tenant=self._tenant,
            application=header.msh[3],
            facility=header.msh[4],
            control_id=header.msh[10],
            event=f"{kind}^{event}",
            sha256=hashlib.sha256(self._data).hexdigest(),
            sent=_sent(header),
            documents=tuple(documents),
        )

    def _of_mdm(self, event: str) -> list[MessageDocument]:
        part = of_document(self._parsed, self._identifiers)
        txa = part.first("TXA")
        if part.number is None:
            raise MissingField(field="TXA-12")
        told, availability = tables.MDM[event], self._fields.first(txa[19])
        cancels = told.cancels or part.withdrawn or availability == tables.DELETED
        resource = {
            "status": "superseded" if availability == tables.OBSOLETE else "current",
            "docStatus": _amended(tables.DOC_STATUS.get(self._fields.first(txa[17])), event),
            "type": self._text(txa[2]),
            "date": self._instant(txa[4], txa[6], txa[7]),
            "relatesTo": self._relation(told, part.number, txa[13]),
        }
        return [self._document(part, resource, self._data, cancels=cancels)]

    def _of_oru(self) -> list[MessageDocument]:
        parts = of_results(self._parsed, self._identifiers, self._fields)
        return [self._of_order(part, alone=len(parts) == 1) for part in parts]

    def _of_order(self, part: Part, *, alone: bool) -> MessageDocument:
        obr = part.first("OBR")
        resource = {
            "status": "current",
            "docStatus": tables.RESULT_STATUS.get(self._fields.first(obr[25])),
            "type": self._concept(obr[4]),
            "date": self._instant(obr[7], obr[22]),
        }
        er7 = self._data if alone else _er7([self._parsed.segments[0], *part.segments])
        return self._document(part, resource, er7, cancels=part.withdrawn)

    def _relation(self, event: tables.Event, number: Identifier, parent: str) -> list[Json] | None:
        """Return how a document stands to its parent; a replacement of itself is an edit.

        Raises:
            MissingField: an addendum does not say what it is to.
        """
        found = self._identifiers.entity(parent, "document", like=number)
        if found == number:
            found = None
        if event.relation == "appends" and found is None:
            raise MissingField(field="TXA-13 (another document than TXA-12)")
        if event.relation is None or found is None:
            return None
        return [{"code": event.relation, "target": {"identifier": found.fhir}}]

    def _document(
        self, part: Part, resource: Json, er7: bytes, *, cancels: bool
    ) -> MessageDocument:
        """Return the document of a part, with what every part says.

        Raises:
            NotHl7: what it says makes no DocumentReference.
        """
        kind = f"{ER7}; charset={self._parsed.decoded_as}"
        attachment = {"contentType": kind}
        made = {
            "resourceType": "DocumentReference",
            **resource,
            "identifier": [part.number.fhir] if part.number else None,
            "subject": self._subject(part.first("PID")),
            "context": self._encounter(part.first("PV1")),
            "content": [{"attachment": attachment}],
        }
        if cancels:
            made["status"] = "entered-in-error"
        wanted = {name: value for name, value in made.items() if value is not None}
        if found := faults(wanted):
            raise NotHl7(reason="; ".join(found))
        attachment["data"] = b64encode(er7).decode()  # so much of what is right need not be checked
        text = orjson.dumps(wanted).decode()
        return MessageDocument(checked_document(text, wanted, self._tenant), cancels)

    def _subject(self, pid: Segment) -> Json | None:
        """Return whom a PID names, which all orders of a patient share."""
        if self._last_subject is None or self._last_subject[0] is not pid:
            found = self._identifiers.patient(pid[3])
            subject: Json | None = None
            if found:
                subject = {"reference": f"Patient/{found.fhir_id}", "identifier": found.fhir}
            self._last_subject = pid, subject
        return self._last_subject[1]

    def _encounter(self, pv1: Segment) -> Json | None:
        found = self._identifiers.composite(pv1[19], "visit")
        if found is None:
            return None
        reference = {"reference": f"Encounter/{found.fhir_id}", "identifier": found.fhir}
        return {"encounter": [reference]}

    def _instant(self, *fields: str) -> str | None:
        """Return the first of the fields that is a time, by default in the zone of MSH-7."""
        zone = offset(self._parsed.header.msh[7]) or UTC
        found = (moment(self._fields.first(field), zone) for field in fields)
        known = next((one for one in found if one), None)
        return known.isoformat() if known else None

    def _text(self, field: str) -> Json | None:
        text = self._fields.component(field, 2) or self._fields.component(field)
        return {"text": text} if text else None

    def _concept(self, field: str) -> Json | None:
        code, display, system = (self._fields.component(field, number) for number in (1, 2, 3))
        said = {"system": tables.CODE_SYSTEMS.get(system), "code": code, "display": display}
        coding = {name: value for name, value in said.items() if value}
        if not (code or display):
            return None
        return {"coding": [coding], "text": display or code}


def _kind(parsed: Parsed) -> tuple[str, str]:
    """Return the type and the event of a message: MSH-9, else EVN-1; an ORU needs no event.

    Raises:
        UnsupportedMessage, UnsupportedEvent: none that brings notes.
    """
    kind = parsed.header.part(9)
    evn = next(parsed.named("EVN"), None)
    event = parsed.header.part(9, 2) or (evn[1].strip() if evn else "")
    if kind not in {"MDM", "ORU"}:
        raise UnsupportedMessage(kind=_shown(kind))
    known = tables.MDM if kind == "MDM" else tables.ORU
    if kind == "ORU" and not event:
        event = "R01"
    if event not in known:
        raise UnsupportedEvent(event=_shown(f"{kind}^{event}"))
    return kind, event


def _shown(code: str) -> str:
    """Return a code of a message as an error may quote it."""
    plain = code.replace("^", "").isalnum() and code.isascii() and len(code) <= len("MDM^T02")
    return code if plain else "(no code)"


def _amended(status: str | None, event: str) -> str | None:
    return "amended" if event in tables.AMENDING and status == "final" else status


def _sent(header: Header) -> str | None:
    """Return MSH-7 in UTC."""
    found = moment(header.part(7))
    try:
        return found.astimezone(UTC).isoformat() if found else None
    except OverflowError:  # in the year 1 or 9999
        return None


def _er7(segments: list[Segment]) -> bytes:
    return b"".join(one.raw.strip(b"\n") + b"\r" for one in segments)
