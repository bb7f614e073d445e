"""Calibration errors by hand-counted examples."""

import pytest

from models.clinical import Mention
from models.ner.checkpoint.calibration import UNCALIBRATED, Calibration
from models.ner.evaluation.reliability import (
    Bin,
    bins,
    expected_calibration_error,
    halves,
    judged,
    reliability,
)

SCORED = [(0.95, True), (0.93, False), (1.0, True), (0.25, False)]


def test_mentions_fall_into_ten_bins() -> None:
    """A score of 1 belongs to the last bin; empty bins are left out."""
    low, high = bins(SCORED)
    assert low == Bin(0.2, 1, 0.25, 0.0)
    assert (high.low, high.count) == (0.9, 3)
    assert high.right == pytest.approx(2 / 3)
    assert high.score == pytest.approx(0.96)


def test_the_error_is_weighted_by_mentions() -> None:
    """One mention is 0.25 off, three are 0.96 - 2/3 off."""
    expected = (0.25 + 3 * (0.96 - 2 / 3)) / 4
    assert expected_calibration_error(SCORED) == pytest.approx(expected)
    assert expected_calibration_error([]) == 0


def test_right_is_something_of_the_kind() -> None:
    """A share of the characters is enough, and a type that a chart keeps in the same list."""
    mentions = [
        Mention(0, 4, "pain", "Sign_symptom", 0.9),
        Mention(6, 9, "ECG", "Diagnostic_procedure", 0.8),
        Mention(12, 16, "knee", "Sign_symptom", 0.7),
        Mention(18, 22, "rest", "Sign_symptom", 0.6),
    ]
    gold = [
        ("Disease_disorder", 0, 9),
        ("Diagnostic_procedure", 8, 10),
        ("Biological_structure", 12, 16),
        ("Sign_symptom", 22, 25),
    ]
    right = [True, True, False, False]
    assert judged(gold, mentions) == [
        (each.score, true) for each, true in zip(mentions, right, strict=True)
    ]


def test_no_text_is_scored_by_a_calibration_that_saw_it() -> None:
    """Odd notes are all right, even ones all wrong: each half gets the other's belief."""
    right, wrong = [(0.5, True)] * 200, [(0.5, False)] * 200
    even, odd = halves([wrong, right, wrong, right])
    assert all(score > 0.9 and not truth for score, truth in even)
    assert all(score < 0.1 and truth for score, truth in odd)


def test_what_is_reported_is_of_the_calibrated_scores() -> None:
    """0.9 that is right half the time is 0.4 off as decoded, and 0.0 off as 0.5."""
    texts = [[(0.9, True), (0.9, False)]] * 400
    even_odds = Calibration(low=0.0, high=0.0, offset=0.0)
    found = reliability(texts, even_odds)
    assert (found.mentions, found.error) == (800, 0)
    assert found.decoded_error == pytest.approx(0.4)
    assert found.halves_error < 0.02
    assert reliability(texts, UNCALIBRATED).error == pytest.approx(0.4)


def test_one_note_is_enough_to_ask() -> None:
    """With nothing to fit on, the scores are measured as they are; no mentions, no error."""
    assert reliability([[(0.9, True)]], UNCALIBRATED).halves_error == pytest.approx(0.1)
    assert reliability([], UNCALIBRATED).figures()["mentions"] == 0
