"""The other FHIR server: one request to it, and the answer; `delivery_answers` judges that."""

import time
from collections.abc import Sequence
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Self

import httpx

from fhir_mapping.exchange import outgoing_batch
from fhir_mapping.exchange.outgoing_batch import Answer
from models.errors import ServerConfused, Unsendable, WrongSettings
from worker.delivery_answers import Received, Refusal, refused, silent, wait
from worker.settings import Settings

FHIR_JSON = "application/fhir+json"
HEADERS = {"Content-Type": FHIR_JSON, "Accept": FHIR_JSON, "Prefer": "return=minimal"}
LARGEST_ANSWER = 16 * 1024 * 1024
CONNECT_SECONDS = 10


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
            raise silent(error) from None

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
