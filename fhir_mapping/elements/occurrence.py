"""When: onset[x], performed[x] and effective[x] of FHIR R4, as far as the note says it."""

from collections.abc import Iterator
from typing import Final

from fhir_mapping.datatypes.codeable_concept import Resource
from fhir_mapping.elements import date_context
from fhir_mapping.elements.event_time import DATES, DURATIONS, Time, one_time, read, string, times
from fhir_mapping.elements.partial_dates import partial_date
from fhir_mapping.findings.assertion_status import AssertionStatus
from fhir_mapping.findings.grouping import Group
from fhir_mapping.findings.mention_in_note import MentionInNote
from models.clinical import Mention

# Of these the note says that they were; a denied one has no time.
_THERE: Final[frozenset[AssertionStatus]] = frozenset({"asserted", "historical"})
_STILL_THERE: Final[frozenset[AssertionStatus]] = frozenset({"asserted"})
_LASTING: Final[frozenset[AssertionStatus]] = frozenset({"asserted", "uncertain"})


def onset(group: Group) -> Resource:
    """Return onset[x] of a Condition: only where the note says since when, or for how long."""
    if group.thing.assertion_status not in _LASTING:
        return {}
    return one_time(group, "onset", _since) or one_time(group, "onset", _lasting)


def performed(group: Group) -> Resource:
    """Return performed[x] of a Procedure: when it was, since when, or how long it took."""
    if group.thing.assertion_status not in _THERE:
        return {}
    return (
        one_time(group, "performed", _at)
        or _ongoing(group, "performed")
        or one_time(group, "performed", _length)
    )


def taken(group: Group) -> Resource:
    """Return effective[x] of a MedicationStatement: dates only, relative ones have no place."""
    if group.thing.assertion_status not in _THERE:
        return {}
    return one_time(group, "effective", _dated) or _ongoing(group, "effective")


def observed(group: Group) -> Resource:
    """Return effective[x] of an Observation: dates only."""
    return one_time(group, "effective", _dated) if group.thing.assertion_status in _THERE else {}


def _ongoing(group: Group, element: str) -> Resource:
    """Return the period from which on something is there, where it still is."""
    still = group.thing.assertion_status in _STILL_THERE
    return one_time(group, element, _from) if still else {}


def _since(head: MentionInNote) -> Iterator[Time]:
    for one, time in times(head, DATES | DURATIONS):
        if date_context.since(head, time):
            yield read(one, time) or Time("String", f"since {_without_since(time)}", one)


def _lasting(head: MentionInNote) -> Iterator[Time]:
    for one, time in times(head, DURATIONS):
        duration = date_context.lasting(head.note.text, head.mention, time)
        if duration:
            yield Time("String", string(duration), one)


def _at(head: MentionInNote) -> Iterator[Time]:
    for one, time in _at_its_time(head):
        yield read(one, time) or Time("String", string(time.text), one)


def _dated(head: MentionInNote) -> Iterator[Time]:
    for one, time in _at_its_time(head):
        when = read(one, time)
        if when and when.choice == "DateTime":
            yield when


def _from(head: MentionInNote) -> Iterator[Time]:
    for one, time in times(head, DATES):
        start = partial_date(time.text)
        if start and date_context.since(head, time):
            yield Time("Period", {"start": start}, one)


def _length(head: MentionInNote) -> Iterator[Time]:
    for one, time in times(head, DURATIONS):
        if date_context.ends(one.note.text, time):
            yield Time("String", string(time.text), one)


def _at_its_time(head: MentionInNote) -> Iterator[tuple[MentionInNote, Mention]]:
    for one, time in times(head, DATES):
        if date_context.at(head.note.text, head.mention, time):
            yield one, time


def _without_since(time: Mention) -> str:
    text = string(time.text)
    return text[len("since ") :] if text.casefold().startswith("since ") else text
