"""What is learned of a text: its labels, in lines of its own and in others."""

import random
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import PreTrainedTokenizerFast

from models.clinical import Span
from models.ner.brat import AnnotatedText, Entity
from models.ner.checkpoint.labels import TYPES, bio_names
from models.ner.training.dataset import IGNORED, UNLISTED
from models.ner.training.descent import labelled_loss
from models.ner.training.recipe import Recipe
from models.ner.training.rewrapping import WIDTHS, rewrapped
from models.ner.training.texts import TrainingTexts

NOTE = AnnotatedText(
    "note", "Takes aspirin daily.", (Entity("T1", "Medication", (Span(6, 13),)),), (), ()
)


def test_words_outside_mentions_are_open_where_types_were_passed_over(
    tokenizer: PreTrainedTokenizerFast,
) -> None:
    """In a text with every type marked they are O; the mention's own label is the same in both."""
    whole, partly = TrainingTexts([NOTE], [NOTE]).examples(tokenizer)
    inside = 1 + 2 * TYPES.index("Medication")
    assert whole.labels[whole.labels != IGNORED].tolist() == [0, inside, 0, 0]
    elsewhere = [UNLISTED, inside, UNLISTED, UNLISTED]
    assert partly.labels[partly.labels != IGNORED].tolist() == elsewhere


def test_an_open_word_is_nothing_or_of_a_type_that_was_never_marked() -> None:
    """Marked types are none of it, nor past illness and the family's, which a status tells."""
    names = np.array(bio_names(TYPES))
    open_to = set(names[TrainingTexts([], [NOTE]).unlisted])
    assert {"O", "B-Color", "I-Color"} < open_to
    assert not open_to & {"B-Medication", "I-Medication", "B-History", "I-Family_history"}


def test_the_loss_of_an_open_word_is_that_of_all_it_may_be() -> None:
    """The negative log of their summed probability, with no share for smoothing."""
    logits = torch.log(torch.tensor([[[0.5, 0.2, 0.2, 0.1]]]))
    labels, open_to = torch.tensor([[UNLISTED]]), torch.tensor([0, 3])
    loss = float(labelled_loss(logits, labels, 0.1, open_to))
    assert loss == pytest.approx(-np.log(0.6), abs=1e-5)


@given(st.text(alphabet="ab \n.", max_size=400), st.integers(0, 100))
def test_only_blanks_and_line_ends_change(text: str, seed: int) -> None:
    """As many characters, the same words at the same places, the same blank lines."""
    other = rewrapped(AnnotatedText("x", text, (), (), ()), random.Random(seed)).text  # noqa: S311
    assert len(other) == len(text)
    changed = {(a, b) for a, b in zip(text, other, strict=True) if a != b}
    assert changed <= {(" ", "\n"), ("\n", " "), ("\n", ",")}


def test_long_lines_are_wrapped() -> None:
    """With enough seeds one wraps; no line of it is longer than the widest."""
    text = AnnotatedText("x", "word " * 100, (), (), ())
    others = [rewrapped(text, random.Random(seed)).text for seed in range(10)]  # noqa: S311
    wrapped = [each for each in others if "\n" in each]
    assert wrapped
    assert all(len(line) <= WIDTHS[1] for each in wrapped for line in each.split("\n"))


def test_another_epoch_sees_other_lines(tokenizer: PreTrainedTokenizerFast) -> None:
    """A share of nothing changes nothing; the labels stay whatever the lines."""
    long = replace(NOTE, text=NOTE.text + " He feels well and walks a lot." * 9)
    texts = TrainingTexts([long])
    still = [one.ids.tolist() for (one,) in texts.epochs(tokenizer, Recipe(epochs=3))]
    assert still[0] == still[1] == still[2]
    moved = [one for (one,) in texts.epochs(tokenizer, Recipe(epochs=8, rewrapped=1.0))]
    labelled = [one.labels[one.labels != IGNORED].tolist() for one in moved]
    assert all(each[:4] == labelled[0][:4] for each in labelled)
