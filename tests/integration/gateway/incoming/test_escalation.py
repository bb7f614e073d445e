"""Who may only create neither updates nor reads, by whatever way; each way by its name."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from gateway.access.api_keys import add
from gateway.rest.app import create_app
from models.audit_events import Entry
from models.db.audit_log.audit_log import AuditLog, Wanted
from models.db.inbox.inbox import Inbox
from models.db.sql.session import connect
from tests.integration.gateway.conftest import BASE, FHIR_JSON, NOBODY
from tests.integration.gateway.incoming.reports import bundle, posted, report
from tests.integration.gateway.incoming.test_messages import header, message
from tests.integration.gateway.test_batch import asking, named
from tests.integration.gateway.test_update import condition, entry
from worker.settings import Settings

SCOPES = {
    "creates": ["system/DocumentReference.c"],
    "updates": ["system/DocumentReference.u"],
    "changes": ["system/DocumentReference.rus"],
    "reads": ["system/DocumentReference.rs"],
    "all": ["system/*.cruds"],
}
KNOWN = named("known", id="known", description="first")
BY_NAME = "identifier=urn:s|known"
MEANT = f"DocumentReference?{BY_NAME}"
APPENDING: dict[str, Any] = {"relatesTo": [{"code": "appends", "target": {"reference": MEANT}}]}

Send = Callable[..., Any]
Rows = Callable[[], list[Entry]]


@pytest.fixture(scope="module")
def settings(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a server that asks for a key."""
    folder = tmp_path_factory.mktemp("escalation")
    shutil.copy(sqlite_template, folder / "biomed.db")
    return Settings(
        database_url=f"sqlite:///{folder / 'biomed.db'}",
        broker_url=NOBODY,
        base_url=BASE,
        api_keys_file=folder / "keys.json",
    )


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Iterator[Engine]:
    """The server's database."""
    found = connect(settings.database_url)
    yield found
    found.dispose()


@pytest.fixture(scope="module")
def keys(settings: Settings) -> dict[str, str]:
    """The keys of clients, by what they may do with documents."""
    assert settings.api_keys_file
    return {name: add(settings.api_keys_file, name, words) for name, words in SCOPES.items()}


@pytest.fixture(scope="module")
def client(settings: Settings, keys: dict[str, str]) -> Iterator[TestClient]:
    """A client of the server."""
    assert keys
    with TestClient(create_app(settings), base_url="http://fhir.example.org") as found:
        yield found


@pytest.fixture
def send(client: TestClient, keys: dict[str, str]) -> Send:
    """Send a resource, or ask, as one of the clients."""

    def sent(who: str, method: str, path: str, resource: Any = None, **headers: str) -> Any:
        content = None if resource is None else orjson.dumps(resource)
        own = {**FHIR_JSON, "X-API-Key": keys[who], **headers}
        return client.request(method, path, content=content, headers=own)

    return sent


@pytest.fixture
def rows(engine: Engine) -> Rows:
    """The rows of the audit log since this was asked last."""
    log = AuditLog(engine)
    seen = len(list(log.export(Wanted())))

    def new() -> list[Entry]:
        nonlocal seen
        found = list(log.export(Wanted()))
        seen, fresh = len(found), found[seen:]
        return fresh

    return new


@pytest.fixture(autouse=True)
def known(send: Send) -> None:
    """A document that somebody else stored."""
    assert send("all", "PUT", "/fhir/DocumentReference/known", KNOWN).is_success


def told(rows: list[Entry]) -> list[tuple[str, str]]:
    return [(one.event.interaction, one.event.outcome) for one in rows]


def states(engine: Engine) -> dict[str, int]:
    return Inbox(engine).counts()


TRANSACTIONS = {
    "put": ([entry(KNOWN | {"description": "changed"})], "u"),
    "conditional put": (
        [{"resource": named("known"), "request": {"method": "PUT", "url": MEANT}}],
        "u",
    ),
    "conditional post": ([posted(named("new"), ifNoneExist=BY_NAME)], "s"),
    "get": ([asking("DocumentReference/known")], "r"),
    "search": ([asking("DocumentReference?_id=known")], "s"),
    "get with a slash": ([asking("DocumentReference/")], "s"),
    "reference": ([posted(named("new", **APPENDING))], "s"),
    "another type": ([posted(report("Fever."))], "DiagnosticReport.c"),
    "another type put": ([entry(condition("c"))], "Condition.u"),
}  # fmt: skip


@pytest.mark.parametrize("way", TRANSACTIONS)
def test_who_may_create_gains_nothing_by_a_transaction(
    send: Send, engine: Engine, rows: Rows, way: str
) -> None:
    """One entry that is forbidden refuses all; the answer says which scope is missing."""
    entries, needed = TRANSACTIONS[way]
    before = states(engine)
    rows()
    allowed = posted(named(f"beside {way}"))
    answer = send("creates", "POST", "/fhir", bundle("transaction", allowed, *entries))
    scope = needed if "." in needed else f"DocumentReference.{needed}"
    assert answer.status_code == 403
    assert f'scope="system/{scope}"' in answer.headers["WWW-Authenticate"]
    assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[1]"]
    assert "first" not in answer.text
    assert states(engine) == before
    assert told(rows()) == [("transaction", "4")]


