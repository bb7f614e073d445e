"""The other FHIR server: one request, its answer, and how long it wants to be left alone."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Self

import httpx

from fhir_mapping.exchange import outgoing_batch
from fhir_mapping.exchange.outgoing_batch import Answer
from models.errors import (
    BiomedError,
    ServerConfused,
    ServerRefusing,
    ServerSilent,
    Unsendable,
    WrongSettings,
)
from worker.settings import Settings

FHIR_JSON = "application/fhir+json"
HEADERS = {"Content-Type": FHIR_JSON, "Accept": FHIR_JSON, "Prefer": "return=minimal"}
LARGEST_ANSWER = 16 * 1024 * 1024
CONNECT_SECONDS = 10
LONGEST_WAIT = 24 * 3600
"""Seconds; a server that asks for more is looked at once a day."""

ABOUT_THE_CONTENT = frozenset({400, 413, 422})
"""Statuses of a whole request that one of its resources may be to blame for."""


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


@dataclass(frozen=True, slots=True)
class Received:
    """The whole answer to a request."""

    status: int
    body: bytes
    wait: float


class FhirServer:
    """Sends batches to a FHIR base, with a bearer token if there is one.

    Raises:
        WrongSettings: the settings name no server, or one that a token would reach in clear.
    """

    def __init__(self, settings: Settings) -> None:
        if settings.deliver_url is None:
            raise WrongSettings(reason="BIOMED_DELIVER_URL names no server to deliver to")
        token = settings.deliver_token
        if token and not is_confidential(settings.deliver_url):
            raise WrongSettings(reason="BIOMED_DELIVER_TOKEN is sent over https only")
        bearer = {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}
        self._seconds = settings.deliver_timeout_seconds
        self._address = settings.deliver_url.rstrip("/")
        self._client = httpx.Client(
            headers={**HEADERS, **bearer},
            timeout=httpx.Timeout(self._seconds, connect=min(CONNECT_SECONDS, self._seconds)),
        )

    def send(self, resources: Sequence[dict[str, Any]]) -> list[Answer]:
        """Put all resources and return what the server says of each, in their order.

        Raises:
            Refusal: the server answers for none of them.
        """
        received = self._post(written(resources))
        if received.status != HTTPStatus.OK:
            raise refused(received)
        try:
            return outgoing_batch.answers(received.body, len(resources))
        except ServerConfused as error:
            raise Refusal(error, answered=False) from None

    def _post(self, body: bytes) -> Received:
        end = time.monotonic() + self._seconds
        try:
            with self._client.stream("POST", self._address, content=body) as response:
                return Received(response.status_code, read(response, end), wait(response))
        except httpx.HTTPError as error:
            # A connection that never stood has carried nothing.
            answered = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))
            raise Refusal(ServerSilent(kind=type(error).__name__), answered=answered) from None

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def is_confidential(address: str) -> bool:
    """Whether nobody on the way can read what is sent there: https, or this very machine."""
    url = httpx.URL(address)
    return url.scheme == "https" or url.host == "localhost" or is_loopback(url.host)


def is_loopback(host: str) -> bool:
    """Whether a host is an address of this machine's own network; a name is none."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def written(resources: Sequence[dict[str, Any]]) -> bytes:
    """Return the batch that puts the resources.

    Raises:
        Refusal: one of them cannot be written as JSON; nothing was sent.
    """
    try:
        return outgoing_batch.updates(resources)
    except (TypeError, ValueError, KeyError, RecursionError) as error:
        unsendable = Unsendable(kind=type(error).__name__)
        raise Refusal(unsendable, answered=True, by_content=True) from None


def read(response: httpx.Response, end: float) -> bytes:
    """Return the body, unless it goes on for too long or grows too large.

    Raises:
        Refusal: it does.
    """
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > LARGEST_ANSWER or time.monotonic() > end:
            raise Refusal(ServerConfused(reason="the answer does not end"), answered=False)
    return bytes(body)


def refused(received: Received) -> Refusal:
    """Return what an answer means that is not 200."""
    said = " ".join((str(received.status), *outgoing_batch.issues(received.body)))
    return Refusal(
        ServerRefusing(answer=said),
        # 4xx was refused; after anything else nobody knows what was done.
        answered=received.status in range(400, 500),
        wait=received.wait,
        by_content=received.status in ABOUT_THE_CONTENT,
    )


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
