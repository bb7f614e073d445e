"""CodeableConcept, Coding, Reference and string of FHIR, as plain dicts."""

import re
from typing import Final

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


def words(text: str) -> str:
    """Return words of a note as a FHIR string: as written, but each sign it bars is a space.

    R4's string takes of white space only the space, tab, CR and LF, and no control characters.
    """
    return text if text.isprintable() else _BARRED.sub(" ", text)


def of_words(text: str) -> Resource:
    """Return the CodeableConcept of words of a note."""
    return {"text": words(text)}
