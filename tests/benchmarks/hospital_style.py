"""How much a model finds in sentences in the hospital's own style (`tests/notes/ner/`).

    python -m tests.benchmarks.hospital_style [--model REF] [--missed]

Each sentence is read as a note of its own. Recall by overlap: a mention of an accepted type shares
a character with the mark. Accepted for a problem is Disease_disorder as well as Sign_symptom,
whichever is marked, and a History or Family_history that covers the mark; for a procedure
Therapeutic_procedure as well as Diagnostic_procedure; for a drug only Medication. Exact: the same
characters and the type that is marked. Precision is by overlap, for information: what is found
where nothing is marked may still be true. "Other type" counts the marks where only a mention of no
accepted type stands. Clauses marked History or Family_history have a row of their own, outside the
total; there a problem found in the clause counts.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.clinical import Mention, Reading
from models.errors import CheckpointError
from models.ner.recogniser import load
from tests.notes.markup import Marked, cases, parse

NOTES = Path(__file__).parents[1] / "notes" / "ner"
GOAL = 0.90  # recall by overlap of all three groups together

PROBLEMS = frozenset({"Disease_disorder", "Sign_symptom"})
HISTORIES = frozenset({"History", "Family_history"})
DRUGS = frozenset({"Medication"})
PROCEDURES = frozenset({"Therapeutic_procedure", "Diagnostic_procedure"})


@dataclass(frozen=True, slots=True)
class Group:
    """Types that count as one; others that count where they cover, or merely touch, the mark."""

    types: frozenset[str]
    covering: frozenset[str] = frozenset()
    touching: frozenset[str] = frozenset()

    @property
    def families(self) -> frozenset[str]:
        """All types that may stand for this group."""
        return self.types | self.covering | self.touching

    def accepts(self, found: Mention, mark: Mention) -> bool:
        """Whether a found mention says what the mark says."""
        if found.label in self.covering:
            return found.start <= mark.start and mark.end <= found.end
        return found.label in self.types | self.touching and _touch(found, mark)


GROUPS = {
    "problems": Group(PROBLEMS, covering=HISTORIES),
    "medication": Group(DRUGS),
    "procedures": Group(PROCEDURES),
}
ASIDE = {"histories": Group(HISTORIES, touching=PROBLEMS)}


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one group: marks, and how they were met; found mentions, and how many are right."""

    marks: int = 0
    met: int = 0
    exact: int = 0
    other_type: int = 0
    found: int = 0
    right: int = 0

    @property
    def recall(self) -> float:
        """Share of the marks that were met by overlap; 0 where there is none."""
        return self.met / self.marks if self.marks else 0.0

    @property
    def exact_recall(self) -> float:
        """Share of the marks that were met exactly; 0 where there is none."""
        return self.exact / self.marks if self.marks else 0.0

    @property
    def precision(self) -> float:
        """Share of the found mentions that touch a mark; 0 where nothing was found."""
        return self.right / self.found if self.found else 0.0

    def __add__(self, other: "Score") -> "Score":
        """Add counts."""
        return Score(
            self.marks + other.marks,
            self.met + other.met,
            self.exact + other.exact,
            self.other_type + other.other_type,
            self.found + other.found,
            self.right + other.right,
        )


def sentences() -> dict[str, list[Marked]]:
    """Return the marked-up sentences by kind, the names of their files."""
    return {
        path.stem: [parse(case) for case in cases(path)] for path in sorted(NOTES.glob("*.txt"))
    }


def score(marked: Iterable[Marked], readings: Iterable[Reading]) -> dict[str, Score]:
    """Return the score of each group: `readings` are of the texts of `marked`, in their order."""
    pairs = list(zip(marked, readings, strict=True))
    return {
        name: total(_score(group, one.mentions, reading.mentions) for one, reading in pairs)
        for name, group in (GROUPS | ASIDE).items()
    }


def total(scores: Iterable[Score]) -> Score:
    """Add scores."""
    return sum(scores, Score())


def together(scores: Mapping[str, Score]) -> Score:
    """Add the three groups that have a goal."""
    return total(scores[name] for name in GROUPS)


def missed(marked: Marked, reading: Reading) -> list[Mention]:
    """Return the marks of the three groups that were not met."""
    return [
        mark
        for group in GROUPS.values()
        for mark in marked.mentions
        if mark.label in group.types and not _met(group, mark, reading.mentions)
    ]


def _score(group: Group, marks: Sequence[Mention], found: Sequence[Mention]) -> Score:
    due = [mark for mark in marks if mark.label in group.types]
    given = [mention for mention in found if mention.label in group.types]
    families = [mark for mark in marks if mark.label in group.families]
    unmet = [mark for mark in due if not _met(group, mark, found)]
    exact = {(each.start, each.end, each.label) for each in given}
    return Score(
        marks=len(due),
        met=len(due) - len(unmet),
        exact=sum((mark.start, mark.end, mark.label) in exact for mark in due),
        other_type=sum(any(_touch(each, mark) for each in found) for mark in unmet),
        found=len(given),
        right=sum(any(_touch(each, mark) for mark in families) for each in given),
    )


def _met(group: Group, mark: Mention, found: Iterable[Mention]) -> bool:
    return any(group.accepts(each, mark) for each in found)


def _touch(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end


def report(marked: Mapping[str, Sequence[Marked]], readings: Sequence[Reading]) -> Iterator[str]:
    """Write the table: a row for each group, and the recall by overlap of each kind of sentence."""
    everything = [one for each in marked.values() for one in each]
    scores = score(everything, readings)
    yield f"{len(everything)} sentences; the goal is a recall by overlap of {GOAL:.2f} together"
    yield f"{'':18}{'marks':>7}{'recall':>8}{'exact':>8}{'other type':>12}{'precision':>11}"
    yield from (_row(name, scores[name]) for name in GROUPS)
    yield _row("together", together(scores))
    yield from (_row(name, scores[name]) for name in ASIDE)
    remaining = iter(readings)
    for kind, some in marked.items():
        of_kind = together(score(some, [next(remaining) for _ in some]))
        yield f"  {kind:16}{of_kind.marks:7}{of_kind.recall:8.3f}"


def _row(name: str, one: Score) -> str:
    counts = f"{one.marks:7}{one.recall:8.3f}{one.exact_recall:8.3f}{one.other_type:12}"
    return f"{name:18}{counts}{one.precision:11.3f}"


def _misses(marked: Iterable[Marked], readings: Iterable[Reading]) -> Iterator[str]:
    for one, reading in zip(marked, readings, strict=True):
        if misses := missed(one, reading):
            found = ", ".join(f"{each.text} ({each.label})" for each in reading.mentions)
            names = ", ".join(f"{each.text} ({each.label})" for each in misses)
            yield f"{one.text}\n    missed: {names}\n    found: {found or 'nothing'}"


def main() -> int:
    """Read the sentences with a model and print how much it found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", default="bundled", help="bundled name, folder or hub id")
    parser.add_argument("--missed", action="store_true", help="list what was not found")
    options = parser.parse_args()
    marked = sentences()
    everything = [one for each in marked.values() for one in each]
    try:
        readings = load(options.model).read([one.text for one in everything])
    except CheckpointError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    lines = list(report(marked, readings))
    if options.missed:
        lines += _misses(everything, readings)
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
