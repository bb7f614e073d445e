"""The kernels compile for real GPUs, and into what one has."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.kernels import need_triton

SMALLEST_SHARED = 99 * 1024  # bytes a program may have on GPUs of 2021 such as an A10
ROOT = Path(__file__).parents[6]


def test_the_kernels_fit_ampere_and_hopper_without_spilling() -> None:
    """What does not fit in registers goes to slow memory; here nothing does."""
    need_triton()
    own = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.compiled_kernels"],
        cwd=ROOT,
        env={**own, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {(one["kernel"], one["architecture"]) for one in found} == {
        (kernel, architecture) for kernel in ("attend", "normalise") for architecture in (80, 90)
    }
    assert all(one["stack"] == 0 for one in found), found
    assert all(one["shared"] <= SMALLEST_SHARED for one in found), found
