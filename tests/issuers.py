"""An issuer of tokens: its keys over HTTP, and tokens signed by them or by anybody."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

ISSUER: Final = "https://issuer.example.org"
AUDIENCE: Final = "http://fhir.example.org/fhir"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Signs with its own two keys; `url` is where its public keys are."""

    url: str
    rsa_key: rsa.RSAPrivateKey
    ec_key: ec.EllipticCurvePrivateKey

    def token(self, scope: str = "system/*.cruds", algorithm: str = "ES384", **changes: Any) -> str:
        """Return a token; a claim that is changed to None is left out, `headers` are added."""
        headers = changes.pop("headers", {})
        key = changes.pop("key", self.rsa_key if algorithm == "RS384" else self.ec_key)
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "engine",
            "client_id": "engine",
            "iat": now,
            "exp": now + 300,
            "scope": scope,
            **changes,
        }
        told = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(told, key, algorithm, {"kid": algorithm, **headers})


@contextmanager
def issuing() -> Iterator[Issuer]:
    """Give an issuer whose keys are served on this machine."""
    rsa_key = rsa.generate_private_key(65537, 2048)
    ec_key = ec.generate_private_key(ec.SECP384R1())
    published = [
        {**jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key.public_key(), as_dict=True), "kid": "RS384"},
        {**jwt.algorithms.ECAlgorithm.to_jwk(ec_key.public_key(), as_dict=True), "kid": "ES384"},
    ]
    body = json.dumps({"keys": published}).encode()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Write nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield Issuer(f"http://127.0.0.1:{server.server_port}/jwks", rsa_key, ec_key)
        finally:
            server.shutdown()
