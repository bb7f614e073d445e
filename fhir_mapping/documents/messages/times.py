"""Points in time of HL7 v2 (DTM; HL7 v2.9, chapter 2.A) as FHIR instants."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

_DTM: Final = re.compile(
    r"(?P<day>\d{8})(?P<time>\d{2}(?:\d{2}(?:\d{2})?)?)?(?:\.(?P<part>\d{1,4}))?(?P<zone>[+-]\d{4})?",
    re.ASCII,
)
_ZONE: Final = re.compile(r"([+-])(\d{2})(\d{2})\Z", re.ASCII)
_HOUR: Final = 60  # minutes
_FURTHEST: Final = 14 * _HOUR


def moment(written: str, zone: tzinfo = UTC) -> datetime | None:
    """Return a point in time, None where the day is unknown or does not exist.

    What is left out of the time is zero. Without an offset of its own it is of `zone`.
    """
    found = _DTM.fullmatch(written)
    if found is None:
        return None
    try:
        naive = datetime.strptime(  # noqa: DTZ007 the zone follows
            f"{found['day']}{(found['time'] or '').ljust(6, '0')}", "%Y%m%d%H%M%S"
        )
        part = int((found["part"] or "").ljust(6, "0"))
        return naive.replace(microsecond=part, tzinfo=offset(found["zone"] or "") or zone)
    except ValueError:
        return None


def offset(written: str) -> tzinfo | None:
    """Return the offset at the end of a point in time; None where it has none that exists."""
    found = _ZONE.search(written)
    if found is None or int(found[3]) >= _HOUR:
        return None
    minutes = int(found[2]) * _HOUR + int(found[3])
    if minutes > _FURTHEST:
        return None
    return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))
