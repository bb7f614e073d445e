"""From a resource back to the very characters it came from, and to the model that read them."""

from dataclasses import dataclass

from sqlalchemy import Engine, select

from models.db.evidence import Proof, mentions, proofs
from models.db.resources import Resources, Stored
from models.db.session import reading
from models.db.tables.readings import mention
from models.db.tables.resources import finding, finding_mention, resource_version


@dataclass(frozen=True, slots=True)
class Trail:
    """A resource and the mentions behind it, in the order of the text.

    Resources that no words stand behind, such as a Device, have no evidence.
    """

    resource: Stored
    evidence: tuple[Proof, ...]


class Audit:
    """Answers where something came from, for one tenant. Methods raise DatabaseUnavailable."""

    def __init__(self, engine: Engine, *, tenant: str = "default") -> None:
        self._engine = engine
        self._tenant = tenant
        self._resources = Resources(engine, tenant=tenant)

    def trail(
        self,
        type: str,  # noqa: A002  # FHIR's own words
        id: str,  # noqa: A002
        version: int | None = None,
    ) -> Trail | None:
        """Return a resource's latest version, or the one asked for, and what stands behind it.

        The evidence is that of the run which wrote the version. None where there is no such
        resource.
        """
        stored = self._stored(type, id, version)
        return None if stored is None else Trail(stored, self._behind(stored))

    def run(self, run: str) -> tuple[Proof, ...]:
        """Return all mentions of a run, in the order of the text."""
        with reading(self._engine) as connection:
            return proofs(connection, mentions(self._tenant).where(mention.c.run_id == run))

    def mention(self, mention_id: str) -> Proof | None:
        """Return one mention, None where there is none of this id."""
        with reading(self._engine) as connection:
            found = proofs(connection, mentions(self._tenant).where(mention.c.id == mention_id))
        return found[0] if found else None

    def _stored(self, kind: str, fhir_id: str, version: int | None) -> Stored | None:
        if version is None:
            return self._resources.read(kind, fhir_id)
        return self._resources.vread(kind, fhir_id, version)

    def _behind(self, stored: Stored) -> tuple[Proof, ...]:
        behind = (
            select(finding_mention.c.mention_id)
            .join(finding, finding.c.id == finding_mention.c.finding_id)
            .join(resource_version, resource_version.c.run_id == finding.c.run_id)
            .where(
                finding.c.tenant == self._tenant,
                finding.c.resource_type == stored.type,
                finding.c.resource_id == stored.id,
                finding.c.resource_version == stored.version,
                resource_version.c.tenant == finding.c.tenant,
                resource_version.c.type == finding.c.resource_type,
                resource_version.c.id == finding.c.resource_id,
                resource_version.c.version == finding.c.resource_version,
            )
        )
        with reading(self._engine) as connection:
            return proofs(connection, mentions(self._tenant).where(mention.c.id.in_(behind)))
