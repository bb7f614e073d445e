"""How much of what a note lists comes out as a resource of the right type.

    python -m tests.benchmarks.synthea_coverage [--model REF] [--missed]

The 221 notes of synthetic patients (`synthea` in BIOMED_TEST_DATA) list conditions, drugs and
procedures, and the same patients have them as structured resources. An item is a place in a list
where the name of such a resource stands; of two names that overlap the longer one. It is met where
a resource of its type has a derivation-reference that shares a character with it, its tag ("…
(procedure)") left aside: who finds only that has not found the thing. Every resource that is made
is checked (tests/validity). What was not met is sorted by who lost it: the model read nothing
there, or another type; the reader took it for a heading; or the mapping made nothing of it.
"""

import argparse
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from fhir_mapping.findings import labels
from fhir_mapping.findings.policy import DEFAULT
from gateway.cli import file_pipeline
from models.clinical import Extraction
from models.ner.recogniser import Recogniser, load
from models.ner.text.layout.layout_of_text import layout
from tests.data import synthea_notes
from tests.validity.check import problems
from worker.attachments import Attachments
from worker.settings import Settings

Json = Mapping[str, Any]
DATA: Final = Path(os.environ.get("BIOMED_TEST_DATA", Path(__file__).parents[3] / "shared/data"))
TAG: Final = re.compile(r"\s*\([a-z/ ]+\)\Z", re.IGNORECASE)
AT_ONCE: Final = 16
LARGEST: Final = 2_000_000
DERIVATION: Final = "http://hl7.org/fhir/StructureDefinition/derivation-reference"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of list: where it stands, whose names are in it, what it shall become, how often."""

    lists: re.Pattern[str]
    source: str
    type: str
    goal: float


KINDS: Final = {
    "conditions": Kind(
        re.compile(r"(?:has a history of|is presenting with) (.*?)\.[ \n]", re.DOTALL),
        "Condition",
        "Condition",
        0.95,
    ),
    "medications": Kind(
        re.compile(
            r"(?:# Medications\n|prescribed the following medications:)(.*?)\n\n", re.DOTALL
        ),
        "MedicationRequest",
        "MedicationStatement",
        0.98,
    ),
    "procedures": Kind(
        re.compile(r"procedures were conducted:((?:\s*- [^\n]*)*)"), "Procedure", "Procedure", 0.90
    ),
}


@dataclass(frozen=True, slots=True)
class Item:
    """A name in a list of a note."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Tally:
    """Items of one kind, and what became of those that were not met, by who lost them."""

    items: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    names: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """Share of the items that were met."""
        return 1 - self.lost.total() / self.items if self.items else 0.0


def ndjson(name: str) -> list[Json]:
    """Return the resources of a file of the corpus."""
    lines = (DATA / "synthea" / f"{name}.ndjson").read_bytes().splitlines()
    return [orjson.loads(line) for line in lines if line.strip()]


