"""What an answer of the other server means for a resource and for a request."""

import httpx
import pytest

from fhir_mapping.exchange.outgoing_batch import Answer
from worker.delivery_answers import Meaning, Received, meaning, refused, silent, surely_did_nothing


@pytest.mark.parametrize(
    ("status", "means", "nothing_done"),
    [
        (200, "delivered", True),
        (201, "delivered", True),
        (304, "refused", True),
        (400, "refused", True),
        (404, "refused", True),
        (408, "later", True),
        (409, "refused", True),
        (422, "refused", True),
        (425, "later", True),
        (429, "later", True),
        (500, "later", False),
        (503, "later", False),
    ],
)
def test_a_status_of_one_resource(status: int, means: Meaning, *, nothing_done: bool) -> None:
    """What the server will never take is refused; what may pass is sent again."""
    answer = Answer(status, None, ())
    assert meaning(answer) == means
    assert means == "delivered" or surely_did_nothing(answer) is nothing_done


@pytest.mark.parametrize(
    ("status", "in_halves", "nothing_done"),
    [
        (400, True, True),
        (413, True, True),
        (422, True, True),
        (401, False, True),
        (404, False, True),
        (429, False, True),
        (302, False, False),
        (500, False, False),
        (503, False, False),
    ],
)
def test_a_status_of_a_whole_request(status: int, *, in_halves: bool, nothing_done: bool) -> None:
    """In halves goes what one resource may be to blame for."""
    refusal = refused(Received(status, b"", 0))
    assert refusal.by_content is in_halves
    assert refusal.answered is nothing_done


def test_only_a_connection_that_never_stood_has_carried_nothing() -> None:
    """After a request that was sent nobody knows what was done."""
    assert silent(httpx.ConnectError("")).answered
    assert silent(httpx.ConnectTimeout("")).answered
    assert not silent(httpx.ReadTimeout("")).answered
