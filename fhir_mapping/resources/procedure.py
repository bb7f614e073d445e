"""A therapeutic or diagnostic procedure to a Procedure (FHIR R4, Procedure)."""

from fhir_mapping.datatypes.codeable_concept import Resource, reference
from fhir_mapping.elements.body_site import LABELS as SITES
from fhir_mapping.elements.body_site import sites
from fhir_mapping.elements.course_from_cues import course
from fhir_mapping.elements.evidence import name, opening
from fhir_mapping.elements.narrowed_denial import whole
from fhir_mapping.elements.occurrence import performed
from fhir_mapping.findings import status_tables, taken_or_done
from fhir_mapping.findings.grouping import Group


def procedure(group: Group) -> Resource | None:
    """Return the Procedure of a group, or None where what is said allows none."""
    status = course(group) or _done(group) or status_tables.PROCEDURE[group.thing.assertion_status]
    if status is None or not whole(group, SITES):
        return None
    note = group.first.note
    return {
        **opening(group),
        "status": status,
        "code": name(group),
        "subject": reference(note.subject),
        **({"encounter": reference(note.encounter)} if note.encounter else {}),
        **performed(group),
        **sites(group),
    }


def _done(group: Group) -> taken_or_done.Status | None:
    asserted = group.thing.assertion_status == "asserted"
    return taken_or_done.procedure_status(group.mentions) if asserted else None
