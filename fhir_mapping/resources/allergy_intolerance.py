"""An allergen, or that none is known, to an AllergyIntolerance (FHIR R4, AllergyIntolerance)."""

from typing import Final

from fhir_mapping.datatypes import references, systems
from fhir_mapping.datatypes.codeable_concept import Resource, concept, of_words, reference
from fhir_mapping.elements.evidence import extensions, opening
from fhir_mapping.findings import status_tables
from fhir_mapping.findings.allergy.allergy_role import allergy_statement
from fhir_mapping.findings.allergy.kinds import category, is_allergy
from fhir_mapping.findings.allergy.reactions import reactions
from fhir_mapping.findings.attributes import key
from fhir_mapping.findings.grouping import Group
from fhir_mapping.findings.mention_in_note import MentionInNote

_VERIFIED: Final = systems.ALLERGY_VERIFICATION


def allergy_intolerance(group: Group) -> Resource | None:
    """Return the AllergyIntolerance of a group, or None where what is said allows none.

    Its `patient` must be a Patient, so a document about a Group yields none. No criticality and no
    date: a list of allergies says neither.
    """
    status = status_tables.ALLERGY_INTOLERANCE[group.thing.assertion_status]
    note = group.first.note
    if status is None or not references.points_at(note.subject, "Patient"):
        return None
    return {
        **opening(group),
        "clinicalStatus": concept(systems.ALLERGY_CLINICAL, str(status.clinical)),
        "verificationStatus": concept(_VERIFIED, status.verification),
        **_type(group),
        **_category(group),
        "code": _code(group.first),
        "patient": reference(note.subject),
        **({"encounter": reference(note.encounter)} if note.encounter else {}),
        **_reaction(group),
    }


def _code(first: MentionInNote) -> Resource:
    """Return the allergen as the note names it; that none is known has a SNOMED CT code too."""
    allergy = allergy_statement(first)
    if allergy is None or allergy.none_known is None:
        return of_words(allergy.allergen if allergy else first.mention.text)
    code = allergy.none_known.code
    coded = concept(systems.SNOMED_CT, *code) if code else {}
    return {**coded, **of_words(allergy.none_known.words)}


def _type(group: Group) -> Resource:
    types = {is_allergy(one) for one in group.mentions}
    if len(types) != 1 or _none_known(group) or (only := types.pop()) is None:
        return {}
    return {"type": "allergy" if only else "intolerance"}


def _category(group: Group) -> Resource:
    kinds = {found for one in group.mentions if (found := category(one))}
    return {"category": sorted(kinds)} if len(kinds) == 1 and not _none_known(group) else {}


def _reaction(group: Group) -> Resource:
    """Return what the allergen did, each manifestation once, with its own evidence."""
    if group.thing.assertion_status == "negated" or _none_known(group):
        return {}
    same: dict[str, list[MentionInNote]] = {}
    for problem in (problem for one in group.mentions for problem in reactions(one)):
        same.setdefault(key(problem.mention.text), []).append(problem)
    manifestations = [
        {"extension": extensions(ones), **of_words(ones[0].mention.text)} for ones in same.values()
    ]
    return {"reaction": [{"manifestation": manifestations}]} if manifestations else {}


def _none_known(group: Group) -> bool:
    allergy = allergy_statement(group.first)
    return allergy is not None and allergy.none_known is not None
