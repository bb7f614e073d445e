"""What a client asks for in the Prefer header (RFC 7240; FHIR R4, http.html and search.html)."""

from fastapi import Request


def prefers(request: Request, name: str, value: str) -> bool:
    """Whether a Prefer header holds `name=value`."""
    headers = ",".join(request.headers.getlist("prefer")).lower()
    return f"{name}={value}".lower() in [
        part.replace(" ", "").replace('"', "") for part in headers.replace(";", ",").split(",")
    ]


def lenient(request: Request) -> bool:
    """Whether what cannot be applied shall be left out; who says both is not lenient."""
    strict = prefers(request, "handling", "strict")
    return prefers(request, "handling", "lenient") and not strict
