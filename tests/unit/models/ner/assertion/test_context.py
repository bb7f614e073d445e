"""What is said of a mention: the marked-up sentences, and the promises of every assertion."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.clinical import Assertion, Mention
from models.ner.assertion.context import assert_all
from tests.notes.markup import cases, parse

SENTENCES = Path(__file__).parents[4] / "notes" / "assertion"
FLAGS = ("negated", "uncertain", "historical", "hypothetical")
WORDS = [
    *("no", "denies", "possible", "history of", "if", "mother", "had", "was", "resolved", "but"),
    *(",", ";", ".", ":", "\n", "-", "fever", "(", "hiſtory of", "her2 negative", "K"),
]


def _cases() -> Iterator[tuple[str, str]]:
    for path in sorted(SENTENCES.glob("*.txt")):
        yield from ((path.stem, case) for case in cases(path))


def _verdicts(assertion: Assertion) -> frozenset[str]:
    flags = {flag for flag in FLAGS if getattr(assertion, flag)}
    return frozenset(flags | ({assertion.experiencer} - {"patient"}))


@pytest.mark.parametrize(("topic", "case"), list(_cases()))
def test_a_marked_sentence_is_read_as_it_is_marked(topic: str, case: str) -> None:
    """Each mention gets the verdicts of its mark and no other."""
    marked = parse(case)
    found = assert_all(marked.text, marked.mentions)
    assert [
        (m.text, sorted(_verdicts(a))) for m, a in zip(marked.mentions, found, strict=True)
    ] == [(m.text, sorted(v)) for m, v in zip(marked.mentions, marked.verdicts, strict=True)], topic


def test_there_are_sentences_enough() -> None:
    """The folder of sentences is found, and holds what it should."""
    assert len(list(_cases())) >= 300


def test_a_verdict_names_the_words_that_decided_it() -> None:
    """The cue is the phrase of the note, at its offsets."""
    marked = parse("Ruled out for [MI]. Possible [UTI].")
    cues = [cue for a in assert_all(marked.text, marked.mentions) for cue in a.cues]
    assert [(c.kind, c.start, c.text) for c in cues] == [
        ("negated", 0, "Ruled out for"),
        ("uncertain", 18, "Possible"),
    ]


def test_a_history_mention_is_its_own_cue() -> None:
    """The model's type History says historical, and the mention is the evidence."""
    marked = parse("She had [hypertension|History] for years.")
    (found,) = assert_all(marked.text, marked.mentions)
    assert found.historical
    assert found.cues[0].text == "hypertension"


def test_an_attribute_has_no_assertion_of_its_own() -> None:
    """A body part under "no" is not negated: the thing found in it is."""
    marked = parse("No [edema|Sign_symptom] of the [legs|Biological_structure].")
    edema, legs = assert_all(marked.text, marked.mentions)
    assert edema.negated
    assert legs == Assertion()


def test_an_unknown_type_is_read_as_a_condition() -> None:
    """A checkpoint with other labels gets assertions too."""
    marked = parse("No [pneumonia|Problem].")
    assert assert_all(marked.text, marked.mentions)[0].negated


def test_mentions_keep_their_order() -> None:
    """The n-th assertion is about the n-th mention, in whatever order they come."""
    marked = parse("No [fever]. [Cough].")
    fever, cough = assert_all(marked.text, marked.mentions[::-1])[::-1]
    assert (fever.negated, cough.negated) == (True, False)


@given(st.lists(st.sampled_from(WORDS), max_size=40), st.integers(0, 200), st.integers(1, 12))
def test_every_cue_lies_in_the_text_and_bears_out_a_flag(
    words: list[str], start: int, length: int
) -> None:
    """For any text and any mention, cue text is note text and flags and cues agree."""
    text = " ".join([*words, "fever"])
    start %= len(text)
    mention = Mention(start, start + length, text[start : start + length], "Sign_symptom", 1.0)
    (found,) = assert_all(text, [mention])
    assert all(text[c.start : c.end] == c.text for c in found.cues)
    assert {c.kind for c in found.cues} == _verdicts(found)


@pytest.mark.parametrize(
    "unit",
    [
        "no fever\n",
        "denies:\n- ",
        "... ",
        ".",
        "?",
        "PMH: ",
        "pmh  ",
        "mother ",
        "no a, ",
        "(",
        "\n",
    ],
)
def test_time_grows_with_the_length_of_the_text(unit: str) -> None:
    """Twelve times the text takes nothing like 144 times as long, whatever it is made of.

    The least disturbed of three tries counts.
    """
    assert_all("", [])
    short, long = (unit * (size // len(unit)) for size in (10_000, 120_000))
    most = 60 * max(min(_seconds(short) for _ in range(3)), 0.005)
    assert any(_seconds(long) < most for _ in range(3))


def _seconds(text: str) -> float:
    mention = Mention(len(text), len(text) + 5, "fever", "Sign_symptom", 1.0)
    begun = time.process_time()
    assert_all(text + "fever", [mention])
    return time.process_time() - begun
