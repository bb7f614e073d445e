"""When a resource that is read again says the same: all of it, but for the digits of its scores.

Another processor, or another number of threads, sums in another order. Scores then differ in late
digits, and a resource that says nothing new would get a version for it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Connection, select

from models.db.resources.stamping import written
from models.db.sql.statements import portions
from models.db.tables.readings import run
from models.db.tables.resources import resource, resource_version

SCORE: Final = "http://hl7.org/fhir/uv/aitransparency/StructureDefinition/AIconfidence"
TOLERANCE: Final = 0.05
"""How far a score may move: twice what bfloat16 in place of single precision was seen to move."""

_KEY = ("tenant", "type", "id")
_STAMPS = ("versionId", "lastUpdated")


class Stated(NamedTuple):
    """What a run says of a resource."""

    run: str
    content: Mapping[str, Any]


def same_but_for_scores(
    connection: Connection, stated: Mapping[tuple[str, str, str], Stated]
) -> set[tuple[str, str, str]]:
    """Return which resources stand as they are stated, but for scores, by the same model and code.

    Args:
        connection: to the database, in which the runs are stored.
        stated: what is stated of resources now, by tenant, type and id.
    """
    models = _models(connection, {one.run for one in stated.values()})
    return {
        key
        for some in portions(list(stated))
        for row in _standing(connection, some)
        for key in [(row.tenant, row.type, row.id)]
        if key in stated and row.model_id == models[stated[key].run]
        if states_the_same(row.json, stated[key].content)
    }


def states_the_same(stored: str, content: Mapping[str, Any]) -> bool:
    """Return whether a stored resource and another differ in nothing but scores, and little there.

    Left out are version, time and the narrative, which the same code writes of all the rest.
    """
    one, other = _parted(stored), _parted(orjson.dumps(content, default=written).decode())
    return (
        one.rest == other.rest
        and len(one.scores) == len(other.scores)
        and all(abs(a - b) <= TOLERANCE for a, b in zip(one.scores, other.scores, strict=True))
    )


class _Parts(NamedTuple):
    rest: Any
    scores: Sequence[float]


def _parted(text: str) -> _Parts:
    content: dict[str, Any] = json.loads(text, parse_float=str)  # a number's digits count
    content.pop("text", None)
    meta = content.get("meta", {})
    content["meta"] = {name: meta[name] for name in meta if name not in _STAMPS}
    scores: list[float] = []
    return _Parts(_without(content, scores), scores)


def _without(value: Any, scores: list[float]) -> Any:
    """Return a JSON value without its scores, which are appended in the order of their names."""
    if isinstance(value, list):
        return [_without(each, scores) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("url") == SCORE and "valueDecimal" in value:
        scores.append(float(value["valueDecimal"]))
        return SCORE
    return {name: _without(value[name], scores) for name in sorted(value)}


def _models(connection: Connection, runs: set[str]) -> dict[str, str]:
    query = select(run.c.id, run.c.model_id)
    return {
        row.id: row.model_id
        for some in portions(sorted(runs))
        for row in connection.execute(query.where(run.c.id.in_(some)))
    }


def _standing(connection: Connection, keys: Sequence[tuple[str, str, str]]) -> Sequence[Any]:
    """Return the versions that stand now and were written by a run, with the run's model."""
    names = (*_KEY, "version")
    same = [resource_version.c[name] == resource.c[name] for name in names]
    among = [
        resource.c[name].in_(set(values))
        for name, values in zip(_KEY, zip(*keys, strict=True), strict=True)
    ]
    query = select(*(resource.c[name] for name in _KEY), resource_version.c.json, run.c.model_id)
    query = query.where(*same, run.c.id == resource_version.c.run_id, *among)
    return connection.execute(query).all()
