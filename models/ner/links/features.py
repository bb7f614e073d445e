"""What speaks for and against a link, as the codes of named features: a row for each candidate."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from models.ner.links.arrays import TextArrays
from models.ner.links.candidates import Candidates
from models.ner.links.feature_codes import (
    NO_FEATURE,
    Codes,
    Column,
    Flags,
    Places,
    chosen,
    folded,
    named,
    sized,
)

WORDS: Final = 6  # words of a gap that are features each, and beyond which its wording is none
FEW: Final = 4  # mentions beyond which those between hardly come twice
_DEPTHS: Final = ("-2", "-1", "0", "1", "2")
_RIVALS: Final = ("0", "1", "2")

# Features of a link by their titles, and what they tell of the two and of what stands between.
OF_LINK: Final[tuple[tuple[str, ...], ...]] = (
    ("pair", "kind", "head"),
    ("way", "kind", "way", "head"),
    ("head", "way", "head"),
    ("between", "kind", "way", "between"),
    ("rivals", "kind", "way", "rivals"),
    ("rivals-of", "kind", "way", "head", "few rivals"),
    ("fellows", "kind", "way", "head", "fellows"),
    ("depth", "kind", "way", "depth", "few rivals"),
    ("far", "kind", "way", "far"),
    ("far-any", "way", "far"),
    ("first", "kind", "way", "first"),
    ("first-of", "kind", "way", "head", "first"),
    ("last", "kind", "way", "last"),
    ("last-of", "kind", "way", "head", "last"),
    ("before", "kind", "way", "head", "before"),
    ("after", "kind", "way", "head", "after"),
    ("word-of", "kind", "way", "head", "own word"),
    ("word-head", "kind", "way", "head word"),
    ("section", "kind", "head", "section"),
    ("block", "kind", "way", "head", "block", "head block", "steps"),
    ("unit", "kind", "way", "head", "unit", "few rivals"),
)
OF_NONE: Final[tuple[tuple[str, ...], ...]] = (
    ("none", "kind"),
    ("none-left", "kind", "left"),
    ("none-right", "kind", "right"),
    ("none-before", "kind", "before"),
    ("none-after", "kind", "after"),
    ("none-word", "kind", "own word"),
    ("none-section", "kind", "section"),
    ("none-block", "kind", "block", "unit"),
)


class Features:
    """The features of candidates, and of there being none, as codes; each can be named."""

    def __init__(self, text: TextArrays, which: Candidates) -> None:
        """Take the mentions of a text, and which of them may belong to which."""
        self._text = text
        source, target = which.owners, which.targets
        self._first, self._last = np.minimum(source, target), np.maximum(source, target)
        self._begin = text.at[self._first] + 1
        self._length = text.at[self._last] - self._begin
        self._link = self._of_pairs(source, target)
        self._none = self._of_sources(which.sources)

    def of_links(self) -> Codes:
        """Return the features of each candidate, shape [candidates, features]."""
        plain = [_codes(names, self._link) for names in OF_LINK]
        return np.stack([*plain, *self._words(), *self._gaps(), self._types()], axis=1)

    def of_none(self) -> Codes:
        """Return the features of each source that belongs to no other, [sources, features]."""
        return np.stack([_codes(names, self._none) for names in OF_NONE], axis=1)

    def name_of_link(self, row: int, feature: int) -> str:
        """Return the name of a feature of a candidate."""
        if feature < len(OF_LINK):
            return _name(OF_LINK[feature], self._link, row)
        way, kind = self._link["way"].word(row), self._link["kind"].word(row)
        begin, size = int(self._begin[row]), int(self._length[row])
        place = feature - len(OF_LINK)
        if place < WORDS:
            return f"word {way} {self._text.tokens[begin + place]}"
        if place < WORDS + 2:
            title = f"gap {way}" if place == WORDS else f"gap-of {kind} {way}"
            return " ".join([title, *self._text.tokens[begin : begin + size]])
        between = range(int(self._first[row]) + 1, int(self._last[row]))
        return " ".join([f"types {kind} {way}", *(self._text.labels[i] for i in between)])

    def name_of_none(self, row: int, feature: int) -> str:
        """Return the name of a feature of a source that belongs to no other."""
        return _name(OF_NONE[feature], self._none, row)

    def _of_pairs(self, source: Places, target: Places) -> dict[str, Column]:
        text, first, last = self._text, self._first, self._last
        rivals, some = text.count(target, first, last), self._length > 0
        depth = text.depth[self._begin + self._length] - text.depth[self._begin]
        number = np.array([one.number for one in text.found.places], dtype=np.int64)
        return {
            "kind": text.label(source),
            "way": chosen("><", (source > target).astype(np.int64)),
            "head": text.label(target),
            "between": sized(last - first - 1),
            "rivals": sized(rivals),
            "few rivals": chosen(_RIVALS, np.minimum(rivals, 2)),
            "fellows": sized(text.count(source, first, last)),
            "depth": chosen(_DEPTHS, np.clip(depth, -2, 2) + 2),
            "far": sized(self._length),
            "first": text.token(self._begin, some),
            "last": text.token(self._begin + self._length - 1, some),
            "before": text.before(first),
            "after": text.after(last),
            "own word": text.first_word(source),
            "head word": text.last_word(target),
            "section": text.place(source, "section"),
            "unit": text.place(source, "unit"),
            "block": text.place(source, "block"),
            "head block": text.place(target, "block"),
            "steps": sized(number[last] - number[first]),
        }

    def _of_sources(self, sources: Places) -> dict[str, Column]:
        text = self._text
        return {
            "kind": text.label(sources),
            "left": text.beside(sources, -1),
            "right": text.beside(sources, 1),
            "before": text.before(sources),
            "after": text.after(sources),
            "own word": text.first_word(sources),
            "section": text.place(sources, "section"),
            "unit": text.place(sources, "unit"),
            "block": text.place(sources, "block"),
        }

    def _words(self) -> list[Codes]:
        """Return the first words of each gap, those of mentions left out."""
        opening = named("word", [self._link["way"]])
        at = np.isin(np.arange(len(self._text.tokens)), self._text.at)
        found = []
        for i in range(WORDS):
            places = np.where(i < self._length, self._begin + i, 0)
            codes = folded(opening, self._text.codes[places])
            found.append(np.where((i < self._length) & ~at[places], codes, NO_FEATURE))
        return found

    def _gaps(self) -> list[Codes]:
        """Return the wording of each short gap, with the type of the mention and without."""
        openings = ([self._link["way"]], [self._link["kind"], self._link["way"]])
        titled = [named(title, c) for title, c in zip(("gap", "gap-of"), openings, strict=True)]
        return [
            self._run(one, self._text.codes, self._begin, self._length, WORDS) for one in titled
        ]

    def _types(self) -> Codes:
        """Return the types of the few mentions between."""
        opening = named("types", [self._link["kind"], self._link["way"]])
        labels = self._text.label(np.arange(len(self._text.labels))).codes
        return self._run(opening, labels, self._first + 1, self._last - self._first - 1, FEW)

    def _run(self, opening: Codes, codes: Codes, begin: Places, length: Places, most: int) -> Codes:
        """Return names that go on by a run of parts; none where the run is too long."""
        for i in range(most):
            goes_on: Flags = i < length
            places = np.where(goes_on, begin + i, 0)
            opening = np.where(goes_on, folded(opening, codes[places]), opening)
        return np.where(length <= most, opening, np.uint64(NO_FEATURE))


def _codes(names: tuple[str, ...], columns: Mapping[str, Column]) -> Codes:
    title, *which = names
    return named(title, [columns[one] for one in which])


def _name(names: tuple[str, ...], columns: Mapping[str, Column], row: int) -> str:
    title, *which = names
    return " ".join([title, *(columns[one].word(row) for one in which)])
