"""Links between the resources of one Bundle, made to lead to where they lie here.

FHIR R4, http.html#trules ("Replacing hyperlinks and full-URLs") and #trefs for conditional ones.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from fhir_mapping.exchange.conditional import criteria
from models.clinical import DOCUMENT_TYPES, Criteria
from models.errors import BadRequest

_LINKS: Final = frozenset({"reference", "url", "uri", "valueUrl", "valueUri", "valueUuid"})
"""Elements that hold a link. A `value` that looks like one is an identifier, and stays."""

_CONDITIONAL: Final = re.compile(r"(?P<kind>[A-Z][A-Za-z]{1,40})\?(?P<query>.+)", re.DOTALL)


_HTML_LINK: Final = re.compile(r"""(\b(?:href|src)\s{0,9}=\s{0,9}["'])([^"']{0,1000})(?=["'])""")


def conditional_references(resource: object) -> dict[str, Criteria]:
    """Return the conditional references of a resource, such as `DocumentReference?identifier=…`.

    Raises:
        BadRequest: one is of a type of which nothing can be found here.
    """
    found: dict[str, Criteria] = {}
    _each_link(resource, lambda link: _note_condition(link, found))
    return found


def _note_condition(link: str, found: dict[str, Criteria]) -> str:
    asked = _CONDITIONAL.fullmatch(link)
    if asked:
        if asked["kind"] not in DOCUMENT_TYPES:
            raise BadRequest(reason="a conditional reference is to no document")
        found[link] = criteria(asked["kind"], asked["query"])
    return link


def relinked(resource: Mapping[str, Any], places: Mapping[str, str]) -> dict[str, Any]:
    """Return a resource in which each link that is a key of `places` is what stands there."""
    changed: dict[str, Any] = _each_link(resource, lambda link: places.get(link, link))
    return _narrative(changed, places)


def _each_link(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_each_link(part, change) for part in value]
    if not isinstance(value, Mapping):
        return value
    return {
        name: change(part) if name in _LINKS and isinstance(part, str) else _each_link(part, change)
        for name, part in value.items()
    }


def _narrative(resource: dict[str, Any], places: Mapping[str, str]) -> dict[str, Any]:
    """Change the links in the narrative too: `<a href>` and `<img src>`."""
    text = resource.get("text")
    if not isinstance(text, Mapping) or not isinstance(text.get("div"), str):
        return resource
    div = _HTML_LINK.sub(lambda at: at[1] + places.get(at[2], at[2]), text["div"])
    return {**resource, "text": {**text, "div": div}}
