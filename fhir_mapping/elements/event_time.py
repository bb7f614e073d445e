"""A moment that a note tells: one of the types of onset[x], performed[x] and their like."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from fhir_mapping.datatypes import systems
from fhir_mapping.datatypes.codeable_concept import Resource, words
from fhir_mapping.elements import date_context
from fhir_mapping.elements.evidence import extensions
from fhir_mapping.elements.partial_dates import partial_date
from fhir_mapping.findings.ages import Age, age, ages
from fhir_mapping.findings.attributes import attributes
from fhir_mapping.findings.grouping import Group
from fhir_mapping.findings.mention_in_note import MentionInNote
from models.clinical import Mention

DATES: Final = frozenset({"Date", "Age"})
DURATIONS: Final = frozenset({"Duration"})


class Time(NamedTuple):
    """The type of a choice, its value, and the mention that says so."""

    choice: str
    value: object
    source: MentionInNote


Times = Callable[[MentionInNote], Iterator[Time]]


def one_time(group: Group, name: str, times: Times) -> Resource:
    """Return the one time that the mentions of a group tell, or nothing where they tell two."""
    found = [time for head in group.mentions for time in times(head)]
    if not found or any(time[:2] != found[0][:2] for time in found):
        return {}
    return _element(name + found[0].choice, found[0].value, [time.source for time in found])


def _element(name: str, value: object, sources: list[MentionInNote]) -> Resource:
    """Return an element with its evidence; that of a primitive stands beside it (R4, json.html)."""
    evidence = {"extension": extensions(sources)}
    if isinstance(value, dict):
        return {name: {**evidence, **value}}
    return {name: value, f"_{name}": evidence}


def times(head: MentionInNote, labels: frozenset[str]) -> Iterator[tuple[MentionInNote, Mention]]:
    """Return the dates and durations of a mention, each with all the words that are part of it."""
    for one in attributes(head, labels):
        length = one.mention.label in DURATIONS
        yield one, date_context.whole(one.note.text, one.mention, length=length)


def read(one: MentionInNote, time: Mention) -> Time | None:
    """Return the date, the age or the span of ages that words are."""
    found = partial_date(time.text)
    if found:
        return Time("DateTime", found, one)
    return of_age(one, time.text, bare=time.label == "Age")


def of_age(one: MentionInNote, text: str, *, bare: bool = False) -> Time | None:
    """Return the age or the span of ages that words are (fhir_mapping.findings.ages)."""
    if aged := age(text, bare=bare):
        return Time("Age", _quantity(aged), one)
    span = ages(text, bare=bare)
    ends = {"low": _quantity(span.low), "high": _quantity(span.high)} if span else None
    return Time("Range", ends, one) if ends else None


def _quantity(aged: Age) -> Resource:
    return {"value": aged.value, "unit": aged.unit, "system": systems.UCUM, "code": aged.code}


def string(text: str) -> str:
    """Return words of a note as a FHIR string on one line."""
    return " ".join(words(text).split())
