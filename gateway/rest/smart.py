"""How the server asks who sends a request: in the CapabilityStatement, and as SMART wants it."""

from typing import Any, Final

from fastapi import APIRouter, Response

from gateway.access.policy import SMART
from gateway.rest.responses import made
from models.errors import UnknownPath
from worker.settings import Settings

SERVICES: Final = "http://terminology.hl7.org/CodeSystem/restful-security-service"
OAUTH_URIS: Final = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
CAPABILITIES: Final = ("permission-v1", "permission-v2")

Json = dict[str, Any]


def security(settings: Settings) -> Json:
    """Return `CapabilityStatement.rest.security`: true to the settings."""
    if settings.jwks_url:
        coding = {"system": SERVICES, "code": "SMART-on-FHIR"}
        found: Json = {"cors": False, "service": [{"coding": [coding]}]}
        return {**found, **(_extension(settings.token_url) if settings.token_url else {})}
    if settings.api_keys_file:
        return {"cors": False, "description": "Clients send a key of this server as Bearer token."}
    return {"cors": False, "description": "Nobody is asked who they are."}


def _extension(token_url: str) -> Json:
    """Return where a token is to be had (SMART App Launch 1.0, conformance)."""
    return {
        "extension": [{"url": OAUTH_URIS, "extension": [{"url": "token", "valueUri": token_url}]}]
    }


def smart(settings: Settings) -> APIRouter:
    """Return the route of the SMART configuration, which is there where tokens are.

    The token endpoint is somebody else's: what it can do beyond what SMART Backend Services ask of
    it is not told.
    """
    router = APIRouter(include_in_schema=False)

    @router.get(SMART)
    def configuration() -> Response:
        if not (settings.jwks_url and settings.token_url):
            raise UnknownPath
        found = made(document(settings.token_url))
        found.headers["Content-Type"] = "application/json"
        return found

    return router


def document(token_url: str) -> Json:
    """Return the SMART configuration (SMART App Launch 2.2, conformance.html)."""
    return {
        "token_endpoint": token_url,
        "grant_types_supported": ["client_credentials"],
        "scopes_supported": ["system/*.rs", "system/*.cruds"],
        "capabilities": list(CAPABILITIES),
    }
