"""One database is one tenant, from the first upgrade on."""

from functools import partial

import pytest
from sqlalchemy import Engine, text

from migrations.commands import downgrade, upgrade
from models.db.schema import check, current
from models.db.sql.session import connect, writing
from models.errors import DatabaseRefused, SchemaNewer, SeveralTenants, WrongTenant

BEFORE = "0003"
"""The last revision that knew of no tenancy."""

NAMED = '{"identifier": [{"system": "urn:s", "value": "1"}, {"value": "2"}, {"use": "old"}]}'


def test_the_identifiers_of_documents_are_listed(empty_url: str) -> None:
    """An upgrade lists those of documents that were stored before there was a list."""
    upgrade(empty_url, "a")
    downgrade(empty_url, BEFORE)
    engine = connect(empty_url)
    store(engine, "a", "a")
    upgrade(empty_url, "a")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM document_identifier ORDER BY 1, 2")).all()
    assert [tuple(row)[1:] for row in rows] == [("", "2"), ("urn:s", "1")] * 2
    engine.dispose()


def test_a_new_database_is_the_tenants_who_made_it(empty_url: str) -> None:
    """It is opened by that tenant, and by no other."""
    upgrade(empty_url, "a")
    engine = connect(empty_url)
    check(engine, "a")
    with pytest.raises(WrongTenant, match="of tenant a, not of b"):
        check(engine, "b")
    with pytest.raises(WrongTenant):
        upgrade(empty_url, "b")
    engine.dispose()


def store(engine: Engine, *tenants: str) -> None:
    """Store a document of each, as code of that time did."""
    sent = text(
        "INSERT INTO document (tenant, key, fhir_id, version, sha256, resource, received_at, "
        "available_at) VALUES (:tenant, :key, :key, 1, 's', :json, CURRENT_TIMESTAMP, "
        "CURRENT_TIMESTAMP)"
    )
    with writing(engine) as connection:
        for number, tenant in enumerate(tenants):
            connection.execute(sent, {"tenant": tenant, "key": f"k{number}", "json": NAMED})


def test_an_older_database_belongs_to_whom_its_rows_belong(empty_url: str) -> None:
    """The tenant of the documents is written down, whoever upgrades; another one is told so."""
    upgrade(empty_url, "a")
    engine = connect(empty_url)
    downgrade(empty_url, BEFORE)
    store(engine, "a", "a")
    with pytest.raises(WrongTenant, match="of tenant a, not of b"):
        upgrade(empty_url, "b")
    check(engine, "a")
    engine.dispose()


def test_several_tenants_in_one_database_are_refused_and_nothing_is_changed(empty_url: str) -> None:
    """The error names them and the page that says how to part them."""
    upgrade(empty_url, "a")
    engine = connect(empty_url)
    downgrade(empty_url, BEFORE)
    store(engine, "a", "b")
    with pytest.raises(SeveralTenants, match=r"\(a, b\); docs/operations.md"):
        upgrade(empty_url, "a")
    assert current(engine) == BEFORE
    engine.dispose()


def test_a_database_holds_one_tenant_only(empty_url: str) -> None:
    """The table refuses a second row."""
    upgrade(empty_url, "a")
    engine = connect(empty_url)
    with pytest.raises(DatabaseRefused), writing(engine) as connection:
        connection.execute(text("INSERT INTO tenancy VALUES (2, 'b')"))
    engine.dispose()


def test_a_newer_schema_is_refused(empty_url: str) -> None:
    """A database that a later version upgraded is neither used nor upgraded by this one."""
    upgrade(empty_url)
    engine = connect(empty_url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for refused in (partial(check, engine, "default"), partial(upgrade, empty_url)):
        with pytest.raises(SchemaNewer, match="at 9999, newer than"):
            refused()
    engine.dispose()
