"""What the bundled model reaches on the dev reports: thresholds that a change must not break."""

import pytest

from models.ner.brat import read_folder
from models.ner.checkpoint.loading import DEFAULT, bundled
from models.ner.evaluation import links
from models.ner.evaluation.entities import ALL
from models.ner.evaluation.reliability import reliability
from models.ner.evaluation.report import FOUND, GOLD, Report, read_decoded, report, scored
from models.ner.inference.packed import precision
from models.ner.recogniser import load
from tests.data import corpus

pytestmark = pytest.mark.skipif(DEFAULT not in bundled(), reason="no model is bundled here")


@pytest.fixture(scope="module")
def scores() -> Report:
    """All that `biomed-ner evaluate` measures on dev, read once: about 15 seconds of one core.

    Not a part of it: with a third of the mentions chance alone gives a calibration error of 0.04.
    """
    with pytest.MonkeyPatch.context() as patch:  # in single precision, as the card's figures
        patch.setattr(precision, "_multiplied_by_the_processor", lambda: False)
        return report(corpus("maccrobat/dev"), load(DEFAULT, device="cpu"))


def test_entities(scores: Report) -> None:
    """Strict micro-F1 and by overlap, over all types (dev scores: 0.659 and 0.783)."""
    assert scores.entities.strict[ALL].f1 >= 0.65
    assert scores.entities.overlap[ALL].f1 >= 0.74


def test_a_score_is_the_probability_that_span_and_type_are_right(scores: Report) -> None:
    """Expected calibration error at most 0.04 on ward notes that nothing was fitted to.

    On case reports, whose annotators draw other lines, only by a calibration of their own.
    """
    texts = read_folder(corpus("ward/dev"))
    reader = load(DEFAULT, device="cpu")
    decoded = scored(texts, read_decoded(texts, reader))
    assert reliability(decoded, reader.calibration).error <= 0.04
    assert scores.calibration.halves_error <= 0.04


def test_assertions(scores: Report) -> None:
    """Given the mentions, what the project promises; end to end no worse than it was."""
    assert scores.assertion[GOLD]["negated"].f1 >= 0.90
    assert scores.assertion[GOLD]["uncertain"].f1 >= 0.60
    assert scores.assertion[FOUND]["negated"].f1 >= 0.66
    assert scores.assertion[FOUND]["uncertain"].f1 >= 0.45  # of 19


def test_links(scores: Report) -> None:
    """Given the mentions, beyond what the project promises; end to end no worse than it was."""
    assert scores.links[GOLD][links.ALL].f1 >= 0.85
    assert scores.links[GOLD]["Dosage -> Medication"].f1 >= 0.90
    assert scores.links[FOUND][links.ALL].f1 >= 0.46
    assert scores.links[FOUND]["Dosage -> Medication"].f1 >= 0.75
