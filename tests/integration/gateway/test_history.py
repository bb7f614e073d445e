"""The history of a resource over HTTP: every version, the retraction included."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.integration.gateway.conftest import document
from tests.validity.check import problems

NAMED = [{"system": "urn:test", "value": "letter"}]


@pytest.fixture
def ward(post: Callable[..., Any], read_all: Callable[[], None]) -> None:
    """A letter with pneumonia, and its correction without."""
    for text in ("Pneumonia.", "All well."):
        post(document(text, identifier=NAMED))
        read_all()


def found(client: TestClient, kind: str) -> dict[str, Any]:
    (entry,) = client.get(f"/fhir/{kind}?patient=1").json()["entry"]
    bundle: dict[str, Any] = client.get(f"{entry['fullUrl']}/_history").json()
    return bundle


@pytest.mark.usefixtures("ward")
def test_a_retracted_condition_keeps_its_history(client: TestClient) -> None:
    """The newest version is the error, before it stands what was found; each is as vread has it."""
    bundle = found(client, "Condition")
    assert (bundle["type"], bundle["total"]) == ("history", 2)
    status = [one["resource"]["verificationStatus"]["coding"][0]["code"] for one in bundle["entry"]]
    assert status == ["entered-in-error", "unconfirmed"]
    for one, version in zip(bundle["entry"], (2, 1), strict=True):
        assert one["resource"] == client.get(f"{one['fullUrl']}/_history/{version}").json()
        assert one["response"]["etag"] == f'W/"{version}"'
    assert [one["request"]["method"] for one in bundle["entry"]] == ["PUT", "POST"]


@pytest.mark.usefixtures("ward")
@pytest.mark.parametrize("kind", ["Condition", "DocumentReference"])
def test_a_history_is_valid(client: TestClient, kind: str) -> None:
    """The Bundle and the versions in it are valid R4, for what we made and for what was sent."""
    bundle = found(client, kind)
    assert len(bundle["entry"]) == 2
    assert problems({**bundle, "id": "made-for-one-answer"}) == []
    assert [problems(one["resource"]) for one in bundle["entry"]] == [[], []]


def test_nothing_has_no_history(client: TestClient) -> None:
    """An id that never was is not found."""
    answer = client.get("/fhir/Condition/unknown/_history")
    assert answer.status_code == 404
    assert answer.json()["issue"][0]["code"] == "not-found"
