"""How a document comes in, by whichever door: stored first, then the bell."""

from collections.abc import Callable, Sequence

import structlog

from models.clinical import Document, Message
from models.db.inbox.inbox import Inbox, MessageReceipt, Receipt
from models.errors import BrokerUnavailable
from worker.queue import Doorbell


class Intake:
    """Takes documents in so that none is lost: `store` commits, `ring` only hurries the worker.

    `on_stored` hears of what was committed.
    """

    def __init__(
        self,
        inbox: Inbox,
        doorbell: Doorbell,
        on_stored: Callable[[Sequence[Receipt]], None] = lambda _: None,
    ) -> None:
        self._on_stored = on_stored
        self._inbox = inbox
        self._doorbell = doorbell

    def store(self, documents: Sequence[Document]) -> list[Receipt]:
        """Store and commit the documents; return their receipts in the same order.

        Raises:
            DatabaseUnavailable, Unstorable: nothing was stored.
        """
        receipts = self._inbox.receive(documents)
        self.stored(receipts)
        return receipts

    def stored(self, receipts: Sequence[Receipt]) -> None:
        """Hear of documents that were committed, also by another way than `store`."""
        self._on_stored(receipts)

    def store_messages(
        self, messages: Sequence[Message], withdraw: Callable[[Document], Document]
    ) -> list[MessageReceipt]:
        """Store and commit messages with their documents; return what became of each, in order.

        Raises:
            DatabaseUnavailable, Unstorable: nothing was stored.
        """
        return self._inbox.receive_messages(messages, withdraw)

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
