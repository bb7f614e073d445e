"""The sample notes as DocumentReferences; every patient in them is invented.

The notes lie beside this file, so that they can be read in the repository.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

import orjson

Expected = Literal["done", "failed", "refused"]
Resource = dict[str, Any]

SYSTEM = "urn:biomed-ner:demo"
UTF_8 = "text/plain; charset=utf-8"
LATIN_1 = "text/plain; charset=ISO-8859-1"
LOINC = "http://loinc.org"


@dataclass(frozen=True, slots=True)
class Sample:
    """A note, the LOINC type of its document, and what has to become of it.

    `spoil` makes of the correct DocumentReference the one that is sent.
    """

    title: str
    file: str
    code: str
    expected: Expected = "done"
    content_type: str = UTF_8
    spoil: Callable[[Resource], Resource] | None = None


def with_unknown_field(resource: Resource) -> Resource:
    """Return a DocumentReference with an element that FHIR does not have."""
    return {**resource, "noteText": "see attachment"}


def with_bad_base64(resource: Resource) -> Resource:
    """Return a DocumentReference whose attachment is not base64."""
    attachment = {**resource["content"][0]["attachment"], "data": "this is *not* base64"}
    return {**resource, "content": [{"attachment": attachment}]}


SAMPLES = (
    Sample("Model card's example", "model_card_example.txt", "11488-4"),
    Sample("Discharge summary", "discharge_summary.txt", "18842-5"),
    Sample("Radiology report", "radiology_report.txt", "18748-4"),
    Sample("Progress note", "progress_note.txt", "11506-3"),
    Sample("Operative note", "operative_note.txt", "11504-8"),
    Sample("Emergency note", "emergency_note.txt", "34111-5"),
    Sample("Pathology report", "pathology_report.txt", "11526-1"),
    Sample("Consult, all capitals", "all_capitals.txt", "11488-4"),
    Sample("Admission note, bullets", "sections_and_bullets.txt", "34117-2"),
    Sample("Genetics consult", "genetics_consult.txt", "11488-4"),
    Sample("Telephone note", "telephone_note.txt", "34748-4"),
    Sample("Long hospital course", "long_hospital_course.txt", "18842-5"),
    Sample(
        "Geriatric letter, Latin-1", "geriatric_letter_latin1.txt", "18842-5", content_type=LATIN_1
    ),
    Sample("Clinic letter, HTML", "clinic_letter.html", "34133-9", content_type="text/html"),
    Sample("Admission note, RTF", "admission_note.rtf", "34117-2", content_type="application/rtf"),
    Sample(
        "Transfer summary, CDA",
        "transfer_summary_cda.xml",
        "18761-7",
        content_type="application/hl7-cda+xml",
    ),
    Sample(
        "Rehabilitation note, PDF",
        "rehabilitation_note.pdf",
        "34133-9",
        content_type="application/pdf",
    ),
    Sample("Empty note", "empty.txt", "11506-3"),
    Sample(
        "Malformed document",
        "progress_note.txt",
        "11506-3",
        expected="refused",
        spoil=with_unknown_field,
    ),
    Sample(
        "Broken attachment",
        "progress_note.txt",
        "11506-3",
        expected="failed",
        spoil=with_bad_base64,
    ),
)


def document(sample: Sample, number: int) -> bytes:
    """Return the JSON of the DocumentReference for a sample, the one of patient `number`."""
    correct = resource(sample, number, content(sample.file))
    return orjson.dumps(sample.spoil(correct) if sample.spoil else correct)


def content(file: str) -> bytes:
    """Return the bytes of a note as they lie in the repository."""
    return (files("gateway.demo") / "notes" / file).read_bytes()


def resource(sample: Sample, number: int, note: bytes) -> Resource:
    """Return a correct DocumentReference of a note."""
    attachment = {
        "contentType": sample.content_type,
        "data": base64.b64encode(note).decode(),
        "title": sample.title,
    }
    return {
        "resourceType": "DocumentReference",
        "identifier": [{"system": SYSTEM, "value": f"note-{number}"}],
        "status": "current",
        "type": {"coding": [{"system": LOINC, "code": sample.code}]},
        "subject": {"reference": f"Patient/demo-{number}"},
        "date": "2024-06-03T09:30:00Z",
        "content": [{"attachment": attachment}],
        "context": {"encounter": [{"reference": f"Encounter/demo-{number}"}]},
    }
