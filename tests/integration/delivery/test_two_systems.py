"""What was found here is there too: against a second instance of our own server, a real process."""

import base64
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from typing import Any

import httpx
import pytest

from fhir_mapping.datatypes import systems
from fhir_mapping.exchange.reference_rewriting import rewritten
from models.db.resources.resources import Resources
from models.db.resources.stamping import fingerprint, verbatim
from tests.integration.delivery.conftest import MakeOurs, Ours
from tests.integration.gateway.conftest import NOBODY
from tests.integration.worker.documents import document
from tests.servers import serving

TEXT = "Pneumonia. Aspirin was given after the appendectomy."
KINDS = ("Condition", "MedicationStatement", "Procedure", "Provenance", "Device")
ALL = (*KINDS, "DocumentReference")
ERROR = "entered-in-error"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database; the outbox on both kinds has tests of its own."""
    return sqlite_url


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """What the other system writes to its log."""
    return tmp_path / "other.log"


@pytest.fixture
def other(sqlite_template: Path, tmp_path: Path, log: Path) -> Iterator[httpx.Client]:
    """A client of the other system, a process of its own over a database of its own."""
    path = copy(sqlite_template, tmp_path / "other.db")
    with serving(log, database_url=f"sqlite:///{path}", broker_url=NOBODY) as client:
        yield client


@pytest.fixture
def ours(make_ours: MakeOurs, other: httpx.Client) -> Ours:
    """Our system, which delivers to the other one, a few resources at a time."""
    return make_ours(f"{other.base_url}/fhir", deliver_batch_size=5)


def there(other: httpx.Client) -> dict[str, dict[str, Any]]:
    """Return all resources of the other system by their references."""
    bundles = [other.get(f"/fhir/{kind}?_count=500").json() for kind in ALL]
    entries = [entry["resource"] for bundle in bundles for entry in bundle.get("entry", [])]
    assert len(entries) == sum(bundle["total"] for bundle in bundles)
    return {f"{one['resourceType']}/{one['id']}": one for one in entries}


def here(resources: Resources) -> dict[str, str]:
    """Return the JSON of all our resources by their references."""
    pages = [resources.search(kind, limit=500) for kind in ALL]
    return {f"{one.type}/{one.id}": one.json for page in pages for one in page.resources}


def references(value: Any) -> set[str]:
    """Return all references within a resource."""
    if isinstance(value, list):
        return {found for part in value for found in references(part)}
    if not isinstance(value, dict):
        return set()
    own = {value["reference"]} if isinstance(value.get("reference"), str) else set()
    return own | references(list(value.values()))


def dangling(other: httpx.Client) -> list[str]:
    """Return the references of the other system that lead nowhere, but for those to patients."""
    found = {one for resource in there(other).values() for one in references(resource)}
    own = sorted(one for one in found if not one.startswith("Patient/"))
    return [one for one in own if other.get(f"/fhir/{one}").status_code != 200]


def words_behind(other: httpx.Client, resource: dict[str, Any]) -> set[str]:
    """Return the characters that the other system's own documents hold where a resource points."""
    found = set()
    for one in resource["extension"]:
        if one["url"] != systems.DERIVATION_REFERENCE:
            continue
        inner = {part["url"]: part for part in one["extension"]}
        source = other.get(f"/fhir/{inner['reference']['valueReference']['reference']}").json()
        text = base64.b64decode(source["content"][0]["attachment"]["data"]).decode()
        start = inner["offset"]["valueInteger"]
        found.add(text[start : start + inner["length"]["valueInteger"]])
    return found


def test_everything_arrives(ours: Ours, other: httpx.Client) -> None:
    """All our resources are there and say the same, but for the numbers of versions."""
    ours.read(document(TEXT, key="1"), document("No fever. Cough.", key="2"))
    results = ours.deliver()
    arrived, sent = there(other), here(ours.resources)
    assert arrived.keys() == sent.keys()
    assert results.delivered == len(sent) == 11
    assert ours.outbox.counts() == {"waiting": 0, "sending": 0, "delivered": 11, "dead": 0}
    documents = [one.split("/")[1] for one in sent if one.startswith("DocumentReference/")]
    numbers = {(one, 1): "1" for one in documents}
    for reference, json in sent.items():
        text = other.get(f"/fhir/{reference}").text
        assert fingerprint(verbatim(text)) == fingerprint(rewritten(verbatim(json), numbers))


def test_delivering_again_changes_nothing(ours: Ours, other: httpx.Client) -> None:
    """Whatever is delivered a second time gets no second version there."""
    ours.read(document(TEXT, key="1"))
    ours.deliver()
    before = there(other)
    assert len(ours.outbox.resend(list(before))) == len(before)
    assert ours.deliver().delivered == len(before)
    assert there(other) == before


def test_every_reference_leads_to_its_words(ours: Ours, other: httpx.Client) -> None:
    """References lead somewhere, to the very words, though versions are numbered otherwise there.

    The first version is read and never sent, so our second one is the other system's first.
    """
    ours.read(document("Fever.", key="1"))
    ours.read(document("The new letter says: cough.", key="1"))
    ours.deliver()
    assert dangling(other) == []
    conditions = [one for one in there(other).values() if one["resourceType"] == "Condition"]
    by_text = {one["code"]["text"]: one for one in conditions}
    assert words_behind(other, by_text["cough"]) == {"cough"}
    assert "_history/1" in str(by_text["cough"])
    assert by_text["Fever"]["verificationStatus"]["coding"][0]["code"] == ERROR


def test_a_retraction_arrives(ours: Ours, other: httpx.Client) -> None:
    """What a newer version says no more is an error there too, with its record, and its history."""
    ours.read(document("Fever and cough.", key="1"))
    ours.deliver()
    ours.read(document("Cough.", key="1"))
    ours.deliver()
    [fever] = [one for one in there(other).values() if one.get("code", {}).get("text") == "Fever"]
    assert fever["verificationStatus"]["coding"][0]["code"] == ERROR
    assert "clinicalStatus" not in fever
    assert words_behind(other, fever) == {"Fever"}
    history = other.get(f"/fhir/Condition/{fever['id']}/_history").json()
    assert history["total"] == 2
    records = [one for one in there(other).values() if one["resourceType"] == "Provenance"]
    assert {one["activity"]["coding"][0]["code"] for one in records} == {"CREATE", "NULLIFY"}
    assert dangling(other) == []


def test_a_reading_by_another_model_arrives(ours: Ours, other: httpx.Client) -> None:
    """`reprocess` sends what it changed: a retraction, a new finding, and the other Device."""
    rows = ours.read(document("Fever and cough.", key="1"), words=["fever"])
    ours.deliver()
    ours.reprocess(rows, words=["cough"])
    ours.deliver()
    found = there(other).values()
    status = {
        one["code"]["text"]: one["verificationStatus"]["coding"][0]["code"]
        for one in found
        if one["resourceType"] == "Condition"
    }
    assert status == {"Fever": ERROR, "cough": "unconfirmed"}
    assert sum(one["resourceType"] == "Device" for one in found) == 2
    assert dangling(other) == []


def test_the_other_systems_log_tells_nothing(ours: Ours, other: httpx.Client, log: Path) -> None:
    """Neither the words of a note nor its patient stand in the log of who got them."""
    ours.read(document("Mrs Oduya has pneumonia.", key="oduya"))
    ours.deliver()
    assert len(there(other)) == 5
    assert "oduya" not in log.read_text().lower()
