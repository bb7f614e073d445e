"""What is wrong with a resource of an R4 type, said without any of its values.

What must hold of JSON whatever the type is asked first, of `json_values`.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any, Final

from fhir.resources.R4B import get_fhir_model_class
from pydantic import BaseModel, ValidationError

from fhir_mapping.datatypes.json_values import WORST_SHOWN, Path, place

# What fhir.resources raises, besides ValidationError, on input that is not FHIR at all.
_NOT_FHIR: Final = (KeyError, TypeError, ValueError, AttributeError, RecursionError)


def fhir_complaints(kind: str, resource: Mapping[str, Any]) -> list[str]:
    """Return what fhir.resources finds wrong; after that, what it reads as something else."""
    try:
        model = get_fhir_model_class(kind).model_validate(resource)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return [f"{place(one['loc'])}: {one['type']}" for one in found[:WORST_SHOWN]]
    except _NOT_FHIR as error:
        return [f"not FHIR ({type(error).__name__})"]
    return list(islice(_mistaken(resource, model, ()), WORST_SHOWN))


def _mistaken(sent: object, read: object, path: Path) -> Iterator[str]:
    """Yield where JSON of one type was read as another: a date from a number, 1 from true."""
    if isinstance(sent, dict) and isinstance(read, BaseModel):
        fields = _fields(type(read))
        for name in sent.keys() - {"resourceType"}:
            found = getattr(read, fields.get(name, name), None)
            yield from _mistaken(sent[name], found, (*path, name))
    elif isinstance(sent, list) and isinstance(read, list):
        for index, (part, found) in enumerate(zip(sent, read, strict=True)):
            yield from _mistaken(part, found, (*path, index))
    elif not _is_as_sent(sent, read):
        yield f"{place(path)}: another type of JSON"


def _is_as_sent(sent: object, read: object) -> bool:
    if isinstance(read, bool) or read is None:
        return sent is read
    if isinstance(read, int):
        return type(sent) is int
    if isinstance(read, (float, Decimal)):
        return type(sent) in {int, float}
    return isinstance(sent, str)


@cache
def _fields(model: type[BaseModel]) -> Mapping[str, str]:
    """Return the fields of a class by their names in JSON."""
    return {field.alias or name: name for name, field in model.model_fields.items()}
