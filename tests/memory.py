"""Documents and extractions of them, for tests of the memory."""

import uuid
from dataclasses import replace
from typing import Any

import orjson

from models.clinical import (
    Assertion,
    Coverage,
    Cue,
    Document,
    Evidence,
    Extraction,
    Finding,
    Link,
    Mention,
    ModelIdentity,
    Note,
    Reading,
    Run,
    sha256_of,
)

TEXT = "Ward 7 😷\r\nNo pneumonia. Started aspirin 75 mg.\r\n"
MODEL = ModelIdentity("small", "r1", "ab" * 32, ("Disease_disorder", "Medication"), "0.1.0")


def document(key: str = "notes|1", text: str = TEXT, **changes: Any) -> Document:
    """Return a document about Patient/7 whose content is the text."""
    content = {"resourceType": "DocumentReference", "description": text}
    fhir_id = str(uuid.uuid5(uuid.NAMESPACE_URL, key))
    resource = orjson.dumps(content).decode()
    made = Document("default", key, fhir_id, sha256_of(resource), resource, subject="Patient/7")
    return replace(made, **changes)


def note(document: Document, text: str = TEXT) -> Note:
    """Return the only note of a document."""
    return Note(
        document.tenant, document.id, document.version, 0, text, "utf-8", subject="Patient/7"
    )


def mention(text: str, words: str, label: str, score: float = 0.9) -> Mention:
    """Return the mention of the first place where the words stand."""
    start = text.index(words)
    return Mention(start, start + len(words), words, label, score)


def reading(text: str = TEXT, model: ModelIdentity = MODEL) -> Reading:
    """Return what there is to find in TEXT: a negated disease, a drug and its dose."""
    found = (
        mention(text, "pneumonia", "Disease_disorder"),
        mention(text, "aspirin", "Medication"),
        mention(text, "75 mg", "Dosage"),
    )
    no = text.index("No ")
    negated = Assertion(negated=True, cues=(Cue("negated", no, no + 2, "No"),))
    links = (Link("dosage", 2, 1, 0.8),)
    everything = Coverage(len(text), len(text))
    return Reading(found, (negated, Assertion(), Assertion()), links, everything, model)


def condition(document: Document, status: str = "refuted") -> dict[str, object]:
    """Return the Condition of a document, which names the document's version."""
    return {
        "resourceType": "Condition",
        "id": resource_id(document, "Condition"),
        "meta": {"security": [{"code": "AIAST"}]},
        "extension": [{"valueReference": {"reference": reference(document)}}],
        "verificationStatus": {"coding": [{"code": status}]},
        "subject": {"reference": "Patient/7"},
    }


def device() -> dict[str, object]:
    """Return the Device that every document brings again."""
    return {"resourceType": "Device", "id": "model-1", "deviceName": [{"name": "small"}]}


def extraction(
    document: Document,
    *,
    text: str = TEXT,
    status: str = "refuted",
    model: ModelIdentity = MODEL,
) -> Extraction:
    """Return a whole extraction of a document, under a new run."""
    run = Run(str(uuid.uuid4()), model, "2026-01-02T03:04:05+00:00", "2026-01-02T03:04:06+00:00")
    read = reading(text, model)
    findings = (
        Finding(
            "Disease_disorder",
            "pneumonia",
            read.assertions[0],
            (Evidence(0, 0),),
            condition(document, status),
        ),
        Finding("Medication", "aspirin", Assertion(), (Evidence(0, 1),)),
    )
    return Extraction(run, (note(document, text),), (read,), (), findings, (device(),))


def resource_id(document: Document, kind: str) -> str:
    """Return the id of a document's resource of a type."""
    return str(uuid.uuid5(uuid.UUID(document.id), kind))


def reference(document: Document) -> str:
    """Return the versioned reference to a document."""
    return f"DocumentReference/{document.id}/_history/{document.version}"
