"""A real worker process whose reader is the keyword fake, with words that make trouble.

`python -m tests.integration.worker.keyword_worker [broken]`; settings come from the environment.
"""

import os
import signal
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

from models.db.inbox.inbox import Inbox
from models.db.sql.session import connect
from tests.fakes.keyword_recogniser import KeywordRecogniser
from tests.fakes.troubled_recogniser import (
    TroubledRecogniser,
    holding_the_interpreter,
    raising,
)
from worker.app import work
from worker.settings import Settings
from worker.supervisor import supervised

QUOTED_WORD = "Quokkadon"
"""What errors and warnings quote, as those of libraries quote what they worked on."""

TROUBLES: dict[str, Callable[[], object]] = {
    "SLOW": partial(time.sleep, 0.25),
    "LONG": partial(time.sleep, 3),
    "POISON": raising(ValueError("POISON")),
    "QUOTED": raising(ValueError(QUOTED_WORD)),
    "WARNED": lambda: warnings.warn(QUOTED_WORD, stacklevel=1),
    "HOLDING": holding_the_interpreter,
    "DEADLY": lambda: os.kill(os.getpid(), signal.SIGKILL),
}
BROKEN: dict[str, Callable[[], object]] = {"": raising(RuntimeError("out of order"))}
"""Every text contains the empty word."""


def main() -> int:
    """Read until told to stop; return the exit code."""
    troubles = BROKEN if "broken" in sys.argv else TROUBLES
    reader = TroubledRecogniser(KeywordRecogniser(), troubles)
    settings = Settings()
    return supervised(
        settings,
        lambda: Inbox(connect(settings.database_url)),
        lambda reports: work(settings, lambda _: nullcontext(reader), reports),
    )


if __name__ == "__main__":
    sys.exit(main())
