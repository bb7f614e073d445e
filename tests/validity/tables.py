"""What FHIR R4 (4.0.1) requires of the resources we write, as tables.

Written from the R4 pages of each resource, not from the mapping, so that the two can disagree.
"""

from typing import Final

T: Final = "http://terminology.hl7.org/CodeSystem/"
AI: Final = "http://hl7.org/fhir/uv/aitransparency/"


def _codes(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Elements that must be there wherever their parent is.
REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "Condition": ("subject",),
    "MedicationStatement": ("status", "medication[x]", "subject"),
    "Procedure": ("status", "subject", "performer.actor"),
    "AllergyIntolerance": ("patient", "reaction.manifestation"),
    "FamilyMemberHistory": ("status", "patient", "relationship", "condition.code"),
    "Provenance": ("target", "recorded", "agent", "agent.who", "entity.role", "entity.what"),
    "Device": ("deviceName.name", "deviceName.type", "version.value"),
    "DocumentReference": ("status", "content", "content.attachment"),
    "Observation": ("status", "code", "component.code"),
    "OperationOutcome": ("issue", "issue.severity", "issue.code"),
}

# Required bindings of elements of type `code`.
CODES: Final[dict[str, frozenset[str]]] = {
    "MedicationStatement.status": _codes(
        "active completed entered-in-error intended stopped on-hold unknown not-taken"
    ),
    "Procedure.status": _codes(
        "preparation in-progress not-done on-hold stopped completed entered-in-error unknown"
    ),
    "AllergyIntolerance.type": _codes("allergy intolerance"),
    "AllergyIntolerance.category": _codes("food medication environment biologic"),
    "AllergyIntolerance.criticality": _codes("low high unable-to-assess"),
    "AllergyIntolerance.reaction.severity": _codes("mild moderate severe"),
    "FamilyMemberHistory.status": _codes("partial completed entered-in-error health-unknown"),
    "FamilyMemberHistory.sex": _codes("male female other unknown"),
    "Device.status": _codes("active inactive entered-in-error unknown"),
    "Device.deviceName.type": _codes(
        "udi-label-name user-friendly-name patient-reported-name manufacturer-name model-name other"
    ),
    "DocumentReference.status": _codes("current superseded entered-in-error"),
    "DocumentReference.docStatus": _codes("preliminary final amended entered-in-error"),
    "Observation.status": _codes(
        "registered preliminary final amended corrected cancelled entered-in-error unknown"
    ),
    "Observation.valueQuantity.comparator": _codes("< <= >= >"),
    "Observation.component.valueQuantity.comparator": _codes("< <= >= >"),
    "Provenance.entity.role": _codes("derivation revision quotation source removal"),
    "MedicationStatement.dosage.timing.repeat.periodUnit": _codes("s min h d wk mo a"),
    "MedicationStatement.dosage.timing.repeat.when": _codes(
        "MORN MORN.early MORN.late NOON AFT AFT.early AFT.late EVE EVE.early EVE.late NIGHT PHS"
        " HS WAKE C CM CD CV AC ACM ACD ACV PC PCM PCD PCV"
    ),
    "OperationOutcome.issue.severity": _codes("fatal error warning information"),
    "OperationOutcome.issue.code": _codes(
        "invalid structure required value invariant security login unknown expired forbidden"
        " suppressed processing not-supported duplicate multiple-matches not-found deleted"
        " too-long code-invalid extension too-costly business-rule conflict transient lock-error"
        " no-store exception timeout incomplete throttled informational"
    ),
}

# Required bindings of CodeableConcepts: one coding of the system has to be there.
CONCEPTS: Final[dict[str, str]] = {
    "Condition.clinicalStatus": T + "condition-clinical",
    "Condition.verificationStatus": T + "condition-ver-status",
    "AllergyIntolerance.clinicalStatus": T + "allergyintolerance-clinical",
    "AllergyIntolerance.verificationStatus": T + "allergyintolerance-verification",
}

