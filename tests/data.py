"""Where the corpora lie that are no part of the project, and how a test asks for one."""

import os
from pathlib import Path

import pytest

_BESIDE_THE_CHECKOUT = Path(__file__).parents[2] / "shared" / "data"


def folder(name: str) -> Path:
    """Return where a corpus lies, such as `maccrobat/dev`, if it is there.

    Corpora are looked for in BIOMED_TEST_DATA, else in `shared/data` beside the checkout.
    """
    return Path(os.environ.get("BIOMED_TEST_DATA", _BESIDE_THE_CHECKOUT)) / name


def corpus(name: str) -> Path:
    """Return the folder of a corpus; skip the test where it is absent."""
    found = folder(name)
    if not found.is_dir():
        pytest.skip(f"the corpus {name} is not {found} (set BIOMED_TEST_DATA)")
    return found
