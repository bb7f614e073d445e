"""A finding in short: what a golden case compares."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from models.clinical import Extraction, Finding, Note

_DERIVATION: Final = "http://hl7.org/fhir/StructureDefinition/derivation-reference"
_BOILERPLATE: Final = frozenset(
    {"id", "meta", "text", "subject", "patient", "encounter", "context"}
)


def meaning(extraction: Extraction) -> list[dict[str, Any]]:
    """Return the findings of an extraction in short."""
    return [_finding(finding, extraction.notes) for finding in extraction.findings]


def _finding(finding: Finding, notes: Sequence[Note]) -> dict[str, Any]:
    if finding.resource is None:
        return {"finding": finding.text, "resource": None}
    return {
        name: _short(value, notes)
        for name, value in finding.resource.items()
        if name not in _BOILERPLATE
    }


def _short(value: Any, notes: Sequence[Note]) -> Any:
    """Return a value whose evidence is one line each and whose single codings are their codes."""
    if isinstance(value, list):
        if value and isinstance(value[0], dict) and value[0].get("url") == _DERIVATION:
            pairs = zip(value[::2], value[1::2], strict=True)
            return [_line(place, score, notes) for place, score in pairs]
        return [_short(item, notes) for item in value]
    if isinstance(value, dict):
        if set(value) == {"coding"}:
            return value["coding"][0]["code"]
        return {name: _short(part, notes) for name, part in value.items()}
    return value


def _line(place: Mapping[str, Any], score: Mapping[str, Any], notes: Sequence[Note]) -> str:
    parts = {part["url"]: part for part in place["extension"]}
    index = int(parts["path"]["valueString"].split("[")[1].split("]")[0])
    start, length = (parts[name]["valueInteger"] for name in ("offset", "length"))
    text = next(note.text for note in notes if note.content_index == index)
    words = text[start : start + length]
    return f"{index}:{start}-{start + length} {words} {score['valueDecimal']}"
