"""What counts as said again: everything but the late digits of scores."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from fhir_mapping.datatypes import systems
from models.db.resources.stamping import stamped
from models.db.resources.unchanged import SCORE, TOLERANCE, states_the_same

CONDITION: dict[str, Any] = {
    "resourceType": "Condition",
    "id": "1",
    "meta": {"security": [{"code": "AIAST"}]},
    "text": {"status": "generated", "div": "<div>Confidence 0.9000</div>"},
    "extension": [
        {"url": "path", "valueString": "content[0]"},
        {"url": SCORE, "valueDecimal": 0.9},
        {"url": SCORE, "valueDecimal": 0.4},
    ],
    "code": {"text": "pneumonia"},
    "severity": {"valueQuantity": {"value": Decimal("2.50")}},
}
STORED = stamped(CONDITION, 3, datetime(2026, 1, 2, tzinfo=UTC))

Change = Callable[[dict[str, Any]], object]


def test_the_score_is_the_one_that_the_mapping_writes() -> None:
    """The memory knows a score by the URL of the extension that resources carry it in."""
    assert SCORE == systems.AI_CONFIDENCE


@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        lambda one: one["extension"][1].update(valueDecimal=0.9 + TOLERANCE - 1e-6),
        lambda one: one["extension"][2].update(valueDecimal=0.4 - TOLERANCE + 1e-6),
        lambda one: one["text"].update(div="<div>Confidence 0.9001</div>"),
    ],
    ids=["nothing", "one score up", "another down", "the narrative of a score"],
)
def test_late_digits_of_scores_say_the_same(change: Change) -> None:
    """A score that moved a little, and the narrative that shows it, say nothing new."""
    assert states_the_same(STORED, _changed(change))


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one["extension"][1].update(valueDecimal=0.9 - TOLERANCE - 1e-3),
        lambda one: one["extension"][0].update(valueDecimal=0.9),
        lambda one: one["extension"].reverse(),
        lambda one: one["extension"].pop(),
        lambda one: one["code"].update(text="Pneumonia"),
        lambda one: one["meta"].pop("security"),
        lambda one: one["severity"]["valueQuantity"].update(value=Decimal("2.5")),
        lambda one: one.update(recordedDate="2026-01-02"),
    ],
    ids=[
        "a score far off",
        "another extension",
        "scores in another order",
        "a score less",
        "a word",
        "a label",
        "the digits of a value",
        "an element more",
    ],
)
def test_anything_else_says_something_else(change: Change) -> None:
    """What is no score, or a score that moved far, is another statement."""
    assert not states_the_same(STORED, _changed(change))


def _changed(change: Change) -> dict[str, Any]:
    content = deepcopy(CONDITION)
    change(content)
    return content
