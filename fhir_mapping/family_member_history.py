"""A relative's disease to a FamilyMemberHistory (FHIR R4, FamilyMemberHistory)."""

from fhir_mapping import references, statuses, systems
from fhir_mapping.attributes.times import onset_of_relative
from fhir_mapping.concept import Resource, concept, of_words, reference
from fhir_mapping.evidence import opening
from fhir_mapping.findings import Group
from fhir_mapping.relatives import RELATIVES


def family_member_history(group: Group) -> Resource | None:
    """Return the FamilyMemberHistory of a group, or None where what is said allows none.

    Its `patient` must be a Patient, so a document about a Group yields none.
    """
    status = statuses.FAMILY_MEMBER_HISTORY[group.thing.said]
    subject = group.first.note.subject
    if status is None or not references.points_at(subject, "Patient"):
        return None
    code, display = RELATIVES[group.thing.relative]
    return {
        **opening(group),
        "status": status,
        "patient": reference(subject),
        "relationship": {
            **concept(systems.ROLE_CODE, code, display),
            "text": group.thing.relative or display,
        },
        "condition": [{"code": of_words(group.first.mention.text), **onset_of_relative(group)}],
    }
