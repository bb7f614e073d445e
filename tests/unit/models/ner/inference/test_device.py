"""Which device a name means."""

import pytest
import torch
from pydantic import ValidationError

from models.errors import DeviceAbsent, UnknownDevice
from models.ner.inference.device import device
from models.ner.recogniser import load
from worker.settings import Settings

NONSENSE = ["", "gpu", "cuda:", "cuda:-1", "cuda:x", "CPU", "cuda:0 ", "mps", "cuda:0\n"]


def pretend(monkeypatch: pytest.MonkeyPatch, gpus: int) -> None:
    """Let torch see so many GPUs."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpus > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: gpus)


@pytest.mark.parametrize(
    ("gpus", "name", "meant"),
    [
        (0, "auto", "cpu"),
        (0, "cpu", "cpu"),
        (2, "auto", "cuda:0"),
        (2, "cpu", "cpu"),
        (2, "cuda", "cuda:0"),
        (2, "cuda:1", "cuda:1"),
    ],
)
def test_a_name_means_one_device(
    monkeypatch: pytest.MonkeyPatch, gpus: int, name: str, meant: str
) -> None:
    """With and without GPUs."""
    pretend(monkeypatch, gpus)
    assert device(name) == torch.device(meant)


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_refused(name: str) -> None:
    """By the reader, and by the settings before anything is loaded."""
    with pytest.raises(UnknownDevice, match="none of auto, cpu, cuda and cuda:n"):
        device(name)
    if name:  # an empty variable counts as unset
        with pytest.raises(ValidationError, match="device"):
            Settings(device=name)


@pytest.mark.parametrize(("gpus", "name"), [(0, "cuda"), (0, "cuda:0"), (2, "cuda:2")])
def test_a_gpu_that_is_not_there_is_refused(
    monkeypatch: pytest.MonkeyPatch, gpus: int, name: str
) -> None:
    """Reading on the CPU instead would be slow, and nobody would know why."""
    pretend(monkeypatch, gpus)
    with pytest.raises(DeviceAbsent, match=f"sees {gpus} CUDA devices"):
        device(name)


def test_a_missing_device_is_told_before_a_model_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The model is not even looked for."""
    pretend(monkeypatch, 0)
    with pytest.raises(DeviceAbsent):
        load("no/such/model", device="cuda")
