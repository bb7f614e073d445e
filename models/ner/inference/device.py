"""Where the model runs."""

import re
from contextlib import AbstractContextManager, nullcontext

import torch

from models.errors import DeviceAbsent, UnknownDevice

NAME = re.compile(r"auto|cpu|cuda(:[0-9]+)?")


def device(name: str) -> torch.device:
    """Return the device called `auto`, `cpu`, `cuda` or `cuda:n`; `auto` takes the first GPU.

    Raises:
        UnknownDevice: no device can have this name.
        DeviceAbsent: a GPU is asked for by name and is not there.
    """
    if not NAME.fullmatch(name):
        raise UnknownDevice(name=name)
    there = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if name == "cpu" or (name == "auto" and not there):
        return torch.device("cpu")
    number = int(name.partition(":")[2] or 0)
    if number >= there:
        raise DeviceAbsent(name=name, there=there)
    return torch.device("cuda", number)


def current(where: torch.device) -> AbstractContextManager[object]:
    """Make a GPU the one on which this thread launches kernels; a CPU needs nothing."""
    return torch.cuda.device(where) if where.type == "cuda" else nullcontext()


def use_threads(threads: int | None) -> None:
    """Let each caller's computation use so many threads; None leaves torch its own choice.

    Every thread that calls torch gets a team of its own, so callers times threads should not exceed
    the cores.
    """
    if threads is not None:
        torch.set_num_threads(threads)
