"""What a text leads a reader to expect of its words, and where it says nothing."""

import time

import pytest

from models.ner.decoding.priors import semantic_tags
from models.ner.decoding.priors.apply import expected
from models.ner.decoding.priors.expected import shorthand

NOTE = (
    "Patient has a history of acute bronchitis (disorder), not in labor force (finding).\n\n"
    "# Medications\nmirena 52 mg intrauterine system; 2) camila 28 day pack\n\n"
    "# Allergies\npenicillin; codeine\n\n"
    "The following procedures were conducted:\n- hospice care (regime/therapy)\n- suture\n\n"
    "# Plan\naspirin; rest\n"
)


def test_a_tag_speaks_for_the_name_before_it() -> None:
    """From the item's start, or from what introduces it; the last word of the name counts most."""
    found = [(NOTE[each.start : each.end], each.kind) for each in semantic_tags.expected(NOTE)]
    assert found == [
        ("acute ", "problem"), ("bronchitis", "problem"), (" (disorder)", "nothing"),
        ("not in labor ", "problem"), ("force", "problem"), (" (finding)", "nothing"),
        ("hospice ", "procedure"), ("care", "procedure"), (" (regime/therapy)", "nothing"),
    ]  # fmt: skip
    strength = [each.nats for each in semantic_tags.expected(NOTE)]
    assert strength == [semantic_tags.NAME, semantic_tags.LAST_WORD, semantic_tags.TAG] * 3


@pytest.mark.parametrize("text", ["(disorder)", "fever (mild)", "pain (see finding)"])
def test_other_brackets_are_no_tags(text: str) -> None:
    """A tag stands alone in its brackets, behind a name."""
    assert [*semantic_tags.expected(text)] == []


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
        text = "on Lasix\n" + unit * (length // len(unit))
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
    found = [(text[each.start : each.end], each.kind) for each in shorthand(text)]
    assert found == [("TKA", "procedure"), ("OA", "problem"), ("Lasix", "drug")]


@pytest.mark.parametrize(
    ("word", "rest"),
    [("HBV", " vaccine"), ("TSH", " level")],
)
def test_what_is_named_after_a_thing_is_not_the_thing(word: str, rest: str) -> None:
    """Alone the word names it; with a vaccine against it or a test for it, it does not."""

    def named(text: str) -> set[str]:
        return {text[each.start : each.end] for each in shorthand(text)}

    assert word in named(word)
    assert word not in named(word + rest)


def test_prose_leads_to_no_expectation() -> None:
    """Most words of a report say nothing beforehand."""
    assert [*expected("She was seen in clinic and felt well; her weight was 70 kg.")] == []
