"""The mentions of a text and the words between them as arrays, which answer for many at once."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.ner.links.feature_codes import Column, Places, parts
from models.ner.links.link_bounds import Stretches

BORDER: Final = "¶"
_NOTHING: Final = ""


class TextArrays:
    """Mentions numbered in text order; between them the words of their gaps, and their types.

    `tokens` are those words, each mention's type in brackets where it stands (`at`).
    """

    def __init__(self, found: Stretches) -> None:
        """Take the mentions of a text with their gaps."""
        self.found = found
        self.labels = [mention.label for mention in found.mentions]
        self.kinds = sorted({*self.labels, _NOTHING})
        number = {label: i for i, label in enumerate(self.kinds)}
        self.number = np.array([number[label] for label in self.labels], dtype=np.int64)
        self.tokens, at = _tokens(found)
        self.at = np.array(at, dtype=np.int64)
        self.codes = parts(self.tokens)
        self.depth = _counted([(one == "(") - (one == ")") for one in self.tokens])
        self._counts = _of_each(self.number, len(self.kinds))
        self._label_codes = parts(self.kinds)
        self._none = number[_NOTHING]
        split = [mention.text.lower().split() for mention in found.mentions]
        self._first_words = [_plain(words[0]) if words else _NOTHING for words in split]
        self._last_words = [_plain(words[-1]) if words else _NOTHING for words in split]
        self._bordered = np.array([True, *(gap is None for gap in found.gaps)])

    def label(self, mentions: Places) -> Column:
        """Return the types of mentions."""
        return self._kind(self.number[mentions])

    def before(self, mentions: Places) -> Column:
        """Return the types of the mentions before some, the empty word where a stretch begins."""
        return self._kind(np.where(self._bordered[mentions], self._none, self.number[mentions - 1]))

    def after(self, mentions: Places) -> Column:
        """Return the types of the mentions after some, the empty word where a stretch ends."""
        following = (mentions + 1) % len(self.number)
        ends = self._bordered[mentions + 1]
        return self._kind(np.where(ends, self._none, self.number[following]))

    def _kind(self, which: Places) -> Column:
        return Column(self._label_codes[which], lambda row: self.kinds[int(which[row])])

    def count(self, of: Places, first: Places, last: Places) -> Places:
        """Return how many mentions between two have the type of a third."""
        label = self.number[of]
        counts: Places = self._counts[last, label] - self._counts[first + 1, label]
        return counts

    def token(self, places: Places, where: NDArray[np.bool_]) -> Column:
        """Return the tokens at some places, the empty word where there is none."""
        inside = np.where(where, places, 0)
        empty = parts([_NOTHING])[0]
        return Column(
            np.where(where, self.codes[inside], empty),
            lambda row: self.tokens[int(places[row])] if where[row] else _NOTHING,
        )

    def first_word(self, mentions: Places) -> Column:
        """Return the first word of mentions, in lower case, numbers as 0."""
        return _picked(self._first_words, mentions)

    def last_word(self, mentions: Places) -> Column:
        """Return the last word of mentions, in lower case, numbers as 0."""
        return _picked(self._last_words, mentions)

    def beside(self, mentions: Places, step: int) -> Column:
        """Return the tokens before (-1) or after (1) mentions."""
        places = self.at[mentions] + step
        return self.token(places, (places >= 0) & (places < len(self.tokens)))

    def place(self, mentions: Places, which: str) -> Column:
        """Return what is known of where mentions stand."""
        return _picked([getattr(one, which) for one in self.found.places], mentions)


def _picked(words: list[str], which: Places) -> Column:
    return Column(parts(words)[which], lambda row: words[int(which[row])])


def _plain(word: str) -> str:
    return "0" if word[0].isdigit() else word


def _tokens(found: Stretches) -> tuple[list[str], list[int]]:
    """Return the types of mentions and the words between, and where the types are among them."""
    tokens: list[str] = []
    at: list[int] = []
    for mention, gap in zip(found.mentions, found.gaps, strict=True):
        at.append(len(tokens))
        tokens.append(f"[{mention.label}]")
        tokens += [BORDER] if gap is None else gap
    return tokens, at


def _counted(steps: list[int]) -> Places:
    """Return the sums of all that is before each."""
    return np.concatenate([[0], np.cumsum(np.array(steps, dtype=np.int64))])


def _of_each(number: Places, kinds: int) -> Places:
    """Return how many mentions of each type are before each mention, [mentions + 1, types]."""
    counts = np.zeros((len(number) + 1, kinds), dtype=np.int64)
    counts[np.arange(1, len(number) + 1), number] = 1
    summed: Places = np.cumsum(counts, axis=0)
    return summed
