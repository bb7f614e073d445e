"""A structured Dosage in one line: `1-2 TAB; 26643006; 1/4-6h; prn pain; for 7 d`."""

from collections.abc import Iterator
from typing import Any

import orjson

from fhir_mapping.elements.dosage import dosages
from fhir_mapping.findings.grouping import group
from tests.golden.markup import read

Json = dict[str, Any]
LABELS = {"drug": "Medication", "dose": "Dosage", "often": "Frequency", "long": "Duration"}


def dosages_of(marked: str, drug: int = 0) -> list[Json]:
    """Return the dosages of the first drug in marked-up text, or of another."""
    for short, label in LABELS.items():
        marked = marked.replace(f"|{short}", f"|{label}")
    note, reading = read(marked)
    return dosages(group([note], [reading])[drug])


def briefs(marked: str, drug: int = 0) -> list[str]:
    """Return the dosages of a drug in short; "" is text only."""
    return [brief(dosage) for dosage in dosages_of(marked, drug)]


def brief(dosage: Json) -> str:
    """Return a dosage in short, "" where only its text is there."""
    return "; ".join(_parts(dosage))


def _parts(dosage: Json) -> Iterator[str]:
    repeat = dosage.get("timing", {}).get("repeat", {})
    for amount in dosage.get("doseAndRate", []):
        yield _dose(amount)
    if "route" in dosage:
        yield dosage["route"]["coding"][0]["code"]
    if "frequency" in repeat:
        yield _often(repeat, dosage["timing"])
    if dosage.get("asNeededBoolean"):
        yield "prn"
    if "asNeededCodeableConcept" in dosage:
        yield "prn " + dosage["asNeededCodeableConcept"]["text"]
    if "boundsDuration" in repeat:
        yield "for {value} {code}".format(**repeat["boundsDuration"])
    if "boundsRange" in repeat:
        low, high = repeat["boundsRange"]["low"], repeat["boundsRange"]["high"]
        yield f"for {low['value']}-{high['value']} {high['code']}"


def _dose(amount: Json) -> str:
    """The value as JSON writes it."""
    if "doseQuantity" in amount:
        low = high = amount["doseQuantity"]
    else:
        low, high = amount["doseRange"]["low"], amount["doseRange"]["high"]
    ends = dict.fromkeys(orjson.dumps(one["value"]).decode() for one in (low, high))
    return f"{'-'.join(ends)} {low['code']}"


def _often(repeat: Json, timing: Json) -> str:
    longest = f"-{repeat['periodMax']}" if "periodMax" in repeat else ""
    most = f"-{repeat['frequencyMax']}" if "frequencyMax" in repeat else ""
    words = [
        f"{repeat['frequency']}{most}/{repeat['period']}{longest}{repeat['periodUnit']}",
        *repeat.get("when", []),
        *(coding["code"] for coding in timing.get("code", {}).get("coding", [])),
    ]
    return " ".join(words)
