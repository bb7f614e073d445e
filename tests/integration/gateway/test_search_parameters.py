"""Each parameter of each type is applied, refused, or ignored because the client said so."""

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.operationoutcome import OperationOutcome

from fhir_mapping.resources import retraction
from gateway.rest.app import create_app
from gateway.rest.parameters import OF_RESULTS
from gateway.rest.resource_types import SEARCHED
from models.db.inbox.inbox import Inbox
from models.db.results.results import Results
from models.db.sql.session import connect
from tests.fakes.keyword_recogniser import KeywordRecogniser
from tests.integration.gateway.conftest import BASE, FHIR_JSON, NOBODY, document
from worker.pipeline import Pipeline
from worker.settings import Settings

Json = dict[str, Any]
LENIENT = {"Prefer": "handling=lenient"}

GOOD = {
    "_id": ("unknown", "a,b"),
    "patient": ("7", "Patient/7", "Patient/7/_history/3", f"{BASE}/Patient/7", "urn:uuid:0"),
    "subject": ("Patient/7", "Group/1", "https://ehr.example.org/Patient/7"),
    "target": ("Condition/1", "Condition/1/_history/2", f"{BASE}/Condition/1", "1"),
    "reason": ("AIAST", "urn:system|AIAST", "|AIAST", "urn:system|"),
    "_count": ("0", "5", "99999999999999999999"),
    "_sort": ("_id",),
    "_after": ("5f1c",),
    "_format": ("json", "application/fhir+json"),
    "_pretty": ("true", "false"),
}
"""Values of each parameter that are applied."""

BAD = {
    "_id": ("a,,b", "a/b", "a,", "x" * 65),
    "patient": ("1,2", "a/b/c", "7/_history/3", "patient 7", "Patient/", "%00"),
    "subject": ("Patient/1,Patient/2", "/7", "https://a b"),
    "target": ("a/b/c", "1/_history/2", "Condition/1,Condition/2"),
    "reason": ("|", "AIAST,CLINAST", "%00"),
    "_count": ("-1", "many", "gt5", "1.5"),
    "_sort": ("-_id", "date", "_id,date"),
    "_after": ("../..", "a,b"),
    "_pretty": ("yes",),
}
"""Values of each parameter that mean nothing here: wrong forms, OR, prefixes."""


def cases() -> Iterator[tuple[str, str, str]]:
    """Yield a type, a parameter's name and the query that cannot be applied."""
    for kind, own in SEARCHED.items():
        for name in (*own, *sorted(OF_RESULTS)):
            yield from ((kind, name, f"{name}={value}") for value in ("", "%20"))
            yield from ((kind, name, f"{name}={value}") for value in BAD.get(name, ()))
            other = "application/json" if name == "_format" else f"{GOOD[name][0]}x"
            yield kind, name, f"{name}={GOOD[name][0]}&{name}={other}"
            yield kind, f"{name}x", f"{name}x={GOOD[name][0]}"
        for name in {*GOOD, "Patient", "colour", "_lastUpdated"} - {*own, *OF_RESULTS}:
            yield kind, name, f"{name}=1"


WRONG = sorted(set(cases()))
RIGHT = [
    (kind, name, value)
    for kind, own in SEARCHED.items()
    for name in (*own, *sorted(OF_RESULTS))
    for value in GOOD[name]
]


