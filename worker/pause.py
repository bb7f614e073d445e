"""How long what failed is left alone."""

LONGEST_PAUSE = 3600
"""Seconds; what cannot be done for hours is still looked at each hour."""


def pause(first: int, attempt: int) -> int:
    """Return the seconds to wait after an attempt, from 1: `first`, doubled for each one more."""
    doublings: int = 1 << min(attempt - 1, LONGEST_PAUSE)
    return min(first * doublings, LONGEST_PAUSE)
