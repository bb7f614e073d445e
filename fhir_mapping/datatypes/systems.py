"""The URLs FHIR resources speak in: code systems, extensions and profiles.

Sources: FHIR R4 (4.0.1) terminology, the FHIR Extensions Pack, HL7 AI Transparency on FHIR.
"""

from typing import Final

_TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem/"
_AI: Final = "http://hl7.org/fhir/uv/aitransparency/"

CONDITION_CLINICAL: Final = _TERMINOLOGY + "condition-clinical"
CONDITION_VERIFICATION: Final = _TERMINOLOGY + "condition-ver-status"
ALLERGY_CLINICAL: Final = _TERMINOLOGY + "allergyintolerance-clinical"
ALLERGY_VERIFICATION: Final = _TERMINOLOGY + "allergyintolerance-verification"
OBSERVATION_CATEGORY: Final = _TERMINOLOGY + "observation-category"
ROLE_CODE: Final = _TERMINOLOGY + "v3-RoleCode"
OBSERVATION_VALUE: Final = _TERMINOLOGY + "v3-ObservationValue"
GTS_ABBREVIATION: Final = _TERMINOLOGY + "v3-GTSAbbreviation"
DRUG_FORM: Final = _TERMINOLOGY + "v3-orderableDrugForm"
OBSERVATION_INTERPRETATION: Final = _TERMINOLOGY + "v3-ObservationInterpretation"
DATA_OPERATION: Final = _TERMINOLOGY + "v3-DataOperation"
PARTICIPANT_TYPE: Final = _TERMINOLOGY + "provenance-participant-type"

UCUM: Final = "http://unitsofmeasure.org"
SNOMED_CT: Final = "http://snomed.info/sct"
LOINC: Final = "http://loinc.org"

AI_DEVICE_TYPE: Final = _AI + "CodeSystem/AIdeviceTypeCS"
AI_INPUTS: Final = _AI + "CodeSystem/AIinputsCS"
AI_CONFIDENCE: Final = _AI + "StructureDefinition/AIconfidence"
AI_MODEL_CARD_DESCRIPTION: Final = _AI + "StructureDefinition/aitransparency.modelCardDescription"
AI_DEVICE_PROFILE: Final = _AI + "StructureDefinition/AI-Device"
AI_MODEL_CARD_PROFILE: Final = _AI + "StructureDefinition/AI-ModelCard"
AI_PROVENANCE_PROFILE: Final = _AI + "StructureDefinition/AI-Provenance"

DERIVATION_REFERENCE: Final = "http://hl7.org/fhir/StructureDefinition/derivation-reference"
