"""The label that says that an AI made a resource (HL7 AI Transparency on FHIR)."""

from fhir_mapping.datatypes import systems
from fhir_mapping.datatypes.codeable_concept import Resource, coding, concept


def ai_asserted() -> Resource:
    """Return the Coding "Artificial Intelligence asserted" (HL7 v3-ObservationValue)."""
    return coding(systems.OBSERVATION_VALUE, "AIAST", "Artificial Intelligence asserted")


def ai_system() -> Resource:
    """Return the CodeableConcept that marks a Device or an agent as an AI (AIdeviceTypeCS)."""
    return concept(systems.AI_DEVICE_TYPE, "Artificial-Intelligence")


def ai_meta(profile: str | None = None) -> Resource:
    """Return a `meta` with the AI label; the memory adds versionId and lastUpdated."""
    profiles = {"profile": [profile]} if profile else {}
    return {**profiles, "security": [ai_asserted()]}
