"""A disease, a sign or a history to a Condition (FHIR R4, Condition)."""

from typing import Final

from fhir_mapping.datatypes import systems
from fhir_mapping.datatypes.codeable_concept import Resource, concept, reference
from fhir_mapping.elements import body_site, severity
from fhir_mapping.elements.course_from_cues import course
from fhir_mapping.elements.evidence import name, opening
from fhir_mapping.elements.narrowed_denial import whole
from fhir_mapping.elements.occurrence import onset
from fhir_mapping.findings import status_tables
from fhir_mapping.findings.grouping import Group

_NARROWING: Final = severity.LABELS | body_site.LABELS


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
        **severity.severity(group),
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
