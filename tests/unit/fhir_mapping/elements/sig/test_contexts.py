"""What stands around a sig: a condition there keeps the dosage text, another sentence does not."""

import pytest

from tests.unit.fhir_mapping.elements.sig.brief import briefs, dosages_of

READ = [
    ("[A|drug] [5 mg|dose >0] [daily|often >0].", "5 mg; 1/1d QD"),
    ("Continue [A|drug] [5 mg|dose >0] [daily|often >0]. He feels well.", "5 mg; 1/1d QD"),
    ("1. [A|drug] [5 mg|dose >0] daily\n2. [B|drug] 9 mg BID with food", "5 mg; 1/1d QD"),
    ("- [A|drug] [5 mg|dose >0] daily\n- [B|drug] 9 mg BID, taper", "5 mg; 1/1d QD"),
    ("[A|drug] [5 mg|dose >0] daily\n[B|drug] 9 mg hold", "5 mg; 1/1d QD"),
    ("[A|drug] [5 mg|dose >0] p.o. q.d., [B|drug] 9 mg p.o. b.i.d.", "5 mg; 26643006; 1/1d QD"),
    ("[A|drug] [5 mg|dose >0] daily and [B|drug] 9 mg PO BID.", "5 mg; 1/1d QD"),
    ("[A|drug] [5 mg|dose >0]\n[B|drug] 9 mg daily", "5 mg"),
    ("Meds:\n[A|drug] [5 mg|dose >0] daily\nExam: well", "5 mg; 1/1d QD"),
    ("[A|drug] [5 mg|dose >0] daily\n\nHold nothing.", "5 mg; 1/1d QD"),
    ("He got [1 g|dose >2] of [IV|Administration >2] [A|drug] daily", "1 g; 47625008; 1/1d QD"),
    ("[daily|often >1] [A|drug] [5 mg|dose >1]", "5 mg; 1/1d QD"),
    ("[A|drug] ([5 mg|dose >0] [daily|often >0])", "5 mg; 1/1d QD"),
    ("[A|drug] 5 mg PO [daily|often >0]", "5 mg; 26643006; 1/1d QD"),
]

