"""Log lines: what happened, as ids, numbers and codes; never a note's words.

Exceptions are logged as their type and place, since a foreign message can quote what it worked on.
For the same reason a library's warning or error keeps its wording and loses its values: Celery, for
one, prints the body of a message that it does not understand.
"""

import logging
import sys
import threading
import traceback
import warnings
from typing import TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.types import EventDict, Processor

from worker.settings import Settings

LEAST = {
    **dict.fromkeys(("httpx", "httpcore", "uvicorn.access", "asyncio"), logging.WARNING),
    **dict.fromkeys(("kombu", "amqp", "psycopg", "sqlalchemy"), logging.WARNING),
    **dict.fromkeys(("celery", "uvicorn"), logging.INFO),
}
"""Loggers of libraries whose lesser lines, whatever the level, hold addresses or messages."""

WARNINGS = "py.warnings"

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
    logging.raiseExceptions = False  # else a line that cannot be formatted prints its values
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    for name, least in LEAST.items():
        logging.getLogger(name).setLevel(max(level, least))
    logging.captureWarnings(capture=True)  # so that Celery, which asks for it too, changes nothing
    warnings.showwarning = log_warning
    sys.excepthook = log_end
    threading.excepthook = lambda ended: log_end(ended.exc_type, ended.exc_value)
    sys.unraisablehook = lambda ended: log_end(ended.exc_type, ended.exc_value)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(settings))
    logging.basicConfig(level=level, handlers=[handler], force=True)


def log_warning(  # noqa: PLR0913, PLR0917 as `warnings` calls it
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Log the kind and the place of a warning, in the place of `warnings.showwarning`.

    Its text and its line of code may quote what was worked on.
    """
    del message, file, line
    log = structlog.get_logger(WARNINGS)
    log.warning("warning", kind=category.__name__, at=f"{filename}:{lineno}")


def log_end(kind: type[BaseException], error: BaseException | None, *_: object) -> None:
    """Log the kind and the place of an error that nobody caught, in the place of a traceback."""
    if issubclass(kind, KeyboardInterrupt) or error is None:
        return
    structlog.get_logger().critical("unexpected", **described(error))


def described(error: BaseException) -> dict[str, str]:
    """Return an exception as log values: its type and the line that raised it, not its message."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
    return {"kind": type(error).__name__, "at": place}


def without_values(_: object, __: str, event: EventDict) -> EventDict:
    """Keep of a library's warning what its source says, and drop what it was filled with."""
    record: logging.LogRecord = event["_record"]
    if record.levelno >= logging.WARNING:
        event["event"] = (
            str(record.msg).partition("\n")[0] if record.name != WARNINGS else "warning"
        )
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
