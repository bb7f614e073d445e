"""Log lines hold ids, numbers and codes; never a note's words."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from worker.settings import Settings
from worker.telemetry import configure

NOTE = "Mr Smith has pneumonia"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Puts logging back as it was before the test configured it."""
    root = logging.getLogger()
    handlers, level, raising = root.handlers[:], root.level, logging.raiseExceptions
    yield
    logging.captureWarnings(capture=False)
    root.handlers, root.level, logging.raiseExceptions = handlers, level, raising
    structlog.reset_defaults()


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def fail_on(words: str) -> None:
    raise ValueError(words)


def test_our_lines_are_one_json_object_each(capsys: pytest.CaptureFixture[str]) -> None:
    """A line has its event, level, time and values."""
    configure(Settings(log_format="json"))
    structlog.get_logger().info("list.read", rows=[1, 2], done=2)
    line = written(capsys)[0]
    assert line["event"] == "list.read"
    assert line["level"] == "info"
    assert line["rows"] == [1, 2]
    assert "timestamp" in line


def test_a_librarys_error_loses_what_it_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    """Celery prints the body of an unknown message; only its own words may remain."""
    configure(Settings(log_format="json"))
    logging.getLogger("celery").warning("Received unregistered task.\nThe body was: %r", NOTE)
    try:
        fail_on(NOTE)
    except ValueError:
        logging.getLogger("celery").critical("Unrecoverable error: %r", NOTE, exc_info=True)
    shown = written(capsys)
    assert shown[0]["event"] == "Received unregistered task."
    assert shown[1]["kind"] == "ValueError"
    assert "Smith" not in json.dumps(shown)


def test_a_line_that_cannot_be_written_is_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    """The standard library would print the values of a broken log line."""
    configure(Settings(log_format="json"))
    logging.getLogger("celery").info("%d rows", NOTE)
    assert capsys.readouterr().err == ""


def test_lines_below_the_level_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """Debug lines stay silent at the level info, ours and others'."""
    configure(Settings(log_format="json"))
    structlog.get_logger().debug("detail")
    logging.getLogger("kombu").debug("detail")
    assert written(capsys) == []
