"""Mentions of one thing, under one assertion, become one group: one finding, one resource."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from fhir_mapping.datatypes import identity
from fhir_mapping.findings import history_resource_type, labels, semantic_tags
from fhir_mapping.findings.allergy.allergy_role import allergy_statement
from fhir_mapping.findings.assertion_status import AssertionStatus, status_of
from fhir_mapping.findings.attributes import place, with_attributes
from fhir_mapping.findings.family_clause import disease
from fhir_mapping.findings.finding_name import phrase
from fhir_mapping.findings.lab.result import Result, is_measured, result
from fhir_mapping.findings.lab.thresholds import is_threshold
from fhir_mapping.findings.mention_in_note import MentionInNote
from fhir_mapping.findings.neighbours import Neighbours
from fhir_mapping.findings.policy import DEFAULT, Policy
from fhir_mapping.findings.relatives import relative
from fhir_mapping.findings.taken_or_done import planned
from models.clinical import Link, Note, Reading, named

_TESTS: Final = frozenset({"Diagnostic_procedure"})
_PROBLEMS: Final = labels.PROBLEMS | labels.CLAUSES


class Thing(NamedTuple):
    """What a group is of: the resource type, the normalised words, what is said, of which relative.

    `relative` is a key of RELATIVES, "" for any relative and for the patient. `value` are the words
    of a test's result: two values are two observations.
    """

    kind: labels.Kind
    text: str
    assertion_status: AssertionStatus
    relative: str = ""
    value: str = ""


class Group(NamedTuple):
    """The mentions of one thing in one document, in reading order; never empty.

    `results` are what a test showed, of the mentions that say it.
    """

    thing: Thing
    mentions: tuple[MentionInNote, ...]
    results: tuple[Result, ...] = ()

    @property
    def first(self) -> MentionInNote:
        """The mention whose words and label the finding bears."""
        return self.mentions[0]

    @property
    def id(self) -> str:
        """The id of the resource made of the group."""
        note, thing = self.first.note, self.thing
        which = thing.relative or thing.value
        status = f"{thing.assertion_status}:{which}" if which else thing.assertion_status
        document = named(note.document_type, note.document_id)
        return identity.resource_id(note.tenant, document, thing.kind, thing.text, status)


def group(
    notes: Sequence[Note], readings: Sequence[Reading], policy: Policy = DEFAULT
) -> tuple[Group, ...]:
    """Return the groups in the readings of one document, in the order of their first words."""
    kinds = labels.kinds(policy)
    groups: dict[Thing, tuple[list[MentionInNote], list[Result]]] = {}
    for note, reading in zip(notes, readings, strict=True):
        for one in _mentions(note, reading, kinds):
            found = result(one) if is_measured(one) else None
            mentions, results = groups.setdefault(_thing(one, found, kinds), ([], []))
            mentions.append(one)
            if found:
                results.append(found)
    return tuple(
        Group(thing, tuple(ones), tuple(results)) for thing, (ones, results) in groups.items()
    )


def _mentions(note: Note, reading: Reading, kinds: labels.Kinds) -> Iterator[MentionInNote]:
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
            bare = MentionInNote(note, reading, neighbours, position)
            yield with_attributes(bare, links[position])


def _links(reading: Reading) -> Mapping[int, list[Link]]:
    """Return the links that lead to each mention."""
    found: defaultdict[int, list[Link]] = defaultdict(list)
    for link in reading.links:
        found[link.target].append(link)
    return found


def _thing(one: MentionInNote, found: Result | None, kinds: labels.Kinds) -> Thing:
    """Return what a mention is of; `found` is what it says that a test showed."""
    mention, assertion = one.mention, one.assertion
    allergy = allergy_statement(one)
    if allergy and allergy.allergen:
        name = identity.normalise(allergy.allergen)
        return Thing("AllergyIntolerance", name, allergy.assertion_status)
    tagged = semantic_tags.tagged(one.note.text, mention)
    status = allergy.assertion_status if allergy else status_of(tagged, assertion)
    kind, value = _kind(one, status, found, kinds)
    if mention.label in _TESTS and is_threshold(one):
        status = "hypothetical"
    if kind == "Procedure" and status == "asserted" and planned(one):
        status = "hypothetical"
    cues = [cue.text for cue in assertion.cues if cue.kind == "family"]
    of_family = kind == "FamilyMemberHistory"
    return Thing(
        kind=kind,
        text=identity.normalise(disease(mention) if of_family else phrase(one)),
        assertion_status=status,
        relative=relative([mention.text, *cues]) if of_family else "",
        value=value,
    )


def _kind(
    one: MentionInNote, status: AssertionStatus, found: Result | None, kinds: labels.Kinds
) -> tuple[labels.Kind, str]:
    """Return the resource type and the value of a test.

    The type is that of the name's own tag, else of the label, the relative's for a relative, by a
    History's head. A relative's drugs and procedures keep theirs, and no resource is made of them.
    """
    mention = one.mention
    tagged = semantic_tags.kind(one.note.text, mention)
    problem = tagged in {None, "Condition"} and mention.label in _PROBLEMS
    if status == "family" and (problem or tagged == "Condition"):
        return "FamilyMemberHistory", ""
    if tagged and not (tagged == "Condition" and problem):
        return tagged, ""
    if is_measured(one):
        return _of_test(found, status)
    named = history_resource_type.kind(mention.text) if mention.label == "History" else None
    return named or kinds[mention.label], ""


def _of_test(found: Result | None, status: AssertionStatus) -> tuple[labels.Kind, str]:
    """Return what a test with values is: without one that is certain it was at least done.

    "No elevated troponin" denies the value, not the test.
    """
    if found is None and status != "negated":
        return "Procedure", ""
    return "Observation", found.key if found else "?"
