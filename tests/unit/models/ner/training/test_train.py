"""Training: a small model learns, a seed repeats it, and what is saved can be read."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path

import orjson
import pytest
import torch
from safetensors.torch import load_file
from typer.testing import CliRunner

from gateway.cli.main import application
from models.clinical import Span
from models.errors import CheckpointError, MissingCorpora
from models.ner.brat import AnnotatedText, Entity
from models.ner.checkpoint.labels import TYPES, bio_names
from models.ner.checkpoint.loading import load as load_checkpoint
from models.ner.inference.packed import precision
from models.ner.recogniser import load
from models.ner.training.corpora import Corpus, read_corpora
from models.ner.training.recipe import RECIPES
from models.ner.training.texts import TrainingTexts
from models.ner.training.train import Progress, runnable, train
from tests.unit.models.ner.training.columns import tagged_corpora

SMALL = replace(
    RECIPES["biomed-ner"],
    epochs=40,
    learning_rate=5e-3,
    accumulate=1,
    batch_size=2,
    window=32,
    dropout=0.0,
    average=0.5,
)
WORDS = {"metformin": "Medication", "aspirin": "Medication", "pneumonia": "Disease_disorder"}
TEXTS = [
    "The patient takes metformin and aspirin for pneumonia.",
    "No pneumonia today. Stop aspirin.",
    "aspirin, metformin; pneumonia",
]


def _annotated(text: str) -> AnnotatedText:
    entities = [
        Entity(f"T{start}", label, (Span(start, start + len(word)),))
        for word, label in WORDS.items()
        for start in [text.find(word)]
        if start >= 0
    ]
    return AnnotatedText(text[:3], text, tuple(entities), (), ())


def _texts(corpora: Sequence[Corpus] = ()) -> TrainingTexts:
    return TrainingTexts([_annotated(text) for text in TEXTS], corpora=corpora)


def _train(base: Path, out: Path, epochs: int = SMALL.epochs) -> list[Progress]:
    progress: list[Progress] = []
    recipe = replace(SMALL, base=str(base), epochs=epochs)
    train(_texts(), recipe, out, progress.append)
    return progress


def test_a_small_model_learns_its_texts(checkpoint: Path, tmp_path: Path) -> None:
    """After 40 epochs of the seed's recipe at a high rate, the saved model finds the drugs."""
    epochs = _train(checkpoint, tmp_path / "model")
    assert all(isfinite(epoch.loss) for epoch in epochs)
    assert epochs[-1].loss < epochs[0].loss / 4
    reading = load(str(tmp_path / "model"), device="cpu").read([TEXTS[0]])[0]
    assert {(m.text, m.label) for m in reading.mentions} >= {
        ("metformin", "Medication"),
        ("aspirin", "Medication"),
    }


def test_the_same_seed_gives_the_same_weights(checkpoint: Path, tmp_path: Path) -> None:
    """A run can be repeated: equal losses, equal hash."""
    first, second = (_train(checkpoint, tmp_path / name, epochs=3) for name in "ab")
    assert first == second
    assert load(str(tmp_path / "a")).identity.weights_sha256 == (
        load(str(tmp_path / "b")).identity.weights_sha256
    )


@pytest.mark.parametrize("able", [{"avx512_bf16": True}, {"amx_bf16": True}, {"avx2": True}])
def test_bfloat16_is_for_processors_that_have_it(
    able: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Emulated, a step takes several times as long; single precision by wish stays so."""
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able)
    monkeypatch.setattr(precision, "_multiplied_by_the_processor", lambda: True)
    assert runnable(SMALL).bf16 is ("avx2" not in able)
    assert runnable(replace(SMALL, bf16=False)).bf16 is False


def test_the_checkpoint_says_in_what_precision_it_was_trained(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without bfloat16 a recipe gives what it gives in single precision; recipe.json says so."""
    single = replace(SMALL, base=str(checkpoint), epochs=1, bf16=False)
    texts = _texts()
    train(texts, single, tmp_path / "single", print)
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict)
    train(texts, replace(single, bf16=True), tmp_path / "here", print)
    for name in ("recipe.json", "model.safetensors"):
        here, wanted = (tmp_path / folder / name for folder in ("here", "single"))
        assert here.read_bytes() == wanted.read_bytes()


def test_the_default_recipe_is_that_of_the_seed_model() -> None:
    """The card of BIOMed_NER: 3e-5, 8 x 2, 30 epochs, AdamW (0.9, 0.999, 1e-8)."""
    recipe = RECIPES["biomed-ner"]
    assert (recipe.base, recipe.epochs) == ("microsoft/deberta-v3-base", 30)
    assert (recipe.learning_rate, recipe.batch_size, recipe.accumulate) == (3e-5, 8, 2)
    assert (recipe.beta1, recipe.beta2, recipe.epsilon) == (0.9, 0.999, 1e-8)


