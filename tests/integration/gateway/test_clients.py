"""Clients that nobody here wrote create, update and send transactions, with a token."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fhirclient import client as smart
from fhirclient.models.bundle import Bundle
from fhirclient.models.diagnosticreport import DiagnosticReport
from fhirclient.models.documentreference import DocumentReference
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import MultipleResourcesFound, OperationOutcome

from tests.integration.gateway.conftest import NOBODY, document
from tests.integration.gateway.incoming.reports import bundle, posted, report
from tests.issuers import AUDIENCE, ISSUER, issuing
from tests.servers import serving

LINK = "urn:uuid:0b1c1a3e-6f7e-4f43-9a7a-3a1c7f0d0002"
NODE = Path(__file__).with_name("fhir-kit-client.mjs")
NODE_CLIENT = "fhir-kit-client@2"
PATIENCE_SECONDS = 120


class Door(NamedTuple):
    """The FHIR base of a running server, and what to say to come in."""

    base: str
    bearer: str


@pytest.fixture(scope="module")
def door(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A server for all clients, which lets in whoever has a token."""
    folder = tmp_path_factory.mktemp("clients")
    shutil.copy(sqlite_template, folder / "biomed.db")
    url = f"sqlite:///{folder / 'biomed.db'}"
    with issuing() as issuer:
        asked = {"jwks_url": issuer.url, "token_issuer": ISSUER, "token_audience": AUDIENCE}
        with serving(folder / "serve.log", database_url=url, broker_url=NOBODY, **asked) as server:
            assert server.get("/fhir/Condition").status_code == HTTPStatus.UNAUTHORIZED
            base = f"{server.base_url}/fhir".replace("//fhir", "/fhir")
            yield Door(base, f"Bearer {issuer.token()}")


def pair(name: str, patient: str) -> dict[str, Any]:
    """Return a transaction of two documents, of which the second appends the first."""
    appends = [{"code": "appends", "target": {"reference": LINK}}]
    return bundle(
        "transaction",
        posted(document(f"{name} one", patient), LINK),
        posted(document(f"{name} two", patient, relatesTo=appends)),
    )


def test_fhirpy(door: Door) -> None:
    """Creates, updates, does both by conditions, sends a transaction and reads it back."""
    client = SyncFHIRClient(door.base, authorization=door.bearer)
    made = client.resource("DocumentReference", **document("py", "py", id="py-1"))
    made.create()  # type: ignore[no-untyped-call]  # as fhirpy has it
    made["description"] = "corrected"
    made.update()
    assert made["meta"]["versionId"] == "2"
    sought = client.resources("DocumentReference").search(identifier="urn:test|py")
    other = client.resource("DocumentReference", **document("other", "py"))
    assert (sought.get_or_create(other)[0]["id"], sought.get_or_create(other)[1]) == ("py-1", False)
    changed, created = sought.update(client.resource("DocumentReference", **document("py", "py")))
    assert (changed["id"], changed["meta"]["versionId"], created) == ("py-1", "3", False)
    answer = client.execute("", data=pair("py", "py"))
    first, second = (one["response"]["location"].split("/") for one in answer["entry"])
    read = client.get("DocumentReference", second[1])
    assert read["relatesTo"][0]["target"]["reference"] == f"DocumentReference/{first[1]}"
    assert len(client.resources("DocumentReference").search(patient="py").fetch_all()) == 3
    with pytest.raises(MultipleResourcesFound):
        client.resources("DocumentReference").search(patient="py").update(other)
    with pytest.raises(OperationOutcome):
        client.execute("", data=bundle("transaction", posted({"resourceType": "Condition"})))


def test_fhirclient(door: Door) -> None:
    """The SMART client creates, updates, sends a transaction and reads back."""
    server = smart.FHIRClient(settings={"app_id": "test", "api_base": door.base}).server
    server.session.headers["Authorization"] = door.bearer
    made = DocumentReference(DocumentReference(document("smart", "smart")).create(server))
    made.description = "corrected"
    assert made.update(server)["meta"]["versionId"] == "2"
    letter = DiagnosticReport(report("Fever.", identifier=None)).create(server)
    assert DiagnosticReport.read(letter["id"], server).presentedForm[0].data
    answer = Bundle(server.post_json("", pair("smart", "smart")).json())
    places = [one.response.location.split("/")[1] for one in answer.entry]
    read = DocumentReference.read(places[1], server)
    assert read.relatesTo[0].target.reference == f"DocumentReference/{places[0]}"
    found = DocumentReference.where({"patient": "smart"}).perform_resources_iter(server)
    assert len(list(found)) == 3


@pytest.fixture(scope="module")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which Node's client is installed."""
    folder = tmp_path_factory.mktemp("node")
    if not (shutil.which("npm") and shutil.which("node")):
        pytest.skip("NODE'S CLIENT IS NOT TESTED: no npm here")
    (folder / "package.json").write_text("{}")
    options = ("--no-audit", "--no-fund", "--ignore-scripts")
    ended = run("npm", "install", *options, NODE_CLIENT, at=folder)
    if ended.returncode:
        pytest.skip("NODE'S CLIENT IS NOT TESTED: npm cannot install it here")
    return folder


def run(*command: str, at: Path) -> "subprocess.CompletedProcess[str]":
    """Run a program in a folder."""
    return subprocess.run(  # noqa: S603 programs of a developer's machine
        command, cwd=at, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )


def test_fhir_kit_client(door: Door, node_modules: Path) -> None:
    """Node's client does all of it too, and is told of a refusal by an OperationOutcome."""
    shutil.copy(NODE, node_modules)  # it imports what is installed beside it
    ended = run("node", NODE.name, *door, at=node_modules)
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["ids"] == ["node-1"] * 4
    assert told["versions"] == ["1", "1", "2", "3"]
    assert told["statuses"] == ["201 Created"] * 2
    assert told["target"] == told["first"]
    assert (told["oldest"], told["total"]) == ("Fever.", 3)
    assert told["refused"] == [400, "OperationOutcome"]
