"""Notes for the storm, each of which names a different patient and says what has to come of it."""

import base64
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

SYSTEM = "urn:storm"

TEXTS: Sequence[tuple[str, Sequence[str]]] = (
    ("Pneumonia, on aspirin.", ("Condition", "MedicationStatement")),
    ("SLOW pneumonia.", ("Condition",)),
    ("Pneumonia after appendectomy.", ("Condition", "Procedure")),
    ("Nothing of note.", ()),
)
"""Texts for the keyword reader, and the resources that it finds in them."""


def notes(number: int) -> Iterator[dict[str, Any]]:
    """Give so many DocumentReferences; SLOW ones, over which a worker sleeps, are one in forty."""
    for place in range(number):
        yield document(place, text_of(place)[0])


def text_of(place: int) -> tuple[str, Sequence[str]]:
    """Return the text of a note and the types of its resources."""
    return TEXTS[1] if place % 40 == 0 else TEXTS[(0, 2, 3)[place % 3]]


def expected(number: int) -> Counter[str]:
    """Return how many resources of each type so many notes have."""
    return Counter(kind for place in range(number) for kind in text_of(place)[1])


def document(place: int, text: str) -> dict[str, Any]:
    """Return one DocumentReference."""
    data = base64.b64encode(text.encode()).decode()
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "identifier": [{"system": SYSTEM, "value": str(place)}],
        "subject": {"reference": f"Patient/{place}"},
        "content": [{"attachment": {"contentType": "text/plain; charset=utf-8", "data": data}}],
    }


def body(resource: dict[str, Any]) -> bytes:
    """Return the JSON of a resource."""
    return orjson.dumps(resource)
