"""The stored FHIR resources, as they are served: read, older versions, and search by patient."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, Select, func, select

from models.db.resources import provenance_index, queries
from models.db.resources.provenance_index import Target, Token
from models.db.resources.stamping import stamped_as_sent
from models.db.sql.session import reading


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of a resource; `json` is the text to serve, with its version and time in it.

    `patient` is the reference to whom it is about, of a Provenance that of its document.
    """

    type: str
    id: str
    version: int
    last_updated: datetime
    json: str
    patient: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of what a search found: `total` counts all, `after` is where the next page begins."""

    resources: tuple[Stored, ...]
    total: int
    after: str | None


class Resources:
    """Read access to the resources of one tenant. Methods raise DatabaseUnavailable."""

    def __init__(self, engine: Engine, *, tenant: str = "default") -> None:
        self._engine = engine
        self._tenant = tenant

    def read(self, type: str, id: str) -> Stored | None:  # noqa: A002  # FHIR's own words
        """Return the latest version of a resource, None where there is none."""
        return self._one(queries.latest(self._tenant, type, ids=[id]))

    def vread(self, type: str, id: str, version: int) -> Stored | None:  # noqa: A002  # as above
        """Return one version of a resource, None where there is none."""
        return self._one(queries.one_version(self._tenant, type, id, version))

    def history(self, type: str, id: str) -> tuple[Stored, ...]:  # noqa: A002  # as above
        """Return all versions of a resource, the newest first; none where there is none."""
        with reading(self._engine) as connection:
            rows = connection.execute(queries.history(self._tenant, type, id)).all()
        return tuple(stored(row) for row in rows)

    def search(  # noqa: PLR0913 - what FHIR lets a client ask for together
        self,
        type: str,  # noqa: A002  # as above
        *,
        ids: Collection[str] | None = None,
        patient: str | Collection[str] | None = None,
        target: Target | None = None,
        reason: Token | None = None,
        limit: int,
        after: str | None = None,
    ) -> Page:
        """Return at most `limit` resources of a type in the order of their ids.

        `ids` are those that may be found; `patient` is a reference, as it stands in the resources
        (`Patient/7`), or several that mean the same one; `target` and `reason` narrow down
        Provenances. `after` is the `after` of the page before; pages neither repeat nor leave out
        what was there all along.
        """
        narrowed = [
            *([provenance_index.of(self._tenant, target)] if target else []),
            *([provenance_index.because(self._tenant, reason)] if reason else []),
        ]
        found = queries.latest(self._tenant, type, ids=ids, patient=patient, narrowed=narrowed)
        page = queries.page(found, limit + 1, after)
        with reading(self._engine) as connection:
            total = connection.scalar(select(func.count()).select_from(found.subquery())) or 0
            rows = connection.execute(page).all() if limit else []
        shown = tuple(stored(row) for row in rows[:limit])
        return Page(shown, total, shown[-1].id if len(rows) > limit else None)

    def _one(self, query: Select[Any]) -> Stored | None:
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        return None if row is None else stored(row)


def stored(row: Row[Any]) -> Stored:
    """Return the resource of a row that `queries` selected."""
    text = row.json
    if row.as_sent:
        text = stamped_as_sent(text, row.id, row.version, row.last_updated)
    return Stored(row.type, row.id, row.version, row.last_updated, text, row.patient)
