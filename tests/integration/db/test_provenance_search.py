"""A Provenance is found by what it is of and why it was made."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, delete, text

from migrations.commands import downgrade, upgrade
from models.clinical import Document, Extraction
from models.db.inbox.inbox import Claim, Inbox
from models.db.resources.provenance_index import Target, Token
from models.db.resources.resources import Page, Resources
from models.db.results.results import Results
from models.db.sql.session import connect, reading, writing
from models.db.tables.provenances import provenance_reason, provenance_target
from tests.memory import document, extraction, resource_id

Claiming = Callable[[Sequence[Document]], list[Claim]]
SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
AIAST = Token("AIAST", SYSTEM)


def recorded(one: Document, *more: str) -> Extraction:
    """Return an extraction with the Provenance of its Condition and of other targets."""
    made = extraction(one)
    targets = [f"Condition/{resource_id(one, 'Condition')}", *more]
    record = {
        "resourceType": "Provenance",
        "id": f"of-{made.run.id}",
        "target": [{"reference": target} for target in targets],
        "reason": [{"coding": [{"system": SYSTEM, "code": "AIAST"}]}],
    }
    return replace(made, records=(record,))


def read(inbox: Inbox, results: Results, *documents: Document) -> list[str]:
    """Receive, claim and complete documents one after the other; return their Provenances."""
    found = []
    for one in documents:
        (receipt,) = inbox.receive([one])
        (claim,) = inbox.claim([receipt.row], lease_seconds=60, max_attempts=3)
        made = recorded(claim.document, "Procedure/shared")
        assert results.complete(claim.token, {claim.row: made}) == [claim.row]
        found.append(str(made.records[0]["id"]))
    return found


def ids(page: Page) -> list[str]:
    return [one.id for one in page.resources]


def find(resources: Resources, **asked: Any) -> list[str]:
    return ids(resources.search("Provenance", **{"limit": 99, **asked}))


def test_by_target(inbox: Inbox, results: Results, resources: Resources) -> None:
    """Each Condition leads to the Provenance of the run that made it, with or without its type."""
    first, second = document("a"), document("b")
    of_first, of_second = read(inbox, results, first, second)
    id_ = resource_id(first, "Condition")
    assert find(resources, target=Target(id_, "Condition")) == [of_first]
    assert find(resources, target=Target(id_)) == [of_first]
    assert find(resources, target=Target(id_, "Procedure")) == []
    assert set(find(resources, target=Target("shared", "Procedure"))) == {of_first, of_second}


@pytest.mark.parametrize(
    ("reason", "found"),
    [
        (AIAST, 1),
        (Token("AIAST"), 1),
        (Token(None, SYSTEM), 1),
        (Token("AIAST", "urn:other"), 0),
        (Token("AIAST", ""), 0),
        (Token("CLINAST"), 0),
        (Token("aiast"), 0),
    ],
)
def test_by_reason(
    inbox: Inbox, results: Results, resources: Resources, reason: Token, found: int
) -> None:
    """A code with its system, alone, or any code of a system; no other code, no other system."""
    read(inbox, results, document())
    assert len(find(resources, reason=reason)) == found


def test_together(inbox: Inbox, results: Results, resources: Resources) -> None:
    """Target, reason and patient are asked for together: all of them have to be true."""
    one = document()
    (record,) = read(inbox, results, one)
    target = Target(resource_id(one, "Condition"), "Condition")
    both = {"target": target, "reason": AIAST}
    assert find(resources, **both, patient="Patient/7") == [record]
    assert find(resources, **both, patient="Patient/8") == []
    assert find(resources, target=target, reason=Token("CLINAST")) == []


def test_by_version(inbox: Inbox, results: Results, resources: Resources) -> None:
    """Of a version it is the Provenance of the run that wrote it; of none there is none."""
    first, second = read(inbox, results, document(), document("notes|1", "corrected"))
    id_ = resource_id(document(), "Condition")
    asked = [Target(id_, "Condition", version) for version in (1, 2, 3)]
    assert [find(resources, target=target) for target in asked] == [[first], [second], []]
    assert set(find(resources, target=Target(id_, "Condition"))) == {first, second}


def test_pages_of_one_target(inbox: Inbox, results: Results, resources: Resources) -> None:
    """Pages follow each other by id, without a gap or a repetition."""
    made = read(inbox, results, *(document(f"key {number}") for number in range(5)))
    asked: dict[str, Any] = {"target": Target("shared", "Procedure"), "reason": AIAST, "limit": 2}
    seen: list[str] = []
    after: str | None = None
    for _ in range(3):
        page = resources.search("Provenance", **asked, after=after)
        assert page.total == 5
        seen, after = [*seen, *ids(page)], page.after
    assert (seen, after) == (sorted(made), None)


def test_of_another_tenant(inbox: Inbox, results: Results, engine: Engine) -> None:
    """Another tenant's Provenances answer nobody else."""
    read(inbox, results, document())
    other = Resources(engine, tenant="other")
    assert find(other, target=Target("shared")) == find(other, reason=AIAST) == []


def test_an_index_serves_it(engine: Engine, inbox: Inbox, results: Results) -> None:
    """The database looks a target up in the key of its table, and reads no table through."""
    read(inbox, results, document())
    asked = "SELECT id FROM provenance_target WHERE tenant = 'default' AND target_id = 'shared'"
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with reading(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(map(str, connection.execute(text(f"{explain} {asked}"))))
    assert "pk_provenance_target" in plan or "autoindex_provenance_target" in plan


def test_a_migrated_database_answers_for_what_it_had(
    database_url: str, results: Results, resources: Resources, inbox: Inbox
) -> None:
    """Provenances that were stored before the search existed are found by it."""
    one = document()
    (record,) = read(inbox, results, one)
    engine = connect(database_url)
    with writing(engine) as connection:
        kept = {
            table: connection.execute(table.select()).all()
            for table in (provenance_target, provenance_reason)
        }
        connection.execute(delete(provenance_target))
    assert find(resources, target=Target("shared")) == []
    downgrade(database_url, "0002")
    upgrade(database_url)
    assert find(resources, target=Target("shared"), reason=AIAST) == [record]
    with reading(engine) as connection:
        for table, rows in kept.items():
            assert sorted(connection.execute(table.select()).all()) == sorted(rows)
    engine.dispose()


def test_what_is_stored_is_what_is_indexed(
    inbox: Inbox, results: Results, resources: Resources
) -> None:
    """Every target in the stored JSON leads back to its Provenance."""
    read(inbox, results, document("a"), document("b"))
    for stored in resources.search("Provenance", limit=9).resources:
        for target in json.loads(stored.json)["target"]:
            kind, id_ = target["reference"].split("/")
            assert stored.id in find(resources, target=Target(id_, kind), reason=AIAST)
