"""The full figures of what surrounds the entities: the ward's own style, assertion, links."""

import sys

import pytest

from models.ner.evaluation.links import ALL
from models.ner.links.corpus import read_folder
from models.ner.links.link_attributes import link_all
from models.ner.recogniser import load
from tests.benchmarks import hospital_style, links_modify
from tests.benchmarks.assertion_polarity import measure
from tests.data import corpus

pytestmark = pytest.mark.bench


def test_the_bundled_model_in_the_hospitals_own_style() -> None:
    """All sentences, by kind; `make test` holds a third of them."""
    marked = hospital_style.sentences()
    everything = [one for some in marked.values() for one in some]
    readings = load("bundled").read([one.text for one in everything])
    sys.stdout.write("\n" + "\n".join(hospital_style.report(marked, readings)) + "\n")
    scores = hospital_style.score(everything, readings)
    assert hospital_style.together(scores).recall >= 0.90


@pytest.mark.parametrize(
    ("split", "negated", "over", "uncertain"),
    [("train", 0.83, 0.90, 0.60), ("dev", 0.90, 0.90, 0.60)],
)
def test_assertions_agree_with_the_corpus(
    split: str, negated: float, over: float, uncertain: float
) -> None:
    """Both splits; on train the corpus denies what is over, which is called past here."""
    scores = measure(split)
    for name, counts in scores.items():
        sys.stdout.write(f"\n{split:6}{name:17}{counts}")
    assert scores["negated"].f1 >= negated
    assert scores["negated or over"].f1 >= over
    assert scores["uncertain"].f1 >= uncertain


def test_links_between_the_annotated_mentions_of_dev() -> None:
    """Every pair of types, the links of time, and how often a link of a score is right."""
    texts = read_folder(corpus("maccrobat/dev"))
    answers = [link_all(text.text, text.mentions) for text in texts]
    links_modify.report("\nlinks, dev", texts, answers)
    sums = links_modify.summed(texts, answers)
    assert sums[ALL].f1 >= 0.75
    assert sums["Dosage -> Medication"].f1 >= 0.90
