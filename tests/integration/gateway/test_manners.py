"""What clients of other FHIR servers are used to: 304, HEAD, trailing slashes, the base itself."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from fhir.resources.R4B.capabilitystatement import CapabilityStatement

from gateway.rest.resource_types import SEARCHED
from tests.integration.gateway.conftest import BASE, FHIR_JSON, document

Post = Callable[..., Any]


@pytest.fixture
def note(post: Post) -> str:
    """The path of a document of two versions."""
    post(document(id="note-1"))
    post(document(id="note-1", description="corrected"))
    return "/fhir/DocumentReference/note-1"


@pytest.mark.parametrize("tag", ['W/"2"', '"2"', "*", 'W/"1", W/"2"', '"x",W/"2"'])
def test_who_has_the_version_gets_304(client: TestClient, note: str, tag: str) -> None:
    """Read and vread answer 304 without a body, with the tag, to who names the version."""
    for path in (note, f"{note}/_history/2"):
        answer = client.get(path, headers={"If-None-Match": tag})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["ETag"] == 'W/"2"'
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("tag", ['W/"1"', "2", '"22"', ""])
def test_who_has_another_version_gets_this_one(client: TestClient, note: str, tag: str) -> None:
    """Any other tag is answered with the resource."""
    answer = client.get(note, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.json()["meta"]["versionId"]) == (200, "2")


def test_what_is_not_there_is_404_whatever_matches(client: TestClient) -> None:
    """`*` names any version of what is there, and nothing else."""
    answer = client.get("/fhir/Condition/unknown", headers={"If-None-Match": "*"})
    assert answer.status_code == 404


PATHS = [
    *("/fhir", "/fhir/metadata", "/fhir/Condition", "/fhir/DocumentReference?patient=1&_count=1"),
    *("/fhir/DocumentReference/note-1", "/fhir/DocumentReference/note-1/_history/1", "/healthz"),
    *("/fhir/DocumentReference/note-1/_history", "/openapi.json", "/nowhere", "/fhir/Condition/x"),
    *("/fhir/Condition?colour=red", "/fhir/Condition?_format=xml"),
]


@pytest.mark.usefixtures("note")
@pytest.mark.parametrize("path", PATHS)
def test_head_is_get_without_a_body(client: TestClient, path: str) -> None:
    """The same status and headers as GET, its length too, and nothing behind them."""
    full, head = client.get(path), client.head(path)
    assert head.status_code == full.status_code
    assert head.headers == full.headers
    assert full.content
    assert head.content == b""


def test_head_of_a_known_version_is_304(client: TestClient, note: str) -> None:
    """HEAD understands If-None-Match as GET does."""
    assert client.head(note, headers={"If-None-Match": 'W/"2"'}).status_code == 304


def test_allow_names_head_where_get_is(client: TestClient) -> None:
    """A refused method is told of HEAD only where there is a GET."""
    assert "HEAD" in client.delete("/fhir/Condition").headers["Allow"]
    assert client.head("/fhir/Condition/1/_history/1/x").status_code == 404


@pytest.mark.usefixtures("note")
@pytest.mark.parametrize("path", [path for path in PATHS if "?" not in path])
def test_a_trailing_slash_is_none(client: TestClient, path: str) -> None:
    """With or without one the answer is the same, links included, and nobody is redirected."""
    plain = client.get(path, follow_redirects=False)
    slash = client.get(f"{path}/", follow_redirects=False)
    assert (slash.status_code, slash.content) == (plain.status_code, plain.content)


def test_a_trailing_slash_is_none_for_writers(client: TestClient) -> None:
    """A document, an update and a batch are taken at an address with a slash."""
    sent = client.post("/fhir/DocumentReference/", json=document(), headers=FHIR_JSON)
    assert sent.status_code == 201
    condition = {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/1"}}
    assert client.put("/fhir/Condition/c/", json=condition, headers=FHIR_JSON).status_code == 201
    batch = {"resourceType": "Bundle", "type": "batch"}
    assert client.post("/fhir/", json=batch, headers=FHIR_JSON).status_code == 200


def test_the_base_says_what_is_served(client: TestClient) -> None:
    """GET of the base is the CapabilityStatement, and says where that is; no search over types."""
    answer = client.get("/fhir")
    CapabilityStatement.model_validate(answer.json())
    assert answer.json() == client.get("/fhir/metadata").json()
    assert answer.headers["Content-Location"] == f"{BASE}/metadata"
    assert client.get("/fhir?_type=Condition").status_code == 400


@pytest.mark.usefixtures("note")
@pytest.mark.parametrize("path", [path for path in PATHS[:8] if path != "/healthz"])
def test_format_is_understood_everywhere(client: TestClient, path: str) -> None:
    """JSON by any of its names is served, XML and HTML are 406."""
    join = "&" if "?" in path else "?"
    for form in ("json", "application/json", "application/fhir%2Bjson", "application/fhir+json"):
        assert client.get(f"{path}{join}_format={form}&_pretty=true").status_code == 200
    for form in ("xml", "application/fhir%2Bxml", "html", "ttl"):
        assert client.get(f"{path}{join}_format={form}").status_code == 406


@pytest.mark.usefixtures("note")
def test_pages_keep_the_format(client: TestClient) -> None:
    """A browser that asked for `_format=json` can follow `next`."""
    address: str | None = "/fhir/DocumentReference?_format=json&_count=1"
    client.put(
        "/fhir/DocumentReference/note-2", json=document("Other.", id="note-2"), headers=FHIR_JSON
    )
    pages = 0
    while address:
        answer = client.get(address, headers={"Accept": "text/html"})
        assert answer.status_code == 200
        found = [one["url"] for one in answer.json()["link"] if one["relation"] == "next"]
        address, pages = (found[0] if found else None), pages + 1
    assert pages == 2


def test_the_description_is_true(client: TestClient) -> None:
    """Each path and method of /openapi.json is answered, each parameter understood, others not."""
    told = client.get("/openapi.json").json()
    assert told["openapi"].startswith("3.")
    assert told["servers"] == [{"url": BASE}]
    for path, methods in told["paths"].items():
        address = f"/fhir{path.rstrip('/')}".format(id="x", version="1")
        for method in ("get", "post", "put", "delete", "patch"):
            answer = client.request(method, address)
            assert (answer.status_code == 405) == (method not in methods)
            assert "unknown-path" not in answer.text
    for kind, own in SEARCHED.items():
        named = {one["name"] for one in told["paths"][f"/{kind}"]["get"]["parameters"]}
        assert named == {*own, "_count", "_sort", "_after", "_format", "_pretty"}


def test_the_description_leaves_nothing_out(client: TestClient) -> None:
    """Every interaction of the CapabilityStatement has its path, and bodies are told of."""
    told = client.get("/openapi.json").json()["paths"]
    for resource in client.get("/fhir/metadata").json()["rest"][0]["resource"]:
        kind = resource["type"]
        codes = {one["code"] for one in resource["interaction"]}
        assert ("create" in codes) == ("post" in told[f"/{kind}"])
        assert resource.get("conditionalUpdate", False) == ("put" in told[f"/{kind}"])
        assert ("update" in codes) == ("put" in told[f"/{kind}/{{id}}"])
        assert "get" in told[f"/{kind}/{{id}}"]
        versions = {f"/{kind}/{{id}}/_history", f"/{kind}/{{id}}/_history/{{version}}"}
        assert ("vread" in codes) == (versions <= set(told))
        assert ("vread" in codes) == ("304" in told[f"/{kind}/{{id}}"]["get"]["responses"])
        of_one = {"get", "put"} if "update" in codes else {"get"}
        assert set(told[f"/{kind}/{{id}}"]) - {"parameters"} == of_one
    for methods in told.values():
        for method, one in methods.items():
            assert ("requestBody" in one) == (method in {"post", "put"})
            assert {"4XX", "5XX"} <= set(one["responses"])
            assert "422" not in one["responses"]
