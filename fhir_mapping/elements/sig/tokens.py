"""A sig cut into numbers, words and signs; what is none of these cannot be read at all."""

import re
from typing import Final, NamedTuple

# Possessive, so that a long run of digits costs no more than its length.
_WORD: Final = r"[A-Za-zµμ]++(?:\.[A-Za-zµμ]++)*+\.?+"  # with the dots of p.o. and b.i.d.
_PIECE: Final = re.compile(rf"[0-9]++(?:\.[0-9]++)?+|{_WORD}|[-–]")
_SPACED: Final = re.compile(r"\S+")
_CHUNK: Final = re.compile(rf"((?:{_PIECE.pattern})++)(,?+)")


class Token(NamedTuple):
    """A number, a word or a sign: its `key` for the tables, and where it stands in the words."""

    key: str
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        """Whether it is written in digits."""
        return self.key[0].isdigit()


def tokens(words: str) -> tuple[Token, ...] | None:
    """Return the tokens of a sig; None where it holds a sign that the grammar does not know.

    ".5", "1,000", "10mg/5mL" and "½" are such: nobody guesses what half of them means.
    """
    found: list[Token] = []
    for chunk in _SPACED.finditer(words):
        shape = _CHUNK.fullmatch(words, *chunk.span())
        if shape is None:
            return None
        found += map(_token, _PIECE.finditer(words, *shape.span(1)))
        found += [Token(",", *shape.span(2))] if shape[2] else []
    return tuple(found)


def _token(piece: re.Match[str]) -> Token:
    written = piece[0]
    key = written if written[0].isdigit() else written.casefold().replace(".", "")
    return Token("-" if key == "–" else key, *piece.span())
