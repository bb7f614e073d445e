"""Checkpoints by folder, bundled name and hub id."""

import hashlib
import shutil
from pathlib import Path

import pytest

from models.errors import CheckpointError
from models.ner import checkpoint as checkpoints
from models.ner.checkpoint import load
from models.ner.labels import TYPES

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


def test_a_folder_has_the_hash_of_its_weights(checkpoint: Path) -> None:
    """The identity names the weights by their bytes, and all 41 types."""
    loaded = load(str(checkpoint))
    weights = (checkpoint / "model.safetensors").read_bytes()
    assert loaded.identity.weights_sha256 == hashlib.sha256(weights).hexdigest()
    assert loaded.identity.revision == "local"
    assert loaded.identity.labels == TYPES


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


def test_a_folder_without_weights_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    """Random weights are never made up in place of missing ones."""
    shutil.copytree(checkpoint, tmp_path / "model")
    (tmp_path / "model" / "model.safetensors").unlink()
    with pytest.raises(CheckpointError):
        load(str(tmp_path / "model"))


def test_the_bundled_model_is_known_by_name() -> None:
    """`bundled` and its own name are the same checkpoint with a model card."""
    loaded = load("bundled")
    assert loaded.identity == load(checkpoints.DEFAULT).identity
    assert loaded.identity.weights_sha256 in loaded.card
