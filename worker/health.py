"""A file whose age says when a process was last seen at work; `biomed-ner health` looks at it."""

import time
from pathlib import Path

from models.errors import Unhealthy


class Health:
    """The heartbeat of one process, a file's age; without a file there is none."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def beat(self) -> None:
        """Say that the process is at work."""
        if self._file is not None:
            self._file.touch()


def require_health(file: Path, within: float) -> None:
    """Make sure that a process was at work lately.

    Raises:
        Unhealthy: it was not for `within` seconds, or never.
    """
    if not file.exists():
        raise Unhealthy(when="never")
    age = time.time() - file.stat().st_mtime
    if age > within:
        raise Unhealthy(when=f"{age:.0f} seconds ago")
