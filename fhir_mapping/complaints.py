"""What fhir.resources finds wrong with a resource, said without any of its values."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

WORST_SHOWN: Final = 5
_ELEMENT: Final = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,40}")
# What fhir.resources raises, besides ValidationError, on input that is not FHIR at all.
_NOT_FHIR: Final = (KeyError, TypeError, ValueError, AttributeError, RecursionError)


def complaints(kind: str, resource: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a resource of an R4 type, as `element: kind of error`."""
    try:
        get_fhir_model_class(kind).model_validate(resource)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return [f"{_place(one['loc'])}: {one['type']}" for one in found]
    except _NOT_FHIR as error:
        return [f"not FHIR ({type(error).__name__})"]
    return []


def _place(location: Sequence[int | str]) -> str:
    """Return a path such as `content.0.attachment`; a name that no element can have is `?`."""
    names = [str(part) for part in location]
    shown = (name if _ELEMENT.fullmatch(name) or name.isdigit() else "?" for name in names)
    return ".".join(shown) or "resource"
