"""Every folder beside this file: what the note says becomes exactly what is expected."""

import json
from pathlib import Path

import pytest

from fhir_mapping.extraction import extract
from models.clinical import Extraction
from tests.golden.markup import RUN, read
from tests.golden.meaning import meaning
from tests.validity.check import problems

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/expected.json"))


def extraction(case: Path) -> Extraction:
    marked = [path.read_text().rstrip("\n") for path in sorted(case.glob("note*.txt"))]
    pairs = [read(text, index) for index, text in enumerate(marked)]
    notes, readings = zip(*pairs, strict=True)
    return extract(notes, readings, (), run=RUN, card="# Test model")


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_case_means_what_is_expected(case: Path) -> None:
    """The findings of a note are those written down for it, no more and no fewer."""
    assert meaning(extraction(case)) == json.loads((case / "expected.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_case_is_valid_fhir(case: Path) -> None:
    """Every resource of a case is valid R4."""
    made = extraction(case)
    resources = [finding.resource for finding in made.findings if finding.resource]
    assert [problems(resource) for resource in (*resources, *made.records)] == [
        [] for _ in (*resources, *made.records)
    ]


def test_cases_are_there() -> None:
    """The folder has its cases: a glob that finds none would pass everything."""
    assert len(CASES) >= 25
