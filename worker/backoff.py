"""How long to wait before the next attempt."""

LONGEST_BACKOFF = 3600
"""Seconds; what cannot be done for hours is still looked at each hour."""


def backoff(first: int, attempt: int) -> int:
    """Return the seconds to wait after an attempt, from 1: `first`, doubled for each one more."""
    doublings: int = 1 << min(attempt - 1, LONGEST_BACKOFF)
    return min(first * doublings, LONGEST_BACKOFF)
