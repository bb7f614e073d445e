"""Tables of the FHIR resources, of all their versions, and of the findings behind them."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from models.db.sql.types import Instant, RowId, metadata, one_of
from models.db.tables.documents import document
from models.db.tables.readings import mention, run

resource = Table(
    "resource",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("type", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("last_updated", Instant, nullable=False),
    # Empty where another system put the resource here.
    Column("document_id", RowId, ForeignKey(document.c.id), index=True),
    Column("patient", Text),
    Column("encounter", Text),
    Column("status", Text),
    Index(None, "tenant", "type", "patient", "id"),
    Index(None, "id"),  # auditors name a resource without its tenant
)

resource_version = Table(
    "resource_version",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("type", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("json", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("run_id", ForeignKey(run.c.id), index=True),
    ForeignKeyConstraint(
        ["tenant", "type", "id"], [resource.c.tenant, resource.c.type, resource.c.id]
    ),
)

finding = Table(
    "finding",
    metadata,
    Column("id", Text, primary_key=True),
    Column("run_id", ForeignKey(run.c.id), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("negated", Boolean, nullable=False),
    Column("uncertain", Boolean, nullable=False),
    Column("historical", Boolean, nullable=False),
    Column("hypothetical", Boolean, nullable=False),
    Column("experiencer", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("resource_type", Text),
    Column("resource_id", Text),
    # Empty where a newer version of the document was read before and states the resource.
    Column("resource_version", Integer),
    one_of("experiencer", "patient", "family", "other"),
    ForeignKeyConstraint(
        ["tenant", "resource_type", "resource_id", "resource_version"],
        [
            resource_version.c.tenant,
            resource_version.c.type,
            resource_version.c.id,
            resource_version.c.version,
        ],
    ),
    UniqueConstraint("run_id", "ordinal"),
    Index(None, "tenant", "resource_type", "resource_id", "resource_version"),
)

finding_mention = Table(
    "finding_mention",
    metadata,
    Column("finding_id", ForeignKey(finding.c.id), primary_key=True),
    Column("mention_id", ForeignKey(mention.c.id), primary_key=True, index=True),
    Column("ordinal", Integer, nullable=False),
)
