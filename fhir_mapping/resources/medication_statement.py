"""A drug to a MedicationStatement (FHIR R4, MedicationStatement)."""

from fhir_mapping.datatypes.codeable_concept import Resource, of_words, reference
from fhir_mapping.elements.course_from_cues import course
from fhir_mapping.elements.dosage import dosages
from fhir_mapping.elements.evidence import opening
from fhir_mapping.elements.occurrence import taken
from fhir_mapping.findings import status_tables, taken_or_done
from fhir_mapping.findings.drug_name import drug_name
from fhir_mapping.findings.grouping import Group


def medication_statement(group: Group) -> Resource | None:
    """Return the MedicationStatement of a group, or None where what is said allows none.

    No dateAsserted: the note's date is not surely when somebody said so.
    """
    asserted = status_tables.MEDICATION_STATEMENT[group.thing.assertion_status]
    status = course(group) or _taken(group) or asserted
    if status is None:
        return None
    note, dosage = group.first.note, dosages(group)
    return {
        **opening(group),
        "status": status,
        "medicationCodeableConcept": of_words(drug_name(group.first)),
        "subject": reference(note.subject),
        **({"context": reference(note.encounter)} if note.encounter else {}),
        **taken(group),
        **({"dosage": dosage} if dosage else {}),
    }


def _taken(group: Group) -> taken_or_done.Status | None:
    status = group.thing.assertion_status
    if status == "historical":
        return taken_or_done.given_up(group.mentions)
    return taken_or_done.drug_status(group.mentions) if status == "asserted" else None
