"""Mentions of one thing, under one assertion, become one group: one finding, one resource."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from fhir_mapping.datatypes import identity
from fhir_mapping.findings import heads, labels, semantic_tags
from fhir_mapping.findings.actions import planned
from fhir_mapping.findings.allergy.account import account
from fhir_mapping.findings.assertion_status import Said, said_of
from fhir_mapping.findings.family_clause import disease
from fhir_mapping.findings.lab.result import Result, is_measured, result
from fhir_mapping.findings.lab.thresholds import is_threshold
from fhir_mapping.findings.linked import place, sighting
from fhir_mapping.findings.mention_in_note import Sighting
from fhir_mapping.findings.neighbours import Neighbours
from fhir_mapping.findings.phrase import phrase
from fhir_mapping.findings.policy import DEFAULT, Policy
from fhir_mapping.findings.relatives import relative
from models.clinical import Link, Note, Reading

_TESTS: Final = frozenset({"Diagnostic_procedure"})
_PROBLEMS: Final = labels.PROBLEMS | labels.CLAUSES


class Thing(NamedTuple):
    """What a group is of: the resource type, the normalised words, what is said, of which relative.

    `relative` is a key of RELATIVES, "" for any relative and for the patient. `value` are the words
    of a test's result: two values are two observations.
    """

    kind: labels.Kind
    text: str
    said: Said
    relative: str = ""
    value: str = ""


class Group(NamedTuple):
    """The sightings of one thing in one document, in reading order; never empty.

    `results` are what a test showed, of the sightings that say it.
    """

    thing: Thing
    sightings: tuple[Sighting, ...]
    results: tuple[Result, ...] = ()

    @property
    def first(self) -> Sighting:
        """The sighting whose words and label the finding bears."""
        return self.sightings[0]

    @property
    def id(self) -> str:
        """The id of the resource made of the group."""
        note, thing = self.first.note, self.thing
        which = thing.relative or thing.value
        said = f"{thing.said}:{which}" if which else thing.said
        return identity.resource_id(note.tenant, note.document_id, thing.kind, thing.text, said)


def group(
    notes: Sequence[Note], readings: Sequence[Reading], policy: Policy = DEFAULT
) -> tuple[Group, ...]:
    """Return the groups in the readings of one document, in the order of their first words."""
    kinds = labels.kinds(policy)
    groups: dict[Thing, tuple[list[Sighting], list[Result]]] = {}
    for note, reading in zip(notes, readings, strict=True):
        for one in _sightings(note, reading, kinds):
            found = result(one) if is_measured(one) else None
            sightings, results = groups.setdefault(_thing(one, found, kinds), ([], []))
            sightings.append(one)
            if found:
                results.append(found)
    return tuple(Group(thing, tuple(ones), tuple(told)) for thing, (ones, told) in groups.items())


def _sightings(note: Note, reading: Reading, kinds: labels.Kinds) -> Iterator[Sighting]:
    """Return the mentions that become findings, in reading order.

    Of a problem and a History with the very same characters only the History stays: it says less.
    """
    clauses = {(m.start, m.end) for m in reading.mentions if m.label in labels.CLAUSES}
    links, neighbours = _links(reading), Neighbours(reading.mentions)
    named = (i for i, mention in enumerate(reading.mentions) if mention.label in kinds)
    for position in sorted(named, key=lambda i: place(reading, i)):
        mention = reading.mentions[position]
        shadowed = mention.label in labels.PROBLEMS and (mention.start, mention.end) in clauses
        if not shadowed and identity.normalise(mention.text):
            yield sighting(Sighting(note, reading, neighbours, position), links[position])


def _links(reading: Reading) -> Mapping[int, list[Link]]:
    """Return the links that lead to each mention."""
    found: defaultdict[int, list[Link]] = defaultdict(list)
    for link in reading.links:
        found[link.target].append(link)
    return found


def _thing(one: Sighting, found: Result | None, kinds: labels.Kinds) -> Thing:
    """Return what a sighting is of; `found` is what it says that a test showed."""
    mention, assertion = one.mention, one.assertion
    told = account(one)
    if told and told.allergen:
        name = identity.normalise(told.allergen)
        return Thing(kind="AllergyIntolerance", text=name, said=told.said)
    said = told.said if told else said_of(semantic_tags.tagged(one.note.text, mention), assertion)
    kind, value = _kind(one, said, found, kinds)
    if mention.label in _TESTS and is_threshold(one):
        said = "hypothetical"
    if kind == "Procedure" and said == "asserted" and planned(one):
        said = "hypothetical"
    cues = [cue.text for cue in assertion.cues if cue.kind == "family"]
    of_family = kind == "FamilyMemberHistory"
    return Thing(
        kind=kind,
        text=identity.normalise(disease(mention) if of_family else phrase(one)),
        said=said,
        relative=relative([mention.text, *cues]) if of_family else "",
        value=value,
    )


def _kind(
    one: Sighting, said: Said, found: Result | None, kinds: labels.Kinds
) -> tuple[labels.Kind, str]:
    """Return the resource type and the value of a test.

    The type is that of the name's own tag, else of the label, the relative's for a relative, by a
    History's head. A relative's drugs and procedures keep theirs, and no resource is made of them.
    """
    mention = one.mention
    tagged = semantic_tags.kind(one.note.text, mention)
    problem = tagged in {None, "Condition"} and mention.label in _PROBLEMS
    if said == "family" and (problem or tagged == "Condition"):
        return "FamilyMemberHistory", ""
    if tagged and not (tagged == "Condition" and problem):
        return tagged, ""
    if is_measured(one):
        return _of_test(found, said)
    named = heads.kind(mention.text) if mention.label == "History" else None
    return named or kinds[mention.label], ""


def _of_test(found: Result | None, said: Said) -> tuple[labels.Kind, str]:
    """Return what a test with values is: without one that is certain it was at least done.

    "No elevated troponin" denies the value, not the test.
    """
    if found is None and said != "negated":
        return "Procedure", ""
    return "Observation", found.key if found else "?"
