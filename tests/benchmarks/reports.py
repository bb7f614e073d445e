"""What the benchmarks read: MACCROBAT's 160 reports, or the demo's notes where they are not."""

import sys
from pathlib import Path

import pytest

from models.ner.brat import AnnotatedText, read_folder
from tests.data import corpus

NOTES = Path(__file__).parents[2] / "gateway" / "demo" / "notes"
SPLITS = ("train", "dev")


def annotated(*splits: str) -> list[AnnotatedText]:
    """Return the annotated reports of splits of MACCROBAT; none where the corpus is absent."""
    try:
        return [each for split in splits for each in read_folder(corpus(f"maccrobat/{split}"))]
    except pytest.skip.Exception as absent:
        sys.stdout.write(f"{absent.msg}\n")
        return []


def texts() -> list[str]:
    """Return the texts of all reports."""
    reports = [each.text for each in annotated(*SPLITS)]
    if not reports:
        sys.stdout.write("THE REPORTS ARE NOT HERE: the demo's notes are read, so figures differ\n")
        return [path.read_bytes().decode("latin-1") for path in sorted(NOTES.glob("*.txt"))]
    return reports
