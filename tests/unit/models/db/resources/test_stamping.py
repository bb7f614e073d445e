"""What the memory adds to a resource, and what it takes for a change."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from models.db.resources.stamping import fingerprint, search_values, stamped, stamped_as_sent

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def condition(**changes: Any) -> dict[str, Any]:
    return {"resourceType": "Condition", "id": "x", "code": {"text": "flu"}, **changes}


def test_stamp() -> None:
    """Version and time go into meta, beside what is there; the original stays as it is."""
    given = condition(meta={"security": [1], "versionId": "9"})
    content = json.loads(stamped(given, 3, MOMENT))
    assert content["meta"] == {
        "security": [1],
        "versionId": "3",
        "lastUpdated": "2026-01-02T03:04:05.678Z",
    }
    assert given["meta"]["versionId"] == "9"


def test_version_and_time_are_no_change() -> None:
    """Order of keys, version and time do not make another resource; a profile does."""
    plain = fingerprint(condition())
    assert fingerprint(dict(reversed(condition().items()))) == plain
    assert fingerprint(condition(meta={"versionId": "2", "lastUpdated": "now"})) == plain
    assert fingerprint(condition(meta={"profile": ["p"]})) != plain
    assert fingerprint(condition(code={"text": "Flu"})) != plain


def test_decimals_keep_their_digits() -> None:
    """A decimal is written with the zeros it came with, from us and from a sender."""
    assert '"value":1.50' in stamped(condition(value=Decimal("1.50")), 1, MOMENT)
    sent = '{"resourceType": "X", "id": "y", "value": 1.50, "size": 123456789012345678901}'
    written = stamped_as_sent(sent, "ours", 1, MOMENT)
    assert '"id":"ours"' in written
    assert '"value":1.50,"size":123456789012345678901' in written


@pytest.mark.parametrize(
    ("resource", "patient", "encounter", "status"),
    [
        (
            {
                "subject": {"reference": "Patient/1"},
                "encounter": {"reference": "Encounter/2"},
                "verificationStatus": {"coding": [{"code": "refuted"}]},
            },
            "Patient/1",
            "Encounter/2",
            "refuted",
        ),
        (
            {
                "subject": {"reference": "Patient/1"},
                "context": {"reference": "Encounter/2"},
                "status": "unknown",
            },
            "Patient/1",
            "Encounter/2",
            "unknown",
        ),
        ({"patient": {"reference": "Patient/3"}}, "Patient/3", None, None),
        ({"subject": {"display": "someone"}, "verificationStatus": {"coding": []}}, *[None] * 3),
    ],
)
def test_search_values(resource: dict[str, Any], patient: str, encounter: str, status: str) -> None:
    """Patient, encounter and status are found wherever the type of resource says them."""
    found = search_values(resource)
    assert found == {"patient": patient, "encounter": encounter, "status": status}
