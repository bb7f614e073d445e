"""What became of each document, and whether that is what had to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.demo.results import Resource
from gateway.demo.sending import Sent, diagnosis
from models.db.inbox.inbox import FailedDocument

CREATED, KNOWN = 201, 200


@dataclass(frozen=True, slots=True)
class DocumentResult:
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


def result_of(
    sent: Sent, failures: Mapping[str, FailedDocument], resources: Mapping[str, Sequence[Resource]]
) -> DocumentResult:
    """Return what became of a document, after all were read."""
    if sent.document is None:
        return DocumentResult(sent, "refused", f"HTTP {sent.status}", diagnosis(sent.body))
    failure = failures.get(sent.document)
    if failure:
        return DocumentResult(sent, "failed", failure.code, failure.reason)
    return DocumentResult(sent, "done", resources=resources.get(sent.document, ()))
