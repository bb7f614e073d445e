"""Checkpoints by folder, bundled name and hub id."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from models.code_version import code_version
from models.errors import CheckpointError
from models.ner.checkpoint import loading as checkpoints
from models.ner.checkpoint.calibration import FILE
from models.ner.checkpoint.files import checkpoint_sha256, decisive_files
from models.ner.checkpoint.labels import TYPES
from models.ner.checkpoint.loading import load

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def hub(checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hub cache that holds the checkpoint as `clinic/reader`, its branch main at COMMIT."""
    cache = tmp_path / "hub"
    repository = cache / "models--clinic--reader"
    shutil.copytree(checkpoint, repository / "snapshots" / COMMIT)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(COMMIT)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(cache))
    return cache


@pytest.fixture
def model(checkpoint: Path, tmp_path: Path) -> Path:
    """A copy of a small checkpoint, which a test may change."""
    return Path(shutil.copytree(checkpoint, tmp_path / "model"))


def test_a_folder_has_the_hash_of_its_files(model: Path) -> None:
    """The identity names what decides a reading by its bytes, as `sha256sum` does."""
    identity = load(str(model)).identity
    files = [path.name for path in decisive_files(model)]
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= set(files)
    command = f"cd {model} && cat {' '.join(files)} | sha256sum"
    shown = subprocess.run(["bash", "-c", command], capture_output=True, check=True, text=True)  # noqa: S603, S607
    assert shown.stdout.split() == [identity.weights_sha256, "-"]
    assert (identity.revision, identity.labels) == ("local", TYPES)
    assert identity.code_version == code_version()


@pytest.mark.parametrize(
    ("name", "content", "changes"),
    [
        (FILE, '{"weights_sha256": "", "low": 1, "high": 1, "offset": 0}', True),
        ("vocab.txt", "[UNK]", True),
        ("README.md", "# Another card", False),
        ("recipe.json", "{}", False),
    ],
)
def test_what_decides_a_reading_is_in_the_hash(
    model: Path, name: str, content: str, *, changes: bool
) -> None:
    """A calibration or another vocabulary is another model; a card or a recipe is not."""
    before = checkpoint_sha256(model)
    (model / name).write_text(content)
    assert (checkpoint_sha256(model) != before) is changes


def test_labels_in_another_order_are_another_model(model: Path) -> None:
    """The same weights whose columns mean something else are not the same model."""
    before = load(str(model)).identity
    config = json.loads((model / "config.json").read_text())
    names = config["id2label"]
    names["1"], names["3"] = names["3"], names["1"]
    (model / "config.json").write_text(json.dumps(config))
    after = load(str(model)).identity
    assert after.labels == before.labels
    assert after.weights_sha256 != before.weights_sha256


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("revision", [None, "main", COMMIT])
def test_a_hub_id_records_the_commit_it_resolves_to(revision: str | None, checkpoint: Path) -> None:
    """A branch moves, so the identity holds the commit, whichever name was asked for."""
    identity = load("clinic/reader", revision).identity
    assert (identity.name, identity.revision) == ("clinic/reader", COMMIT)
    assert identity.weights_sha256 == load(str(checkpoint)).identity.weights_sha256


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize(
    ("reference", "revision"), [("clinic/nobody", None), ("clinic/reader", "v9"), ("no such", None)]
)
def test_what_is_not_there_is_said(reference: str, revision: str | None) -> None:
    """An id, a revision or a name that leads nowhere is a CheckpointError that names it."""
    with pytest.raises(CheckpointError, match=reference):
        load(reference, revision)


def test_a_folder_without_weights_is_refused(model: Path) -> None:
    """Random weights are never made up in place of missing ones."""
    (model / "model.safetensors").unlink()
    with pytest.raises(CheckpointError):
        load(str(model))


def test_the_bundled_model_is_known_by_name() -> None:
    """`bundled` and its own name are the same checkpoint with a model card."""
    loaded = load("bundled")
    assert loaded.identity == load(checkpoints.DEFAULT).identity
    assert loaded.identity.weights_sha256 in loaded.card