def names(source: str) -> dict[str, re.Pattern[str]]:
    """Return for each patient what finds the names of a type, the longest one first."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one in ndjson(source):
        concept = one.get("code") or one.get("medicationCodeableConcept") or {}
        if concept.get("text"):
            found[one["subject"]["reference"]].add(concept["text"].casefold())
    return {
        patient: re.compile(
            rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(some, key=len, reverse=True)))})(?!\w)",
            re.IGNORECASE,
        )
        for patient, some in found.items()
    }


def items(text: str, kind: Kind, named: re.Pattern[str] | None) -> Iterator[Item]:
    """Return the names in the lists of a kind."""
    for found in kind.lists.finditer(text) if named else ():
        for one in named.finditer(text, *found.span(1)) if named else ():
            yield Item(one.start(), one.start() + len(TAG.sub("", one[0])), one[0])


def places(made: Extraction, kind: str) -> Iterator[tuple[int, int]]:
    """Return the characters that resources of a type rest on."""
    for finding in made.findings:
        resource: Any = finding.resource
        if resource and resource["resourceType"] == kind:
            for extension in resource["extension"]:
                if extension["url"] == DERIVATION:
                    parts = {part["url"]: part for part in extension["extension"]}
                    start = parts["offset"]["valueInteger"]
                    yield start, start + parts["length"]["valueInteger"]


def touches(item: Item, start: int, end: int) -> bool:
    """Return whether an item shares a character with a place."""
    return item.start < end and start < item.end


def loser(item: Item, kind: Kind, made: Extraction) -> str:
    """Return who lost an item that was not met."""
    here = [m for m in made.readings[0].mentions if touches(item, m.start, m.end)]
    kinds = labels.kinds(DEFAULT)
    mapped = [m for m in here if kinds.get(m.label) == kind.type]
    if mapped:
        return f"mapping: nothing of a type it maps ({mapped[0].label})"
    if here:
        return f"model: {', '.join(sorted({m.label for m in here}))}"
    heads = [each for each in layout(made.notes[0].text).sections if each.known]
    headed = any(touches(item, each.start, each.body) for each in heads)
    return "reader: taken for a heading" if headed else "model: nothing read"


def extractions(recogniser: Recogniser) -> Iterator[Extraction]:
    """Return the extraction of each note, as `biomed-ner extract` makes it."""
    attachments = Attachments(Settings(max_note_characters=LARGEST))
    documents = [
        file_pipeline.opened(orjson.dumps(one), attachments, tenant="synthea")
        for one in synthea_notes()
    ]
    for start in range(0, len(documents), AT_ONCE):
        yield from file_pipeline.extracted(documents[start : start + AT_ONCE], recogniser)


def invalid(made: Extraction) -> list[str]:
    """Return what is wrong with the resources of an extraction."""
    return [problem for one in file_pipeline.resources(made) for problem in problems(one)]


def count(made: Iterable[Extraction]) -> dict[str, Tally]:
    """Return what became of the items of each kind."""
    known = {name: names(kind.source) for name, kind in KINDS.items()}
    tallies = {name: Tally() for name in KINDS}
    for one in made:
        (note,) = one.notes
        for name, kind in KINDS.items():
            met = list(places(one, kind.type))
            for item in items(note.text, kind, known[name].get(note.subject)):
                _add(tallies[name], item, None if _met(item, met) else loser(item, kind, one))
    return tallies


def _met(item: Item, found: Iterable[tuple[int, int]]) -> bool:
    return any(touches(item, *place) for place in found)


def _add(tally: Tally, item: Item, lost_by: str | None) -> None:
    tally.items += 1
    if lost_by:
        tally.lost[lost_by] += 1
        tally.names[item.text.casefold(), lost_by] += 1


def report(tallies: Mapping[str, Tally], *, missed: bool) -> Iterator[str]:
    """Write the table, under each kind who lost what, and the names if they are asked for."""
    yield f"{'':14}{'items':>7}{'met':>8}{'goal':>7}"
    for name, tally in tallies.items():
        yield f"{name:14}{tally.items:7}{tally.share:8.3f}{KINDS[name].goal:7.2f}"
        yield from (f"    {times:5}  {who}" for who, times in tally.lost.most_common())
        for (text, who), times in tally.names.most_common() if missed else ():
            yield f"        {times:5}  {text}  ({who})"


def main() -> int:
    """Read the notes with a model and print how much of their lists came out."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", default="bundled", help="bundled name, folder or hub id")
    parser.add_argument("--missed", action="store_true", help="list what was not met")
    options = parser.parse_args()
    made = list(extractions(load(options.model)))
    wrong = [problem for one in made for problem in invalid(one)]
    total = sum(1 for one in made for _ in file_pipeline.resources(one))
    sys.stdout.write(f"{len(made)} notes, {total} resources, {len(wrong)} problems\n")
    sys.stdout.writelines(f"{line}\n" for line in report(count(made), missed=options.missed))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
