"""JSON text that is safe to read: strict, each name once, not too much of it, not too deep.

All of it is found out before anything large is built (RFC 8259, 4 and 9).
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from models.errors import NotJson, TooComplex

MOST_ELEMENTS: Final = 100_000
"""Values and brackets of one text; checking so many takes about three seconds and 200 MB."""

DEEPEST: Final = 200
"""Brackets within brackets: room for a resource at its deepest in the entry of a Bundle."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_ALL: Final = bytes(range(256))
_OPENING: Final = b"{["
_BRACKETS: Final = b"{[]}"
_COUNTED: Final = b"{[,"


@dataclass(frozen=True, slots=True)
class Json:
    """JSON text without a byte order mark, which a parser may ignore, and the value it holds."""

    text: str
    value: object


def checked(raw: bytes | str, *, most_elements: int = MOST_ELEMENTS) -> Json:
    """Return JSON text that is safe to read, and what it holds.

    Raises:
        TooComplex: it holds more than `most_elements` values.
        NotJson: it is not strict JSON in UTF-8, repeats a name in an object, or is nested deeply.
    """
    data = _utf8(raw)
    if _count(data, _COUNTED) > most_elements:
        _require_few(_STRING.sub(b"", data), most_elements)
    value = _value(data)
    if _count(data, _OPENING) > DEEPEST and _depth(_STRING.sub(b"", data)) > DEEPEST:
        raise NotJson(reason="nested too deeply")
    text = data.decode()
    _require_single_names(text)
    return Json(text, value)


def _utf8(raw: bytes | str) -> bytes:
    try:
        return (raw.encode() if isinstance(raw, str) else raw).removeprefix(_BYTE_ORDER_MARK)
    except UnicodeEncodeError:
        raise NotJson(reason="not UTF-8") from None


def _count(data: bytes, signs: bytes) -> int:
    return sum(data.count(sign) for sign in signs)


def _require_few(structure: bytes, most: int) -> None:
    if _count(structure, _COUNTED) > most:
        raise TooComplex(limit=most, what="values")


def _value(data: bytes) -> object:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        wrong = "not UTF-8" if _is_not_utf8(data) else f"not JSON (line {error.lineno})"
        raise NotJson(reason=wrong) from None


def _is_not_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return True
    return False


def _depth(structure: bytes) -> int:
    depth = deepest = 0
    for sign in structure.translate(None, _ALL.translate(None, _BRACKETS)):
        depth += 1 if sign in _OPENING else -1
        deepest = max(deepest, depth)
    return deepest


def _require_single_names(text: str) -> None:
    """Refuse a name that stands twice in an object: readers differ on which of them counts."""
    try:
        json.loads(text, object_pairs_hook=_single, parse_int=str, parse_float=str)
    except RecursionError:
        raise NotJson(reason="nested too deeply") from None


def _single(pairs: Sequence[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise NotJson(reason="a name stands twice in an object")
