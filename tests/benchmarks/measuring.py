"""How the benchmarks measure: on one core, in turns, medians; and a row of the table of speeds."""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import torch

Block = Sequence[str]  # reports
Reads = Callable[[Block], object]
Work = Callable[[], object]
Clock = Callable[[], float]


class Row(NamedTuple):
    """What was measured, against what, and the least (or most) that it should be.

    A row without a target explains another.
    """

    work: str
    against: str
    figure: float
    target: float | None = None
    unit: str = "x"
    most: bool = False

    def __str__(self) -> str:
        figure = f"{self.figure:8.2f} {self.unit:7}"
        if self.target is None:
            return f"{self.work:50} {self.against:34} {figure}"
        met = self.figure <= self.target if self.most else self.figure >= self.target
        wanted = f"at {'most' if self.most else 'least'} {self.target:g}"
        return f"{self.work:50} {self.against:34} {figure} {wanted:14} {'yes' if met else 'NO'}"


Rows = Callable[[], Iterator[Row]]


def pin() -> None:
    """Run on one core, with one thread."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    torch.set_num_threads(1)


def medians(
    contestants: Mapping[str, Work], repeats: int, clock: Clock = time.process_time
) -> dict[str, float]:
    """Return the median seconds of each, measured in turns so that all see the same machine.

    The clock counts this process's own time on the core, all its threads together: others that
    want the same core do not count. Work in other processes needs the clock on the wall.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(repeats):
        for name, work in contestants.items():
            seconds[name].append(_timed(work, clock))
    return {name: statistics.median(each) for name, each in seconds.items()}


def over_blocks(
    contestants: Mapping[str, Reads], blocks: Sequence[Block], base: str
) -> dict[str, float]:
    """Return how many times faster than the base each is, the median over blocks of work.

    Every block is done by all in turn, so that a ratio compares the same work at about the same
    moment; a repeat is another block, not the same one again.
    """
    ratios: dict[str, list[float]] = {name: [] for name in contestants}
    for block in blocks:
        taken = {
            name: _timed(partial(work, block), time.process_time)
            for name, work in contestants.items()
        }
        for name, seconds in taken.items():
            ratios[name].append(taken[base] / seconds)
    return {name: statistics.median(each) for name, each in ratios.items()}


def alone(rows: Callable[..., Sequence[Row]], *arguments: object) -> Sequence[Row]:
    """Return rows that are measured in a fresh process, whose memory nothing else has touched."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(rows, *arguments).result()


def mebibytes(process: str, field: str) -> float:
    """Return a field of `/proc/PROCESS/status`, such as VmRSS."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field))


def _timed(work: Work, clock: Clock) -> float:
    begun = clock()
    work()
    return clock() - begun
