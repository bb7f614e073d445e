"""The tokens of an RTF file, with their bytes (RTF 1.9.1, Basic RTF Syntax)."""

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

Kind = Literal["open", "close", "word", "hex", "symbol", "text"]

_TOKEN: Final = re.compile(
    rb"(?P<open>\{)|(?P<close>\})"
    rb"|\\(?P<word>[a-zA-Z]{1,32}+)(?P<number>-?[0-9]{1,10}+)?+ ?+"
    rb"|\\'(?P<hex>[0-9a-fA-F]{2})"
    rb"|\\(?P<symbol>.)"
    rb"|(?P<text>[^\\{}\r\n\0]++)",
    re.DOTALL,
)


class Token(NamedTuple):
    """A token of the bytes `start` to `end`: `value` are its letters, `number` its parameter."""

    kind: Kind
    value: bytes
    number: int | None
    start: int
    end: int


def tokens(data: bytes) -> Iterator[Token]:
    r"""Yield the tokens of a file; line ends and the bytes of `\\bin` are none."""
    place = 0
    while match := _TOKEN.search(data, place):
        kind: Kind = match.lastgroup if match.lastgroup != "number" else "word"  # type: ignore[assignment]
        number = int(match["number"]) if match["number"] else None
        place = match.end()
        if kind == "word" and match["word"] == b"bin":
            place += max(number or 0, 0)
            continue
        yield Token(kind, match[kind], number, match.start(), match.end())