@pytest.mark.parametrize("path", ["/fhir", "/fhir/$process-message"])
def test_who_may_create_gains_nothing_by_a_message(
    send: Send, engine: Engine, rows: Rows, path: str
) -> None:
    """A message creates; of a type that is not allowed, or by a conditional reference, nothing."""
    before = states(engine)
    rows()
    for wrong in (report("Fever."), named("new", **APPENDING)):
        answer = send("creates", "POST", path, message(header(), named("beside"), wrong))
        assert answer.status_code == 403
        response = answer.json()["entry"][0]["resource"]["response"]
        assert response["code"] == "fatal-error"
    assert states(engine) == before
    assert told(rows()) == [("operation", "4")] * 2
    assert send("creates", "POST", path, message(header(), named(f"own {path}"))).status_code == 200
    assert told(rows()) == [("create", "0")]
    assert send("reads", "POST", path, message(header(), named("x"))).status_code == 403


@pytest.mark.parametrize("path", ["/fhir", "/fhir/$process-message"])
def test_the_path_of_messages_opens_no_other_bundle(send: Send, path: str) -> None:
    """A batch is asked about entry by entry, wherever it comes in."""
    entries = [entry(KNOWN | {"description": "changed"}), asking("DocumentReference/known")]
    answer = send("creates", "POST", path, bundle("batch", *entries))
    assert [one["response"]["status"][:3] for one in answer.json()["entry"]] == ["403", "403"]


@pytest.mark.parametrize("who", ["creates", "updates", "reads"])
def test_who_may_create_gains_nothing_by_a_conditional_update(
    send: Send, engine: Engine, rows: Rows, who: str
) -> None:
    """It needs to update, to search and to read, alone and in a batch."""
    before = states(engine)
    rows()
    changed = named("known", description="changed")
    assert send(who, "PUT", f"/fhir/{MEANT}", changed).status_code == 403
    one = {"resource": changed, "request": {"method": "PUT", "url": MEANT}}
    answer = send(who, "POST", "/fhir", bundle("batch", one))
    assert answer.json()["entry"][0]["response"]["status"][:3] == "403"
    assert states(engine) == before
    assert told(rows()) == [("update", "4"), ("batch", "4")]


def test_who_may_change_does_not_create_by_a_conditional_update(send: Send, engine: Engine) -> None:
    """What is meant is changed; where nothing is meant, it needs to create too."""
    changed = named("known", description="by changes")
    assert send("changes", "PUT", f"/fhir/{MEANT}", changed).status_code == 200
    before = states(engine)
    for path in ("/fhir/DocumentReference?identifier=urn:s|none", "/fhir"):
        one = {
            "resource": named("none"),
            "request": {"method": "PUT", "url": "DocumentReference?identifier=urn:s|none"},
        }
        body = bundle("transaction", one) if path == "/fhir" else named("none")
        answer = send("changes", "POST" if path == "/fhir" else "PUT", path, body)
        assert answer.status_code == 403
        assert 'scope="system/DocumentReference.c"' in answer.headers["WWW-Authenticate"]
    assert states(engine) == before
    made = send("all", "PUT", "/fhir/DocumentReference?identifier=urn:s|none", named("none"))
    assert made.status_code == 201


@pytest.mark.parametrize("way", ["header", "query"])
def test_who_may_create_gains_nothing_by_a_conditional_create(send: Send, way: str) -> None:
    """Also where the condition stands in the query: the answer would be the other document."""
    query = f"?{BY_NAME}" if way == "query" else ""
    told = {"If-None-Exist": BY_NAME} if way == "header" else {}
    answer = send("creates", "POST", f"/fhir/DocumentReference{query}", named("new"), **told)
    assert answer.status_code == 403
    assert "first" not in answer.text
    pretty = send("creates", "POST", "/fhir/DocumentReference?_pretty=true", named("pretty"))
    assert pretty.status_code == 201


def test_who_may_create_does_not_get_what_has_the_id(send: Send) -> None:
    """A note under the id of another's resource is refused, and not answered by that resource."""
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "AIAST"}
    other = named("card", id="card", description="another's", meta={"security": [label]})
    assert send("all", "PUT", "/fhir/DocumentReference/card", other).status_code == 201
    answer = send("creates", "POST", "/fhir/DocumentReference", named("mine", id="card"))
    assert (answer.status_code, answer.json()["issue"][0]["details"]["coding"][0]["code"]) == (
        409,
        "id-in-use",
    )
    assert "another's" not in answer.text


def test_each_entry_of_a_transaction_is_a_row(send: Send, rows: Rows, engine: Engine) -> None:
    """What was written, of whom, and what was read; of a condition the document that was found."""
    rows()
    other: dict[str, Any] = {"subject": {"reference": "Patient/9"}}
    entries = [
        posted(named("row", **other)),
        posted(named("elsewhere", **other), ifNoneExist=BY_NAME),
        entry(condition("c")),
        asking("DocumentReference/known"),
    ]
    answer = send("all", "POST", "/fhir", bundle("transaction", *entries))
    assert answer.status_code == 200
    found = rows()
    assert sorted(told(found)) == sorted(
        [("create", "0"), ("create", "0"), ("update", "0"), ("read", "0")]
    )
    theirs = list(AuditLog(engine).export(Wanted(patient=["Patient/9"])))
    assert len(theirs) == 1
    assert [one.event.entity for one in found if one.event.interaction == "create"][1].startswith(
        "DocumentReference/known/"
    )
