"""Cross-validation deals the reports out fairly."""

from models.ner.brat import AnnotatedText
from tests.benchmarks.cross_validation import folds


def test_each_report_is_held_back_once_and_never_learned_then() -> None:
    """Folds of near equal size, the same ones each time, none reading what it learned."""
    texts = [AnnotatedText(str(number), "", (), (), ()) for number in range(23)]
    dealt = folds(texts, 5)
    held = [text.id for fold in dealt for text in fold.held_back]
    assert sorted(held) == sorted(text.id for text in texts)
    assert {len(fold.held_back) for fold in dealt} == {4, 5}
    for fold in dealt:
        assert {text.id for text in fold.learned} | {text.id for text in fold.held_back} == set(
            held
        )
        assert len(fold.learned) + len(fold.held_back) == 23
    assert dealt == folds(texts[::-1], 5)
