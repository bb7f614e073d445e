"""When: onset[x], performed[x] and effective[x] of FHIR R4, as far as the note says it."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from fhir_mapping import systems
from fhir_mapping.attributes import wording
from fhir_mapping.attributes.ages import Age, age, ages, tells_age
from fhir_mapping.attributes.calendar import partial_date
from fhir_mapping.concept import Resource, words
from fhir_mapping.evidence import extensions
from fhir_mapping.findings import Group
from fhir_mapping.linked import attributes
from fhir_mapping.said import Said
from fhir_mapping.sighting import Sighting
from models.clinical import Mention

DATES: Final = frozenset({"Date", "Age"})
DURATIONS: Final = frozenset({"Duration"})
# Of these the note says that they were; a denied one has no time.
_THERE: Final[frozenset[Said]] = frozenset({"asserted", "historical"})
_STILL_THERE: Final[frozenset[Said]] = frozenset({"asserted"})
_LASTING: Final[frozenset[Said]] = frozenset({"asserted", "uncertain"})


class Time(NamedTuple):
    """The type of a choice, its value, and the mention that says so."""

    choice: str
    value: object
    source: Sighting


_Times = Callable[[Sighting], Iterator[Time]]


def onset(group: Group) -> Resource:
    """Return onset[x] of a Condition: only where the note says since when, or for how long."""
    if group.thing.said not in _LASTING:
        return {}
    return _one(group, "onset", _since) or _one(group, "onset", _lasting)


def onset_of_relative(group: Group) -> Resource:
    """Return onset[x] of a relative's condition: only "at age 45", which no other age is."""
    return _one(group, "onset", _at_age)


def performed(group: Group) -> Resource:
    """Return performed[x] of a Procedure: when it was, since when, or how long it took."""
    if group.thing.said not in _THERE:
        return {}
    return (
        _one(group, "performed", _at)
        or (_one(group, "performed", _from) if group.thing.said in _STILL_THERE else {})
        or _one(group, "performed", _length)
    )


def taken(group: Group) -> Resource:
    """Return effective[x] of a MedicationStatement: dates only, relative ones have no place."""
    if group.thing.said not in _THERE:
        return {}
    return _one(group, "effective", _dated) or (
        _one(group, "effective", _from) if group.thing.said in _STILL_THERE else {}
    )


def observed(group: Group) -> Resource:
    """Return effective[x] of an Observation: dates only."""
    return _one(group, "effective", _dated) if group.thing.said in _THERE else {}


def _one(group: Group, name: str, times: _Times) -> Resource:
    """Return the one time that the sightings of a group tell, or nothing where they tell two."""
    found = [time for head in group.sightings for time in times(head)]
    if not found or any(time[:2] != found[0][:2] for time in found):
        return {}
    return _element(name + found[0].choice, found[0].value, [time.source for time in found])


def _element(name: str, value: object, sources: list[Sighting]) -> Resource:
    """Return an element with its evidence; that of a primitive stands beside it (R4, json.html)."""
    evidence = {"extension": extensions(sources)}
    if isinstance(value, dict):
        return {name: {**evidence, **value}}
    return {name: value, f"_{name}": evidence}


def _since(head: Sighting) -> Iterator[Time]:
    for one, time in _times(head, DATES | DURATIONS):
        if wording.since(head, time):
            yield _read(one, time) or Time("String", f"since {_without_since(time)}", one)


def _lasting(head: Sighting) -> Iterator[Time]:
    for one, time in _times(head, DURATIONS):
        said = wording.lasting(head.note.text, head.mention, time)
        if said:
            yield Time("String", _string(said), one)


def _at_age(head: Sighting) -> Iterator[Time]:
    for one, time in _times(head, DATES):
        read = _read(one, time)
        blurred = read is None and tells_age(time.text)
        if wording.at_age(head.note.text, head.mention, time) and (blurred or _is_age(read)):
            yield read or Time("String", _string(time.text), one)


def _at(head: Sighting) -> Iterator[Time]:
    for one, time in _at_its_time(head):
        yield _read(one, time) or Time("String", _string(time.text), one)


def _dated(head: Sighting) -> Iterator[Time]:
    for one, time in _at_its_time(head):
        read = _read(one, time)
        if read and read.choice == "DateTime":
            yield read


def _from(head: Sighting) -> Iterator[Time]:
    for one, time in _times(head, DATES):
        start = partial_date(time.text)
        if start and wording.since(head, time):
            yield Time("Period", {"start": start}, one)


def _length(head: Sighting) -> Iterator[Time]:
    for one, time in _times(head, DURATIONS):
        if wording.ends(one.note.text, time):
            yield Time("String", _string(time.text), one)


def _at_its_time(head: Sighting) -> Iterator[tuple[Sighting, Mention]]:
    for one, time in _times(head, DATES):
        if wording.at(head.note.text, head.mention, time):
            yield one, time


def _times(head: Sighting, labels: frozenset[str]) -> Iterator[tuple[Sighting, Mention]]:
    """Return the dates and durations of a mention, each with all the words that are part of it."""
    for one in attributes(head, labels):
        length = one.mention.label in DURATIONS
        yield one, wording.whole(one.note.text, one.mention, length=length)


def _read(one: Sighting, time: Mention) -> Time | None:
    """Return the date, the age or the span of ages that words are."""
    found = partial_date(time.text)
    if found:
        return Time("DateTime", found, one)
    bare = time.label == "Age"
    if aged := age(time.text, bare=bare):
        return Time("Age", _quantity(aged), one)
    span = ages(time.text, bare=bare)
    ends = {"low": _quantity(span.low), "high": _quantity(span.high)} if span else None
    return Time("Range", ends, one) if ends else None


def _is_age(time: Time | None) -> bool:
    return time is not None and time.choice in {"Age", "Range"}


def _quantity(aged: Age) -> Resource:
    return {"value": aged.value, "unit": aged.unit, "system": systems.UCUM, "code": aged.code}


def _without_since(time: Mention) -> str:
    text = _string(time.text)
    return text[len("since ") :] if text.casefold().startswith("since ") else text


def _string(text: str) -> str:
    return " ".join(words(text).split())
