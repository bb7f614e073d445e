"""When a lease is renewed, and when what is read under it takes too long.

How long each lasts are settings: `BIOMED_LEASE_SECONDS` of a lease, `BIOMED_READING_SECONDS` of a
list in a worker, `BIOMED_LONGEST_SECONDS` of one in `reprocess` or `deliver`. A worker's leases are
renewed by its `supervisor`, the others by the thread of a `lease_keeper`.
"""

BEATS = 3
"""Renewals in one lease, so that two can be missed."""


def renewal_interval(lease_seconds: float) -> float:
    """Return the seconds after which a lease is renewed."""
    return lease_seconds / BEATS


def is_too_long(seconds: float, limit: float) -> bool:
    """Whether a list that was begun so long ago has its process ended."""
    return seconds >= limit


def is_suspect(seconds: float, limit: float) -> bool:
    """Whether a list that was begun so long ago may be what holds up its process.

    A list that holds the interpreter stops all others, and one of them may be older than it.
    """
    return seconds >= limit / 2
