"""How a document comes in, by whichever door: stored first, then the bell."""

from collections.abc import Sequence

import structlog

from models.clinical import Document
from models.db.inbox.inbox import Inbox, Receipt
from models.errors import BrokerUnavailable
from worker.queue import Doorbell


class Intake:
    """Takes documents in so that none is lost: `store` commits, `ring` only hurries the worker."""

    def __init__(self, inbox: Inbox, doorbell: Doorbell) -> None:
        self._inbox = inbox
        self._doorbell = doorbell

    def store(self, documents: Sequence[Document]) -> list[Receipt]:
        """Store and commit the documents; return their receipts in the same order.

        Raises:
            DatabaseUnavailable, Unstorable: nothing was stored.
        """
        return self._inbox.receive(documents)

    def ring(self, receipts: Sequence[Receipt]) -> None:
        """Ring for the documents that are new."""
        ring(self._inbox, self._doorbell, [one.row for one in receipts if one.created])


def ring(inbox: Inbox, doorbell: Doorbell, rows: Sequence[int]) -> None:
    """Ring for rows of the inbox; a dead broker is logged, the sweeper rings later."""
    if not rows:
        return
    try:
        doorbell.ring(rows)
    except BrokerUnavailable as error:
        structlog.get_logger().warning("broker.unavailable", reason=str(error))
    else:
        inbox.mark_queued(rows)
