"""How long to wait before the next attempt."""

import random

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 15.0
"""Of a start that waits for another process."""

LONGEST_BACKOFF = 3600
"""Seconds; what cannot be done for hours is still looked at each hour."""


def backoff(first: int, attempt: int) -> int:
    """Return the seconds to wait after an attempt, from 1: `first`, doubled for each one more."""
    doublings: int = 1 << min(attempt - 1, LONGEST_BACKOFF)
    return min(first * doublings, LONGEST_BACKOFF)


def jittered_backoff(number: int) -> float:
    """Return the seconds before the next attempt: doubled each time, and never those of others."""
    longest = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** min(number, 10))
    return random.uniform(longest / 2, longest)  # noqa: S311 no secret
