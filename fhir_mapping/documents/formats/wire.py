"""How a conversion and what came of it are written between two processes.

A frame is its length, eight bytes with the least significant last, and its bytes. JSON and no
pickle: what a process sends that a hostile document may have taken over is checked, never run.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import orjson

from fhir_mapping.documents.formats.converted import Converted
from models import errors
from models.clinical import SourcePart
from models.errors import BiomedError

LENGTH: Final = 8


class Request(NamedTuple):
    """What is to be converted, its place in `content[]`, the processor seconds that it may take."""

    data: bytes
    declared: str | None
    place: int
    max_characters: int
    seconds: float


def frame(content: bytes) -> bytes:
    """Return the frame of some bytes."""
    return len(content).to_bytes(LENGTH) + content


def written_request(request: Request) -> bytes:
    """Return the two frames of a request: what is said of the bytes, and the bytes."""
    return frame(orjson.dumps(request[1:])) + frame(request.data)


def read_request(said: bytes, data: bytes) -> Request:
    """Return the request of two frames."""
    return Request(data, *orjson.loads(said))


def written_answer(found: Converted | BiomedError) -> bytes:
    """Return the content of the frame that answers a request."""
    if isinstance(found, BiomedError):
        return orjson.dumps({"error": _error(found)})
    return orjson.dumps(
        {
            "text": found.text,
            "decoded_as": found.decoded_as,
            "source": [[part.start, part.end, part.place] for part in found.source],
            "unread": [_error(error) for error in found.unread],
        }
    )


def read_answer(content: bytes) -> Converted:
    """Return what a conversion gave.

    Raises:
        BiomedError: what the converter raised.
        ValueError: it is no answer.
    """
    answer = orjson.loads(content)
    if not isinstance(answer, dict):
        raise ValueError("no answer")  # noqa: TRY004 whatever it is, no answer
    if "error" in answer:
        raise _raised(answer["error"])
    text = _is(str, answer["text"])
    parts = tuple(_part(one, len(text)) for one in answer["source"])
    unread = tuple(_raised(one) for one in answer["unread"])
    return Converted(text, _is(str, answer["decoded_as"]), parts, unread)


def _part(one: list[Any], length: int) -> SourcePart:
    start, end, place = _is(int, one[0]), _is(int, one[1]), _is(str, one[2])
    if not 0 <= start <= end <= length:
        raise ValueError("a part outside of the text")
    return SourcePart(start, end, place)


def _is(kind: type[Any], value: Any) -> Any:
    if not isinstance(value, kind):
        raise ValueError("a value of another type")  # noqa: TRY004 whatever it is, no answer
    return value


def _error(error: BiomedError) -> Mapping[str, object]:
    return {"type": type(error).__name__, "fields": vars(error)}


def _raised(said: Mapping[str, Any]) -> BiomedError:
    kind: Callable[..., BiomedError] = vars(errors)[said["type"]]
    if not (isinstance(kind, type) and issubclass(kind, BiomedError)):
        raise ValueError("no error of ours")  # noqa: TRY004 as above
    return kind(**said["fields"])
