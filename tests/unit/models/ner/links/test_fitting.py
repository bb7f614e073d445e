"""Learning links from annotated notes, and how well the learned ones do."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.clinical import Mention
from models.ner.evaluation.links import ALL, given_gold, totals
from models.ner.links.arrays import TextArrays
from models.ner.links.candidates import candidates
from models.ner.links.corpus import LinkedText, read_folder
from models.ner.links.feature_codes import NO_FEATURE, code
from models.ner.links.features import Features
from models.ner.links.fitting import SMALLEST, fit, write
from models.ner.links.link_attributes import linked
from models.ner.links.link_bounds import borders, stretches
from models.ner.links.scorer import scorer
from models.ner.links.weights import Weights
from models.ner.text.layout.layout_of_text import layout
from tests.data import corpus

ANN = """T1\tSeverity 0 6\tsevere
T2\tSign_symptom 7 11\tpain
T3\tDate 18 23\tMarch
T4\tSign_symptom 7 10\tpai
E1\tSign_symptom:T2\t
E2\tDate:T3\t
R1\tMODIFY Arg1:T1 Arg2:E1\t
R2\tMODIFY Arg1:T1 Arg2:T4\t
R3\tBEFORE Arg1:E2 Arg2:E1\t
*\tOVERLAP E1 E2
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one annotated note."""
    (tmp_path / "one.txt").write_text("severe pain since March", "utf-8")
    (tmp_path / "one.ann").write_text(ANN, "utf-8")
    return tmp_path


def _dose_first(drug: str) -> LinkedText:
    text = f"5 mg {drug}"
    mentions = (
        Mention(0, 4, "5 mg", "Dosage", 1.0),
        Mention(5, len(text), drug, "Medication", 1.0),
    )
    return LinkedText(drug, text, mentions, frozenset({(0, 1)}), frozenset())


def test_relations_of_a_file_become_links(folder: Path) -> None:
    """Relations between kept mentions are read, events by their triggers, and times by groups."""
    (text,) = read_folder(folder)
    assert text.modify == {(0, 1)}
    assert text.overlap == {(2, 1)}


def test_a_scorer_learns_what_it_is_shown() -> None:
    """From notes with the dose before the drug a scorer learns that the dose is the drug's."""
    shown = [_dose_first(f"drug{chr(97 + i)}") for i in range(20)]
    learned = fit([shown])
    new = _dose_first("warfarin")
    assert learned.sources == {"Dosage"}
    (link,) = linked(new.text, new.mentions, learned)
    assert (link.source, link.target) == (0, 1)


def test_written_weights_are_the_same_each_time(tmp_path: Path) -> None:
    """Learning twice from the same notes writes the same file."""
    shown = [_dose_first(f"drug{chr(97 + i)}") for i in range(6)]
    write(fit([shown]), tmp_path / "one.json")
    write(fit([shown[::-1]]), tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_shipped_weights_are_the_strong_ones() -> None:
    """The shipped file holds a few thousand weights, none of them next to nothing."""
    weights = scorer().weights
    assert 1000 < len(weights) < 10_000
    assert all(abs(weight) >= SMALLEST for weight in weights.values())


def test_what_only_another_corpus_annotates_is_not_unlearned() -> None:
    """Notes of a corpus that links no doses do not teach that a dose belongs to nothing."""
    shown = [_dose_first(f"drug{chr(97 + i)}") for i in range(20)]
    silent = [replace(_dose_first(f"drog{chr(97 + i)}"), modify=frozenset()) for i in range(40)]
    new = _dose_first("warfarin")
    assert linked(new.text, new.mentions, fit([shown, silent]))
    assert not linked(new.text, new.mentions, fit([[*shown, *silent]]))


def test_names_are_those_of_the_codes() -> None:
    """Every feature of a sentence has the code of its name, by which its weight is found."""
    text = "Severe pain, for 3 days; (mild) cough"
    found = [
        Mention(0, 6, "Severe", "Severity", 1.0),
        Mention(7, 11, "pain", "Sign_symptom", 1.0),
        Mention(13, 23, "for 3 days", "Duration", 1.0),
    ]
    arrays = TextArrays(stretches(text, found))
    (which,) = candidates(arrays.found, {"Severity", "Duration"})
    features = Features(arrays, which)
    for codes, name in (
        (features.of_links(), features.name_of_link),
        (features.of_none(), features.name_of_none),
    ):
        told = np.argwhere(codes != NO_FEATURE).tolist()
        assert len(told) > 10
        assert all(code(name(row, i)) == int(codes[row, i]) for row, i in told)


def test_weights_that_share_a_place_are_all_found() -> None:
    """Each of many features has its own weight, and a feature without one has none."""
    weights = {f"pair {i}": float(i) for i in range(20_000)}
    table = Weights(weights)
    codes = np.array([[code(name)] for name in [*weights, "pair x"]], dtype=np.uint64)
    assert table.sums(codes).tolist() == [*weights.values(), 0.0]


def test_how_many_are_scored_at_once_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attributes scored one by one get the links that they get together."""
    text = "aspirin 81 mg daily, heparin 5000 units; severe pain of the left knee"
    words = {"aspirin": "Medication", "81 mg": "Dosage", "daily": "Frequency",
             "heparin": "Medication", "5000 units": "Dosage", "severe": "Severity",
             "pain": "Sign_symptom", "left knee": "Biological_structure"}  # fmt: skip
    found = [Mention((at := text.index(w)), at + len(w), w, k, 1.0) for w, k in words.items()]
    together = linked(text, found, scorer())
    monkeypatch.setattr("models.ner.links.candidates.AT_ONCE", 1)
    assert linked(text, found, scorer()) == together
    assert len(together) == 5


def test_brackets_part_what_they_list() -> None:
    """A semicolon in brackets parts mentions there, and nothing where the bracket has none."""
    text = "Drug (Acme; Basel) at 5 mg (one, 1 mg; two, 2 mg)"
    starts = [0, 22, 28, 33, 39, 44]
    assert [text[end:].split(maxsplit=1)[0] for end in borders(layout(text), starts)[:-1]] == [
        "Drug",
        "two,",
    ]


def test_links_of_held_back_reports() -> None:
    """Between gold mentions of dev, MODIFY links reach F1 0.85, from dose to drug 0.90."""
    texts = read_folder(corpus("maccrobat/dev"))
    sums = totals(map(given_gold, texts))
    assert sums[ALL].f1 >= 0.85
    assert sums["Dosage -> Medication"].f1 >= 0.90