UNREAD = [
    # After the last attribute that the reader found.
    "[A|drug] [5 mg|dose >0] [daily|often >0] except Mondays",
    "[A|drug] [5 mg|dose >0] [daily|often >0]\nexcept Mondays",
    "[A|drug] [5 mg|dose >0] [daily|often >0] with food",
    "[A|drug] [5 mg|dose >0] [daily|often >0] if SBP>100",
    "[A|drug] [5 mg|dose >0] [daily|often >0], hold for surgery",
    "[A|drug] [5 mg|dose >0] [daily|often >0] (held)",
    "[A|drug] [5 mg|dose >0]/[kg|dose >0] [daily|often >0]",
    "[A|drug] [.5 mg|dose >0]",
    "[A|drug] .[5 mg|dose >0]",
    "[A|drug] 1,[000 mg|dose >0] daily",
    "[A|drug] 2[5 mg|dose >0] dai[ly|often >0]x",
    # Between the attributes.
    "[A|drug] [5 mg|dose >0] only [daily|often >0]",
    "[A|drug] [5 mg|dose >0] was given [daily|often >0]",
    "[A|drug] [5 mg|dose >0] and [9 mg|dose >0]",
    "[A|drug] [5 mg|dose >0] and [B|drug] [9 mg|dose >2] [daily|often >0]",
    # In the next sentence, line or item.
    "[A|drug] [5 mg|dose >0] [daily|often >0]. Hold for SBP<100.",
    "[A|drug] [5 mg|dose >0] [daily|often >0]. He was told to taper it.",
    "[A|drug] [5 mg|dose >0] [daily|often >0]; 2.5 mg on Sundays",
    "[A|drug] [5 mg|dose >0] [daily|often >0].\n- 2.5 mg at night",
    "[A|drug] [5 mg|dose >0] [daily|often >0]. Take with meals.",
    "[A|drug] [5 mg|dose >0] p.o. Mondays",
    "[A|drug] [5 mg|dose >0] [daily|often >0]\nNote: hold before surgery",
    "[A|drug] [5 mg|dose >0] [daily|often >0]. Halve the dose in renal failure.",
    "[A|drug] [5 mg|dose >0] [daily|often >0]. Off on weekends.",
    "[A|drug] [5 mg|dose >0] [daily|often >0]. Total 10 mg.",
    "1. [A|drug] [5 mg|dose >0] daily\n2. 2.5 mg on Sundays",
    "[A|drug] [5 mg|dose >0] daily\n(hold if HR<60)",
    "[A|drug] [5 mg|dose >0] daily, 3 days on, 4 days off",
    "[A|drug] [5 mg|dose >0] daily Mon-Fri",
    "[A|drug] [5 mg|dose >0] daily. He had it [at night|often >0]",
    # Before the drug.
    "Hold [A|drug] [5 mg|dose >0] [daily|often >0]",
    "If febrile, [A|drug] [5 mg|dose >0] [daily|often >0]",
    "If SBP is high give\n[A|drug] [5 mg|dose >0] IV",
    "Before dialysis, [A|drug] [5 mg|dose >0] IV",
    "On Mondays: [A|drug] [5 mg|dose >0]",
    "Every other day, [A|drug] [5 mg|dose >0]",
    "His daily drugs: [A|drug] [5 mg|dose >0]",
    "half of [A|drug] [5 mg|dose >0]",
    "2 [A|drug] [5 mg|dose >0]",
    "PRN:\n- [A|drug] [5 mg|dose >0]",
    "Hold the following:\n\n- [A|drug] [5 mg|dose >0]",
    "oral [A|drug] [5 mg|dose >0] [daily|often >0]",
    # What is said of the drugs named with it may be said of it.
    "[A|drug] [5 mg|dose >0] and [B|drug] 9 mg, both daily",
    "[A|drug] [5 mg|dose >0] and [B|drug] 9 mg daily",
    "[A|drug] [5 mg|dose >0], [B|drug] 9 mg PO",
    "[A|drug] [5 mg|dose >0] BID and [B|drug] 9 mg BID for 7 days",
    "[A|drug] [5 mg|dose >0] BID, [B|drug] 9 mg BID prn",
    "[A|drug] [5 mg|dose >0] BID and [B|drug] 9 mg BID if febrile",
    "[A|drug] [5 mg|dose >0] BID and [B|drug] 9 mg BID. Hold both for SBP<90.",
    "[A|drug] [5 mg|dose >0] daily or [B|drug] 9 mg daily",
    "[A|drug] [5 mg|dose >0] daily with [B|drug] 9 mg daily",
    "[A|drug] ([B|drug]) [5 mg|dose >0] daily",
    "[A|drug] and [B|drug] [5 mg|dose >0] daily",
    # A mention that ends inside a word.
    "[A|drug]40 [5 mg|dose >0] daily",
    "[A|drug]-XL [5 mg|dose >0] daily",
    "[A|drug][5 mg|dose >0] daily",
    "x[5 mg|dose >1][A|drug] daily",
]


@pytest.mark.parametrize(("note", "expected"), READ)
def test_what_is_no_condition_does_not_matter(note: str, expected: str) -> None:
    """The next item of a list, another sentence or the words before leave a whole sig whole."""
    assert briefs(note) == [expected]


@pytest.mark.parametrize("note", UNREAD)
def test_a_condition_nearby_keeps_the_dosage_text(note: str) -> None:
    """Whatever the reader missed around its attributes, no element beside the text is written."""
    assert [set(dosage) for dosage in dosages_of(note)] == [{"extension", "text"}]


def test_a_wording_that_is_once_in_doubt_is_never_structured() -> None:
    """The same words twice are one dosage, and the mention with a condition decides."""
    note = "[A|drug] [5 mg|dose >0] daily.\n\n[A|drug] [5 mg|dose >2] [daily|often >2]. Hold it."
    assert briefs(note) == [""]
    assert briefs(note.removesuffix(" Hold it.")) == ["5 mg; 1/1d QD"]


def test_each_drug_of_a_line_has_its_own_sig() -> None:
    """The second drug of a sentence is structured too, by its own words."""
    note = "Take [A|drug] [5 mg|dose >0] daily and [B|drug] [9 mg|dose >2] [BID|often >2]."
    assert [briefs(note, drug) for drug in (0, 1)] == [["5 mg; 1/1d QD"], ["9 mg; 2/1d BID"]]


def test_more_drugs_than_a_sentence_names_stay_text() -> None:
    """A list without an end is not followed to it, so nothing is said of what may stand there."""
    drugs = ", ".join("[B|drug] 9 mg daily" for _ in range(40))
    assert briefs(f"[A|drug] [5 mg|dose >0] daily, {drugs}.") == [""]
