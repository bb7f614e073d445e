"""Log lines: what happened, as ids, numbers and codes; never a note's words.

Exceptions are logged as their type and place, since a foreign message can quote what it worked on.
For the same reason a library's warning or error keeps its wording and loses its values: Celery, for
one, prints the body of a message that it does not understand.
"""

import logging
import sys
import traceback

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.types import EventDict, Processor

from worker.settings import Settings

SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def configure(settings: Settings) -> None:
    """Send the lines of this project and of its libraries to standard error, in one form."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False  # else a line that cannot be formatted prints its values
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(settings))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)


def described(error: BaseException) -> dict[str, str]:
    """Return an exception as log values: its type and the line that raised it, not its message."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
    return {"kind": type(error).__name__, "at": place}


def without_values(_: object, __: str, event: EventDict) -> EventDict:
    """Keep of a library's warning what its source says, and drop what it was filled with."""
    record: logging.LogRecord = event["_record"]
    if record.levelno >= logging.WARNING:
        event["event"] = str(record.msg).partition("\n")[0]
    error = record.exc_info[1] if record.exc_info else None
    event.pop("exc_info", None)
    return {**event, **described(error)} if error else event


def _formatter(settings: Settings) -> ProcessorFormatter:
    return ProcessorFormatter(
        foreign_pre_chain=[*SHARED, without_values],
        processors=[ProcessorFormatter.remove_processors_meta, _renderer(settings)],
        keep_exc_info=False,
    )


def _renderer(settings: Settings) -> Processor:
    if settings.log_format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
