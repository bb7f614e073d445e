"""A client that sends too much waits, and no other client does."""

import pytest

from gateway.access import rate_limits
from gateway.access.rate_limits import RateLimit
from models.errors import TooManyRequests


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_again() -> None:
    """Three at once, then one each half second; the answer says when."""
    clock = Clock()
    limit = RateLimit(2, 3, clock)
    for _ in range(3):
        limit.take("a")
    with pytest.raises(TooManyRequests, match="1 seconds"):
        limit.take("a")
    limit.take("b")
    clock.now = 0.5
    limit.take("a")
    with pytest.raises(TooManyRequests):
        limit.take("a")


def test_clients_are_forgotten_and_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever invents a name for each request fills no memory."""
    monkeypatch.setattr(rate_limits, "MOST_CLIENTS", 10)
    limit = RateLimit(1, 1, Clock())
    for number in range(100):
        limit.take(str(number))
    assert len(limit._buckets) == 10
