"""Reading and searching what was found, against a real database."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.integration.gateway.conftest import document

Post = Callable[..., Any]
ReadAll = Callable[[], None]

TEXT = "Pneumonia. Aspirin was given after the appendectomy."


@pytest.fixture
def ward(post: Post, read_all: ReadAll) -> None:
    """Seven notes with pneumonia: six of patient 1, one of patient 2; all read."""
    for number in range(6):
        post(document(f"{TEXT} Day {number}.", patient="1"))
    post(document(TEXT, patient="2"))
    read_all()


def search(client: TestClient, address: str) -> dict[str, Any]:
    """Return the Bundle of a search that succeeds."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    bundle: dict[str, Any] = answer.json()
    return bundle


def next_page(bundle: dict[str, Any]) -> str | None:
    """Return the address of the next page."""
    found = [link["url"] for link in bundle["link"] if link["relation"] == "next"]
    return found[0] if found else None


@pytest.mark.usefixtures("ward")
@pytest.mark.parametrize(
    ("kind", "total"),
    [
        ("Condition", 7),
        ("MedicationStatement", 7),
        ("AllergyIntolerance", 0),
        ("Procedure", 7),
        ("FamilyMemberHistory", 0),
        ("Observation", 0),
        ("Provenance", 7),
        ("Device", 1),
        ("DocumentReference", 8),
    ],
)
def test_every_type_can_be_searched(client: TestClient, kind: str, total: int) -> None:
    """Each type answers its total, the model card among the documents."""
    assert search(client, f"/fhir/{kind}")["total"] == total


def test_an_allergy_is_found_by_its_patient(
    client: TestClient, post: Post, read_all: ReadAll
) -> None:
    """R4 searches allergies by patient, and has no subject there; the conformance says the same."""
    post(document("Allergic to aspirin.", patient="9"))
    read_all()
    found = search(client, "/fhir/AllergyIntolerance?patient=9")
    (one,) = (entry["resource"] for entry in found["entry"])
    assert (one["code"], one["patient"]) == ({"text": "aspirin"}, {"reference": "Patient/9"})
    assert search(client, "/fhir/MedicationStatement?patient=9")["total"] == 0
    assert client.get("/fhir/AllergyIntolerance?subject=9").status_code == 400
    served = client.get("/fhir/metadata").json()["rest"][0]["resource"]
    (own,) = (each for each in served if each["type"] == "AllergyIntolerance")
    assert {each["name"] for each in own["searchParam"]} == {"_id", "patient"}


@pytest.mark.usefixtures("ward")
def test_what_is_read_is_what_was_found(client: TestClient) -> None:
    """A resource of a searchset is the one its fullUrl answers, byte for byte, with its version."""
    entry = search(client, "/fhir/Condition")["entry"][0]
    answer = client.get(entry["fullUrl"])
    assert answer.json() == entry["resource"]
    assert entry["search"] == {"mode": "match"}
    assert answer.headers["ETag"] == f'W/"{answer.json()["meta"]["versionId"]}"'
    assert answer.headers["Content-Type"] == "application/fhir+json; charset=utf-8"
    assert answer.headers["Last-Modified"].endswith(" GMT")
    assert client.get(f"{entry['fullUrl']}/_history/1").content == answer.content


@pytest.mark.usefixtures("ward")
@pytest.mark.parametrize("patient", ["1", "Patient/1"])
def test_a_patient_is_named_by_reference_or_id(client: TestClient, patient: str) -> None:
    """`patient=1` and `patient=Patient/1` ask for the same."""
    bundle = search(client, f"/fhir/Condition?patient={patient}")
    assert bundle["total"] == 6
    subjects = {entry["resource"]["subject"]["reference"] for entry in bundle["entry"]}
    assert subjects == {"Patient/1"}


@pytest.mark.usefixtures("ward")
def test_documents_can_be_searched_by_patient(client: TestClient) -> None:
    """The documents that were sent are found by the patient they are about."""
    assert search(client, "/fhir/DocumentReference?patient=2")["total"] == 1
    assert search(client, "/fhir/Provenance?patient=2")["total"] == 1


@pytest.mark.usefixtures("ward")
def test_an_empty_searchset_has_no_entry(client: TestClient) -> None:
    """FHIR has no empty arrays: a search that finds nothing has a total of 0 and no `entry`."""
    bundle = search(client, "/fhir/Condition?patient=nobody")
    assert bundle["total"] == 0
    assert "entry" not in bundle
    assert next_page(bundle) is None


@pytest.mark.usefixtures("ward")
def test_pages_follow_absolute_links(client: TestClient) -> None:
    """Following `next` from the first page gives every resource once, and keeps the patient."""
    address: str | None = "/fhir/Condition?patient=Patient/1&_count=4"
    seen: list[str] = []
    while address:
        bundle = search(client, address)
        assert bundle["total"] == 6
        seen += [entry["resource"]["id"] for entry in bundle["entry"]]
        address = next_page(bundle)
        assert address is None or address.startswith("http://fhir.example.org/fhir/Condition?")
    assert len(seen) == len(set(seen)) == 6


@pytest.mark.usefixtures("ward")
def test_count_zero_asks_for_the_total(client: TestClient) -> None:
    """`_count=0` answers the total alone."""
    bundle = search(client, "/fhir/Condition?_count=0")
    assert (bundle["total"], "entry" in bundle, next_page(bundle)) == (7, False, None)


def test_a_document_is_served_before_it_is_read(client: TestClient, post: Post) -> None:
    """A document can be read back at the address of its Location at once."""
    place = post(document()).headers["Location"]
    assert client.get(place).json()["resourceType"] == "DocumentReference"
    assert client.get(place.partition("/_history/")[0]).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/fhir/Condition/unknown",
        "/fhir/Condition/unknown/_history/1",
        "/fhir/Condition/unknown/_history/latest",
        "/fhir/Condition/unknown/_history/99999999999999999999",
        "/fhir/DocumentReference/unknown",
        "/fhir/Condition/%00",
        "/fhir/DocumentReference/no%20id/_history",
    ],
)
def test_an_unknown_resource_is_not_found(client: TestClient, path: str) -> None:
    """An id or version that does not exist answers 404 with an OperationOutcome."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["issue"][0]["code"] == "not-found"
