"""The auditors' SQL: as documented, and true, on both databases."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, RowMapping, inspect, text

from models.clinical import Document
from models.db.inbox.inbox import Claim, Inbox
from models.db.results.results import Results
from models.db.sql.session import reading
from tests.memory import MODEL, TEXT, document, extraction, resource_id

DOCUMENTED = Path(__file__).parents[3] / "docs" / "sql-views.md"

Claiming = Callable[[Sequence[Document]], list[Claim]]


def ask(engine: Engine, query: str, **values: Any) -> Sequence[RowMapping]:
    with reading(engine) as connection:
        return connection.execute(text(query), values).mappings().all()


@pytest.mark.parametrize("view", ["mention_audit", "resource_audit"])
def test_documented_column_by_column(engine: Engine, view: str) -> None:
    """The page lists the columns of a view, all of them and in their order."""
    _, _, section = DOCUMENTED.read_text().partition(f"\n## {view}\n")
    section, _, _ = section.partition("\n## ")
    documented = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert documented == [column["name"] for column in inspect(engine).get_columns(view)]


def test_documented_queries(engine: Engine, results: Results, claimed: Claiming) -> None:
    """The page's queries run, and find the document and Condition whose ids they name."""
    (claim,) = claimed([document()])
    results.complete(claim.token, {claim.row: extraction(claim.document)})
    queries = re.findall(r"```sql\n(.*?);\n```", DOCUMENTED.read_text(), re.DOTALL)
    assert len(queries) == 3
    for query in queries:
        assert any(row["words"] == "pneumonia" for row in ask(engine, query))


def test_from_resource_to_characters(engine: Engine, results: Results, claimed: Claiming) -> None:
    """One query goes from a resource to its words, document, model and run."""
    (claim,) = claimed([document()])
    read = extraction(claim.document)
    results.complete(claim.token, {claim.row: read})
    condition = resource_id(claim.document, "Condition")
    (row,) = ask(engine, "SELECT * FROM resource_audit WHERE resource_id = :id", id=condition)
    assert TEXT[row["start_char"] : row["end_char"]] == row["words"] == "pneumonia"
    assert (row["document_id"], row["document_version"]) == (claim.document.id, 1)
    assert (row["run_id"], row["written_by_run_id"]) == (read.run.id, read.run.id)
    assert (row["model_name"], row["model_revision"]) == (MODEL.name, MODEL.revision)
    assert row["model_weights_sha256"] == MODEL.weights_sha256
    assert (bool(row["negated"]), bool(row["is_current"])) == (True, True)
    assert (row["patient"], row["score"]) == ("Patient/7", 0.9)


def test_records_have_a_row_without_words(
    engine: Engine, results: Results, claimed: Claiming
) -> None:
    """A Device is in the view with the run and model that brought it."""
    (claim,) = claimed([document()])
    read = extraction(claim.document)
    results.complete(claim.token, {claim.row: read})
    (row,) = ask(engine, "SELECT * FROM resource_audit WHERE resource_type = 'Device'")
    assert (row["words"], row["finding_id"], row["run_id"]) == (None, None, read.run.id)


def test_older_versions_stay(
    engine: Engine, inbox: Inbox, results: Results, claimed: Claiming
) -> None:
    """After a correction the old version still shows the old document's characters."""
    for version in (document(), document(text="corrected")):
        (claim,) = claimed([version])
        results.complete(claim.token, {claim.row: extraction(claim.document)})
    condition = resource_id(document(), "Condition")
    query = """SELECT resource_version, is_current, document_version FROM resource_audit
               WHERE resource_id = :id ORDER BY resource_version"""
    first, second = ask(engine, query, id=condition)
    assert (first["resource_version"], second["resource_version"]) == (1, 2)
    assert (bool(first["is_current"]), bool(second["is_current"])) == (False, True)
    assert (first["document_version"], second["document_version"]) == (1, 2)
    assert inbox.counts()["done"] == 2


def test_mentions(engine: Engine, results: Results, claimed: Claiming) -> None:
    """Every mention is there with its very characters, emoji before it or not."""
    (claim,) = claimed([document()])
    results.complete(claim.token, {claim.row: extraction(claim.document)})
    rows = ask(engine, "SELECT words, label FROM mention_audit ORDER BY start_char")
    assert [row["words"] for row in rows] == ["pneumonia", "aspirin", "75 mg"]
