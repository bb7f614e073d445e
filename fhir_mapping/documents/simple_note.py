"""A note without FHIR around it, as an application sends it that has a text and knows whose it is.

It becomes a DocumentReference, so that it is read, versioned and retracted as every other one.
"""

import base64
from collections.abc import Mapping
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fhir_mapping.datatypes.json_values import WORST_SHOWN
from models.clinical import DOCUMENT_TYPES, NO_SOURCE
from models.errors import NotANote
from models.fhir_ids import ID

_REFERENCE: Final = rf"^(https?://[^\s#]+/)?[A-Z][A-Za-z]{{1,40}}/{ID}$"
_CHARSET: Final = "text/plain; charset=utf-8"


class SimpleNote(BaseModel):
    """A note in plain text."""

    model_config = ConfigDict(extra="forbid", strict=True, title="Note in plain text")

    text: str = Field(min_length=1, description="The text; offsets in results count in it.")
    patient: str = Field(
        pattern=_REFERENCE, description="Reference to whom it is about, such as `Patient/7`."
    )
    document_id: str = Field(
        min_length=1,
        max_length=200,
        description="Its name at the sender. The same name with another text is its next version.",
    )
    source: str = Field(
        default=NO_SOURCE,
        pattern=r"^\S{1,200}$",
        description="The system (a URI) in which `document_id` names one document.",
    )
    version: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9.-]{1,64}$",
        description="The sender's version: another one is a next version even of the same text.",
    )
    encounter: str | None = Field(
        default=None, pattern=_REFERENCE, description="Reference such as `Encounter/3`."
    )
    date: str | None = Field(
        default=None,
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
        r"(Z|[+-][0-9]{2}:[0-9]{2})$",
        description="When it was written: a FHIR instant, such as `2026-03-01T10:00:00Z`.",
    )
    status: Literal["current", "superseded", "entered-in-error"] = Field(
        default="current", description="`entered-in-error` takes back what was read in it."
    )


def document_reference(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the DocumentReference of a note in plain text.

    Raises:
        NotANote: it is none; the reason names its elements, never their values.
    """
    try:
        note = SimpleNote.model_validate(payload)
        data = base64.b64encode(note.text.encode()).decode()
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise NotANote(reason="; ".join(map(_complaint, found[:WORST_SHOWN]))) from None
    except UnicodeEncodeError:
        raise NotANote(reason="text: half a surrogate") from None
    return _made(note, data)


def _complaint(error: Mapping[str, Any]) -> str:
    place = str(error["loc"][0]) if error["loc"] else "?"
    return f"{place if place in SimpleNote.model_fields else '?'}: {error['type']}"


def _made(note: SimpleNote, data: str) -> dict[str, Any]:
    attachment = {"contentType": _CHARSET, "data": data}
    made = {
        "resourceType": "DocumentReference",
        "meta": {"versionId": note.version} if note.version else None,
        "identifier": [{"system": note.source, "value": note.document_id}],
        "status": note.status,
        "subject": {"reference": note.patient},
        "date": note.date,
        "content": [{"attachment": attachment}],
        "context": {"encounter": [{"reference": note.encounter}]} if note.encounter else None,
    }
    return {name: value for name, value in made.items() if value is not None}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of what may be sent: an R4 document, or a note in plain text.

    Of FHIR it says the type alone; what else holds of it says FHIR R4.
    """
    fhir = [
        {
            "title": kind,
            "type": "object",
            "required": ["resourceType", "status"],
            "properties": {"resourceType": {"const": kind}},
        }
        for kind in DOCUMENT_TYPES
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "biomed.ingest",
        "description": "The one argument of the Celery task biomed.ingest.",
        "oneOf": [*fhir, SimpleNote.model_json_schema()],
    }
