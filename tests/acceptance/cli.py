"""The commands as a user runs them: processes of their own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIOMED_NER = (sys.executable, "-m", "gateway.cli.main")
PATIENCE_SECONDS = 240


def biomed_ner(
    *arguments: str | Path, stdin: bytes = b"", settings: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[bytes]":
    """Run `biomed-ner` with these arguments and settings; return how it ended and what it wrote."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("BIOMED_")}
    return subprocess.run(  # noqa: S603 our own command
        [*BIOMED_NER, *map(str, arguments)],
        cwd=ROOT,
        env={**own, **(settings or {})},
        input=stdin,
        capture_output=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
