"""Which segments of a message are about which document (HL7 v2.9, chapters 9.6 and 7.3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fhir_mapping.documents.hl7v2.fields import Fields
from fhir_mapping.documents.hl7v2.message import Message, Segment
from fhir_mapping.documents.hl7v2.tables import WITHDRAWN
from fhir_mapping.documents.messages.identifiers import Identifier, Identifiers, Kind
from models.errors import NotHl7

_NONE = Segment("", ())


@dataclass(frozen=True, slots=True)
class Part:
    """The segments about one document, the header left out, and what names it."""

    segments: Sequence[Segment]
    number: Identifier | None

    def first(self, name: str) -> Segment:
        """Return the first segment of a name, an empty one where there is none."""
        return next((one for one in self.segments if one.name == name), _NONE)

    @property
    def withdrawn(self) -> bool:
        """Whether its sender takes all of it back: each result, or the order's."""
        if self.first("OBR")[25] in WITHDRAWN:
            return True
        results = [one[11].strip() for one in self.segments if one.name == "OBX"]
        return bool(results) and set(results) <= WITHDRAWN


def of_document(message: Message, identifiers: Identifiers) -> Part:
    """Return the only document of an MDM message.

    Raises:
        NotHl7: there is not exactly one.
    """
    headers = list(message.named("TXA"))
    if len(headers) != 1:
        raise NotHl7(reason=f"it has {len(headers)} TXA segments, and one is needed")
    return Part(message.segments[1:], identifiers.entity(headers[0][12], "document"))


def of_results(message: Message, identifiers: Identifiers, fields: Fields) -> list[Part]:
    """Return the documents of an ORU message: the groups of OBR, those of one number together.

    Raises:
        NotHl7: there is none.
    """
    found: dict[object, Part] = {}
    for place, group in enumerate(_groups(message.segments[1:])):
        part = Part(group, _order_number(group, identifiers))
        patient = fields.first(part.first("PID")[3])
        key = (patient, part.number) if part.number else place
        before = found.get(key)
        found[key] = Part([*before.segments, *_own(group)], before.number) if before else part
    if not found:
        raise NotHl7(reason="it has no OBR segment")
    return list(found.values())


def _groups(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Yield the segments of each OBR, with those of its patient before it.

    Results that stand before the first OBR of a patient belong to that one.
    """
    patient: list[Segment] = []
    loose: list[Segment] = []
    group: list[Segment] | None = None
    for one in segments:
        if one.name == "PID":
            if group:
                yield group
            patient, loose, group = [one], [], None
        elif one.name in {"ORC", "OBR"} and (group is None or _has_begun(group, one)):
            if group:
                yield group
            group, loose = [*patient, *loose, one], []
        elif group is not None:
            group.append(one)
        else:
            (loose if one.name in {"OBX", "NTE"} else patient).append(one)
    if group:
        yield group


def _has_begun(group: Sequence[Segment], one: Segment) -> bool:
    """Whether an ORC or OBR begins another group: an OBR does not behind its own ORC."""
    return one.name == "ORC" or any(other.name == "OBR" for other in group)


def _own(group: Sequence[Segment]) -> Sequence[Segment]:
    """Return the segments of a group from its order on."""
    start = next(n for n, one in enumerate(group) if one.name in {"ORC", "OBR"})
    return group[start:]


def _order_number(group: Sequence[Segment], identifiers: Identifiers) -> Identifier | None:
    """Return the filler's number of an order, else the placer's (OBR-3, ORC-3, OBR-2, ORC-2)."""
    orders = {one.name: one for one in reversed(group) if one.name in {"ORC", "OBR"}}
    kinds: tuple[tuple[int, Kind], ...] = ((3, "filler"), (2, "placer"))
    for number, kind in kinds:
        for name in ("OBR", "ORC"):
            found = identifiers.entity(orders.get(name, _NONE)[number], kind)
            if found:
                return found
    return None
