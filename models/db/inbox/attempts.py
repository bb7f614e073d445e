"""What a reading that did not end well costs its document: an attempt, a lapse, or nothing."""

from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, case

from models.db.inbox.leases import expired
from models.db.tables.documents import document

MAX_LAPSES: Final = 4
"""How often the lease of one document may lapse: once among others, and three times alone."""

Cost = Literal["attempt", "lapse", "nothing"]
"""What a reading that did not end well costs its document."""

COUNTED: Final[dict[Cost, dict[str, Any]]] = {
    "attempt": {},
    "lapse": {"attempts": document.c.attempts - 1, "lapses": document.c.lapses + 1},
    "nothing": {"attempts": document.c.attempts - 1},
}
"""A claim counts an attempt at once; what costs none gives it back."""


def attempts() -> ColumnElement[int]:
    """Return how many attempts of a row ended; one whose lease ran out did not."""
    return document.c.attempts - _lapsed()


def lapses() -> ColumnElement[int]:
    """Return how many leases of a row lapsed: its worker died, or hung and was ended."""
    return document.c.lapses + _lapsed()


def _lapsed() -> ColumnElement[int]:
    return case((expired(), 1), else_=0)
