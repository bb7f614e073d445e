"""The parts of a document that could not be read, as rows."""

from collections.abc import Iterable

from models.clinical import Unread
from models.db.sql.statements import Row


def unread_rows(document: int, run: str | None, unread: Iterable[Unread]) -> list[Row]:
    """Return the rows of the parts of a document that could not be read, in a run or before one."""
    return [
        {
            "id": f"{run or document}.{one.content_index}.{one.code}",
            "document_id": document,
            "run_id": run,
            "content_index": one.content_index,
            "code": one.code,
            "reason": one.reason,
        }
        for one in unread
    ]
