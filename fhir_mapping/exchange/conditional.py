"""Creating only what is not there: If-None-Exist (FHIR R4, http.html#ccreate)."""

import re
from typing import Final
from urllib.parse import parse_qsl

from models.errors import BadRequest
from models.fhir_ids import is_id

_IDENTIFIER: Final = re.compile(r"[^|,\0]*\|[^|,\0]+")


def unless(query: object) -> str | None:
    """Return the name of the document that must not be there, None where there is no condition.

    `query` is what a client would search by, such as `identifier=urn:sender|7` or `_id=7`. The
    name is the document's key, or `id:<FHIR id>`.

    Raises:
        BadRequest: it asks for anything else; a condition must not be ignored.
    """
    if query is None:
        return None
    asked = query.removeprefix("?") if isinstance(query, str) else ""
    pairs = parse_qsl(asked, keep_blank_values=True)
    if len(pairs) != 1:
        raise BadRequest(reason="If-None-Exist takes one of identifier and _id")
    return _name(*pairs[0])


def _name(parameter: str, value: str) -> str:
    if parameter == "identifier" and _IDENTIFIER.fullmatch(value):
        return value
    if parameter == "_id" and is_id(value):
        return f"id:{value}"
    raise BadRequest(reason="If-None-Exist takes identifier=SYSTEM|VALUE or _id=ID")
