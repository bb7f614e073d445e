"""What an answer of the other FHIR server means: delivered, later again, refused, or in halves.

A status of one resource is judged by `meaning`; one of a whole request, or none at all, becomes a
`Refusal`. How long to wait is the server's wish (`wait`), or the back-off where that is longer.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

import httpx

from fhir_mapping.exchange import outgoing_batch
from fhir_mapping.exchange.outgoing_batch import Answer
from models.errors import BiomedError, ServerRefusing, ServerSilent

Meaning = Literal["delivered", "later", "refused"]

FIRST_FAILURE = 300
FIRST_SERVER_FAILURE = 500

LATER = frozenset({408, 425, 429})
"""Statuses below 500 of one resource that mean: not now."""

ABOUT_THE_CONTENT = frozenset({400, 413, 422})
"""Statuses of a whole request that one of its resources may be to blame for: it is halved."""

LONGEST_WAIT = 24 * 3600
"""Seconds; a server that asks for more is looked at once a day."""


@dataclass(frozen=True, slots=True)
class Received:
    """The whole answer to a request."""

    status: int
    body: bytes
    wait: float


class Refusal(Exception):  # noqa: N818 it carries one of our errors and what the server asks for
    """The server did nothing with a request, or it is not known whether it did.

    `answered` says that it surely did nothing; `wait` is for how many seconds it wants to be left
    alone; `by_content` says that fewer resources at once may fare better.
    """

    def __init__(
        self, error: BiomedError, *, answered: bool, wait: float = 0, by_content: bool = False
    ) -> None:
        self.error = error
        self.answered = answered
        self.wait = wait
        self.by_content = by_content
        super().__init__(str(error))


def meaning(answer: Answer) -> Meaning:
    """Return what becomes of one resource by the server's answer to it."""
    if answer.status < FIRST_FAILURE:
        return "delivered"
    later = answer.status in LATER or answer.status >= FIRST_SERVER_FAILURE
    return "later" if later else "refused"


def surely_did_nothing(answer: Answer) -> bool:
    """Whether a resource that was not taken was not changed there either: not so after a 5xx."""
    return answer.status < FIRST_SERVER_FAILURE


def refused(received: Received) -> Refusal:
    """Return what an answer means that is not 200: all of it later again, or in halves."""
    said = " ".join((str(received.status), *outgoing_batch.issues(received.body)))
    return Refusal(
        ServerRefusing(answer=said),
        # 4xx was refused; after anything else nobody knows what was done.
        answered=received.status in range(400, 500),
        wait=received.wait,
        by_content=received.status in ABOUT_THE_CONTENT,
    )


def silent(error: httpx.HTTPError) -> Refusal:
    """Return what no answer means; a connection that never stood has carried nothing."""
    answered = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))
    return Refusal(ServerSilent(kind=type(error).__name__), answered=answered)


def wait(response: httpx.Response) -> float:
    """Return for how many seconds the server asks to be left alone (RFC 9110, Retry-After)."""
    value = response.headers.get("Retry-After", "")
    seconds = float(value) if value.isascii() and value.isdigit() else until(value)
    return min(max(seconds, 0.0), LONGEST_WAIT)


def until(date: str) -> float:
    """Return the seconds from now to an HTTP date; 0 for what is none."""
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - datetime.now(UTC)).total_seconds()
