"""From a resource back to the very characters it came from, and to the model that read them."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Select, func, select

from models.db.audit.evidence import MentionEvidence, evidence_of, mentions
from models.db.audit.retraction import RetractionOrigin, retraction
from models.db.resources import queries
from models.db.resources.resources import Stored, stored
from models.db.sql.session import reading
from models.db.tables.readings import mention
from models.db.tables.resources import finding, finding_mention, resource_version


@dataclass(frozen=True, slots=True)
class Trail:
    """A resource and the mentions behind it, in the order of the text.

    Resources that no words stand behind, such as a Device, have no evidence. The evidence of a
    version that retracts is that of the version before it; `withdrawal` says who retracted it.
    """

    resource: Stored
    evidence: tuple[MentionEvidence, ...]
    retraction: RetractionOrigin | None = None


class Audit:
    """Answers where something came from, for one tenant. Methods raise DatabaseUnavailable."""

    def __init__(self, engine: Engine, *, tenant: str = "default") -> None:
        self._engine = engine
        self._tenant = tenant

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
        query = (
            queries.latest(self._tenant, type, ids=[id])
            if version is None
            else queries.one_version(self._tenant, type, id, version)
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
            return None if row is None else self._trail(connection, stored(row))

    def run(self, run: str) -> tuple[MentionEvidence, ...]:
        """Return all mentions of a run, in the order of the text."""
        with reading(self._engine) as connection:
            return evidence_of(connection, mentions(self._tenant).where(mention.c.run_id == run))

    def mention(self, mention_id: str) -> MentionEvidence | None:
        """Return one mention, None where there is none of this id."""
        with reading(self._engine) as connection:
            found = evidence_of(
                connection, mentions(self._tenant).where(mention.c.id == mention_id)
            )
        return found[0] if found else None

    def _trail(self, connection: Connection, found: Stored) -> Trail:
        said = self._said(connection, found)
        if said is None:
            return Trail(found, ())
        behind = self._behind(found, said)
        evidence = evidence_of(connection, mentions(self._tenant).where(mention.c.id.in_(behind)))
        retracted = said < found.version
        return Trail(
            found, evidence, retraction(connection, self._tenant, found) if retracted else None
        )

    def _said(self, connection: Connection, found: Stored) -> int | None:
        """Return the newest version up to this one that a finding states; later ones retract it."""
        newest: int | None = connection.scalar(
            select(func.max(finding.c.resource_version)).where(
                finding.c.tenant == self._tenant,
                finding.c.resource_type == found.type,
                finding.c.resource_id == found.id,
                finding.c.resource_version <= found.version,
            )
        )
        return newest

    def _behind(self, found: Stored, version: int) -> Select[tuple[str]]:
        """Return the query for the mentions of the run that wrote a version."""
        return (
            select(finding_mention.c.mention_id)
            .join(finding, finding.c.id == finding_mention.c.finding_id)
            .join(resource_version, resource_version.c.run_id == finding.c.run_id)
            .where(
                finding.c.tenant == self._tenant,
                finding.c.resource_type == found.type,
                finding.c.resource_id == found.id,
                finding.c.resource_version == version,
                resource_version.c.tenant == finding.c.tenant,
                resource_version.c.type == finding.c.resource_type,
                resource_version.c.id == finding.c.resource_id,
                resource_version.c.version == finding.c.resource_version,
            )
        )
