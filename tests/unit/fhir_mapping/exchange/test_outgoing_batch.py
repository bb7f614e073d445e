"""Batches of updates, and what their answers say."""

import orjson
import pytest

from fhir_mapping.exchange import outgoing_batch
from fhir_mapping.exchange.outgoing_batch import Answer
from models.errors import ServerConfused


def answered(*responses: object) -> list[Answer]:
    """Return what a batch-response of these says."""
    entries = [{"response": one} for one in responses]
    bundle = {"resourceType": "Bundle", "type": "batch-response", "entry": entries}
    return outgoing_batch.answers(orjson.dumps(bundle), len(responses))


def test_every_resource_is_put_under_its_own_id() -> None:
    """One entry each, in the order given."""
    sent = orjson.loads(outgoing_batch.updates([{"resourceType": "Condition", "id": "7"}]))
    assert sent == {
        "resourceType": "Bundle",
        "type": "batch",
        "entry": [
            {
                "resource": {"resourceType": "Condition", "id": "7"},
                "request": {"method": "PUT", "url": "Condition/7"},
            }
        ],
    }


@pytest.mark.parametrize(
    ("response", "version"),
    [
        ({"status": "200", "etag": 'W/"3"'}, "3"),
        ({"status": "200 OK", "etag": '"a-b.c"'}, "a-b.c"),
        ({"status": "201 Created", "location": "http://a/fhir/Condition/7/_history/4"}, "4"),
        ({"status": "200 OK", "etag": 'W/"5"', "location": "Condition/7/_history/4"}, "5"),
        ({"status": "200 OK", "location": "Condition/7"}, None),
        ({"status": "200 OK", "etag": 'W/"no id!"'}, None),
        ({"status": "200 OK"}, None),
    ],
)
def test_the_version_is_in_the_etag_or_the_location(
    response: dict[str, str], version: str | None
) -> None:
    """Servers number versions as they like, and say so in one place or the other."""
    [answer] = answered(response)
    assert (answer.status in {200, 201}, answer.version) == (True, version)


def test_only_codes_are_repeated_of_an_outcome() -> None:
    """What is no code of issue-type may be a patient's name, in whatever element."""
    issue = {"code": "Oduya", "diagnostics": "Oduya", "details": {"text": "Oduya"}}
    outcome = {"resourceType": "OperationOutcome", "issue": [issue, {"code": "invariant"}, "Oduya"]}
    [answer] = answered({"status": "422 Oduya", "outcome": outcome})
    assert str(answer) == "422 invariant"
    assert outgoing_batch.issues(orjson.dumps(outcome)) == ("invariant",)
    assert outgoing_batch.issues(b"<html>Oduya</html>") == ()


@pytest.mark.parametrize("status", ["", "OK", "20", "2000", "999 x", None, 7])
def test_an_entry_without_a_status_is_no_answer(status: object) -> None:
    """Nobody knows what was done."""
    with pytest.raises(ServerConfused):
        answered({"status": status})


@pytest.mark.parametrize("issue", [None, 7, {}, "x", [None]])
def test_a_broken_outcome_says_nothing(issue: object) -> None:
    """Whatever stands where issues should be, the status counts."""
    [answer] = answered({"status": "500", "outcome": {"issue": issue}})
    assert answer == Answer(500, None, ())
