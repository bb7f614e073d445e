"""Where the model runs."""

import torch

from models.errors import CheckpointError


def device(name: str) -> torch.device:
    """Return the device called `auto`, `cpu`, `cuda` or `cuda:n`.

    Raises:
        CheckpointError: a GPU is asked for by name and there is none.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise CheckpointError(reference=name, reason="no CUDA device is available")
    return torch.device(name)


def use_threads(threads: int | None) -> None:
    """Let each caller's computation use so many threads; None leaves torch its own choice.

    Every thread that calls torch gets a team of its own, so callers times threads should not exceed
    the cores.
    """
    if threads is not None:
        torch.set_num_threads(threads)
