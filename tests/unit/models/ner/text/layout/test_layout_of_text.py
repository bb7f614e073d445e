"""What holds of the layout of every text, and how a layout is asked."""

import gc
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ner.text.layout.layout_model import Layout
from models.ner.text.layout.layout_of_text import layout

NOTE = """\
CHIEF COMPLAINT: cough

PAST HISTORY:
- gout
  - of the left toe,
    painful
[x] asthma  [ ] stroke

PHYSICAL EXAM: T 37.2 HR 80. HEENT: normal. LUNGS: clear.
Test | Result
Na   | 140
"""
SIGNS = "aB1 \n\t:.,;-*•+#|[]x()☒☐/&%_=\r\u2028\u00e9"
PIECES = (
    "PMH:", "HISTORY OF PRESENT ILLNESS", "Family History:", "HEENT:", "Plan:", "gout",
    "no fever", "1. ", "2. ", "- ", "• ", "[x] ", "(-) ", "+SOB", "BP 120/80", "HR 72",
    "Na\t140", "a | b", "\n", "\n\n", "   ", ", ", ". ", ":,", "CXR:", "and", "denies ", "Fever: N",
    "ABC DEF:", "##",
)  # fmt: skip
PATTERNS = (
    "a: ", "Title Case Words: ", "\n", "x\ty\t", "a | b ", "1. 2. ", "1. a 2. b 3. c ",
    "1. aspirin\n", "[x] a ", "+a -b ", "HR 80 BP 120/80 ", "• a ", "- a\n", "PMH: x\n\n",
    "HEENT: x. Neck: y. ", "A,PLAN:, 1. x ", "a   b\n",
    "HEENT:\n\n", "FAMILY HISTORY: a\n\nNECK:\n\n", "+a\n", "Q: [ ] yes [ ] no ",
)  # fmt: skip
DOUBLED = 2.3


def of(words: str, text: str = NOTE) -> int:
    """Return where some words begin in a text."""
    return text.index(words)


@pytest.fixture(scope="module")
def found() -> Layout:
    """Return the layout of the note."""
    return layout(NOTE)


def check(text: str) -> None:
    """Assert what holds of the layout of any text."""
    found = layout(text)
    assert "".join(text[block.start : block.end] for block in found.blocks) == text
    assert all(block.start < block.end for block in found.blocks)
    assert all(a.end == b.start for a, b in pairwise(found.blocks))
    assert all(a.end <= b.start for a, b in pairwise(found.units))
    for block in found.blocks:
        if block.unit:
            assert block.unit.start <= block.start < block.end <= block.unit.end
    for section in found.sections:
        assert section.start < section.body <= section.end <= len(text)
        assert section.parent is None or section.end <= section.parent.end
    assert found == layout(text)


@given(st.text(SIGNS, max_size=200))
def test_blocks_part_any_text(text: str) -> None:
    """Each character is in exactly one block, units do not overlap, and twice is the same."""
    check(text)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_blocks_part_any_note(text: str) -> None:
    """So it is in texts made of what notes are made of."""
    check(text)


def test_an_empty_text_has_no_blocks() -> None:
    """Nothing has no layout."""
    assert layout("") == Layout("", (), (), ())


@pytest.mark.parametrize("mark", ["\\.br\\", "<br>", "<BR />"])
def test_a_line_end_of_another_format_is_one(mark: str) -> None:
    """HL7's escape and HTML's tag, where texts are sent as plain; other signs of theirs are not."""
    found = layout(f"No rash.{mark}Has a cough at <5 \\ 10 m.")
    words = [found.text[unit.start : unit.end] for unit in found.units]
    assert words == ["No rash.", "Has a cough at <5 \\ 10 m."]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_time_grows_with_the_length_of_the_text(pattern: str) -> None:
    """Twice the text takes twice the time, whatever it is made of.

    Over two doublings, by the same factor for each: a single one of a few milliseconds is noise.
    """
    texts = [(pattern * size)[:size] for size in (8_000, 32_000)]
    best = [float("inf")] * len(texts)
    for _ in range(6):
        best = [min(least, _seconds(text)) for least, text in zip(best, texts, strict=True)]
        if best[1] / max(best[0], 1e-3) < DOUBLED**2:
            return
    pytest.fail(f"{pattern!r} took {best} seconds")


def _seconds(text: str) -> float:
    """Return the processor time of one layout; collecting garbage is no part of it."""
    gc.disable()
    began = time.process_time()
    layout(text)
    took = time.process_time() - began
    gc.enable()
    return took


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("cough", "chief_complaint"),
        ("painful", "past_history"),
        ("stroke", "past_history"),
        ("HR 80", "examination"),
        ("clear", "examination"),
    ],
)
def test_a_character_has_its_section(found: Layout, words: str, kind: str) -> None:
    """An offset is asked for the section around it."""
    section = found.section_at(of(words))
    assert section
    assert section.kind == kind


def test_a_part_stands_within_its_examination(found: Layout) -> None:
    """A heading of a part is a section of its own, within the one around it."""
    lungs = found.section_at(of("clear"))
    assert lungs
    assert lungs.system == "respiratory"
    assert lungs.parent
    assert NOTE[lungs.parent.start : lungs.parent.body] == "PHYSICAL EXAM:"


def test_a_wrapped_item_is_one_unit(found: Layout) -> None:
    """The second line of an item is in its unit, the next item is not."""
    unit = found.unit_at(of("painful"))
    assert unit is found.unit_at(of("of the left"))
    assert unit is not found.unit_at(of("gout"))
    assert unit
    assert unit.depth == 2


def test_headings_are_told(found: Layout) -> None:
    """A known heading is one, its colon included, and what follows is none."""
    assert found.is_heading(of("HISTORY:"))
    assert found.is_heading(of("HISTORY:") + len("HISTORY"))
    assert not found.is_heading(of("gout"))


def test_a_box_is_asked_through_its_item(found: Layout) -> None:
    """What is ticked is checked, what is not is unchecked, and what has no box is neither."""
    assert found.state_at(of("asthma")) == "checked"
    assert found.state_at(of("stroke")) == "unchecked"
    assert found.state_at(of("gout")) is None


def test_a_row_knows_its_columns(found: Layout) -> None:
    """Each cell of a row has the cell of the header in its column."""
    row = found.unit_at(of("140"))
    assert row
    names = [NOTE[cell.start : cell.end] for cell in row.header]
    assert dict(zip(names, (NOTE[c.start : c.end] for c in row.cells), strict=True)) == {
        "Test": "Na",
        "Result": "140",
    }


def test_no_offset_has_anything_outside_the_text(found: Layout) -> None:
    """What is asked beyond the text is nowhere."""
    for offset in (-1, len(NOTE), len(NOTE) + 9):
        assert found.block_at(offset) is None
        assert found.unit_at(offset) is None
        assert not found.is_heading(offset)
