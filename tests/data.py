"""Where the corpora lie that are no part of the project, and how a test asks for one."""

import json
import os
from pathlib import Path
from typing import Any

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


def synthea_notes() -> list[dict[str, Any]]:
    """Return the DocumentReferences of Synthea's corpus as current ones; none where it is absent.

    Synthea calls every note but a patient's last superseded, and nothing is read from such.
    """
    path = folder("synthea") / "DocumentReference.ndjson"
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return [{**json.loads(line), "status": "current"} for line in lines]
