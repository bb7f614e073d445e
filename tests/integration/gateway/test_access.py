"""Who may come in: each attack by its name, against the server as it stands."""

import base64
import hashlib
import hmac
import json
import shutil
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import jwt
import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi.testclient import TestClient
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.operationoutcome import OperationOutcome

from gateway.access.admission import require_closed
from gateway.access.api_keys import add
from gateway.access.tokens import MOST_CHARACTERS
from gateway.rest.app import create_app
from models.errors import OpenToTheNetwork
from tests.integration.gateway.conftest import BASE, FHIR_JSON, NOBODY, document
from tests.issuers import AUDIENCE, ISSUER, Issuer, issuing
from worker.settings import Settings

TOKEN_URL = "https://issuer.example.org/token"  # noqa: S105 no secret
BROAD = "system/*.cruds"


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        yield found


@pytest.fixture(scope="module")
def keys_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "keys.json"


@pytest.fixture(scope="module")
def key(keys_file: Path) -> str:
    return add(keys_file, "engine", ["system/DocumentReference.c"])


@pytest.fixture(scope="module")
def guarded(
    issuer: Issuer,
    key: str,
    keys_file: Path,
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[TestClient]:
    """A client of a server that asks for a token or a key."""
    assert key
    database = tmp_path_factory.mktemp("guarded") / "biomed.db"
    shutil.copy(sqlite_template, database)
    settings = Settings(
        database_url=f"sqlite:///{database}",
        broker_url=NOBODY,
        base_url=BASE,
        jwks_url=issuer.url,
        token_issuer=ISSUER,
        token_audience=AUDIENCE,
        token_url=TOKEN_URL,
        api_keys_file=keys_file,
    )
    with TestClient(create_app(settings), base_url="http://fhir.example.org") as found:
        body = orjson.dumps(document("Fever.", id="known"))
        bearer = {"Authorization": f"Bearer {issuer.token(BROAD)}"}
        sent = found.post("/fhir/DocumentReference", content=body, headers=FHIR_JSON | bearer)
        assert sent.status_code == HTTPStatus.CREATED
        yield found


def asked(client: TestClient, token: str, path: str = "/fhir/Condition") -> Any:
    return client.get(path, headers={"Authorization": f"Bearer {token}"})


def refused(answer: Any, status: int) -> str:
    """Return the WWW-Authenticate header of a refusal, which has to be a FHIR answer."""
    assert answer.status_code == status
    OperationOutcome.model_validate(answer.json())
    return str(answer.headers.get("WWW-Authenticate", ""))


@pytest.mark.parametrize("algorithm", ["RS384", "ES384"])
def test_a_good_token_is_let_in(guarded: TestClient, issuer: Issuer, algorithm: str) -> None:
    """Both algorithms of SMART Backend Services open what the scope names."""
    token = issuer.token("system/Condition.rs", algorithm)
    assert asked(guarded, token).status_code == 200


def test_refusals_are_counted_by_their_code(guarded: TestClient, issuer: Issuer) -> None:
    """As all errors are: an alert on forged tokens sees them."""
    asked(guarded, "a.b.c")
    told = asked(guarded, issuer.token("operations/metrics"), "/metrics").text
    assert 'biomed_errors_total{code="unauthenticated"} 1.0' in told


def test_who_says_nothing_is_told_how(guarded: TestClient) -> None:
    """Without credentials the challenge has no error (RFC 6750, 3.1)."""
    assert refused(guarded.get("/fhir/Condition"), 401) == 'Bearer realm="fhir"'
    basic = guarded.get("/fhir/Condition", headers={"Authorization": "Basic YTpi"})
    assert refused(basic, 401).startswith("Bearer")


def unsigned(issuer: Issuer, algorithm: str) -> str:
    """Return a token that says it needs no signature."""
    _, claims, _ = issuer.token().split(".")
    header = json.dumps({"alg": algorithm, "kid": "ES384", "typ": "JWT"}).encode()
    return f"{base64.urlsafe_b64encode(header).rstrip(b'=').decode()}.{claims}."


def signed_with_the_public_key(issuer: Issuer) -> str:
    """Return a token whose shared secret is what everybody may read."""
    pem = issuer.rsa_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )

    def encoded(part: Any) -> bytes:
        return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")

    claims = jwt.decode(issuer.token(), options={"verify_signature": False})
    text = encoded({"alg": "HS256", "kid": "RS384"}) + b"." + encoded(claims)
    digest = hmac.new(pem, text, hashlib.sha256).digest()
    return (text + b"." + base64.urlsafe_b64encode(digest).rstrip(b"=")).decode()


