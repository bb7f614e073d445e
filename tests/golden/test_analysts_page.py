"""The resources on the analyst's page are what the mapping makes of the note beside them."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from fhir_mapping.findings.labels import Kind
from tests.golden.test_golden import extraction

CASE = Path(__file__).parent / "one-of-each-type"
PAGE = (Path(__file__).parents[2] / "docs" / "analyst.md").read_text("utf-8")
SHOWN = [
    json.loads(one) for one in re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
]


def is_part(shown: Any, made: Any) -> bool:
    """Whether all that is shown was made; of an object or a list less may be shown."""
    if isinstance(shown, dict):
        return isinstance(made, dict) and all(
            name in made and is_part(value, made[name]) for name, value in shown.items()
        )
    if isinstance(shown, list):
        return isinstance(made, list) and all(
            any(is_part(one, other) for other in made) for one in shown
        )
    return bool(shown == made)


def test_the_page_shows_one_resource_of_each_type() -> None:
    """No type is left out."""
    assert sorted(one["resourceType"] for one in SHOWN) == sorted(get_args(Kind))


def test_the_page_shows_the_note() -> None:
    """The text on the page is the case's."""
    [note] = extraction(CASE).notes
    assert f"```text\n{note.text}\n```" in PAGE


@pytest.mark.parametrize("shown", SHOWN, ids=lambda one: one["resourceType"])
def test_what_is_shown_is_made(shown: Any) -> None:
    """Each resource on the page is part of one that the note becomes."""
    made = [finding.resource for finding in extraction(CASE).findings]
    assert any(is_part(shown, one) for one in made)
