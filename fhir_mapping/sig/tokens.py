"""A sig cut into numbers, words and signs; what is none of these cannot be read at all."""

import re
from typing import Final, NamedTuple

# Possessive, so that a long run of digits costs no more than its length.
_WORD: Final = r"[A-Za-zµμ]++(?:\.[A-Za-zµμ]++)*+\.?+"  # with the dots of p.o. and b.i.d.
_PIECE: Final = re.compile(rf"[0-9]++(?:\.[0-9]++)?+|{_WORD}|[-–]")
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
    for chunk in re.finditer(r"\S+", words):
        shape = _CHUNK.fullmatch(chunk[0])
        if shape is None:
            return None
        found += [_token(piece, chunk.start()) for piece in _PIECE.finditer(shape[1])]
        found += [Token(",", chunk.end() - 1, chunk.end())] if shape[2] else []
    return tuple(found)


def _token(piece: re.Match[str], offset: int) -> Token:
    key = piece[0] if piece[0][0].isdigit() else piece[0].casefold().replace(".", "")
    return Token(key.replace("–", "-"), offset + piece.start(), offset + piece.end())
