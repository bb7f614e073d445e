"""Resources that another system put here: stored as versions, like those that were made here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from models.db.resources import queries, versions
from models.db.resources.resources import Stored, stored
from models.db.resources.separate_ids import ids_of_notes
from models.db.resources.storable import check_values
from models.db.resources.versions import Key, Statement
from models.db.sql.clock import FromNow
from models.db.sql.storing import storing
from models.errors import BiomedError, IdInUse, ServerOwned, VersionConflict

Refusal = VersionConflict | IdInUse | ServerOwned


@dataclass(frozen=True, slots=True)
class PutRequest:
    """A resource to be kept, if `if_match`, where it is given, is its version now."""

    resource: Mapping[str, Any]
    if_match: int | None = None


@dataclass(frozen=True, slots=True)
class PutResult:
    """What is stored of a resource now; `created` if there was none before."""

    stored: Stored
    created: bool


class ClientResources:
    """Where resources of other systems are put, for one tenant."""

    def __init__(self, engine: Engine, *, tenant: str = "default") -> None:
        self._engine = engine
        self._tenant = tenant

    def put(self, puts: Sequence[PutRequest]) -> list[PutResult | BiomedError]:
        """Store resources, each of another type or id, in one transaction; answer in their order.

        A resource that is stored already and says the same gets no version. In the place of one
        that cannot be stored stands ServerOwned (it comes from a note that was read here, and says
        something else), IdInUse (a note has its id) or VersionConflict; the others are stored all
        the same.

        Raises:
            Unstorable: a resource holds a character that no database keeps; nothing is stored.
            DatabaseUnavailable: nothing is stored.
        """
        with storing(self._engine) as connection:
            return put(connection, self._tenant, puts)


def put(
    connection: Connection, tenant: str, puts: Sequence[PutRequest]
) -> list[PutResult | BiomedError]:
    """Store resources in a transaction that is under way; as `ClientResources.put`."""
    statements = [versions.statement(tenant, one.resource, None) for one in puts]
    for one in statements:
        check_values(one.content)
    pairs = zip(statements, puts, strict=True)
    wanted = {one.key: each.if_match for one, each in pairs if each.if_match is not None}
    notes = ids_of_notes(connection, [one.key for one in statements])
    moment = connection.scalar(select(FromNow()))
    if moment is None:
        raise TypeError
    refused: dict[Key, type[Refusal]] = dict.fromkeys(_missed(connection, wanted), VersionConflict)
    refused |= dict.fromkeys(notes, IdInUse)
    done = versions.put(connection, [one for one in statements if one.key not in refused], moment)
    return [
        _result(connection, one, done.get((one.key, None)), moment, refused) for one in statements
    ]


def _result(
    connection: Connection,
    one: Statement,
    version: int | None,
    moment: datetime,
    refused: Mapping[Key, type[Refusal]],
) -> PutResult | BiomedError:
    tenant, kind, fhir_id = one.key
    if version is None:
        refusal = refused.get(one.key, ServerOwned)
        return refusal(reference=f"{kind}/{fhir_id}")
    found = stored(connection.execute(queries.one_version(tenant, kind, fhir_id, version)).one())
    return PutResult(found, created=version == 1 and found.last_updated == moment)


def _missed(connection: Connection, wanted: Mapping[Key, int]) -> set[Key]:
    """Return the resources that are not at the wanted version; none changes until we end."""
    versions.lock(connection, list(wanted))
    now = versions.numbers(connection, list(wanted))
    return {key for key, version in wanted.items() if now.get(key) != version}
