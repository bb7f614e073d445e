"""What became of each document, and whether that is what had to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.demo.results import Resource
from gateway.demo.sending import Sent, diagnosis
from models.db.inbox.inbox import Failure

CREATED, KNOWN = 201, 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """A document's end: `done`, `failed` or `refused`, with the reason where there is one."""

    sent: Sent
    state: str
    code: str = ""
    reason: str = ""
    resources: Sequence[Resource] = ()

    @property
    def as_expected(self) -> bool:
        """Whether it ended as it had to."""
        return self.state == self.sent.letter.expected


def outcome(
    sent: Sent, failures: Mapping[str, Failure], resources: Mapping[str, Sequence[Resource]]
) -> Outcome:
    """Return what became of a document, after all were read."""
    if sent.document is None:
        return Outcome(sent, "refused", f"HTTP {sent.status}", diagnosis(sent.body))
    failure = failures.get(sent.document)
    if failure:
        return Outcome(sent, "failed", failure.code, failure.reason)
    return Outcome(sent, "done", resources=resources.get(sent.document, ()))
