"""The id of a FHIR resource, spelled once for all that checks one (R4, datatypes.html#id)."""

import re
from typing import Final

ID: Final = r"[A-Za-z0-9\-.]{1,64}"
"""A regular expression, for patterns of references and addresses."""

_ID: Final = re.compile(ID)


def is_id(value: str) -> bool:
    """Whether a resource may have this id."""
    return _ID.fullmatch(value) is not None
