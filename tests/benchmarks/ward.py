"""What comes out of real notes, compared with what physicians' annotations say (docs/ward.md).

    python -m tests.benchmarks.ward [--split dev] [--model REF]

`ward` in BIOMED_TEST_DATA holds the annotated notes and the measure: `to_facts.py` makes the facts
of them, `score.py` compares the resources with the facts. Both are run as they are. The resources
are those of `biomed-ner extract` with its default settings. No note is shown.
"""

import argparse
import base64
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from tests.acceptance.cli import biomed_ner
from tests.data import folder

ALL: Final = "all"
VERDICTS: Final = ("right", "weak", "wrong", "mistyped", "spurious")
_ROW: Final = re.compile(rf"(\w+)((?:\s+\d+){{{len(VERDICTS)}}})\s+\d\.\d+\s+\d+\.\d", re.MULTILINE)
_RECALL: Final = re.compile(r"^recall (\w+)\s+right (\d\.\d+)\s+seen (\d\.\d+)", re.MULTILINE)
_SHARE: Final = re.compile(r"^(dosage|sigs|values): (\d\.\d+) of (\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Row:
    """How many resources of a type there are of each verdict, in the order of VERDICTS."""

    counts: tuple[int, ...]

    @property
    def precision(self) -> float:
        """Right of all."""
        return self.counts[0] / max(1, sum(self.counts))

    @property
    def harm(self) -> float:
        """Harmful (wrong, mistyped or spurious) of 100."""
        return 100 * sum(self.counts[2:]) / max(1, sum(self.counts))


@dataclass(frozen=True, slots=True)
class Scores:
    """What the measure says of the resources of some notes.

    `rows` are by type of resource and `all`; `found` is what was found right by kind of fact
    (`all`, `drug`, …); `shares` are `dosage`, `sigs` and `values` with the number they are of.
    """

    rows: Mapping[str, Row]
    found: Mapping[str, float]
    shares: Mapping[str, tuple[float, int]]


def documents(texts: Iterable[tuple[str, bytes]]) -> bytes:
    """Return texts, each with its id, as NDJSON of DocumentReferences."""
    return b"".join(orjson.dumps(document(*one)) + b"\n" for one in texts)


def document(name: str, text: bytes) -> dict[str, object]:
    """Return a text as a DocumentReference of a patient of its own."""
    data = base64.b64encode(text).decode()
    attachment = {"contentType": "text/plain; charset=utf-8", "data": data}
    return {
        "resourceType": "DocumentReference",
        "id": name,
        "status": "current",
        "subject": {"reference": f"Patient/p-{name}"},
        "content": [{"attachment": attachment}],
    }


def extracted(texts: Iterable[tuple[str, bytes]], model: str = "bundled") -> bytes:
    """Return the NDJSON that `biomed-ner extract` makes of texts.

    Raises:
        RuntimeError: the command failed.
    """
    settings = {
        "BIOMED_MODEL": model,
        "BIOMED_THREADS": "1",  # threads wait for each other
        "ONEDNN_MAX_CPU_ISA": "AVX2",  # single precision: the same figures on every processor
    }
    done = biomed_ner("extract", "-", stdin=documents(texts), settings=settings)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    return done.stdout


def names(split: Path) -> list[str]:
    """Return the names of the notes of a split, in order."""
    return sorted(path.stem for path in split.glob("*.txt"))


def measure(split: Path, chosen: Sequence[str], model: str = "bundled") -> Scores:
    """Read the chosen notes of a split of the ward with a model; return what the measure says."""
    made = extracted(((fhir_id(one), _text(split, one)) for one in chosen), model)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        (work / "ids").write_text("\n".join(chosen))
        (work / "made").write_bytes(made)
        (work / "facts").write_bytes(
            _renamed(_run(split.parent / "to_facts.py", split, work / "ids"))
        )
        return parsed(_run(split.parent / "score.py", work / "facts", work / "made").decode())


def parsed(said: str) -> Scores:
    """Return what `score.py` printed; raise ValueError where its table is not there."""
    rows = {name: Row(tuple(map(int, counts.split()))) for name, counts in _ROW.findall(said)}
    found = {kind: float(right) for kind, right, _ in _RECALL.findall(said)}
    if ALL not in rows or ALL not in found:
        raise ValueError("score.py prints no table that is known here")
    shares = {name: (float(share), int(of)) for name, share, of in _SHARE.findall(said)}
    return Scores(rows, found, shares)


def fhir_id(name: str) -> str:
    """Return the name of a note as an id of FHIR, which knows no underscore."""
    return name.replace("_", "-")


def _renamed(lines: bytes) -> bytes:
    facts = [orjson.loads(line) for line in lines.splitlines()]
    return b"".join(orjson.dumps({**one, "id": fhir_id(one["id"])}) + b"\n" for one in facts)


def _text(split: Path, name: str) -> bytes:
    return (split / f"{name}.txt").read_bytes()


def _run(script: Path, *arguments: Path) -> bytes:
    command = [sys.executable, str(script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603 the measure


def report(scores: Scores) -> Iterable[str]:
    """Write the table: verdicts by type of resource, then what of the facts was found right."""
    yield (
        f"{'':20}"
        + "".join(f"{one:>9}" for one in VERDICTS)
        + f"{'right of all':>14}{'harmful of 100':>16}"
    )
    for name, row in scores.rows.items():
        counts = "".join(f"{one:9}" for one in row.counts)
        yield f"{name:20}{counts}{row.precision:14.3f}{row.harm:16.1f}"
    yield "found right: " + ", ".join(f"{kind} {right:.3f}" for kind, right in scores.found.items())
    for name, (share, of) in scores.shares.items():
        yield f"{name}: {share:.3f} of {of}"


def main() -> int:
    """Read a split of the ward and print the table; say so where the corpus is absent."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--split", default="dev", help="folder of `ward` (default: dev)")
    parser.add_argument("--model", default="bundled", help="bundled name, folder or hub id")
    options = parser.parse_args()
    split = folder("ward") / options.split
    if not split.is_dir():
        sys.stdout.write(f"THE WARD IS NOT HERE: no {split} (set BIOMED_TEST_DATA)\n")
        return 0
    chosen = names(split)
    sys.stdout.write(f"ward/{options.split}, {len(chosen)} notes\n")
    scores = measure(split, chosen, options.model)
    sys.stdout.writelines(f"{line}\n" for line in report(scores))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
