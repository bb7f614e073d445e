"""Checkpoints of both tokenizer families, made once a session."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import PreTrainedTokenizerFast

from models.ner.checkpoint.loading import load
from tests import checkpoints

FAMILIES: dict[str, Callable[[Path], Path]] = {
    "wordpiece": checkpoints.bert,
    "sentencepiece": checkpoints.deberta,
}


@pytest.fixture(scope="session", params=sorted(FAMILIES))
def checkpoint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small checkpoint of one tokenizer family."""
    return FAMILIES[request.param](tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="session")
def tokenizer(checkpoint: Path) -> PreTrainedTokenizerFast:
    """The tokenizer of that checkpoint."""
    return load(str(checkpoint)).tokenizer


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    """Models this small are slower on several threads than on one."""
    torch.set_num_threads(1)
