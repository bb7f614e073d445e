"""Agreement with the POLARITY attributes of MACCROBAT's dev reports."""

from tests.benchmarks.assertion_polarity import measure


def test_assertions_agree_with_the_corpus() -> None:
    """Negation and doubt reach the scores that the project promises on dev."""
    scores = measure("dev")
    assert scores["negated"].f1 >= 0.90
    assert scores["uncertain"].f1 >= 0.60
