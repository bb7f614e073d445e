"""What becomes of messages: read for what they mean, stored together, each with its answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from fhir_mapping.documents.hl7v2.message import Header, header
from fhir_mapping.documents.messages import meaning
from gateway.intake import Intake
from gateway.mllp.acknowledgement import acknowledgement
from models.clinical import Message
from models.db.inbox.inbox import MessageReceipt
from models.errors import BiomedError, DatabaseUnavailable
from worker.isolate_failures import blame, isolate, isolate_one


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message: its receipt or its error; the answer, None where none is due."""

    answer: bytes | None
    size: int
    event: str = ""
    receipt: MessageReceipt | None = None
    error: BiomedError | None = None

    @property
    def acknowledgment(self) -> str:
        """MSA-1 of the answer, empty where none is due."""
        if self.answer is None:
            return ""
        field = self.answer[3:4]
        return self.answer.split(b"\r")[1].split(field)[1].decode("latin-1")


def refused(data: bytes, error: BiomedError, event: str = "") -> Outcome:
    """Return what becomes of a message of which `data` is all, or all that is known."""
    return Outcome(acknowledgement(_header(data), error), len(data), event, error=error)


class Storing:
    """Stores messages; what `store` returns is committed. It waits for the database."""

    def __init__(self, intake: Intake, tenant: str) -> None:
        self._intake = intake
        self._parse = partial(meaning.parse, tenant=tenant)

    def store(self, batch: Sequence[bytes]) -> list[Outcome]:
        """Store messages in one transaction, and return what became of each, in their order.

        One that cannot be read or stored fails alone. While the database does not answer, all
        that could be stored are to be sent again.
        """
        parsed = [isolate_one(self._parse, data, blame=blame("parse")) for data in batch]
        good = [one for one in parsed if isinstance(one, Message)]
        ends = iter(self._stored(good))
        pairs = zip(batch, parsed, strict=True)
        return [
            _outcome(data, one, next(ends)) if isinstance(one, Message) else refused(data, one)
            for data, one in pairs
        ]

    def _stored(self, messages: Sequence[Message]) -> Sequence[MessageReceipt | BiomedError]:
        store = partial(self._intake.store_messages, withdraw=meaning.withdrawn)
        try:
            return isolate(store, messages, blame=blame("store"))
        except DatabaseUnavailable as error:
            return [error] * len(messages)


def _outcome(data: bytes, message: Message, end: MessageReceipt | BiomedError) -> Outcome:
    if isinstance(end, BiomedError):
        return refused(data, end, message.event)
    answer = acknowledgement(_header(data), None, warning(end))
    return Outcome(answer, len(data), message.event, end)


def warning(receipt: MessageReceipt) -> str:
    """Return what a sender should know of a message that was taken in; empty for nothing."""
    if receipt.reused:
        return "Taken in, but the id in MSH-10 was used before for another content"
    if receipt.withdrawn:
        return "Taken in, but what it holds was cancelled before"
    return ""


def _header(data: bytes) -> Header | None:
    try:
        return header(data)
    except BiomedError:
        return None
