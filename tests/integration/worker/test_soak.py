"""The storm: thousands of notes while everything is killed; all done, each once."""

from pathlib import Path

import pytest

from tests.soak.storm import NOTES_A_KILL, storm

NOTES = 5000
SEED = 7

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_is_lost_doubled_or_failed_in_a_storm(kind: str, tmp_path: Path) -> None:
    """Every note is done under one run, every result is there once and was delivered in order."""
    counts, struck = storm(kind, NOTES, NOTES // NOTES_A_KILL, SEED, tmp_path)
    assert counts.done == NOTES
    assert counts.faults == {}
    assert struck.total() - struck["ended by itself"] == NOTES // NOTES_A_KILL
