"""A checkpoint for commands that read: small, with random weights, but a real one."""

from pathlib import Path

import pytest
import torch

from tests.checkpoints import bert

SEED = 7


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a BERT checkpoint that finds something in every text."""
    torch.manual_seed(SEED)  # so that the same is found in every run
    return bert(tmp_path_factory.mktemp("checkpoint"))


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """URL of a database that does not exist yet."""
    return f"sqlite:///{tmp_path}/var/biomed.db"
