"""Scores by hand-counted examples."""

import pytest

from models.ner.evaluation.entities import ALL, Score, evaluate

GOLD = [[("Disease", 0, 10), ("Drug", 20, 25)], [("Disease", 5, 9)]]
FOUND = [[("Disease", 0, 10), ("Drug", 18, 25), ("Drug", 40, 44)], [("Drug", 5, 9)]]


def test_strict_counts_equal_spans_of_equal_type() -> None:
    """One of four found mentions is exactly right, one of three annotated ones is found."""
    scores = evaluate(GOLD, FOUND).strict
    assert scores[ALL] == Score(gold=3, found=4, gold_hit=1, found_hit=1)
    assert scores["Drug"].f1 == 0
    assert scores["Disease"].f1 == pytest.approx(2 * 1 * 0.5 / 1.5)


def test_overlap_forgives_borders_but_not_types() -> None:
    """The drug found two characters early counts; the disease called a drug does not."""
    scores = evaluate(GOLD, FOUND).overlap
    assert scores["Drug"] == Score(gold=1, found=3, gold_hit=1, found_hit=1)
    assert scores["Disease"] == Score(gold=2, found=1, gold_hit=1, found_hit=1)


def test_mentions_of_other_texts_do_not_count() -> None:
    """The same offsets in another text are another mention."""
    assert evaluate([[("Drug", 0, 3)], []], [[], [("Drug", 0, 3)]]).strict[ALL].f1 == 0


def test_the_summary_has_a_row_per_type() -> None:
    """The JSON and the table hold both ways of counting."""
    row = evaluate(GOLD, FOUND).summary()["Disease"]
    assert row["gold"] == 2
    assert row["strict_recall"] == 0.5
    assert row["overlap_precision"] == 1.0
