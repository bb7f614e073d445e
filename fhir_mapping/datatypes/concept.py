"""Small FHIR datatypes as plain dicts: codings, concepts, references, the AI label."""

import re
from typing import Final

from fhir_mapping.datatypes import systems

Resource = dict[str, object]

_BARRED: Final = re.compile(r"[^\S \t\r\n]|[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def coding(system: str, code: str, display: str | None = None) -> Resource:
    """Return a Coding."""
    named = {"display": display} if display else {}
    return {"system": system, "code": code, **named}


def concept(system: str, code: str, display: str | None = None) -> Resource:
    """Return a CodeableConcept of one Coding."""
    return {"coding": [coding(system, code, display)]}


def reference(target: str) -> Resource:
    """Return a Reference to `target`, such as `Patient/7`."""
    return {"reference": target}


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


def words(text: str) -> str:
    """Return words of a note as a FHIR string: as written, but each sign it bars is a space.

    R4's string takes of white space only the space, tab, CR and LF, and no control characters.
    """
    return text if text.isprintable() else _BARRED.sub(" ", text)


def of_words(text: str) -> Resource:
    """Return the CodeableConcept of words of a note."""
    return {"text": words(text)}
