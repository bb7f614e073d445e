"""Points in time of HL7 v2."""

from datetime import timedelta, timezone

import pytest

from fhir_mapping.documents.messages.times import moment, offset


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("20260105", "2026-01-05T00:00:00-05:00"),
        ("2026010510", "2026-01-05T10:00:00-05:00"),
        ("202601051015", "2026-01-05T10:15:00-05:00"),
        ("20260105101530.1234", "2026-01-05T10:15:30.123400-05:00"),
        ("20260105101530.1+0530", "2026-01-05T10:15:30.100000+05:30"),
        ("20260105101530+9900", "2026-01-05T10:15:30-05:00"),
        ("20260105101530-0099", "2026-01-05T10:15:30-05:00"),
        ("20240229", "2024-02-29T00:00:00-05:00"),
        ("20260229", None),
        ("202601", None),
        ("2026", None),
        ("20260105251530", None),
        ("", None),
        ("yesterday", None),
        ("２０２６０１０５", None),
    ],
)
def test_what_is_left_out(written: str, meant: str | None) -> None:
    """A time that is not told is midnight, an offset the given one; a day has to be told."""
    found = moment(written, timezone(timedelta(hours=-5)))
    assert (found.isoformat() if found else None) == meant


def test_no_offset() -> None:
    """Where none is written there is none to give."""
    assert offset("20260105") is None
