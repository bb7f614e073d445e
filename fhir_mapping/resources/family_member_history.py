"""A relative's disease to a FamilyMemberHistory (FHIR R4, FamilyMemberHistory)."""

from fhir_mapping.datatypes import references, systems
from fhir_mapping.datatypes.codeable_concept import Resource, concept, of_words, reference, words
from fhir_mapping.elements.evidence import opening
from fhir_mapping.elements.relative_age import age_of_relative, onset_of_relative
from fhir_mapping.findings import status_tables
from fhir_mapping.findings.family_clause import clause, disease
from fhir_mapping.findings.grouping import Group
from fhir_mapping.findings.relatives import RELATIVES


def family_member_history(group: Group) -> Resource | None:
    """Return the FamilyMemberHistory of a group, or None where what is said allows none.

    Its `patient` must be a Patient, so a document about a Group yields none.
    """
    status = status_tables.FAMILY_MEMBER_HISTORY[group.thing.assertion_status]
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
        **age_of_relative(group),
        "condition": [
            {
                "code": of_words(disease(group.first.mention)),
                **onset_of_relative(group),
                **_note(group),
            }
        ],
    }


def _note(group: Group) -> Resource:
    """Return the whole clauses of which `code` names only the disease."""
    clauses = dict.fromkeys(one.mention.text for one in group.mentions if clause(one.mention))
    return {"note": [{"text": words(text)} for text in clauses]} if clauses else {}
