"""The bar is for people: on a terminal, and nowhere else."""

import os
import subprocess
import sys

import pytest

from tests.servers import ROOT

SHOW = """
from gateway.cli.progress import progress
with progress("notes", 3, wanted={wanted}) as advance:
    for _ in range(3):
        advance(1)
print("result")
"""


def shown(*, terminal: bool, wanted: bool = True) -> tuple[bytes, bytes]:
    """Return what stands on standard output and on standard error, which may be a terminal."""
    ours, theirs = os.openpty() if terminal else os.pipe()
    command = [sys.executable, "-c", SHOW.format(wanted=wanted)]
    with open(ours, "rb", buffering=0) as read, open(theirs, "wb", buffering=0) as write:  # noqa: PTH123
        environment = {**os.environ, "TERM": "xterm"}
        done = subprocess.run(  # noqa: S603  # this interpreter
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=write, check=True
        )
        os.write(theirs, b"end")
        return done.stdout, read.read(100_000)


def test_a_terminal_sees_how_far_it_is() -> None:
    """What is done and how much there is stand on standard error; the result stays clean."""
    output, error = shown(terminal=True)
    assert output == b"result\n"
    assert b"notes" in error
    assert b"3/3" in error


@pytest.mark.parametrize(("terminal", "wanted"), [(False, True), (True, False)])
def test_nobody_else_sees_it(*, terminal: bool, wanted: bool) -> None:
    """A file or a pipe gets nothing, nor a terminal on which the results come too."""
    output, error = shown(terminal=terminal, wanted=wanted)
    assert (output, error) == (b"result\n", b"end")