def test_a_base_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A missing encoder is a CheckpointError, not a random one."""
    with pytest.raises(CheckpointError, match="nowhere"):
        train(
            TrainingTexts([]),
            replace(SMALL, base=str(tmp_path / "nowhere")),
            tmp_path / "out",
            print,
        )


def test_how_labels_follow_each_other_is_part_of_the_model(
    checkpoint: Path, tmp_path: Path
) -> None:
    """The table lies beside the weights, is read with them, and makes another model of them."""
    texts = _texts()
    for weight in (0.0, 0.3):
        recipe = replace(SMALL, base=str(checkpoint), epochs=1, bigrams=weight)
        train(texts, recipe, tmp_path / str(weight), print)
    plain, weighted = (load_checkpoint(str(tmp_path / str(weight))) for weight in (0.0, 0.3))
    assert plain.follows is None
    assert weighted.follows is not None
    begins = bio_names(TYPES).index("B-Medication")
    assert weighted.follows[0, begins] > 0 > weighted.follows[begins, begins]
    assert plain.identity.weights_sha256 != weighted.identity.weights_sha256


def test_a_recipe_with_a_stage_before_needs_its_corpora(checkpoint: Path, tmp_path: Path) -> None:
    """Without the auxiliary corpora the weights would not be the recipe's: nothing is trained."""
    recipe = replace(SMALL, base=str(checkpoint), auxiliary_epochs=1)
    with pytest.raises(MissingCorpora):
        train(_texts(), recipe, tmp_path / "model", print)
    assert not (tmp_path / "model").exists()


def test_the_auxiliary_stage_changes_the_encoder_and_leaves_no_head(
    checkpoint: Path, tmp_path: Path
) -> None:
    """The corpora are learned first, by heads that are not saved; the notes' own labels remain."""
    corpora = read_corpora(tagged_corpora(tmp_path / "corpora"))
    progress: list[Progress] = []
    taught = replace(SMALL, base=str(checkpoint), epochs=1, auxiliary_epochs=12, learning_rate=0.0)
    taught = replace(taught, auxiliary_rate=5e-3)
    train(_texts(corpora), taught, tmp_path / "taught", progress.append)
    train(_texts(), replace(taught, auxiliary_epochs=0), tmp_path / "plain", print)
    stages = [(each.stage, each.epoch) for each in progress]
    assert stages == [*(("auxiliary", epoch) for epoch in range(1, 13)), ("notes", 1)]
    assert progress[11].loss < progress[0].loss
    weights = [load_file(tmp_path / name / "model.safetensors") for name in ("taught", "plain")]
    assert weights[0].keys() == weights[1].keys()
    assert any(not torch.equal(one, weights[1][name]) for name, one in weights[0].items())


def test_train_calibrate_and_evaluate_from_the_command_line(
    checkpoint: Path, tmp_path: Path
) -> None:
    """`train` writes a checkpoint, `calibrate` a file beside it, and `evaluate` scores both."""
    notes, model = tmp_path / "notes", tmp_path / "model"
    notes.mkdir()
    for number, text in enumerate(TEXTS):
        (notes / f"{number}.txt").write_text(text)
        lines = [
            f"{e.id}\t{e.label} {e.span.start} {e.span.end}\tx" for e in _annotated(text).entities
        ]
        (notes / f"{number}.ann").write_text("\n".join(lines))
    options = ["--epochs", "2", "--window", "32", "--learning-rate", "1e-3", "--seed", "7"]
    _command("train", notes, "--out", model, "--base", checkpoint, *options)
    _command("calibrate", notes, "--model", model)
    calibration = (model / "calibration.json").read_bytes()
    before = load_checkpoint(str(model)).identity.weights_sha256
    _command("calibrate", notes, "--model", model, "--out", tmp_path / "copy")
    assert (model / "calibration.json").read_bytes() == calibration
    assert load_checkpoint(str(tmp_path / "copy")).identity.weights_sha256 == before
    scored = orjson.loads(_command("evaluate", notes, "--model", model, "--format", "json"))
    assert scored["entities"]["all types"]["gold"] == 8
    listed = [each for name, each in scored["entities"].items() if name != "all types"]
    of_listed = sum(each["found"] for each in listed if each["gold"])
    assert scored["calibration"]["mentions"] == of_listed  # of others nobody says what is right
    assert set(scored["assertion"]) == set(scored["links"]) == {"gold_mentions", "end_to_end"}
    shown = _command("evaluate", notes, "--model", model, "--format", "table")
    assert max(map(len, shown.splitlines())) <= 80
    for title in ("Entities", "Calibration", "Assertion", "MODIFY links"):
        assert f"\n{title}" in shown


def _command(*arguments: object) -> str:
    """Return what a command printed."""
    done = CliRunner().invoke(application(), [str(each) for each in arguments])
    assert done.exit_code == 0, done.output
    return done.output
