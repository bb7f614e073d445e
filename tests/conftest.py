"""Fixtures that every test may use."""

import os
from pathlib import Path

from hypothesis import settings

# Without a GPU, Triton interprets its kernels; it looks here once, when something imports it first.
if not Path("/dev/nvidiactl").exists():
    os.environ.setdefault("TRITON_INTERPRET", "1")

# The same examples in every run: what fails on one machine fails on all.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

pytest_plugins = ["tests.brokers", "tests.databases"]
