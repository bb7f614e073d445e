"""Sentences marked up with what a reader should find in them.

`[words]` is a mention, `[words|what]` says what it is:

    No [pneumonia|negated].                          a Disease_disorder that is negated
    Stopped [metformin|Medication:historical].       its type, and what the note says of it
    Father had no [MI|family,negated].               more than one verdict
    [Cough|Sign_symptom] for two days.               its type only: nothing more is said of it

A word with a capital is a type of the model, the others are verdicts: `negated`, `uncertain`,
`historical`, `hypothetical`, `family`, `other`. No verdict means: present, the patient's, now.

In a file every line is one case. Where a case has several lines, a line `----` stands between the
cases of that file. Lines that begin with `%` are remarks.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from models.clinical import Mention

MARK = re.compile(r"\[([^\]|]+)(?:\|([^\]]*))?\]")
VERDICTS = frozenset({"negated", "uncertain", "historical", "hypothetical", "family", "other"})
PARTED = "----"


@dataclass(frozen=True, slots=True)
class Marked:
    """A text without its marks, the mentions marked in it, and the verdicts on each."""

    text: str
    mentions: tuple[Mention, ...]
    verdicts: tuple[frozenset[str], ...]


def parse(source: str) -> Marked:
    """Read one marked-up text.

    Raises:
        ValueError: a mark names a verdict that does not exist.
    """
    text, mentions, verdicts = "", [], []
    end = 0
    for mark in MARK.finditer(source):
        text += source[end : mark.start()]
        label, verdict = _meaning(mark[2] or "")
        mentions.append(Mention(len(text), len(text) + len(mark[1]), mark[1], label, 1.0))
        verdicts.append(verdict)
        text += mark[1]
        end = mark.end()
    return Marked(text + source[end:], tuple(mentions), tuple(verdicts))


def _meaning(what: str) -> tuple[str, frozenset[str]]:
    label, _, rest = what.partition(":") if what[:1].isupper() else ("Disease_disorder", "", what)
    verdicts = frozenset(rest.split(",")) if rest else frozenset()
    if verdicts - VERDICTS:
        raise ValueError(f"no such verdict: {sorted(verdicts - VERDICTS)}")
    return label, verdicts


def cases(path: Path) -> list[str]:
    """Return the marked-up cases of a file."""
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("%")]
    if PARTED not in lines:
        return [line for line in lines if line.strip()]
    return [case.strip("\n") for case in "\n".join(lines).split(f"\n{PARTED}\n")]
