"""What rows of inbox and outbox have in common: a lease, a last error, and who locks them."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, Table, Update, select, update

NO_LEASE: Final = {"lease_token": None, "lease_until": None}
NO_ERROR: Final = {"error_code": None, "error": None}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the work on a row was not completed: the stable word and the sentence of an error."""

    code: str
    sentence: str

    @property
    def columns(self) -> dict[str, Any]:
        """The columns that keep it."""
        return {"error_code": self.code, "error": self.sentence}


def change(table: Table, rows: Select[tuple[int]]) -> Update:
    """Return an UPDATE of the selected rows that passes over those locked by another.

    SQLite knows no row locks and needs none: its writers take turns.
    """
    chosen = rows.with_for_update(skip_locked=True).cte("chosen")
    return update(table).where(table.c.id.in_(select(chosen.c.id)))
