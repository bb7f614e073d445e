"""A disease, a sign or a history to a Condition (FHIR R4, Condition)."""

from typing import Final

from fhir_mapping.datatypes import systems
from fhir_mapping.datatypes.codeable_concept import Resource, concept, of_words, reference
from fhir_mapping.elements import body_site
from fhir_mapping.elements.course_from_cues import course
from fhir_mapping.elements.evidence import extensions, name, opening
from fhir_mapping.elements.narrowed_denial import heads, whole
from fhir_mapping.elements.occurrence import onset
from fhir_mapping.findings import status_tables
from fhir_mapping.findings.attributes import attributes, key
from fhir_mapping.findings.grouping import Group

_SEVERITY: Final = frozenset({"Severity"})
# SNOMED CT, value set condition-severity; only for these very words.
_CODES: Final = {"mild": "255604002", "moderate": "6736007", "severe": "24484000"}
_NARROWING: Final = _SEVERITY | body_site.LABELS


def condition(group: Group) -> Resource | None:
    """Return the Condition of a group, or None where what is said allows none.

    No category: a disease named in a note need be neither the encounter's diagnosis nor on the
    problem list. No date: the note's date is not when somebody recorded the condition.
    """
    status = _status(group)
    if status is None or not whole(group, _NARROWING):
        return None
    note = group.first.note
    return {
        **opening(group),
        **_clinical(status),
        "verificationStatus": concept(systems.CONDITION_VERIFICATION, status.verification),
        **_severity(group),
        "code": name(group),
        **body_site.sites(group),
        "subject": reference(note.subject),
        **({"encounter": reference(note.encounter)} if note.encounter else {}),
        **onset(group),
    }


def _status(group: Group) -> status_tables.ConditionStatus | None:
    """Return the status of what is said, as far as the words beside it do not say more."""
    status, stated = status_tables.CONDITION[group.thing.assertion_status], course(group)
    if status and stated in status_tables.CLINICAL_OF_COURSE:
        return status._replace(clinical=stated)
    if status and stated in status_tables.VERIFICATION_OF_COURSE:
        return status._replace(verification=stated)
    return status


def _clinical(status: status_tables.ConditionStatus) -> Resource:
    if status.clinical is None:
        return {}
    return {"clinicalStatus": concept(systems.CONDITION_CLINICAL, status.clinical)}


def _severity(group: Group) -> Resource:
    """Return the element `severity`, or nothing where none is said or two are."""
    found = [one for head in heads(group) for one in attributes(head, _SEVERITY)]
    stated = {key(one.mention.text) for one in found}
    if len(stated) != 1:
        return {}
    code = _CODES.get(stated.pop())
    coded = concept(systems.SNOMED_CT, code) if code else {}
    words = of_words(found[0].mention.text)
    return {"severity": {"extension": extensions(found), **coded, **words}}
