"""From labels to mentions: their words, their type, their score."""

import numpy as np
import pytest

from models.ner.decoding.mentions_of_path import decode
from models.ner.text.words import words_of

TYPES = ("Disease_disorder", "Medication")


def test_a_mention_is_the_text_it_names() -> None:
    """B I I becomes one mention with the note's own characters between its words."""
    text = "He has  acute\nMI on aspirin."
    words = words_of(text)
    scores = np.full((len(words), 5), -9.0, dtype=np.float32)
    for word, label in enumerate([0, 0, 1, 2, 0, 3, 0]):
        scores[word, label] = -0.1
    found = decode(text, words, scores).mentions(TYPES)
    assert [(m.text, m.label) for m in found] == [
        ("acute\nMI", "Disease_disorder"),
        ("aspirin", "Medication"),
    ]


def test_a_score_is_how_probable_the_kind_is() -> None:
    """The mean over the words of the labels of all types of that kind, whichever was chosen."""
    types = ("Disease_disorder", "Medication", "Sign_symptom")
    shares = np.array(
        [[0.1, 0.4, 0.1, 0.1, 0.0, 0.2, 0.1], [0.1, 0.0, 0.3, 0.3, 0.1, 0.0, 0.2]], dtype=np.float32
    )
    text = "renal colic"
    (found,) = decode(text, words_of(text), np.log(shares + 1e-9)).mentions(types)
    assert (found.text, found.label) == (text, "Disease_disorder")
    assert found.score == pytest.approx((0.8 + 0.5) / 2, abs=1e-6)


def test_two_mentions_of_one_type_may_touch() -> None:
    """B after I begins a new mention."""
    text = "aspirin heparin"
    scores = np.log(np.array([[0.1, 0, 0, 0.9, 0], [0.1, 0, 0, 0.8, 0.1]], dtype=np.float32) + 1e-9)
    assert [m.text for m in decode(text, words_of(text), scores).mentions(TYPES)] == [
        "aspirin",
        "heparin",
    ]


def test_nothing_in_gives_nothing_out() -> None:
    """A text without words has no mentions."""
    empty = np.zeros((0, 5), dtype=np.float32)
    assert decode(" ", words_of(" "), empty).mentions(TYPES) == ()
