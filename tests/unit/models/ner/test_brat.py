"""brat files in and out."""

from pathlib import Path

import pytest

from models.clinical import Span
from models.errors import AnnotationError
from models.ner import brat

TEXT = "Crohn's disease 😀 and abdominal pain\nwith fever"
ANN = """T1\tDisease_disorder 0 15\tCrohn's disease
T2\tSign_symptom 32 36\tpain
T3\tBiological_structure 22 31\tabdominal
T4\tSign_symptom 22 36\tabdominal pain
T5\tSign_symptom 42 47;0 2\tfever Cr
E1\tSign_symptom:T2
A1\tPOLARITY E1 NEG
R1\tMODIFY Arg1:T3 Arg2:E1
#1\tAnnotatorNotes T1\ta note
"""


def _write(folder: Path, ann: str) -> Path:
    (folder / "7.txt").write_text(TEXT, "utf-8")
    (folder / "7.ann").write_text(ann, "utf-8")
    return folder / "7.ann"


def test_entities_relations_and_attributes_are_read(tmp_path: Path) -> None:
    """Events are replaced by their triggers, so that everything points at an entity."""
    read = brat.read(_write(tmp_path, ANN))
    assert (read.id, read.text) == ("7", TEXT)
    assert [TEXT[e.span.start : e.span.end] for e in read.entities] == [
        "Crohn's disease", "pain", "abdominal", "abdominal pain", "fever",
    ]  # fmt: skip
    assert read.relations == (brat.Relation("MODIFY", "T3", "T2"),)
    assert read.attributes == (brat.Attribute("POLARITY", "T2", "NEG"),)


def test_the_longest_of_overlapping_spans_is_kept(tmp_path: Path) -> None:
    """Training sees `abdominal pain`, not `abdominal` and `pain`; first pieces only."""
    kept = brat.flat(brat.read(_write(tmp_path, ANN)).entities)
    assert [e.id for e in kept] == ["T1", "T4", "T5"]
    assert kept[-1].span == Span(42, 47)


@pytest.mark.parametrize("line", ["T9\tAge 5 500\tx", "T9\tAge five 6\tx", "T9", "R9\tMODIFY T1"])
def test_a_bad_line_is_named(line: str, tmp_path: Path) -> None:
    """The error names the file and the line, not the text."""
    with pytest.raises(AnnotationError, match="line 2") as error:
        brat.read(_write(tmp_path, f"T1\tAge 0 3\tCro\n{line}\n"))
    assert "7.ann" in str(error.value)
