"""What the memory itself adds to a resource: its version and the time; and how two are compared."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson

# Where a resource says what a search asks for. The first place that is filled counts.
_PATIENT = (("subject", "reference"), ("patient", "reference"))
_ENCOUNTER = (("encounter", "reference"), ("context", "reference"))
_STATUS = (("verificationStatus", "coding", 0, "code"), ("status",))


def fingerprint(resource: Mapping[str, Any]) -> str:
    """Return the hash of what a resource says, whatever its version and time."""
    meta = {
        key: value
        for key, value in _meta(resource).items()
        if key not in {"versionId", "lastUpdated"}
    }
    content = _dump({**resource, "meta": meta}, orjson.OPT_SORT_KEYS)
    return hashlib.sha256(content).hexdigest()


def stamped(resource: Mapping[str, Any], version: int, moment: datetime) -> str:
    """Return the JSON of a resource with `meta.versionId` and `meta.lastUpdated` set."""
    stamp = {"versionId": str(version), "lastUpdated": instant(moment)}
    meta = {**_meta(resource), **stamp}
    head = {"resourceType": resource["resourceType"], "id": resource["id"], "meta": meta}
    return _dump({**head, **resource, **head}).decode()


def stamped_as_sent(text: str, fhir_id: str, version: int, moment: datetime) -> str:
    """Return a resource as its sender wrote it, under our id and version.

    Numbers keep the digits they were written with, as FHIR demands of decimals. What was stored
    before its like was refused, and cannot be written anew, is returned as it was sent.
    """
    try:
        return stamped({**verbatim(text), "id": fhir_id}, version, moment)
    except (TypeError, ValueError, KeyError, RecursionError):
        return text


def verbatim(text: str) -> dict[str, Any]:
    """Return a resource whose numbers will be written with the digits they have."""
    loaded: dict[str, Any] = json.loads(
        text, parse_float=orjson.Fragment, parse_int=orjson.Fragment
    )
    return loaded


@lru_cache(maxsize=8)  # all resources of a list have one time
def instant(moment: datetime) -> str:
    """Return a time as a FHIR instant in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def search_values(resource: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the columns by which a resource is searched; a patient is one in all versions."""
    patient = _first(resource, _PATIENT)
    return {
        "patient": patient.partition("/_history/")[0] if patient else None,
        "encounter": _first(resource, _ENCOUNTER),
        "status": _first(resource, _STATUS),
    }


def _meta(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    meta = resource.get("meta")
    return meta if isinstance(meta, Mapping) else {}


def _first(resource: Mapping[str, Any], paths: tuple[tuple[str | int, ...], ...]) -> str | None:
    found = (_at(resource, path) for path in paths)
    return next((value for value in found if isinstance(value, str)), None)


def _at(value: Any, path: tuple[str | int, ...]) -> object:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _dump(content: Mapping[str, Any], option: int | None = None) -> bytes:
    return orjson.dumps(content, default=written, option=option)


def written(value: object) -> orjson.Fragment:
    """Return a decimal with the digits it has, for orjson."""
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    raise TypeError
