"""Turn many phrases into one regular expression that finds the longest of them, in linear time.

The expression is a prefix tree: at a position, one branch per letter, not one per phrase.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

Tree = dict[str, "Tree"]
END = ""
BRACES = re.compile(r"(\{\w+\})")
DIGIT = re.compile(r"\d")
FIRST_WORD = re.compile(r"[\w#]*")


def expand(phrase: str, sets: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the phrase once for every choice of a member for each `{set}` in it."""
    parts = [sets[p[1:-1]] if p.startswith("{") else (p,) for p in BRACES.split(phrase)]
    for choice in product(*parts):
        yield " ".join("".join(choice).split())


def folded(text: str) -> str:
    """Return a text in lower case, every letter where it stood (İ alone would become two).

    A tree of lower-case letters is searched twice as fast as one that ignores case.
    """
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(letter.lower()[0] for letter in text)


def normal(found: str) -> str:
    """Return found text as its phrase is spelled: lower case, single spaces, `#` for digits."""
    return DIGIT.sub("#", " ".join(folded(found).split())).replace("’", "'")


def longest(phrases: Iterable[str]) -> str:
    """Return the source of an expression that matches the longest of the phrases as whole words.

    Phrases in lower case find themselves in a `folded` text.
    """
    tree: Tree = {}
    for phrase in phrases:
        _add(tree, phrase)
    words = {letter: rest for letter, rest in tree.items() if letter.isalnum() or letter == "#"}
    signs = {letter: rest for letter, rest in tree.items() if letter not in words}
    sources = [rf"\b{_source(words)}"] if words else []
    return "|".join(sources + ([_source(signs)] if signs else []))


class Phrases:
    """Finds phrases in a text as the one expression of `longest` over all of them would.

    That takes seconds to compile for many phrases, and a text has few of their first words. So one
    expression finds first words, and that of the phrases with a word is compiled once a text has
    it. A phrase and a text share the whole first word: a sign, a blank or the end follows it.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases: dict[str, list[str]] = defaultdict(list)
        self._whole: dict[str, re.Pattern[str]] = {}
        signs: list[str] = []
        for phrase in phrases:
            word = _first_word(phrase)
            (self._phrases[word] if word else signs).append(phrase)
        self._begin = re.compile(longest([*self._phrases, *signs]))

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """Return the first match from a place on, the longest there."""
        begun = self._begin.search(text, start)
        while begun:
            found = self._completed(begun)
            if found:
                return found
            begun = self._begin.search(text, begun.start() + 1)
        return None

    def _completed(self, begun: re.Match[str]) -> re.Match[str] | None:
        whole = self._whole.get(begun[0])
        if whole is None:
            word = DIGIT.sub("#", begun[0])
            if word not in self._phrases:
                return begun  # it begins with a sign, and is whole
            whole = self._compiled(word)
        return whole.match(begun.string, begun.start())

    def _compiled(self, word: str) -> re.Pattern[str]:
        if word not in self._whole:
            self._whole[word] = re.compile(longest(self._phrases[word]))
        return self._whole[word]


def _first_word(phrase: str) -> str:
    """Return the word that a phrase begins with, `#` for digits; nothing before a sign."""
    found = FIRST_WORD.match(phrase)
    return DIGIT.sub("#", found[0]) if found else ""


def _add(tree: Tree, phrase: str) -> None:
    for letter in phrase:
        tree = tree.setdefault(letter, {})
    tree[END] = {}


def _source(tree: Tree, last: str = "") -> str:
    branches = [_letter(c) + _source(rest, c) for c, rest in tree.items() if c != END]
    if END in tree:
        branches.append(r"(?!\w)" if last == "#" or last.isalnum() else "")
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def _letter(letter: str) -> str:
    special = {" ": r"\s{1,20}", "#": r"\d", "'": "['’]"}
    return special.get(letter) or re.escape(letter)
