"""Our own checks of R4 resources, driven by the tables: what fhir.resources lets pass."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.validity import tables, walk
from tests.validity.narrative import narrative

Problems = Iterator[str]
_LITERAL: Final = re.compile(
    r"(?:https?://\S+/)?([A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(?:/_history/[A-Za-z0-9\-.]{1,64})?"
)
_OTHER_REFERENCE: Final = re.compile(r"#\S*|urn:(?:uuid|oid):\S+")
_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DECIMALS: Final = ("valueDecimal",)
_QUANTITIES: Final = re.compile(r"\w*(?:Quantity|Duration|Age)|low|high")
_INTEGERS: Final = ("valueInteger", "valuePositiveInt", "valueUnsignedInt")


def _of(resource: dict[str, Any], path: str) -> Iterator[walk.Place]:
    """Return the elements at a path that begins with the resource's type."""
    kind, _, rest = path.partition(".")
    return walk.values(resource, rest) if resource.get("resourceType") == kind else iter(())


def cardinality(resource: dict[str, Any]) -> Problems:
    """Report required elements that are missing or empty, and any empty list, object or string."""
    for path in tables.REQUIRED.get(str(resource.get("resourceType")), ()):
        parent, _, name = path.rpartition(".")
        for place, value in walk.values(resource, parent):
            if not list(walk.values(value, name)):
                yield f"{place}.{name} is missing".lstrip(".")
    for place, _, value in walk.objects(resource):
        for name, part in value.items():
            if part in ("", [], {}, None):
                yield f"{place}.{name} is empty".lstrip(".")


def bindings(resource: dict[str, Any]) -> Problems:
    """Report codes outside the required bindings."""
    for path, codes in tables.CODES.items():
        for place, value in _of(resource, path):
            if value not in codes:
                yield f"{place} is no code of its value set"
    for path, system in tables.CONCEPTS.items():
        for place, value in _of(resource, path):
            if system not in [found for _, found in walk.values(value, "coding.system")]:
                yield f"{place} has no coding of {system}"


def systems(resource: dict[str, Any]) -> Problems:
    """Report codes that their code system does not have."""
    for place, _, value in walk.objects(resource):
        codes = tables.SYSTEMS.get(str(value.get("system")))
        if codes is not None and value.get("code") not in codes:
            yield f"{place} is no code of {value['system']}"


def targets(resource: dict[str, Any]) -> Problems:
    """Report references that are no references, or point at a type they must not."""
    for place, _, value in walk.objects(resource):
        text = value.get("reference")
        if isinstance(text, str) and not (
            _LITERAL.fullmatch(text) or _OTHER_REFERENCE.fullmatch(text)
        ):
            yield f"{place} is no reference"
    for path, types in tables.TARGETS.items():
        for place, text in _of(resource, path + ".reference"):
            found = _LITERAL.fullmatch(str(text))
            if found and found[1] not in types:
                yield f"{place} points at a {found[1]}"


def extensions(resource: dict[str, Any]) -> Problems:
    """Report extensions that are not as their definition says."""
    for place, name, value in walk.objects(resource):
        if name in {"extension", "modifierExtension"}:
            yield from (f"{place}: {problem}" for problem in _extension(value))


def _extension(extension: dict[str, Any]) -> Problems:
    values = [name for name in extension if name.startswith("value")]
    if len(values) + ("extension" in extension) != 1:
        yield "ext-1 is broken"
    wanted, target = tables.EXTENSIONS.get(str(extension.get("url")), (None, None))
    if wanted and wanted not in extension:
        yield f"carries no {wanted}"
    reference = extension.get("valueReference", {}).get("reference", "")
    if target and not reference.startswith(f"{target}/"):
        yield f"does not point at a {target}"
    if extension.get("url") == tables.DERIVATION:
        yield from _derivation(extension.get("extension", []))
    if str(extension.get("url")).endswith("/AIconfidence"):
        yield from _probability(extension.get("valueDecimal"))


def _derivation(parts: list[dict[str, Any]]) -> Problems:
    for part in parts:
        if tables.DERIVATION_PARTS.get(part.get("url", "")) not in part:
            yield "a part of the derivation is unknown or of the wrong type"
        if isinstance(part.get("valueInteger"), int) and part["valueInteger"] < 0:
            yield "offset or length is negative"
    urls = [part.get("url") for part in parts]
    if len(set(urls)) < len(urls):
        yield "a part of the derivation is there twice"


def _probability(value: object) -> Problems:
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        yield "is no probability"


def numbers(resource: dict[str, Any]) -> Problems:
    """Report decimals and integers that JSON writes as anything but plain numbers."""
    for place, name, value in walk.objects(resource):
        decimals = [*_DECIMALS, *(["value"] if _QUANTITIES.fullmatch(name) else [])]
        for wanted, keys in ((float | int, decimals), (int, _INTEGERS)):
            for key in keys:
                if key in value and not _is_number(value[key], wanted):
                    yield f"{place}.{key} is not a plain number"


def _is_number(value: object, wanted: Any) -> bool:
    return isinstance(value, wanted) and not isinstance(value, bool) and "e" not in repr(value)


def strings(resource: dict[str, Any]) -> Problems:
    """Report strings with control characters, which FHIR's string bars (R4 datatypes)."""
    for place, _, value in walk.objects(resource):
        for name, part in value.items():
            if isinstance(part, str) and _CONTROL.search(part):
                yield f"{place}.{name} holds a control character".lstrip(".")


def identity(resource: dict[str, Any]) -> Problems:
    """Report an id that is none."""
    if resource.get("resourceType") != "OperationOutcome" and not _ID.fullmatch(
        str(resource.get("id", ""))
    ):
        yield "id is missing or no id"


RULES: Final[tuple[Callable[[dict[str, Any]], Problems], ...]] = (
    cardinality,
    bindings,
    systems,
    targets,
    extensions,
    numbers,
    strings,
    identity,
    narrative,
)
