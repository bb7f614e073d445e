"""Which segments of a message are about which document (HL7 v2.9, chapters 9.6 and 7.3)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from fhir_mapping.documents.hl7v2.fields import Fields
from fhir_mapping.documents.hl7v2.message import Message, Segment
from fhir_mapping.documents.hl7v2.tables import WITHDRAWN
from fhir_mapping.documents.messages.identifiers import Identifier, Identifiers, Kind
from models.errors import NotHl7, TooManyOrders

MOST_ORDERS: Final = 1000
"""Documents of one message."""

MOST_GROWTH: Final = 4
MOST_REPEATED: Final = 1024 * 1024
"""Bytes: all parts together have at most these and so many times the bytes of their message."""

_ORDER: Final = frozenset({"ORC", "OBR"})
_OF_EACH_ORDER: Final = frozenset({"PID", "PD1", "PV1", "PV2"})
"""What each order of a patient repeats; what else stands before the first stays with the first."""

_NONE = Segment("", ())


@dataclass(frozen=True, slots=True)
class Part:
    """The segments about one document, the header left out, and what names it."""

    patient: Sequence[Segment]
    own: Sequence[Segment]
    number: Identifier | None

    @property
    def segments(self) -> Iterator[Segment]:
        """Those of its patient, and its own."""
        return chain(self.patient, self.own)

    def first(self, name: str) -> Segment:
        """Return the first segment of a name, an empty one where there is none."""
        return _first(self.segments, name)

    @property
    def withdrawn(self) -> bool:
        """Whether its sender takes all of it back: each result, or the order's."""
        if self.first("OBR")[25] in WITHDRAWN:
            return True
        results = [one[11].strip() for one in self.own if one.name == "OBX"]
        return bool(results) and set(results) <= WITHDRAWN


def of_document(message: Message, identifiers: Identifiers) -> Part:
    """Return the only document of an MDM message.

    Raises:
        NotHl7: there is not exactly one.
        FieldTooLong: its number is too long.
    """
    headers = list(message.named("TXA"))
    if len(headers) != 1:
        raise NotHl7(reason=f"it has {len(headers)} TXA segments, and one is needed")
    return Part((), message.segments[1:], identifiers.entity(headers[0][12], "document"))


def of_results(message: Message, identifiers: Identifiers, fields: Fields) -> list[Part]:
    """Return the documents of an ORU message: the groups of OBR, those of one number together.

    Raises:
        NotHl7: there is none.
        FieldTooLong: a number is too long.
        TooManyOrders: there are too many, or they repeat too much.
    """
    found: dict[object, tuple[Part, list[Segment]]] = {}
    before: Sequence[Segment] | None = None
    name = ""
    for place, (patient, own) in enumerate(_groups(message.segments[1:])):
        if patient is not before:
            before, name = patient, fields.first(_first(patient, "PID")[3])
        number = _order_number(own, identifiers)
        key = (name, number) if number else place
        if key in found:
            found[key][1].extend(own)
        else:
            found[key] = Part(patient, own, number), own
        if len(found) > MOST_ORDERS:
            raise TooManyOrders(limit=f"{MOST_ORDERS} orders")
    if not found:
        raise NotHl7(reason="it has no OBR segment")
    parts = [part for part, _ in found.values()]
    if len(parts) > 1:
        _require_few_bytes(message, parts)
    return parts


def _first(segments: Iterable[Segment], name: str) -> Segment:
    return next((one for one in segments if one.name == name), _NONE)


def _groups(segments: Sequence[Segment]) -> Iterator[tuple[list[Segment], list[Segment]]]:
    """Yield the segments of the patient, the same list for all of his orders, and of each order.

    Results that stand before the first OBR of a patient belong to that one.
    """
    patient: list[Segment] = []
    own: list[Segment] = []
    begun = False
    for one in segments:
        if one.name == "PID":
            if begun:
                yield patient, own
            patient, own, begun = [one], [], False
        elif not begun and one.name in _OF_EACH_ORDER:
            patient.append(one)
        elif begun and _begins_another(own, one):
            yield patient, own
            own = [one]
        else:
            own.append(one)
            begun = begun or one.name in _ORDER
    if begun:
        yield patient, own


def _begins_another(group: Sequence[Segment], one: Segment) -> bool:
    """Whether a segment begins another group: an OBR does not behind its own ORC."""
    if one.name == "OBR":
        return any(other.name == "OBR" for other in group)
    return one.name == "ORC"


def _require_few_bytes(message: Message, parts: Sequence[Part]) -> None:
    """Make sure that parts are not much more than their message, in a time that it bounds.

    Raises:
        TooManyOrders: they are.
    """
    most = left = MOST_REPEATED + MOST_GROWTH * sum(len(one.raw) for one in message.segments)
    for part in parts:
        for one in chain(message.segments[:1], part.segments):
            left -= len(one.raw) + 1
            if left < 0:
                raise TooManyOrders(limit=f"{most} bytes, with what each order repeats")


def _order_number(group: Sequence[Segment], identifiers: Identifiers) -> Identifier | None:
    """Return the filler's number of an order, else the placer's (OBR-3, ORC-3, OBR-2, ORC-2)."""
    orders = {one.name: one for one in reversed(group) if one.name in _ORDER}
    kinds: tuple[tuple[int, Kind], ...] = ((3, "filler"), (2, "placer"))
    for number, kind in kinds:
        for name in ("OBR", "ORC"):
            found = identifiers.entity(orders.get(name, _NONE)[number], kind)
            if found:
                return found
    return None
