"""What is logged and counted of messages and connections: never a word of a patient.

Each message that is answered passes through `answered`, once.
"""

import structlog

from gateway.mllp.storing import Outcome, warning
from models.errors import BiomedError
from worker.metrics.mllp import MllpMetrics


def stored(outcome: Outcome, metrics: MllpMetrics, seconds: float) -> None:
    """Count the documents of a message, so many seconds after it had come; none if refused."""
    if outcome.receipt is not None:
        metrics.documents.stored(sum(one.created for one in outcome.receipt.receipts), seconds)


def answered(outcome: Outcome, metrics: MllpMetrics) -> None:
    """Report a message that was accepted or refused."""
    metrics.acknowledged(outcome.event.replace("^", "_"), outcome.acknowledgment)
    if outcome.error is not None:
        metrics.failed(outcome.error.code)
    log = structlog.get_logger()
    if outcome.error is not None:
        log.warning("message.refused", code=outcome.error.code, bytes=outcome.size)
    elif outcome.receipt is not None:
        rows = [one.row for one in outcome.receipt.receipts]
        told = {"type": outcome.event, "bytes": outcome.size, "rows": rows}
        log.info("message.accepted", **told, repeated=outcome.receipt.repeated)
        if warned := warning(outcome.receipt):
            log.warning("message.warned", reason=warned, rows=rows)


def opened(peer: object, now_open: int) -> None:
    """Report a connection; `peer` is the address of the sender."""
    structlog.get_logger().info("connection.opened", peer=peer, open=now_open)


def closed(peer: object, error: BiomedError | None, now_open: int, metrics: MllpMetrics) -> None:
    """Report the end of a connection, with the reason where it was ours to end it."""
    log = structlog.get_logger()
    if error is None:
        log.info("connection.closed", peer=peer, open=now_open)
    else:
        metrics.failed(error.code)
        told = {"code": error.code, "reason": str(error), "open": now_open}
        log.warning("connection.closed", peer=peer, **told)


def turned_away(peer: object, limit: int) -> None:
    """Report a connection that was one too many."""
    structlog.get_logger().warning("connection.turned_away", peer=peer, limit=limit)
