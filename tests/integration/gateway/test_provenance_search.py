"""Whatever was found, its Provenance says that a machine found it, and where to look that up."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.integration.gateway.conftest import FHIR_JSON, document

Json = dict[str, Any]
KINDS = ("Condition", "MedicationStatement", "Procedure", "FamilyMemberHistory", "Observation")
SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
BASE = "http://fhir.example.org/fhir"
TEXT = "Pneumonia. Aspirin was given after the appendectomy."


@pytest.fixture
def ward(post: Callable[..., Any], read_all: Callable[[], None]) -> None:
    """Three notes of two patients, one of them sent in a second version; all read."""
    post(document(TEXT, patient="1"))
    post(document(f"{TEXT} Again.", patient="2"))
    kept = [{"system": "urn:test", "value": "kept"}]
    post(document(TEXT, patient="1", identifier=kept))
    read_all()
    post(document("Pneumonia, no more.", patient="1", identifier=kept))
    read_all()


def search(client: TestClient, kind: str, **parameters: str) -> Json:
    answer = client.get(f"/fhir/{kind}", params=parameters)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def matches(client: TestClient, kind: str = "Provenance", **parameters: str) -> list[Json]:
    bundle = search(client, kind, **parameters)
    return [entry["resource"] for entry in bundle.get("entry", [])]


def targets(provenance: Json) -> list[str]:
    return [target["reference"] for target in provenance["target"]]


@pytest.mark.usefixtures("ward")
def test_it_answers_for_every_resource(client: TestClient) -> None:
    """Each resource that was found, retracted ones too, has a Provenance with the AI label."""
    seen = 0
    for kind in KINDS:
        for resource in matches(client, kind, _count="500"):
            name = f"{kind}/{resource['id']}"
            found = matches(client, target=name, reason="AIAST")
            assert found
            assert all(name in targets(each) for each in found)
            assert all(each["reason"][0]["coding"][0]["code"] == "AIAST" for each in found)
            seen += 1
    assert seen >= 8


@pytest.mark.usefixtures("ward")
def test_a_target_is_named_in_any_way(client: TestClient) -> None:
    """By type and id, below our address, and by id alone: the same Provenance."""
    name = f"Condition/{matches(client, 'Condition', patient='2')[0]['id']}"
    (wanted,) = matches(client, target=name)
    for way in (f"{BASE}/{name}", name.removeprefix("Condition/")):
        assert matches(client, target=way) == [wanted]
    assert matches(client, target=f"https://elsewhere.example/fhir/{name}") == []
    assert matches(client, target=name.replace("Condition", "Procedure")) == []
    assert matches(client, target="urn:uuid:6f0c1c5e-1d1f-5b2a-9a55-0d5f8a1f7c11") == []


@pytest.mark.usefixtures("ward")
@pytest.mark.parametrize(
    ("reason", "total"),
    [
        ("AIAST", 5),
        (f"{SYSTEM}|AIAST", 5),
        (f"{SYSTEM}|", 5),
        ("|AIAST", 0),
        ("urn:other|AIAST", 0),
        ("CLINAST", 0),
    ],
)
def test_a_reason_is_a_token(client: TestClient, reason: str, total: int) -> None:
    """With its system or without; four readings and one retraction have this reason."""
    assert search(client, "Provenance", reason=reason)["total"] == total


@pytest.mark.usefixtures("ward")
def test_a_version_has_its_own(client: TestClient) -> None:
    """What a version was and what retracted it: each has the Provenance of its run alone."""
    retracted = next(
        each
        for each in matches(client, "MedicationStatement", patient="1")
        if each["status"] == "entered-in-error"
    )
    name = f"MedicationStatement/{retracted['id']}"
    (made,) = matches(client, target=f"{name}/_history/1", reason="AIAST")
    (undone,) = matches(client, target=f"{name}/_history/2", reason="AIAST")
    acts = [each["activity"]["coding"][0]["code"] for each in (made, undone)]
    assert acts == ["CREATE", "NULLIFY"]
    assert len(matches(client, target=name)) == 2
    assert matches(client, target=f"{name}/_history/3") == []
    assert matches(client, target=f"{BASE}/{name}/_history/1") == [made]


@pytest.mark.usefixtures("ward")
def test_pages_keep_what_was_asked(client: TestClient) -> None:
    """The next page asks for the same reason, and together they hold each Provenance once."""
    address: str | None = f"/fhir/Provenance?reason={SYSTEM}%7CAIAST&patient=1&_count=1"
    seen = []
    while address:
        bundle = client.get(address).json()
        seen += [entry["resource"]["id"] for entry in bundle["entry"]]
        address = next((one["url"] for one in bundle["link"] if one["relation"] == "next"), None)
    assert len(set(seen)) == len(seen) == 4


@pytest.mark.parametrize(
    "query",
    [
        *("target=a/b/c", "target=1/_history/2", "target=Condition/1,Condition/2"),
        *("target:Condition=1", "target=Condition/1&target=Condition/2"),
        *("reason=|", "reason=AIAST,CLINAST", "reason:not=AIAST", "reason=a&reason=b"),
    ],
)
def test_what_cannot_be_understood_is_refused(client: TestClient, query: str) -> None:
    """A wrong reference, OR, AND and modifiers answer 400: nothing is asked that was not meant."""
    answer = client.get(f"/fhir/Provenance?{query}")
    assert answer.status_code == 400
    assert answer.json()["issue"][0]["code"] == "invalid"


def test_other_types_have_no_target(client: TestClient) -> None:
    """`target` is a parameter of Provenance alone, and the CapabilityStatement says so."""
    assert client.get("/fhir/Condition?target=Condition/1").status_code == 400
    assert client.get("/fhir/Provenance?target=Condition/1").status_code == 200
    told = {
        one["type"]: {each["name"] for each in one["searchParam"]}
        for one in client.get("/fhir/metadata").json()["rest"][0]["resource"]
    }
    assert told["Provenance"] == {"_id", "patient", "target", "reason"}
    assert told["Condition"] == {"_id", "patient", "subject"}


def test_what_another_system_sent_is_found_as_it_is_now(client: TestClient) -> None:
    """A Provenance that was put here, and put again with other targets, is found by the newest."""
    elsewhere = "https://elsewhere.example/fhir/Condition/3"

    def put(*names: str) -> None:
        sent = {
            "resourceType": "Provenance",
            "id": "theirs",
            "target": [*({"reference": name} for name in names), {"display": "unnamed"}],
            "recorded": "2026-01-02T03:04:05Z",
            "reason": [{"text": "no code"}, {"coding": [{"code": "AIAST"}]}],
            "agent": [{"who": {"display": "Dr. Who"}}],
        }
        assert client.put("/fhir/Provenance/theirs", json=sent, headers=FHIR_JSON).is_success

    put("Condition/1", "Condition/2/_history/4", elsewhere)
    for target in ("Condition/1", "Condition/2", elsewhere):
        assert [each["id"] for each in matches(client, target=target)] == ["theirs"]
    put("Condition/2")
    assert matches(client, target="Condition/1") == matches(client, target=elsewhere) == []
    assert len(matches(client, target="Condition/2", reason="|AIAST")) == 1
    assert matches(client, reason=f"{SYSTEM}|AIAST") == []