def attacks(issuer: Issuer) -> dict[str, str]:
    own, now = ec.generate_private_key(ec.SECP384R1()), int(time.time())
    own_jwk = jwt.algorithms.ECAlgorithm.to_jwk(own.public_key(), as_dict=True)
    whole = issuer.token()
    return {
        "alg none": unsigned(issuer, "none"),
        "alg None": unsigned(issuer, "None"),
        "HS256 with the public key": signed_with_the_public_key(issuer),
        "another algorithm of the same key": issuer.token(
            algorithm="RS256", key=issuer.rsa_key, headers={"kid": "RS384"}
        ),
        "the other key's name": issuer.token(headers={"kid": "RS384"}),
        "wrong audience": issuer.token(aud="https://other.example.org/fhir"),
        "no audience": issuer.token(aud=None),
        "wrong issuer": issuer.token(iss="https://evil.example.org"),
        "no issuer": issuer.token(iss=None),
        "expired": issuer.token(exp=now - 60),
        "never expires": issuer.token(exp=None),
        "not yet valid": issuer.token(nbf=now + 600),
        "issued in the future": issuer.token(iat=now + 600),
        "unknown kid": issuer.token(headers={"kid": "no such key"}),
        "kid injection": issuer.token(headers={"kid": "../../../../dev/null"}),
        "kid with SQL": issuer.token(headers={"kid": "x' UNION SELECT '"}),
        "another's key": issuer.token(key=own),
        "a key of its own": issuer.token(key=own, headers={"jwk": own_jwk}),
        "keys elsewhere": issuer.token(key=own, headers={"jku": "http://127.0.0.1:1/jwks"}),
        "a certificate elsewhere": issuer.token(key=own, headers={"x5u": "http://127.0.0.1:1/x"}),
        "critical extension": issuer.token(headers={"crit": ["b64"], "b64": False}),
        "huge": issuer.token(padding="x" * MOST_CHARACTERS),
        "cut short": whole[: len(whole) // 2],
        "changed": whole[:-10] + ("A" * 10),
        "not a token": "a.b.c",
        "no token at all": "<script>alert(1)</script>",
    }


NAMES = [
    "alg none", "alg None", "HS256 with the public key", "another algorithm of the same key",
    "the other key's name", "wrong audience", "no audience", "wrong issuer", "no issuer",
    "expired", "never expires", "not yet valid", "issued in the future", "unknown kid",
    "kid injection", "kid with SQL", "another's key", "a key of its own", "keys elsewhere",
    "a certificate elsewhere", "critical extension", "huge", "cut short", "changed",
    "not a token", "no token at all",
]  # fmt: skip


@pytest.fixture(scope="module")
def forged(issuer: Issuer) -> dict[str, str]:
    return attacks(issuer)


@pytest.mark.parametrize("name", NAMES)
def test_a_forged_token_is_refused(guarded: TestClient, forged: dict[str, str], name: str) -> None:
    """401, with a challenge, and nothing of the token in the answer."""
    answer = asked(guarded, forged[name])
    assert 'error="invalid_token"' in refused(answer, 401)
    assert "script" not in answer.text
    assert "evil" not in answer.text


def test_every_attack_has_its_test(forged: dict[str, str]) -> None:
    """The names above are those of the attacks."""
    assert list(forged) == NAMES


BEYOND = [
    "/fhir/Provenance",
    "/fhir/DocumentReference",
    "/fhir/DocumentReference/known",
    "/fhir/Condition?_revinclude=Provenance:target",
    "/fhir/Condition?_include=Condition:evidence-detail",
    "/fhir/Condition?_include:iterate=Provenance:entity:DocumentReference",
    "/fhir/Condition?_has:Provenance:target:_id=1",
    "/fhir/Patient/1/$everything",
    "/fhir/Patient/1/Condition",
    "/fhir/$export",
    "/metrics",
    "/anything",
]


@pytest.mark.parametrize("path", BEYOND)
def test_a_token_of_one_type_opens_no_other(guarded: TestClient, issuer: Issuer, path: str) -> None:
    """403 says which scope is missing; what is there is not told from what is not."""
    answer = asked(guarded, issuer.token("system/Condition.rs"), path)
    assert 'error="insufficient_scope"' in refused(answer, 403)


def test_a_bundle_is_asked_entry_by_entry(guarded: TestClient, issuer: Issuer) -> None:
    """A batch opens nothing that its sender may not open alone, in reading and in writing."""
    requests = [
        {"method": "GET", "url": "Condition"},
        {"method": "GET", "url": "DocumentReference/known"},
        {"method": "GET", "url": "Condition?_revinclude=Provenance:target"},
    ]
    entries: list[dict[str, Any]] = [{"request": one} for one in requests]
    put = {"resourceType": "Condition", "id": "1", "subject": {"reference": "Patient/1"}}
    entries.append({"request": {"method": "PUT", "url": "Condition/1"}, "resource": put})
    note = document("Cough.")
    entries.append({"request": {"method": "POST", "url": "DocumentReference"}, "resource": note})
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    bearer = {"Authorization": f"Bearer {issuer.token('system/Condition.rs')}"}
    answer = guarded.post("/fhir", content=orjson.dumps(bundle), headers=FHIR_JSON | bearer)
    statuses = [one["response"]["status"][:3] for one in answer.json()["entry"]]
    assert statuses == ["200", "403", "403", "403", "403"]


def test_a_create_that_finds_another_document_needs_to_read(guarded: TestClient, key: str) -> None:
    """If-None-Exist answers with what is there: who may only create does not get it."""
    headers = {**FHIR_JSON, "X-API-Key": key}
    body = orjson.dumps(document("Rash."))
    assert guarded.post("/fhir/DocumentReference", content=body, headers=headers).is_success
    asking = headers | {"If-None-Exist": "identifier=urn:test|Fever."}
    answer = guarded.post("/fhir/DocumentReference", content=body, headers=asking)
    assert 'scope="system/DocumentReference.s"' in refused(answer, 403)


def test_a_key_opens_its_scopes(guarded: TestClient, key: str) -> None:
    """As a Bearer token and in its own header; saying it twice is no way in."""
    bearer = {"Authorization": f"Bearer {key}"}
    assert guarded.get("/fhir/DocumentReference/known", headers=bearer).status_code == 403
    both = guarded.get("/fhir/Condition", headers={**bearer, "X-API-Key": key})
    refused(both, 401)
    refused(guarded.get("/fhir/Condition", headers={"X-API-Key": key + "x"}), 401)


@pytest.mark.parametrize(
    "path",
    [
        "/healthz",
        "/fhir",
        "/fhir/metadata",
        "/openapi.json",
        "/fhir/.well-known/smart-configuration",
    ],
)
def test_what_tells_nothing_stays_open(guarded: TestClient, path: str) -> None:
    """Monitors and clients that do not know yet where to get a token are answered."""
    assert guarded.get(path).status_code == 200


def test_the_server_says_how_to_come_in(guarded: TestClient, client: TestClient) -> None:
    """CapabilityStatement and SMART configuration name the token endpoint, where there is one."""
    statement = guarded.get("/fhir/metadata").json()
    CapabilityStatement.model_validate(statement)
    security = statement["rest"][0]["security"]
    assert security["service"][0]["coding"][0]["code"] == "SMART-on-FHIR"
    smart = guarded.get("/.well-known/smart-configuration").json()
    assert smart["token_endpoint"] == TOKEN_URL
    assert smart["grant_types_supported"] == ["client_credentials"]
    assert client.get("/.well-known/smart-configuration").status_code == 404
    assert "service" not in client.get("/fhir/metadata").json()["rest"][0]["security"]


def test_behind_a_proxy_nobody_is_asked_for_metrics_as_from_here(
    issuer: Issuer, settings: Settings
) -> None:
    """A proxy on this machine may set no header: with a base of its own the scope is asked for."""
    told = {"jwks_url": issuer.url, "token_issuer": ISSUER, "token_audience": AUDIENCE}
    behind = settings.model_copy(update=told)
    here, codes = ("127.0.0.1", 50000), []
    for one in (behind, behind.model_copy(update={"base_url": None})):
        with TestClient(create_app(one), base_url="http://127.0.0.1", client=here) as client:
            codes.append(client.get("/metrics").status_code)
            token = issuer.token("operations/metrics")
            assert asked(client, token, "/metrics").status_code == 200
    assert codes == [401, 200]


def test_markup_in_an_id_comes_back_as_no_markup(client: TestClient) -> None:
    """An id is checked before it is looked up, and no answer is a page."""
    answer = client.get("/fhir/Condition/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert answer.status_code == 404
    assert "<script>" not in answer.text
    assert answer.headers["Content-Type"].startswith("application/fhir+json")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_client_that_sends_too_much_waits(issuer: Issuer, settings: Settings) -> None:
    """The third request is 429 with the time to wait; another client is not kept."""
    limited = settings.model_copy(
        update={
            "jwks_url": issuer.url,
            "token_issuer": ISSUER,
            "token_audience": AUDIENCE,
            "requests_per_second": 0.01,
            "requests_at_once": 2,
        }
    )
    with TestClient(create_app(limited), base_url="http://fhir.example.org") as client:
        token = issuer.token("system/Condition.rs")
        assert [asked(client, token).status_code for _ in range(3)] == [200, 200, 429]
        assert int(asked(client, token).headers["Retry-After"]) > 50
        other = issuer.token("system/Condition.rs", client_id="other")
        assert asked(client, other).status_code == 200


def test_guessing_is_slowed_down(issuer: Issuer, settings: Settings) -> None:
    """After sixty wrong tokens in a row an address is told to wait."""
    told = {"jwks_url": issuer.url, "token_issuer": ISSUER, "token_audience": AUDIENCE}
    guarding = create_app(settings.model_copy(update=told))
    with TestClient(guarding, base_url="http://fhir.example.org") as client:
        codes = {asked(client, "a.b.c").status_code for _ in range(80)}
        assert codes == {401, 429}
        assert asked(client, issuer.token("system/Condition.rs")).status_code == 200


def test_a_server_that_asks_nobody_is_for_this_machine(settings: Settings) -> None:
    """Another address is refused, unless it is said aloud or something says who may come."""
    outside = settings.model_copy(update={"host": "0.0.0.0"})  # noqa: S104 refused
    with pytest.raises(OpenToTheNetwork):
        require_closed(outside)
    require_closed(outside.model_copy(update={"allow_anybody": True}))
    require_closed(settings)


def test_a_half_configured_server_does_not_start() -> None:
    """An issuer without an audience would take the tokens of every server."""
    with pytest.raises(ValueError, match="go together"):
        Settings(jwks_url="https://issuer.example.org/jwks", token_issuer=ISSUER)
