"""Log lines hold ids, numbers and codes; never a note's words."""

import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import structlog

from worker.settings import Settings
from worker.telemetry import LEAST, configure, log_end

NOTE = "Mr Smith has pneumonia"


HOOKS = ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook"))


@pytest.fixture(autouse=True)
def restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Puts logging back as it was before the test configured it."""
    logging.captureWarnings(capture=False)
    for owner, name in (*HOOKS, (warnings, "showwarning")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    loggers = {name: logging.getLogger(name) for name in LEAST}
    levels = {name: logger.level for name, logger in loggers.items()}
    root = logging.getLogger()
    handlers, level, raising = root.handlers[:], root.level, logging.raiseExceptions
    yield
    logging.captureWarnings(capture=False)
    root.handlers, root.level, logging.raiseExceptions = handlers, level, raising
    for name, logger in loggers.items():
        logger.setLevel(levels[name])
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


def test_a_warning_loses_what_it_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    """A library warns of a value by quoting it; the kind of the warning and its place remain."""
    configure(Settings(log_format="json"))
    logging.captureWarnings(capture=True)  # as Celery does when its worker starts
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(NOTE, UserWarning, stacklevel=1)
    [line] = written(capsys)
    assert line["kind"] == "UserWarning"
    assert str(line["at"]).startswith(__file__)
    assert "Smith" not in json.dumps(line)


@pytest.mark.parametrize(("owner", "name"), HOOKS)
def test_an_error_that_nobody_caught_loses_what_it_quotes(
    owner: Any, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The end of a process or a thread is told by kind and place."""
    configure(Settings(log_format="json"))
    ended = SimpleNamespace(exc_type=ValueError, exc_value=ValueError(NOTE))
    hook = getattr(owner, name)
    hook(*((ValueError, ValueError(NOTE), None) if hook is log_end else (ended,)))
    [line] = written(capsys)
    assert (line["event"], line["kind"]) == ("unexpected", "ValueError")
    assert "Smith" not in json.dumps(line)


@pytest.mark.parametrize("name", ["httpx", "uvicorn.access", "kombu.transport", "celery.pool"])
def test_libraries_stay_silent_about_details_at_any_level(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their debug lines hold addresses with patients in them and bodies of messages."""
    configure(Settings(log_format="json", log_level="debug"))
    logging.getLogger(name).debug("GET /fhir/Condition?patient=%s", NOTE)
    structlog.get_logger().debug("ours")
    assert [line["event"] for line in written(capsys)] == ["ours"]
