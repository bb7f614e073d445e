"""What PostgreSQL could not index is refused as the client's fault, and is no outage."""

from random import Random
from string import ascii_letters
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from gateway.rest.app import create_app
from models.db.inbox.inbox import Inbox
from models.db.sql.session import connect, writing
from tests.integration.gateway.conftest import FHIR_JSON, NOBODY, document
from worker.settings import Settings

LONG = "".join(Random(1).choices(ascii_letters, k=6000))  # noqa: S311 no secret


def answered(url: str, resource: dict[str, Any]) -> tuple[int, str]:
    """Return the status of a POST and the code of what is wrong."""
    app = create_app(Settings(database_url=url, broker_url=NOBODY))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        answer = client.post("/fhir/DocumentReference", json=resource, headers=FHIR_JSON)
    return answer.status_code, answer.json()["issue"][0]["details"]["coding"][0]["code"]


@pytest.mark.parametrize("size", [3000, 6000])
def test_a_long_identifier_is_the_clients_fault(size: int, postgresql_url: str) -> None:
    """400, and not 503, which would have it sent again for ever."""
    resource = document(identifier=[{"system": "urn:test", "value": LONG[:size]}])
    assert answered(postgresql_url, resource) == (400, "not-a-document-reference")


def test_what_only_the_database_finds_too_long(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """400 too, whatever value it was that passed our own checks."""

    def too_long(*_: object) -> None:
        with writing(engine) as connection:
            connection.execute(text("CREATE TEMP TABLE t (x TEXT PRIMARY KEY)"))
            connection.execute(text("INSERT INTO t VALUES (:x)"), {"x": LONG})

    engine = connect(postgresql_url)
    monkeypatch.setattr(Inbox, "receive", too_long)
    assert answered(postgresql_url, document()) == (400, "too-long-to-store")
    engine.dispose()
