"""Is this resource valid R4? fhir.resources, our own tables and the invariants together."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from tests.validity import invariants, rules


def problems(resource: Mapping[str, object]) -> list[str]:
    """Return what is wrong with an R4 resource, one sentence each; [] is a valid resource."""
    json: dict[str, Any] = orjson.loads(orjson.dumps(resource))
    found = [problem for rule in rules.RULES for problem in rule(json)]
    return [*_of_parser(json), *found, *invariants.broken(json)]


def _of_parser(resource: dict[str, Any]) -> Iterator[str]:
    """Return what fhir.resources says."""
    try:
        get_fhir_model_class(str(resource.get("resourceType"))).model_validate(resource)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            place = ".".join(map(str, one["loc"]))
            yield f"{place}: {one['type']}"
    except (KeyError, ValueError):
        yield "resourceType is no R4 resource"
