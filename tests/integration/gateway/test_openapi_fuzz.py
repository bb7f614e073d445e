"""What /openapi.json allows is sent: the server never fails, and names each status it answers."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import status_code_conformance

from gateway.rest.app import create_app
from tests.integration.gateway.conftest import NOBODY
from worker.settings import Settings

FEW, MANY = 1, 100

STEADY = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def described(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The description of a server over a database of its own."""
    path = tmp_path_factory.mktemp("fuzz") / "biomed.db"
    shutil.copy(sqlite_template, path)
    url = f"sqlite:///{path}"
    app = create_app(Settings(database_url=url, broker_url=NOBODY, base_url="http://testserver"))
    with TestClient(app):  # which ends what the server has open
        yield schemathesis.openapi.from_asgi("/openapi.json", app)


def check_all(described: Any, examples: int) -> None:
    """Send so many requests of each operation; each answer has to be one that is described."""
    checked = 0
    for result in described.get_all_operations():
        checking = given(case=result.ok().as_strategy())(check)
        settings(STEADY, max_examples=examples)(checking)()
        checked += 1
    assert checked > 50


def check(case: Any) -> None:
    """Send one request, and look at the answer."""
    case.call_and_validate(checks=[not_a_server_error, status_code_conformance])


def test_every_answer_is_described(described: Any) -> None:
    """A few requests of each operation."""
    check_all(described, FEW)


@pytest.mark.soak
def test_every_answer_is_described_for_long(described: Any) -> None:
    """Many requests of each operation."""
    check_all(described, MANY)