# The codes of the systems we use; a coding of one of them has to be one of these.
SYSTEMS: Final[dict[str, frozenset[str]]] = {
    T + "condition-clinical": _codes("active recurrence relapse inactive remission resolved"),
    T + "condition-ver-status": _codes(
        "unconfirmed provisional differential confirmed refuted entered-in-error"
    ),
    T + "allergyintolerance-clinical": _codes("active inactive resolved"),
    T + "allergyintolerance-verification": _codes("unconfirmed confirmed refuted entered-in-error"),
    T + "observation-category": _codes(
        "social-history vital-signs imaging laboratory procedure survey exam therapy activity"
    ),
    # The two halves of a blood pressure.
    "http://loinc.org": _codes("8480-6 8462-4"),
    T + "condition-category": frozenset({"problem-list-item", "encounter-diagnosis"}),
    T + "v3-RoleCode": _codes(
        "FAMMEMB MTH FTH BRO SIS SIB PRN SONC DAUC CHILD TWIN TWINBRO TWINSIS HBRO HSIS HSIB GRPRN"
        " GRMTH GRFTH MGRMTH MGRFTH PGRMTH PGRFTH AUNT MAUNT PAUNT UNCLE MUNCLE PUNCLE COUSN"
        " MCOUSN PCOUSN NIECE NEPHEW GRNDSON GRNDDAU GRNDCHILD HUSB WIFE SPS"
    ),
    T + "v3-ObservationValue": frozenset({"AIAST", "AIRPT", "CLINAST", "CLINRPT"}),
    T + "v3-ObservationInterpretation": _codes(
        "CAR B D U W HX LX HH LL H L HU LU A AA N I MS NS R SYN-R NCL S SDD SYN-S DET ND POS NEG"
        " IND EXP UNE NR RR WR < > OBX IE EX"
    ),
    # The value set condition-severity, routes, and that no allergy is known (IPS): all that we code
    # in SNOMED CT.
    "http://snomed.info/sct": _codes(
        "24484000 6736007 255604002 26643006 47625008 78421000 34206005 37839007 37161004 447694001"
        " 6064005 45890007 46713006 54485002 716186003 409137002 429625007 428607008"
    ),
    T + "v3-DataOperation": _codes(
        "OPERATE CREATE DELETE EXECUTE READ UPDATE APPEND MODIFYSTATUS ABORT ACTIVATE CANCEL"
        " COMPLETE HOLD JUMP NULLIFY OBSOLETE REACTIVATE RELEASE RESUME SUSPEND"
    ),
    T + "provenance-participant-type": _codes(
        "enterer performer author verifier legal attester informant custodian assembler composer"
    ),
    # As far as R4's value set timing-abbreviation takes them in.
    T + "v3-GTSAbbreviation": _codes("BID TID QID AM PM QD QOD Q1H Q2H Q3H Q4H Q6H Q8H BED WK MO"),
    # The countable forms.
    T + "v3-orderableDrugForm": _codes("TAB CAP PUFF PATCH SPRY DROP SUPP PILL CAPLET TPATCH"),
    AI + "CodeSystem/AIdeviceTypeCS": frozenset({"Artificial-Intelligence"}),
    AI + "CodeSystem/AIinputsCS": frozenset(
        {"AIModelCard", "AIModelCardMarkdownFormat", "AIInputPrompt"}
    ),
}

_PATIENT: Final = frozenset({"Patient", "Group"})
_PEOPLE: Final = frozenset({"Practitioner", "PractitionerRole", "Patient", "RelatedPerson"})
_WHO: Final = _PEOPLE | {"Device", "Organization"}

TARGETS: Final[dict[str, frozenset[str]]] = {
    "Condition.subject": _PATIENT,
    "Condition.encounter": frozenset({"Encounter"}),
    "Condition.recorder": _PEOPLE,
    "Condition.asserter": _PEOPLE,
    "MedicationStatement.subject": _PATIENT,
    "MedicationStatement.context": frozenset({"Encounter", "EpisodeOfCare"}),
    "MedicationStatement.informationSource": _PEOPLE | {"Organization"},
    "Procedure.subject": _PATIENT,
    "Procedure.encounter": frozenset({"Encounter"}),
    "Procedure.recorder": _PEOPLE,
    "Procedure.asserter": _PEOPLE,
    "Procedure.performer.actor": _WHO,
    "Observation.subject": _PATIENT | {"Device", "Location"},
    "Observation.encounter": frozenset({"Encounter"}),
    "Observation.performer": _WHO - {"Device"} | {"CareTeam"},
    "AllergyIntolerance.patient": frozenset({"Patient"}),
    "AllergyIntolerance.encounter": frozenset({"Encounter"}),
    "AllergyIntolerance.recorder": _PEOPLE,
    "AllergyIntolerance.asserter": _PEOPLE,
    "FamilyMemberHistory.patient": frozenset({"Patient"}),
    "Provenance.agent.who": _WHO,
    "DocumentReference.subject": _PATIENT | {"Practitioner", "Device"},
    "DocumentReference.context.encounter": frozenset({"Encounter", "EpisodeOfCare"}),
}

# What the extensions we write may carry: the element, and for a reference its target.
EXTENSIONS: Final[dict[str, tuple[str, str | None]]] = {
    AI + "StructureDefinition/AIconfidence": ("valueDecimal", None),
    AI + "StructureDefinition/aitransparency.modelCardDescription": (
        "valueReference",
        "DocumentReference",
    ),
    "http://hl7.org/fhir/StructureDefinition/derivation-reference": ("extension", None),
}
DERIVATION: Final = "http://hl7.org/fhir/StructureDefinition/derivation-reference"
DERIVATION_PARTS: Final[dict[str, str]] = {
    "reference": "valueReference",
    "path": "valueString",
    "offset": "valueInteger",
    "length": "valueInteger",
}
