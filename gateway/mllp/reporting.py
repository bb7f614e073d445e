"""What is said of messages and connections outside of the database: never a word of a patient.

Each message that is answered passes through `answered`, once.
"""

import structlog

from gateway.mllp.storing import Outcome, warning
from models.errors import BiomedError


def answered(outcome: Outcome) -> None:
    """Report a message that was accepted or refused."""
    log = structlog.get_logger()
    if outcome.error is not None:
        log.warning("message.refused", code=outcome.error.code, bytes=outcome.size)
    elif outcome.receipt is not None:
        told = {"event": "message.accepted", "type": outcome.event, "bytes": outcome.size}
        rows = [one.row for one in outcome.receipt.receipts]
        log.info(**told, rows=rows, repeated=outcome.receipt.repeated)
        if warned := warning(outcome.receipt):
            log.warning("message.warned", reason=warned, rows=rows)


def cut_off() -> None:
    """Report that a sender began a message anew; what it had begun before is no message."""
    structlog.get_logger().warning("message.cut_off")


def opened(peer: object, now_open: int) -> None:
    """Report a connection; `peer` is the address of the sender."""
    structlog.get_logger().info("connection.opened", peer=peer, open=now_open)


def closed(peer: object, error: BiomedError | None, now_open: int) -> None:
    """Report the end of a connection, with the reason where it was ours to end it."""
    log = structlog.get_logger()
    if error is None:
        log.info("connection.closed", peer=peer, open=now_open)
    else:
        told = {"code": error.code, "reason": str(error), "open": now_open}
        log.warning("connection.closed", peer=peer, **told)


def turned_away(peer: object, limit: int) -> None:
    """Report a connection that was one too many."""
    structlog.get_logger().warning("connection.turned_away", peer=peer, limit=limit)
