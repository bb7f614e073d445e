"""Resources that another system put here live beside those that were made here."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import Engine

from models.clinical import Document
from models.db.inbox.inbox import Claim
from models.db.resources.client_resources import ClientResources, PutRequest, PutResult
from models.db.resources.resources import Resources
from models.db.results.results import Results
from models.errors import BiomedError, ServerOwned, Unstorable, VersionConflict
from tests.integration.db.conftest import Together
from tests.memory import condition, document, extraction

Claiming = Callable[[Sequence[Document]], list[Claim]]


@pytest.fixture
def client_resources(engine: Engine) -> ClientResources:
    return ClientResources(engine)


def resource(fhir_id: str, words: str = "Fever", **changes: Any) -> dict[str, Any]:
    return {"resourceType": "Condition", "id": fhir_id, "code": {"text": words}, **changes}


def versions(results: Sequence[PutResult | BiomedError]) -> list[object]:
    return [
        (one.stored.version, one.created) if isinstance(one, PutResult) else type(one)
        for one in results
    ]


def test_each_is_stored_once(client_resources: ClientResources) -> None:
    """New, the same, and changed: the version and whether it was there before."""
    first = client_resources.put([PutRequest(resource("a")), PutRequest(resource("b"))])
    assert versions(first) == [(1, True), (1, True)]
    again = client_resources.put([PutRequest(resource("b", "Cough")), PutRequest(resource("a"))])
    assert versions(again) == [(2, False), (1, False)]


def test_what_is_found_here_goes_on_from_what_was_put(
    client_resources: ClientResources, results: Results, claimed: Claiming, resources: Resources
) -> None:
    """One chain of versions; from then on the resource is ours and no other system changes it."""
    [claim] = claimed([document()])
    made = condition(claim.document)
    client_resources.put([PutRequest({**made, "code": {"text": "put"}})])
    results.complete(claim.token, {claim.row: extraction(claim.document)})
    history = resources.history("Condition", str(made["id"]))
    assert [one.version for one in history] == [2, 1]
    assert "put" in history[1].json
    other = PutRequest({**made, "code": {"text": "put again"}})
    assert versions(client_resources.put([other, PutRequest(resource("a"))])) == [
        ServerOwned,
        (1, True),
    ]
    assert versions(client_resources.put([PutRequest(made)])) == [(2, False)]
    assert resources.read("Condition", str(made["id"])) == history[0]


def test_a_version_that_is_not_there_any_more_fails_alone(
    client_resources: ClientResources,
) -> None:
    """Whoever names an old version changes nothing; the neighbours are stored."""
    client_resources.put([PutRequest(resource("a")), PutRequest(resource("b"))])
    results = client_resources.put(
        [
            PutRequest(resource("a", "Cough"), 2),
            PutRequest(resource("b", "Cough"), 1),
            PutRequest(resource("c"), 1),
        ]
    )
    assert versions(results) == [VersionConflict, (2, False), VersionConflict]


def test_of_many_who_name_one_version_one_wins(
    client_resources: ClientResources, together: Together
) -> None:
    """Eight change version 1 at the same moment: one becomes version 2, seven are told."""
    client_resources.put([PutRequest(resource("a"))])
    results = together(
        lambda number: client_resources.put([PutRequest(resource("a", f"{number}"), 1)]), 8
    )
    assert sorted(map(str, (versions(one)[0] for one in results))) == sorted(
        map(str, [(2, False), *[VersionConflict] * 7])
    )


def test_many_at_once_lose_nothing(
    client_resources: ClientResources, resources: Resources, together: Together
) -> None:
    """Eight systems put the same resources, each other words, in another order: all are kept."""
    names = ["a", "b", "c"]

    def work(number: int) -> None:
        turned = [*names[number % 3 :], *names[: number % 3]]
        client_resources.put([PutRequest(resource(name, f"{number}")) for name in turned])

    together(work, 8)
    for name in names:
        history = resources.history("Condition", name)
        assert [one.version for one in history] == [8, 7, 6, 5, 4, 3, 2, 1]


def test_tenants_have_their_own(engine: Engine, client_resources: ClientResources) -> None:
    """The same id at another tenant is another resource."""
    client_resources.put([PutRequest(resource("a"))])
    assert versions(ClientResources(engine, tenant="other").put([PutRequest(resource("a"))])) == [
        (1, True)
    ]


def test_what_no_database_keeps_is_refused(client_resources: ClientResources) -> None:
    """A NUL in what is searched by is refused before anything is stored."""
    with pytest.raises(Unstorable):
        client_resources.put([PutRequest(resource("a", subject={"reference": "Patient/\0"}))])
