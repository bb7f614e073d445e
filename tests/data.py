"""Where the corpora lie that are no part of the project, and how a test asks for one."""

import os
from pathlib import Path

import pytest

_BESIDE_THE_CHECKOUT = Path(__file__).parents[2] / "shared" / "data"


def corpus(name: str) -> Path:
    """Return the folder of a corpus, such as `maccrobat/dev`; skip the test where it is absent.

    Corpora are looked for in BIOMED_TEST_DATA, else in `shared/data` beside the checkout.
    """
    root = Path(os.environ.get("BIOMED_TEST_DATA", _BESIDE_THE_CHECKOUT))
    folder = root / name
    if not folder.is_dir():
        pytest.skip(f"the corpus {name} is not in {root} (set BIOMED_TEST_DATA)")
    return folder
