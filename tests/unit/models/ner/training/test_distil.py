"""Teachers: what they are asked, what a model learns of them, and when."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from models.clinical import Span
from models.errors import CheckpointError, MissingCorpora
from models.ner.brat import AnnotatedText, Entity
from models.ner.text.encoding import Ids, Scores
from models.ner.text.words import Offsets
from models.ner.training.corpora import read_corpora
from models.ner.training.dataset import IGNORED, Example
from models.ner.training.distil import ALONE, MARGIN, STRIDE, SoftTargets, soft_targets
from models.ner.training.recipe import RECIPES
from models.ner.training.texts import TrainingTexts
from models.ner.training.train import Progress, runnable, save, taught, train
from tests import checkpoints
from tests.unit.models.ner.training.columns import tagged_corpora

RECIPE = replace(RECIPES["biomed-ner"], epochs=5, annotated_share=0.5, label_smoothing=0.0)
LONG = 3 * STRIDE + 7


class Opinion:
    """A teacher of three labels who says of every piece what its number says."""

    name = "opinion"

    def __init__(self, turn: int) -> None:
        self._turn = turn
        self.longest = 0

    def __call__(
        self, windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
    ) -> list[Scores]:
        """Label `(piece + turn) mod 3` has 0.8, the others 0.1 each."""
        assert wanted is not None
        self.longest = max(self.longest, *map(len, windows))
        return [
            np.log(0.1 + 0.7 * np.eye(3, dtype=np.float32)[(ids[places] + self._turn) % 3])
            for ids, places in zip(windows, wanted, strict=True)
        ]


def _text(pieces: int, first: int, every: int) -> Example:
    """A text of which every so manyth piece has a label: label 1."""
    labels = np.full(pieces, IGNORED)
    labels[::every] = 1
    return Example(first + np.arange(pieces), labels)


def _learned(epoch: Sequence[Example]) -> list[int]:
    return [int(each.ids[0]) for each in epoch]


@pytest.fixture
def course() -> SoftTargets:
    """Two annotated texts and three that nobody labelled, asked of two teachers."""
    annotated = [_text(LONG, 0, 2), _text(5, 1000, 1)]
    unlabelled = [_text(9, number, 3) for number in (2000, 3000, 4000)]
    return soft_targets(annotated, unlabelled, [Opinion(0), Opinion(1)], RECIPE)


def test_every_labelled_piece_has_the_mean_of_the_teachers(course: SoftTargets) -> None:
    """Also where a text is longer than what a teacher reads at once."""
    for text in {id(each): each for epoch in course.epochs for each in epoch}.values():
        asked = text.labels != IGNORED
        soft = course.soft[text.labels[asked]].float().numpy()
        for piece, mean in zip(text.ids[asked], soft, strict=True):
            expected = np.full(3, 0.1)
            expected[[piece % 3, (piece + 1) % 3]] += 0.35
            assert mean == pytest.approx(expected, abs=1e-3)


def test_nobody_labelled_the_other_texts(course: SoftTargets) -> None:
    """Annotated labels stay theirs; the tables have one row for each labelled piece."""
    annotated = -(-LONG // 2) + 5
    assert course.hard.tolist() == [1] * annotated + [IGNORED] * 9
    assert course.soft.shape == (annotated + 9, 3)


def test_a_teacher_reads_a_stretch_and_what_is_around_it() -> None:
    """No window is longer than a stretch and both its margins."""
    teacher = Opinion(0)
    soft_targets([_text(LONG, 0, 1)], [], [teacher], RECIPE)
    assert teacher.longest == STRIDE + 2 * MARGIN


def test_each_unlabelled_text_is_seen_once_and_none_at_the_end(course: SoftTargets) -> None:
    """Annotated texts come in every epoch; the last epochs have nothing else."""
    assert len(course.epochs) == RECIPE.epochs
    assert all(_learned(epoch)[:2] == [0, 1000] for epoch in course.epochs)
    others = [_learned(epoch)[2:] for epoch in course.epochs]
    assert sorted(chain.from_iterable(others)) == [2000, 3000, 4000]
    assert others[-ALONE:] == [[]] * ALONE


def test_the_loss_weighs_annotation_against_opinion(course: SoftTargets) -> None:
    """Half and half where a label was given, opinion alone where not, by hand."""
    given, not_given = 0, len(course.hard) - 1
    logits = torch.tensor([[[2.0, 1.0, 0.0], [0.5, 0.0, 0.0], [9.0, 9.0, 9.0]]])
    rows = torch.tensor([[given, not_given, IGNORED]])
    logs = logits[0].log_softmax(-1)
    opinion = [
        -(course.soft[row].float() * logs[i]).sum() for i, row in ((0, given), (1, not_given))
    ]
    expected = ((opinion[0] - logs[0, 1]) / 2 + opinion[1]) / 2
    assert float(course.loss(logits, rows)) == pytest.approx(float(expected), abs=1e-5)


def _note(text: str) -> AnnotatedText:
    start = text.index("aspirin")
    return AnnotatedText(
        "x", text, (Entity("T1", "Medication", (Span(start, start + 7),)),), (), ()
    )


def test_a_model_learns_from_its_teachers(checkpoint: Path, tmp_path: Path) -> None:
    """The whole run: teachers of other seeds first, then the model; the same again for a seed."""
    corpora = read_corpora(tagged_corpora(tmp_path / "corpora"))
    recipe = replace(RECIPE, base=str(checkpoint), epochs=3, window=32, teachers=2)
    recipe = replace(recipe, learning_rate=1e-3, accumulate=1, batch_size=2)
    runs: list[list[Progress]] = [[], []]
    texts = TrainingTexts([_note("takes aspirin")], corpora=corpora)
    for number, progress in enumerate(runs):
        train(
            texts,
            recipe,
            tmp_path / str(number),
            progress.append,
        )
    stages = [(each.stage, each.epoch) for each in runs[0]]
    expected = [(stage, n) for stage in ("teacher 1", "teacher 2", "notes") for n in (1, 2, 3)]
    assert stages == expected
    assert runs[0] == runs[1]
    assert [each.loss for each in runs[0][:3]] != [each.loss for each in runs[0][3:6]]


def test_stages_run_one_by_one_give_the_model_of_one_go(checkpoint: Path, tmp_path: Path) -> None:
    """An encoder that was kept after the auxiliary stage leads to the same weights, bit for bit."""
    corpora = read_corpora(tagged_corpora(tmp_path / "corpora"))
    recipe = replace(RECIPE, base=str(checkpoint), epochs=3, window=32, dropout=0.1, batch_size=2)
    recipe = runnable(replace(recipe, learning_rate=1e-3, auxiliary_epochs=2, teachers=2))
    texts = TrainingTexts([_note("takes aspirin")], corpora=corpora)
    train(texts, recipe, tmp_path / "one go", print)
    save(*taught(recipe, print, corpora), replace(recipe, half=False), tmp_path / "kept")
    after = replace(recipe, base=str(tmp_path / "kept"), auxiliary_epochs=0)
    train(
        texts,
        after,
        tmp_path / "by stages",
        print,
    )
    once, staged = (load_file(tmp_path / n / "model.safetensors") for n in ("one go", "by stages"))
    assert once.keys() == staged.keys()
    assert all(torch.equal(weights, staged[name]) for name, weights in once.items())


def test_a_model_learns_from_teachers_that_are_there(checkpoint: Path, tmp_path: Path) -> None:
    """They are asked about texts that nobody annotated too, and nobody else is trained."""
    recipe = replace(RECIPE, base=str(checkpoint), epochs=3, window=32, learning_rate=1e-3)
    alone = [_note("takes aspirin")]
    told: list[Progress] = []
    train(TrainingTexts(alone), recipe, tmp_path / "teacher", told.append)
    by = [str(tmp_path / "teacher")]
    unannotated = ["He takes heparin and has a fever."]
    texts = TrainingTexts(alone, unannotated=unannotated, teachers=by)
    train(texts, recipe, tmp_path / "pupil", told.append)
    train(TrainingTexts(alone, teachers=by), recipe, tmp_path / "another", told.append)
    assert [each.stage for each in told] == ["notes"] * 9
    one, other = (
        load_file(tmp_path / n / "model.safetensors")["classifier.weight"]
        for n in ("pupil", "another")
    )
    assert not torch.equal(one, other)  # the text that nobody annotated counts


def test_a_teacher_of_other_pieces_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    """What it says of the piece number 7 is about other letters."""
    recipe = replace(RECIPE, base=str(checkpoint))
    other = checkpoints.deberta(tmp_path / "other", ["Other words, of other notes."] * 9, 40)
    texts = TrainingTexts([_note("takes aspirin")], teachers=[str(other)])
    with pytest.raises(CheckpointError, match="other pieces"):
        train(texts, recipe, tmp_path / "model", print)


def test_teachers_need_texts_to_be_asked_about(checkpoint: Path, tmp_path: Path) -> None:
    """A recipe with teachers and no corpora would be another recipe."""
    recipe = replace(RECIPE, base=str(checkpoint), teachers=1)
    with pytest.raises(MissingCorpora):
        train(TrainingTexts([_note("takes aspirin")]), recipe, tmp_path / "model", print)
