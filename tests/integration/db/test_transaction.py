"""Documents and other resources in one transaction, and which document a condition means."""

import threading
from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from models.clinical import Criteria
from models.db.inbox.inbox import Inbox
from models.db.inbox.transaction import Transactions
from models.db.resources.client_resources import PutRequest
from models.db.resources.resources import Resources
from models.errors import VersionConflict
from tests.memory import document

KIND = "DocumentReference"
CONDITION = {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/1"}}


def by(*names: tuple[str | None, str]) -> Criteria:
    """Return what means a document by one of these identifiers."""
    return Criteria(KIND, identifiers=(names,))


def found(engine: Engine, criteria: Criteria) -> Sequence[str]:
    """Return the keys of what is meant."""
    with Transactions(engine).begin() as transaction:
        return [key for key, _ in transaction.match(criteria)]


def test_an_error_undoes_all(engine: Engine) -> None:
    """Neither the document nor the other resource is there."""

    def refused() -> None:
        with Transactions(engine).begin() as transaction:
            transaction.receive([document("1")])
            transaction.put([PutRequest(CONDITION)])
            raise VersionConflict(reference="Condition/c")

    with pytest.raises(VersionConflict):
        refused()
    assert sum(Inbox(engine).counts().values()) == 0
    assert Resources(engine).read("Condition", "c") is None


def test_a_document_is_meant_by_any_of_its_identifiers(engine: Engine) -> None:
    """With its system, without, or of no system; of the newest version alone; of one type."""
    first = document("a", identifiers=(("s", "1"), ("", "2"), ("s", "old")))
    Inbox(engine).receive([first, document("b", identifiers=(("s", "3"),))])
    Inbox(engine).receive([document("a", "Other.", identifiers=(("s", "1"), ("", "2")))])
    assert found(engine, by(("s", "1"))) == ["a"]
    assert found(engine, by((None, "2"))) == ["a"]
    assert found(engine, by(("", "2"))) == ["a"]
    assert found(engine, by(("s", "2"), ("s", "3"))) == ["b"]
    assert found(engine, by(("s", "2"))) == []
    assert found(engine, by(("s", "old"))) == []
    assert sorted(found(engine, Criteria(KIND, subjects=(("Patient/7",),)))) == ["a", "b"]
    assert found(engine, Criteria("DiagnosticReport", subjects=(("Patient/7",),))) == []


def test_two_at_once_create_one(engine: Engine) -> None:
    """Who comes second under the same condition sees what the first one stored."""
    wanted = by(("s", "1"))

    def create(text: str) -> None:
        with Transactions(engine).begin() as transaction:
            if not transaction.matches([wanted])[0]:
                transaction.receive([document(text, text, identifiers=(("s", "1"),))])

    threads = [threading.Thread(target=create, args=(str(number),)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(Inbox(engine).counts().values()) == 1


def test_two_at_once_change_one_version(engine: Engine) -> None:
    """Of several who name version 1, one wins."""
    [first] = Inbox(engine).receive([document("a")])
    won: list[str] = []

    def change(text: str) -> None:
        with Transactions(engine).begin() as transaction:
            transaction.lock([f"id:{first.id}"])
            newest = transaction.newest(KIND, first.id)
            if newest is not None and newest.version == "1":
                transaction.receive([document("a", text)])
                won.append(text)

    threads = [threading.Thread(target=change, args=(str(number),)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(won) == 1
