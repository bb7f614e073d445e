"""What came of the storm: counted in the database and at the server that results went to."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Engine, text

from tests.fakes.fhir_endpoint import Endpoint

Resource = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers; those from `failed` on have to be 0.

    `repeated` deliveries are those that a killed deliverer had made and not noted: the same
    resource came once more. `doubled` counts runs, versions and resources that are too many,
    `missing` resources that are not there; `undelivered` what the other server has not got,
    `altered` what it got in two ways, and `out_of_order` what named a thing that came later.
    """

    notes: int
    done: int
    resources: int
    delivered: int
    repeated: int
    failed: int
    lost: int
    doubled: int
    missing: int
    undelivered: int
    altered: int
    out_of_order: int

    @property
    def faults(self) -> dict[str, int]:
        """What should not have come, by name."""
        numbers = asdict(self)
        names = list(numbers)
        return {name: numbers[name] for name in names[names.index("failed") :] if numbers[name]}


def counted(engine: Engine, endpoint: Endpoint, notes: int, expected: Counter[str]) -> Counts:
    """Return the counts for so many notes, of which these resources are expected."""
    states = Counter(dict(rows(engine, "SELECT state, count(*) FROM document GROUP BY state")))
    found = Counter(dict(rows(engine, "SELECT type, count(*) FROM resource GROUP BY type")))
    made = Counter({kind: found[kind] for kind in expected})
    outgoing = {f"{kind}/{name}" for kind, name in rows(engine, OUTGOING)}
    return Counts(
        notes=notes,
        done=states["done"],
        failed=states["failed"],
        lost=notes - states["done"] - states["failed"],
        resources=made.total(),
        doubled=too_many(engine) + (made - expected).total(),
        missing=(expected - made).total(),
        delivered=len(endpoint.writes),
        repeated=sum(len(writes) - 1 for writes in endpoint.writes.values()),
        undelivered=len(outgoing - endpoint.writes.keys()),
        altered=sum(len(set(map(essence, writes))) - 1 for writes in endpoint.writes.values()),
        out_of_order=out_of_order(endpoint.requests, endpoint.resources),
    )


OUTGOING = "SELECT type, resource_id FROM outbox"
TOO_MANY = (
    "SELECT count(*) - count(DISTINCT key) FROM document",
    "SELECT count(*) - count(DISTINCT document_id) FROM run",
    "SELECT count(*) FROM resource_version WHERE version > 1",
)


def too_many(engine: Engine) -> int:
    """Return how many versions of documents and results, and how many readings, are too many."""
    return sum(int(rows(engine, query)[0][0]) for query in TOO_MANY)


def rows(engine: Engine, query: str) -> list[Any]:
    """Return what the database answers."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def essence(resource: Resource) -> str:
    """Return what a delivery says, whether or not it knows the version that the server gave."""
    return repr(
        sorted((path, str(value).partition("/_history/")[0]) for path, value in leaves(resource))
    )


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Give every value of a resource with its place; not the narrative, which tells it again."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            if (path, key) != ("", "text"):
                yield from leaves(part, f"{path}.{key}")
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from leaves(part, f"{path}[{place}]")
    else:
        yield path, value


def out_of_order(requests: Sequence[Sequence[str]], resources: Mapping[str, Resource]) -> int:
    """Return how many resources came before one that they refer to."""
    first: dict[str, int] = {}
    for number, names in enumerate(requests):
        for name in names:
            first.setdefault(name, number)
    return sum(
        any(first[other] > first[name] for other in references(resource) if other in first)
        for name, resource in resources.items()
    )


def references(resource: Resource) -> Iterator[str]:
    """Give what a resource refers to, without versions."""
    for path, value in leaves(resource):
        if path.endswith(".reference"):
            yield str(value).partition("/_history/")[0]
