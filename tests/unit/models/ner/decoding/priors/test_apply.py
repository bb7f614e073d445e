"""What is expected moves the scores, and they stay log probabilities."""

import numpy as np
import pytest
from transformers import PreTrainedTokenizerFast

from models.ner.checkpoint.labels import TYPES
from models.ner.decoding.mentions_of_path import decode
from models.ner.decoding.priors.apply import apply_priors
from models.ner.text.encoding import Scores, encode

TEXT = "Lasix 20 PO, hospice care (regime/therapy)"
LABELS = 1 + 2 * len(TYPES)


def _even(words: int, outside: float) -> Scores:
    """Scores of words that are nothing with a probability, and else any type alike."""
    scores = np.full((words, LABELS), np.log((1 - outside) / (LABELS - 1)), np.float32)
    scores[:, 0] = np.log(outside)
    return scores


def _mentions(tokenizer: PreTrainedTokenizerFast, outside: float) -> list[tuple[str, str]]:
    encoding = encode(TEXT, tokenizer)
    scores = apply_priors(encoding, _even(len(encoding.words), outside), TYPES)
    found = decode(TEXT, encoding.words, scores).mentions(TYPES)
    return [(each.text, each.label) for each in found]


def test_what_may_be_anything_is_what_is_expected(tokenizer: PreTrainedTokenizerFast) -> None:
    """A drug; a procedure of some kind; its tag is nothing."""
    found = _mentions(tokenizer, 0.05)
    assert ("Lasix", "Medication") in found
    assert {label for text, label in found if "care" in text} <= {
        "Therapeutic_procedure",
        "Diagnostic_procedure",
    }
    assert not [text for text, _ in found if "regime" in text]


def test_what_is_surely_nothing_stays_nothing(tokenizer: PreTrainedTokenizerFast) -> None:
    """An expectation weighs evidence, it does not make any."""
    assert _mentions(tokenizer, 1 - 1e-6) == []


def test_scores_stay_log_probabilities(tokenizer: PreTrainedTokenizerFast) -> None:
    """Each word's probabilities sum to one; one of which nothing is expected is as it was."""
    encoding = encode("Lasix 20 PO x2, recheck", tokenizer)
    before = _even(len(encoding.words), 0.5)
    after = apply_priors(encoding, before.copy(), TYPES)
    assert np.exp(after).sum(1) == pytest.approx(1, abs=1e-4)
    assert (after[-1] == before[-1]).all()
    assert (after[0] != before[0]).any()


def test_a_model_of_other_types_is_left_alone(tokenizer: PreTrainedTokenizerFast) -> None:
    """What no type of a checkpoint means cannot be expected of it."""
    encoding = encode("Lasix 20 PO x2", tokenizer)
    before = np.full((len(encoding.words), 3), np.log(1 / 3), np.float32)
    assert (apply_priors(encoding, before.copy(), ("GENE",)) == before).all()
