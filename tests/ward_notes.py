"""The ward notes of `tests/notes/ward` and what has to come of them (its README has the notation).

    python -m tests.ward_notes [NAME...] [--unmark]

prints for each note what does not hold, gaps that are closed, and all that came out; `--unmark`
takes the mark from gaps that are closed.
"""

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from tests.benchmarks.ward import extracted, fhir_id

FOLDER: Final = Path(__file__).parent / "notes" / "ward"
GAP: Final = "gap "
_LINE: Final = re.compile(r"(gap )?(none )?(\w+) (\S+) (.+?)(?: => (.+))?")
_RECORDS: Final = ("Provenance", "Device", "DocumentReference")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A resource in short: its type, its state, its name, and what else it tells."""

    type: str
    state: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """A line of a `.expect` file: what has to come out, or (`none`) must not; a gap fails yet."""

    line: str
    gap: bool
    none: bool
    type: str
    states: tuple[str, ...]
    name: str
    detail: str

    def holds(self, told: Iterable[Told]) -> bool:
        """Return whether it holds of what came of its note."""
        return any(self._means(one) for one in told) != self.none

    def _means(self, one: Told) -> bool:
        return (
            one.type == self.type
            and (self.states == ("*",) or one.state in self.states)
            and bool(re.search(self.name, one.name, re.IGNORECASE))
            and bool(re.search(self.detail, one.detail, re.IGNORECASE))
        )


def names() -> list[str]:
    """Return the names of the notes, in order."""
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def expectations(name: str) -> list[Expectation]:
    """Return what is expected of a note; raise ValueError at a line that says nothing."""
    lines = (FOLDER / f"{name}.expect").read_text("utf-8").splitlines()
    return [expectation(line) for line in lines if line.strip() and line[0] != "#"]


def expectation(line: str) -> Expectation:
    """Return what a line expects; raise ValueError where it says nothing."""
    found = _LINE.fullmatch(line)
    if not found:
        raise ValueError(f"no expectation: {line}")
    gap, none, kind, states, name, detail = found.groups()
    return Expectation(line, bool(gap), bool(none), kind, (*states.split("|"),), name, detail or "")


def told(chosen: Sequence[str]) -> dict[str, list[Told]]:
    """Return what comes of notes, read together by `biomed-ner extract` as it is installed."""
    made = extracted((fhir_id(one), (FOLDER / f"{one}.txt").read_bytes()) for one in chosen)
    found: defaultdict[str, list[Told]] = defaultdict(list)
    for resource in map(orjson.loads, made.splitlines()):
        if resource["resourceType"] not in _RECORDS:
            found[_patient(resource)] += in_short(resource)
    return {one: found[f"Patient/p-{fhir_id(one)}"] for one in chosen}


def in_short(resource: Json) -> Iterator[Told]:
    """Give a resource in short; of a family history each of its conditions."""
    named = resource.get("condition") or [resource]
    for one in named:
        concept = one.get("code") or one.get("medicationCodeableConcept")
        yield Told(resource["resourceType"], _state(resource), _text(concept), _detail(resource))


def _patient(resource: Json) -> str:
    subject = resource.get("subject") or resource.get("patient") or {}
    return str(subject.get("reference"))


def _state(resource: Json) -> str:
    verified = _code(resource.get("verificationStatus"))
    if verified not in {"", "unconfirmed"}:
        return verified
    coded = resource.get("relationship") or resource.get("clinicalStatus")
    return _code(coded) if coded else str(resource.get("status", ""))


def _code(concept: Json | None) -> str:
    return next((str(one["code"]) for one in (concept or {}).get("coding", [])), "")


def _text(concept: Json | None) -> str:
    return str((concept or {}).get("text", ""))


def _detail(resource: Json) -> str:
    """Return the dosages, the values with those of the components, and the reactions."""
    parts = [one.get("text", "") for one in resource.get("dosage", [])]
    for one in (resource, *resource.get("component", [])):
        quantity = one.get("valueQuantity", {})
        parts += [f"{quantity.get('value', '')} {quantity.get('unit', '')}".strip()]
        parts += [one.get("valueString", "")]
    for reaction in resource.get("reaction", []):
        parts += [_text(one) for one in reaction["manifestation"]]
    return "; ".join(filter(None, parts))


def unmark(name: str, closed: Iterable[Expectation]) -> None:
    """Take the mark from the gaps of a note that are closed."""
    path = FOLDER / f"{name}.expect"
    done = {one.line for one in closed}
    lines = path.read_text("utf-8").splitlines()
    kept = [line.removeprefix(GAP) if line in done else line for line in lines]
    path.write_text("\n".join(kept) + "\n", "utf-8")


def main() -> None:
    """Print what holds of the notes asked for, or of all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--unmark", action="store_true", help="unmark the gaps that are closed")
    options = parser.parse_args()
    for name, found in told(options.names or names()).items():
        expected = expectations(name)
        fallen = [one.line for one in expected if not one.gap and not one.holds(found)]
        closed = [one for one in expected if one.gap and one.holds(found)]
        gaps = sum(one.gap for one in expected) - len(closed)
        sys.stdout.write(f"{name}: {len(expected)} expected, {gaps} gaps\n")
        sys.stdout.writelines(f"  FALLEN {line}\n" for line in fallen)
        sys.stdout.writelines(f"  CLOSED {one.line}\n" for one in closed)
        sys.stdout.writelines(f"    {one}\n" for one in found)
        if options.unmark:
            unmark(name, closed)


if __name__ == "__main__":
    main()
