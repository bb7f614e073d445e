"""What an auditor asks of one resource or document is looked up, however much else there is."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from migrations.commands import downgrade, upgrade
from models.db.sql.session import connect, reading, writing

PAGE = Path(__file__).parents[3] / "docs" / "sql-views.md"
THERE = {
    "6718b681-ec0f-5ee5-86c2-4800cba336a8": "d7",
    "bb2ea0db-e847-5cbd-8954-bc5b1c0bcf3b": "c7",
    "char <= 13": "char <= 3",
    "char > 13": "char > 3",
}
"""What the page's queries ask for, and what is there."""
DOCUMENTED = [
    re.sub("|".join(THERE), lambda found: THERE[found.group()], query)
    for query in re.findall(r"```sql\n(.*?);\n```", PAGE.read_text(), re.DOTALL)
]
BY_ID = "SELECT * FROM resource_audit WHERE resource_id = 'c7'"
LARGE = ("document", "note", "mention", "resource", "resource_version", "finding")

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
MOMENT = "'2026-01-01 00:00:00'"
FILLED = (
    "INSERT INTO document (id, tenant, key, fhir_id, version, sha256, resource, received_at, "
    "available_at) {n}SELECT i + 1, 't', 'k' || i, 'd' || i, 1, 's' || i, '{{}}', "
    "{now}, {now} FROM n",
    "INSERT INTO model VALUES ('m', 'n', 'r', 'w', '[]', 'c')",
    "INSERT INTO run {n}SELECT 'r' || i, i + 1, 'm', {now}, {now} FROM n",
    "INSERT INTO note (id, document_id, content_index, text, sha256, decoded_as) "
    "{n}SELECT 'n' || i, i + 1, 0, 'Fever.', 's', 'utf-8' FROM n",
    "INSERT INTO reading {n}SELECT 'r' || i, 'n' || i, 6, 6 FROM n",
    "INSERT INTO mention {n}SELECT 'e' || i, 'r' || i, 'n' || i, 0, 0, 5, 'Sign_symptom', 0.5, "
    "false, false, false, false, 'patient' FROM n",
    "INSERT INTO resource {n}SELECT 't', 'Condition', 'c' || i, 1, 's', {now}, i + 1, 'p' || i, "
    "NULL, 'x' FROM n",
    "INSERT INTO resource_version {n}SELECT 't', 'Condition', 'c' || i, 1, '{{}}', {now}, 'r' || i "
    "FROM n",
    "INSERT INTO finding {n}SELECT 'f' || i, 'r' || i, 0, 'Sign_symptom', 'Fever', false, false, "
    "false, false, 'patient', 't', 'Condition', 'c' || i, 1 FROM n",
    "INSERT INTO finding_mention {n}SELECT 'f' || i, 'e' || i, 0 FROM n",
    "INSERT INTO finding {n}SELECT 'w' || i, 'r' || i, 1, 'Sign_symptom', 'Fever', false, false, "
    "false, false, 'patient', 't', 'Condition', 'c' || i, 1 FROM n WHERE i < 5",
    "INSERT INTO resource SELECT 't', 'Device', id, 1, 's', {now}, document_id, NULL, NULL, NULL "
    "FROM resource WHERE document_id < 5",
    "INSERT INTO resource_version SELECT tenant, type, id, 1, '{{}}', {now}, 'r1' FROM resource "
    "WHERE type = 'Device'",
)
"""Conditions with one finding and its mention each; five findings and Devices without words."""


def fill(engine: Engine, documents: int) -> None:
    """Store this many documents, each with one Condition."""
    now = f"CAST({MOMENT} AS TIMESTAMP)" if engine.dialect.name == "postgresql" else MOMENT
    with writing(engine) as connection:
        for statement in FILLED:
            numbers = NUMBERS.format(last=documents - 1)
            connection.exec_driver_sql(statement.format(n=numbers, now=now))
        connection.execute(text("ANALYZE"))


@pytest.mark.parametrize("query", [BY_ID, *DOCUMENTED], ids=["id", "mentions", "forth", "back"])
def test_an_index_leads_to_it(engine: Engine, query: str) -> None:
    """No large table is read through: the plan says so, on its own choice."""
    fill(engine, 3000)
    sqlite = engine.dialect.name == "sqlite"
    explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    with reading(engine) as connection:
        plan = "\n".join(str(row[-1]) for row in connection.execute(text(explain + query)))
    assert "ix_resource_id" in plan or "ix_document_fhir_id" in plan
    read_through = re.findall(r"(?:SCAN|Seq Scan on) (\w+)", plan)
    # SQLite plans the part without words, and does not enter it: the next test counts its steps.
    skipped = {"stated"} if sqlite and "end_char >" in query else set()
    assert not {name for name in read_through if name in {*LARGE, "stated"}} - skipped
    assert "AUTOMATIC" not in plan
    assert "MATERIALIZE" not in plan


def steps(engine: Engine, query: str) -> int:
    """Return how many hundred steps SQLite's machine takes for a query that finds a row."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    with reading(engine) as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(step, 100)
        assert len(connection.execute(text(query)).all()) in {1, 2}
        driver.set_progress_handler(None, 100)
    return count


def test_ten_times_as_much_takes_no_more_steps(tmp_path: Path) -> None:
    """From a resource to its words and back, SQLite's work does not grow with the rest."""
    taken = []
    for documents in (300, 3000):
        url = f"sqlite:///{tmp_path / str(documents)}.db"
        upgrade(url)
        engine = connect(url)
        fill(engine, documents)
        taken.append([steps(engine, query) for query in (BY_ID, *DOCUMENTED)])
        engine.dispose()
    few, many = taken
    assert all(after <= before + 5 for before, after in zip(few, many, strict=True))


def test_patients_lose_their_version(database_url: str) -> None:
    """What was stored under a version of a patient is found as the patient's after the upgrade."""
    downgrade(database_url, "0005")
    engine = connect(database_url)
    fill(engine, 3)
    with writing(engine) as connection:
        for table, column in (("document", "subject"), ("resource", "patient")):
            for number, whom in enumerate(("Patient/1/_history/2", "Patient/1")):
                connection.exec_driver_sql(
                    f"UPDATE {table} SET {column} = '{whom}' WHERE "  # noqa: S608 our own words
                    f"{'id' if table == 'document' else 'document_id'} = {number + 1}"
                )
    upgrade(database_url)
    with reading(engine) as connection:
        documents = connection.scalars(text("SELECT subject FROM document ORDER BY id")).all()
        conditions = connection.scalars(
            text("SELECT patient FROM resource WHERE type = 'Condition' ORDER BY document_id")
        ).all()
    engine.dispose()
    assert documents == ["Patient/1", "Patient/1", None]
    assert conditions == ["Patient/1", "Patient/1", "p2"]


def test_the_view_shows_what_it_showed(database_url: str) -> None:
    """Made anew for its indexes, it has the same columns and rows, words behind them or not."""
    engine = connect(database_url)
    fill(engine, 20)
    order = "SELECT * FROM resource_audit ORDER BY resource_type, resource_id, finding_id"
    with reading(engine) as connection:
        now = connection.execute(text(order)).mappings().all()
    engine.dispose()
    downgrade(database_url, "0005")
    engine = connect(database_url)
    with reading(engine) as connection:
        before = connection.execute(text(order)).mappings().all()
    engine.dispose()
    assert len(now) == 20 + 5 + 4
    assert [dict(row) for row in now] == [dict(row) for row in before]
