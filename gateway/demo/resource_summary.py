"""A resource in a few words, for a cell of the table."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Resource = dict[str, Any]

MARKS = {"refuted": "no ", "not-taken": "no ", "not-done": "no ", "provisional": "? "}
LEGEND = "no …: the note denies it    ? …: the note is not sure"
MOST_NAMED = 5


def condition(resource: Resource) -> str:
    """Return the words of a Condition, with what the note says of it."""
    status = resource["verificationStatus"]["coding"][0]["code"]
    return f"{MARKS.get(status, '')}{resource['code']['text']}"


def medication(resource: Resource) -> str:
    """Return the words of a MedicationStatement, with its dosage as written."""
    drug = resource["medicationCodeableConcept"]["text"]
    dosage = [one["text"] for one in resource.get("dosage", []) if "text" in one]
    return f"{MARKS.get(resource['status'], '')}{' '.join([drug, *dosage])}"


def allergy(resource: Resource) -> str:
    """Return the allergen of an AllergyIntolerance, with what it did."""
    status = resource["verificationStatus"]["coding"][0]["code"]
    did = [one["text"] for each in resource.get("reaction", []) for one in each["manifestation"]]
    told = f" ({', '.join(did)})" if did else ""
    return f"{MARKS.get(status, '')}{resource['code']['text']}{told}"


def procedure(resource: Resource) -> str:
    """Return the words of a Procedure."""
    return f"{MARKS.get(resource['status'], '')}{resource['code']['text']}"


def family(resource: Resource) -> str:
    """Return whose disease it is."""
    return f"{resource['relationship']['text']}: {resource['condition'][0]['code']['text']}"


WORDS: Mapping[str, Callable[[Resource], str]] = {
    "Condition": condition,
    "MedicationStatement": medication,
    "AllergyIntolerance": allergy,
    "Procedure": procedure,
    "FamilyMemberHistory": family,
}


def cell(kind: str, resources: Sequence[Resource]) -> str:
    """Return how many resources of a type there are, and the first of them."""
    words = [WORDS[kind](one) for one in resources if one["resourceType"] == kind]
    if not words:
        return ""
    named = ", ".join(" ".join(one.split()) for one in words[:MOST_NAMED])
    return f"{len(words)}: {named}{' …' if len(words) > MOST_NAMED else ''}"
