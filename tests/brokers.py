"""A real Redis for tests: a fresh one of the wheel, or the one BIOMED_TEST_BROKER_URL names."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from worker.local_redis import LocalRedis
from worker.queue import application


@pytest.fixture
def broker_url(tmp_path: Path) -> Iterator[str]:
    """Address, for Celery, of an empty Redis."""
    given = os.environ.get("BIOMED_TEST_BROKER_URL")
    if given:
        empty(given)
        yield given
        return
    with LocalRedis(tmp_path) as redis:
        yield redis.url


def empty(url: str) -> None:
    """Throw away everything that a Redis holds, as a crash without a file does."""
    with application(url).connection() as connection:
        connection.default_channel.client.flushall()