@pytest.fixture(scope="module")
def ward(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a server that has read notes of the patients 1, 2 and 7; nothing changes it."""
    path = tmp_path_factory.mktemp("ward") / "biomed.db"
    shutil.copy(sqlite_template, path)
    settings = Settings(database_url=f"sqlite:///{path}", broker_url=NOBODY, base_url=BASE)
    engine = connect(settings.database_url)
    inbox = Inbox(engine)
    with TestClient(create_app(settings)) as client:
        for patient in ("1", "2", "7"):
            sent = document(f"Pneumonia and cough of {patient}. Aspirin.", patient=patient)
            body = orjson.dumps(sent)
            assert client.post(
                "/fhir/DocumentReference", content=body, headers=FHIR_JSON
            ).is_success
        rows = inbox.due(queued_for_seconds=0, limit=10, max_attempts=3)
        Pipeline(inbox, Results(engine, retraction), KeywordRecogniser(), settings).process(rows)
        yield client
    engine.dispose()


def bundle(answer: Any) -> Json:
    """Return the Bundle of a search that succeeded."""
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    Bundle.model_validate(found)
    return found


def total(client: TestClient, query: str) -> int:
    return int(bundle(client.get(f"/fhir/{query}"))["total"])


total_of_the_ward = cache(total)  # nothing changes the ward: it is asked once for each type


def told(found: Json) -> str:
    """Return what the outcome entry of a Bundle says."""
    entries = [one for one in found["entry"] if one["search"]["mode"] == "outcome"]
    (entry,) = entries
    OperationOutcome.model_validate(entry["resource"])
    assert {issue["severity"] for issue in entry["resource"]["issue"]} == {"warning"}
    return " ".join(issue["details"]["text"] for issue in entry["resource"]["issue"])


@pytest.mark.parametrize(("kind", "name", "query"), WRONG)
def test_what_cannot_be_applied_is_refused_or_ignored_aloud(
    ward: TestClient, kind: str, name: str, query: str
) -> None:
    """400 that names the parameter; ignored for a lenient client, whose Bundle says so."""
    refused = ward.get(f"/fhir/{kind}?{query}")
    assert refused.status_code == 400
    OperationOutcome.model_validate(refused.json())
    assert f"parameter {name} " in refused.json()["issue"][0]["details"]["text"]
    ignored = bundle(ward.get(f"/fhir/{kind}?{query}&_id=zz", headers=LENIENT))
    asked = f"/fhir/{kind}" if name == "_id" else f"/fhir/{kind}?_id=zz"
    assert ignored["total"] == total_of_the_ward(ward, asked.removeprefix("/fhir/"))
    assert f"parameter {name} " in told(ignored)
    assert ignored["link"][0]["url"] == f"{BASE.removesuffix('/fhir')}{asked}"


@pytest.mark.parametrize(("kind", "name", "value"), RIGHT)
@pytest.mark.parametrize("headers", [{}, LENIENT], ids=["strict", "lenient"])
def test_what_can_be_applied_is_applied(
    ward: TestClient, kind: str, name: str, value: str, headers: dict[str, str]
) -> None:
    """200, without a warning, and `self` has the parameter, however the client wants it handled."""
    found = bundle(ward.get(f"/fhir/{kind}", params={name: value}, headers=headers))
    assert f"?{name}=" in found["link"][0]["url"]
    assert all(one["search"]["mode"] == "match" for one in found.get("entry", []))


@pytest.mark.parametrize("headers", [{}, LENIENT], ids=["strict", "lenient"])
@pytest.mark.parametrize("kind", SEARCHED)
def test_a_modifier_is_never_ignored(ward: TestClient, kind: str, headers: dict[str, str]) -> None:
    """No parameter has a modifier here, and R4 lets no server leave one out."""
    for name in (*SEARCHED[kind], *OF_RESULTS):
        answer = ward.get(f"/fhir/{kind}?{name}:missing=true", headers=headers)
        assert answer.status_code == 400
        assert f"parameter {name} " in answer.json()["issue"][0]["details"]["text"]


@pytest.mark.parametrize("query", ["subject=Patient/nobody", "_id=zz", "patient=nobody"])
def test_nobody_s_conditions_are_none(ward: TestClient, query: str) -> None:
    """Who asks for what is not there gets nothing, not everything."""
    assert total(ward, "Condition") == 6
    assert total(ward, f"Condition?{query}") == 0


@pytest.mark.parametrize("name", ["patient", "subject"])
@pytest.mark.parametrize(
    "value", ["7", "Patient/7", "Patient/7/_history/3", f"{BASE}/Patient/7", "http%3A//x/Patient/7"]
)
def test_a_patient_is_one_however_named(ward: TestClient, name: str, value: str) -> None:
    """By id, reference, version or our address, as patient or subject; elsewhere is another one."""
    assert total(ward, f"Condition?{name}={value}") == (0 if "x/" in value else 2)


@pytest.mark.parametrize("written", ["Patient/9", "Patient/9/_history/3", f"{BASE}/Patient/9"])
def test_a_patient_is_found_however_written(
    client: TestClient, read_all: Callable[[], None], written: str
) -> None:
    """Notes and resources of others that name the patient in any of these ways are found by all."""
    subject = {"reference": written}
    sent = document("Fever.", subject=subject)
    assert client.post("/fhir/DocumentReference", json=sent, headers=FHIR_JSON).is_success
    read_all()
    other = {"resourceType": "Condition", "id": "c", "subject": subject}
    assert client.put("/fhir/Condition/c", json=other, headers=FHIR_JSON).is_success
    for asked in ("9", "Patient/9/_history/1", f"{BASE}/Patient/9"):
        assert total(client, f"Condition?patient={asked}") == 2
        assert total(client, f"Provenance?patient={asked}") == 1
        assert total(client, f"DocumentReference?subject={asked}") == 1
    assert total(client, "Condition?patient=Patient/99") == 0


def test_a_patient_is_named_once(ward: TestClient) -> None:
    """Both names of one patient are fine, two patients are refused."""
    assert total(ward, f"Condition?patient=7&subject={BASE}/Patient/7") == 2
    assert ward.get("/fhir/Condition?patient=7&subject=Patient/1").status_code == 400


def test_ids_are_alternatives(ward: TestClient) -> None:
    """`_id` finds each of the resources it names, together with what else is asked for."""
    entries = bundle(ward.get("/fhir/Condition"))["entry"]
    first, second = (one["resource"] for one in entries[:2])
    assert total(ward, f"Condition?_id={first['id']}") == 1
    both = f"Condition?_id={first['id']},{second['id']},zz"
    assert total(ward, both) == 2
    subjects = {first["subject"]["reference"], second["subject"]["reference"]}
    assert total(ward, f"{both}&patient={first['subject']['reference']}") == 3 - len(subjects)
    sent = bundle(ward.get("/fhir/DocumentReference?patient=7"))["entry"][0]["resource"]["id"]
    assert total(ward, f"DocumentReference?_id={sent}") == 1


def test_every_problem_is_told_at_once(ward: TestClient) -> None:
    """Several wrong parameters are several issues, ten at most."""
    answer = ward.get("/fhir/Condition?colour=red&patient=&_count=many")
    assert len(answer.json()["issue"]) == 3
    many = "&".join(f"a{number}=1" for number in range(30))
    assert len(ward.get(f"/fhir/Condition?{many}").json()["issue"]) == 10


def test_strict_wins_over_lenient(ward: TestClient) -> None:
    """Who asks for both is refused."""
    both = {"Prefer": "handling=lenient, handling=strict"}
    assert ward.get("/fhir/Condition?colour=red", headers=both).status_code == 400


def test_a_name_that_is_no_word_is_not_repeated(ward: TestClient) -> None:
    """Whatever stands where a name should is not told back: it may be a patient's."""
    answer = ward.get("/fhir/Condition?Mrs%20Oduya=1")
    assert answer.status_code == 400
    assert "Oduya" not in answer.text


def test_pages_of_a_lenient_search_hold_no_resource_twice(ward: TestClient) -> None:
    """The warning stands on the page that was asked for, and `next` leads on without it."""
    first = bundle(ward.get("/fhir/Condition?colour=red&_count=4", headers=LENIENT))
    assert "colour" in told(first)
    assert [one["search"]["mode"] for one in first["entry"]] == ["match"] * 4 + ["outcome"]
    address = next(one["url"] for one in first["link"] if one["relation"] == "next")
    assert "colour" not in address
    second = bundle(ward.get(address, headers=LENIENT))
    ids = [one["resource"]["id"] for one in (*first["entry"][:4], *second["entry"])]
    assert len(set(ids)) == len(ids) == 6


@pytest.mark.parametrize("query", ["_since=2026-01-01", "_count=1", "patient=1", "_format="])
def test_a_history_and_the_base_narrow_nothing_down(ward: TestClient, query: str) -> None:
    """Parameters of a history or of a search over all types are refused, not ignored."""
    fhir_id = bundle(ward.get("/fhir/Condition"))["entry"][0]["resource"]["id"]
    for path in (f"Condition/{fhir_id}/_history", ""):
        assert ward.get(f"/fhir/{path}?{query}", headers=LENIENT).status_code == 400
