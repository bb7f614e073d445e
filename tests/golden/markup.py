"""Marked-up notes for tests: `No [pneumonia|Disease_disorder negated @0.8].` (see README.md)."""

import re
from dataclasses import replace
from typing import Any, Final

from models.clinical import (
    Assertion,
    Coverage,
    Cue,
    CueKind,
    Link,
    Mention,
    ModelIdentity,
    Note,
    Reading,
    Run,
)
from models.ner.text.layout.layout_of_text import layout

_MARK: Final = re.compile(r"\[([^\[\]|]+)\|([^\[\]|]+)\]")
_FLAGS: Final = ("negated", "uncertain", "historical", "hypothetical")
_TEMPORAL: Final = ("Date", "Duration", "Time")
_WHO: Final = ("family", "other")

MODEL: Final = ModelIdentity(
    name="test-model",
    revision="r1",
    weights_sha256="ab" * 32,
    labels=("Disease_disorder", "Medication"),
    code_version="0.1.0",
)
RUN: Final = Run(
    id="run-1",
    model=MODEL,
    started="2026-01-02T03:04:05Z",
    finished="2026-01-02T03:04:06Z",
)


def note(text: str, index: int = 0, **changes: Any) -> Note:
    """Return a Note of plain text, about Patient/1 in Encounter/2 unless changed."""
    made = Note(
        tenant="default",
        document_id="doc",
        document_version="1",
        content_index=index,
        text=text,
        decoded_as="utf-8",
        subject="Patient/1",
        encounter="Encounter/2",
        date="2026-01-01T00:00:00Z",
    )
    return replace(made, **changes)


def read(marked: str, index: int = 0, **changes: Any) -> tuple[Note, Reading]:
    """Return the Note and the Reading that a marked-up text stands for."""
    text, mentions, assertions, links = "", [], [], []
    end = 0
    for position, mark in enumerate(_MARK.finditer(marked)):
        text += marked[end : mark.start()]
        words, (label, *flags) = mark[1], mark[2].split()
        start, end = len(text), mark.end()
        text += words
        mentions.append(Mention(start, start + len(words), words, label, _score(flags)))
        assertions.append(_assertion(flags, text[:start]))
        links += [_link(label, position, flag) for flag in flags if flag[0] == ">"]
    text += marked[end:]
    reading = Reading(
        mentions=tuple(mentions),
        assertions=tuple(assertions),
        links=tuple(links),
        coverage=Coverage(len(text), len(text)),
        model=MODEL,
        sections=layout(text).stretches(),
    )
    return note(text, index, **changes), reading


def _link(label: str, source: int, flag: str) -> Link:
    target, _, score = flag[1:].partition(":")
    kind = "OVERLAP" if label in _TEMPORAL else "MODIFY"
    return Link(kind, source, int(target), float(score or 0.9))


def _score(flags: list[str]) -> float:
    return next((float(flag[1:]) for flag in flags if flag[0] == "@"), 0.9)


def _assertion(flags: list[str], before: str) -> Assertion:
    said = [flag.partition(":") for flag in flags if flag[0] not in "@>"]
    unknown = {kind for kind, _, _ in said} - {*_FLAGS, *_WHO}
    assert not unknown, f"unknown flags: {unknown}"
    kinds: dict[str, Any] = {kind: True for kind, _, _ in said if kind in _FLAGS}
    who: Any = next((kind for kind, _, _ in said if kind in _WHO), "patient")
    cues = tuple(_cue(kind, words.replace("_", " "), before) for kind, _, words in said if words)
    return Assertion(**kinds, experiencer=who, cues=cues)


def _cue(kind: Any, words: str, before: str) -> Cue:
    """Return a cue where its words stand last before the mention, at 0 where they do not."""
    named: CueKind = kind
    start = max(0, before.casefold().rfind(words.casefold()))
    return Cue(named, start, start + len(words), words)
