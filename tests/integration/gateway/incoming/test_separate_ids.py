"""No id means a note and what an AI made, by whatever door the second of them comes."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient

from models.db.inbox.transaction import Transaction
from tests.integration.gateway.conftest import FHIR_JSON
from tests.integration.gateway.incoming.reports import bundle, posted
from tests.integration.gateway.incoming.test_messages import header, message
from tests.integration.gateway.test_batch import named
from tests.integration.gateway.test_update import entry

SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
BY_AI = {"security": [{"system": SYSTEM, "code": "AIAST"}]}
NOTE = named("note", id="note9", description="real")
CARD = named("card", id="note9", description="fake", meta=BY_AI)
AT = "/fhir/DocumentReference"

NOTES: dict[str, tuple[str, str, Any]] = {
    "POST": ("POST", AT, NOTE),
    "PUT": ("PUT", f"{AT}/note9", NOTE),
    "PUT by a condition": ("PUT", f"{AT}?identifier=urn:s|note", NOTE),
    "transaction": ("POST", "/fhir", bundle("transaction", posted(NOTE))),
    "message": ("POST", "/fhir", message(header(), NOTE)),
}
CARDS: dict[str, tuple[str, str, Any]] = {
    "PUT": ("PUT", f"{AT}/note9", CARD),
    "transaction": ("POST", "/fhir", bundle("transaction", entry(CARD))),
}
BOTH = bundle("transaction", posted(NOTE), entry(CARD))


def sent(client: TestClient, method: str, path: str, body: Any) -> Any:
    return client.request(method, path, content=orjson.dumps(body), headers=FHIR_JSON)


def descriptions(client: TestClient) -> list[str]:
    """Return what all versions of the id say, and the search for it."""
    history = client.get(f"{AT}/note9/_history").json().get("entry", [])
    found = client.get(f"{AT}?_id=note9").json().get("entry", [])
    return [one["resource"]["description"] for one in [*history, *found]]


@pytest.mark.parametrize("door", NOTES)
def test_a_note_is_refused_under_the_id_of_what_an_ai_made(client: TestClient, door: str) -> None:
    """409, and the answer holds nothing of what is there."""
    assert sent(client, "PUT", f"{AT}/note9", CARD).status_code == 201
    answer = sent(client, *NOTES[door])
    assert answer.status_code == 409
    assert "fake" not in answer.text
    assert descriptions(client) == ["fake", "fake"]


@pytest.mark.parametrize("door", CARDS)
def test_what_an_ai_made_is_refused_under_the_id_of_a_note(client: TestClient, door: str) -> None:
    """409; the note stays alone under its id."""
    assert sent(client, "POST", AT, NOTE).status_code == 201
    assert sent(client, *CARDS[door]).status_code == 409
    assert descriptions(client) == ["real", "real"]


def test_a_batch_refuses_only_the_entry_of_a_shared_id(client: TestClient) -> None:
    """Each for itself: first what the batch brings twice, then what another brought."""
    entries = (posted(NOTE), entry(CARD), entry(named("other", id="other")))
    answer = sent(client, "POST", "/fhir", bundle("batch", *entries)).json()["entry"]
    assert [one["response"]["status"][:3] for one in answer] == ["201", "409", "201"]
    card = entry(CARD | {"id": "card"}), posted(named("card", id="card"))
    answer = [sent(client, "POST", "/fhir", bundle("batch", one)) for one in card]
    assert [one.json()["entry"][0]["response"]["status"][:3] for one in answer] == ["201", "409"]


def test_a_transaction_that_shares_an_id_stores_nothing(client: TestClient) -> None:
    """The two entries are refused together."""
    assert sent(client, "POST", "/fhir", BOTH).status_code == 409
    assert descriptions(client) == []


def test_a_transaction_takes_the_ids_of_both_first(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it stores either, so that two of them wait in no circle."""
    done: list[object] = []

    def heard(name: str) -> Callable[..., Any]:
        own = getattr(Transaction, name)

        def call(*arguments: Any) -> Any:
            done.append((name, *map(list, arguments[1:])) if name == "reserve" else name)
            return own(*arguments)

        return call

    for name in ("reserve", "put", "receive"):
        monkeypatch.setattr(Transaction, name, heard(name))
    card = CARD | {"id": "card9"}
    answer = sent(client, "POST", "/fhir", bundle("transaction", posted(NOTE), entry(card)))
    assert answer.status_code == 200
    kind = "DocumentReference"
    assert done == [("reserve", [(kind, "note9")], [(kind, "card9")]), "put", "receive"]
