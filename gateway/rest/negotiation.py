"""What a request may send, must accept and may prefer: FHIR JSON, nothing else."""

from fastapi import Request

from models.errors import NotAcceptable, WrongMediaType

JSON_TYPES = frozenset({"application/fhir+json", "application/json", "application/json+fhir"})
WILDCARDS = frozenset({"*/*", "application/*"})
FORMATS = JSON_TYPES | WILDCARDS | {"json"}  # what `_format` may say (FHIR R4, http.html#mime-type)
CHARSETS = frozenset({"", "utf-8", "utf8", "us-ascii"})  # FHIR JSON is UTF-8


def media_type(header: str) -> tuple[str, dict[str, str]]:
    """Cut `type/subtype; key=value` into the type and its parameters, in lower case."""
    name, *rest = (part.strip() for part in header.lower().split(";"))
    pairs = (part.partition("=") for part in rest)
    return name, {key.strip(): value.strip(' "') for key, _, value in pairs}


def require_json_accepted(request: Request) -> None:
    """Raise NotAcceptable unless JSON may be answered; `_format` wins over the Accept header."""
    wanted = request.query_params.get("_format", "").strip()
    if not wanted:
        acceptable = accepts_json(request.headers.get("accept", ""))
    else:
        acceptable = media_type(wanted.replace(" ", "+"))[0] in FORMATS  # an unescaped + is a space
    if not acceptable:
        raise NotAcceptable


def accepts_json(header: str) -> bool:
    """Whether an Accept header admits JSON; an empty one admits everything."""
    ranges = [media_type(part) for part in header.split(",") if part.strip()]
    return not ranges or any(
        name in JSON_TYPES | WILDCARDS and not refused(parameters) for name, parameters in ranges
    )


def refused(parameters: dict[str, str]) -> bool:
    """Whether a media range carries the quality 0, which means: not this one (RFC 9110, 12.4.2)."""
    return parameters.get("q", "1").rstrip("0.") == ""


def require_json_sent(request: Request) -> None:
    """Raise WrongMediaType unless the body is declared as plain FHIR JSON in UTF-8."""
    name, parameters = media_type(request.headers.get("content-type", ""))
    plain = request.headers.get("content-encoding", "identity").lower() == "identity"
    if name not in JSON_TYPES or parameters.get("charset", "") not in CHARSETS or not plain:
        raise WrongMediaType


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
