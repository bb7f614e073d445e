"""What a text leads a reader to expect of its words, and where it says nothing."""

import time

import pytest

from models.ner.decoding.priors import drugs, known, lists, nouns, sigs, stems, tags
from models.ner.decoding.priors.apply import expected

NOTE = (
    "Patient has a history of acute bronchitis (disorder), not in labor force (finding).\n\n"
    "# Medications\nmirena 52 mg intrauterine system; 2) camila 28 day pack\n\n"
    "# Allergies\npenicillin; codeine\n\n"
    "The following procedures were conducted:\n- hospice care (regime/therapy)\n- suture\n\n"
    "# Plan\naspirin; rest\n"
)


def test_a_tag_speaks_for_the_name_before_it() -> None:
    """From the item's start, or from what introduces it; the last word of the name counts most."""
    found = [(NOTE[each.start : each.end], each.kind) for each in tags.expected(NOTE)]
    assert found == [
        ("acute ", "problem"), ("bronchitis", "problem"), (" (disorder)", "nothing"),
        ("not in labor ", "problem"), ("force", "problem"), (" (finding)", "nothing"),
        ("hospice ", "procedure"), ("care", "procedure"), (" (regime/therapy)", "nothing"),
    ]  # fmt: skip
    strength = [each.nats for each in tags.expected(NOTE)]
    assert strength == [tags.NAME, tags.LAST_WORD, tags.TAG] * 3


@pytest.mark.parametrize("text", ["(disorder)", "fever (mild)", "pain (see finding)"])
def test_other_brackets_are_no_tags(text: str) -> None:
    """A tag stands alone in its brackets, behind a name."""
    assert [*tags.expected(text)] == []


def test_a_title_speaks_for_its_list() -> None:
    """Drugs by their first words, procedures whole; an allergy's list and a plan say nothing."""
    found = [(NOTE[each.start : each.end], each.kind) for each in lists.expected(NOTE)]
    assert found == [
        ("hospice care (regime/therapy)", "procedure"), ("suture", "procedure"),
        ("mirena", "drug"), ("camila", "drug"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "drug", "dose"),
    [
        ("KCl 20 mEq PO x2", "KCl", "20 mEq"),
        ("Insulin glargine 22 units SC at bedtime", "Insulin glargine", "22 units"),
        ("albuterol HFA 90 mcg 2 puffs q4-6h", "albuterol HFA", "90 mcg"),
        ("on lisinopril 20 mg daily", "on lisinopril", "20 mg"),
        ("Lipitor 80 qhs", "Lipitor", "80"),
    ],
)
def test_a_dose_that_is_given_has_a_drug_before_it(text: str, drug: str, dose: str) -> None:
    """By a route, or so often. A verb may stand there too: what is nothing stays nothing."""
    found = [(text[each.start : each.end], each.kind) for each in sigs.expected(text)]
    assert found == [(drug, "drug"), (dose, "dose")]


@pytest.mark.parametrize(
    "text",
    ["Na 127, asymptomatic", "Hgb 8.2 g/dL", "creatinine 2.1 mg", "BP 90/60, HR 80", "5 mg daily"],
)
def test_a_result_is_no_dose(text: str) -> None:
    """A number with a unit alone may be what was measured."""
    assert [*sigs.expected(text)] == []


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("choledocholithiasis", "problem"), ("Pancreatitis", "problem"), ("hypoxemia", "problem"),
        ("melanoma", "problem"), ("thoracentesis", "operation"), ("sphincterotomy", "operation"),
        ("EGD-guided gastrostomy", "operation"), ("bronchoscopy", "test"),
        ("omeprazole", "drug"), ("Atorvastatin", "drug"), ("acyclovir", "drug"),
    ],
)  # fmt: skip
def test_a_words_ending_says_what_it_names(word: str, kind: str) -> None:
    """Greek and Latin suffixes, and the stems of drugs' names."""
    assert [each.kind for each in stems.expected(word)] == [kind]


@pytest.mark.parametrize(
    "word",
    [
        "diagnosis", "prognosis", "anastomosis", "diagnoses", "therapy", "physiotherapies",
        "anatomy", "analysis", "program", "uria", "statin", "patient",
    ],
)  # fmt: skip
def test_words_that_only_end_alike_name_nothing(word: str) -> None:
    """A diagnosis is no disease; an ending alone is no word."""
    assert [*stems.expected(word)] == []


@pytest.mark.parametrize(
    "unit",
    [
        " ",
        "a-",
        "a ",
        "a_",
        "1.",
        "\n",
        "x (finding) ",
        "following drugs:\n",
        "Medications: x\n",
        "a" * 9,
        "c/o ",
        "rash-",
    ],
)
def test_time_grows_with_the_length_of_the_text(unit: str) -> None:
    """Whatever is repeated, four times the text takes about four times as long, not sixteen."""

    def took(length: int) -> float:
        text = "Medications: aspirin\n" + unit * (length // len(unit))
        tries = []
        for _ in range(3):
            begun = time.process_time()
            count = sum(1 for _ in expected(text))
            tries.append(time.process_time() - begun)
        assert count >= 1
        return min(tries)

    assert took(40_000) < 8 * took(10_000) + 0.05


def test_known_shorthand_is_what_it_means() -> None:
    """A drug, a procedure, a problem; "c/o" names nothing, and "N/V" is two things."""
    text = "pt c/o N/V; TKA for OA, on Lasix"
    found = [(text[each.start : each.end], each.kind) for each in known.expected(text)]
    assert found == [("TKA", "procedure"), ("OA", "problem"), ("Lasix", "drug")]


def test_a_plain_noun_names_what_it_names() -> None:
    """As a whole word, however it is written."""
    text = "RASH better, drain out; duplex done, rashly drained"
    found = [(text[each.start : each.end], each.kind) for each in nouns.expected(text)]
    assert sorted(found) == [("RASH", "problem"), ("drain", "procedure"), ("duplex", "procedure")]


def test_a_drug_is_known_by_its_generic_name() -> None:
    """As a whole name: "folic acid" is one, and "insulinoma" is none."""
    text = "INCREASE SERTRALINE; folic acid, insulinoma"
    found = [(text[each.start : each.end], each.kind) for each in drugs.expected(text)]
    assert found == [("SERTRALINE", "drug"), ("folic acid", "drug")]


@pytest.mark.parametrize(
    ("word", "rest"),
    [("HBV", " vaccine"), ("TB", " test"), ("insulin", " antibodies"), ("cough", "-screen")],
)
def test_what_is_named_after_a_thing_is_not_the_thing(word: str, rest: str) -> None:
    """Alone the word names it; with a vaccine against it or a test for it, it does not."""

    def named(text: str) -> set[str]:
        every = (*known.expected(text), *drugs.expected(text), *nouns.expected(text))
        return {text[each.start : each.end] for each in every}

    assert word in named(word)
    assert word not in named(word + rest)


def test_no_noun_names_two_kinds() -> None:
    """What may be either is in no list, and nothing is listed twice."""
    listed = [*drugs.NAMES, *(noun for some in nouns.NOUNS.values() for noun in some)]
    assert len(listed) == len(set(listed)) > 200


def test_prose_leads_to_no_expectation() -> None:
    """Most words of a report say nothing beforehand."""
    assert [*expected("She was seen in clinic and felt well; her weight was 70 kg.")] == []
