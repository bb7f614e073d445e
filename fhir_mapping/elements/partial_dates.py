"""Words for a date, as far as they say one: nothing is added to a partial date."""

import re
from datetime import date
from functools import lru_cache
from typing import Final

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH_NUMBERS: Final[dict[str, int]] = {
    **{month: number for number, month in enumerate(_MONTHS, start=1)},
    **{month[:3]: number for number, month in enumerate(_MONTHS, start=1)},
    "sept": 9,
}
_Y: Final = r"(?P<y>(?:19|20)\d\d)"
_M: Final = rf"(?P<m>{'|'.join(sorted(_MONTH_NUMBERS, key=len, reverse=True))})\.?"
_D: Final = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_DATES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        _Y,
        rf"{_M},?(?: of)? {_Y}",
        rf"{_M} {_D},? {_Y}",
        rf"(?:the )?{_D}(?: of)?[ -]{_M},?[ -]{_Y}",
        rf"{_Y}-(?P<m>\d\d)(?:-(?P<d>\d\d))?",
        rf"(?P<m>0?[1-9]|1[0-2])/{_Y}",
    )
)
_SLASHED: Final = re.compile(rf"(?P<a>\d{{1,2}})[/.](?P<b>\d{{1,2}})[/.]{_Y}")
_LEAD: Final = re.compile(r"(?:in|on|since|during)\s+(?:the\s+)?(?:year\s+|month\s+of\s+)?")


@lru_cache(maxsize=1024)  # a note says the same few dates over and over
def partial_date(words: str) -> str | None:
    """Return words that are one date as a FHIR dateTime: "March 2014" is 2014-03, "2014" is 2014.

    None for all others: "03/04/2014" is a day in March or in April, "early 2014" is no year.
    """
    plain = _LEAD.sub("", _plain(words), count=1)
    for pattern in _DATES:
        if found := pattern.fullmatch(plain):
            parts = found.groupdict()
            return _written(parts["y"], parts.get("m"), parts.get("d"))
    slashed = _SLASHED.fullmatch(plain)
    return _slashed(slashed) if slashed else None


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _slashed(found: re.Match[str]) -> str | None:
    """Return a date of which only one order of day and month is possible."""
    orders = {(found["a"], found["b"]), (found["b"], found["a"])}
    dates = {_written(found["y"], month, day) for month, day in orders} - {None}
    return dates.pop() if len(dates) == 1 else None


def _written(year: str, month: str | None, day: str | None) -> str | None:
    """Return year, month and day as far as they are there; None where the calendar has no such."""
    if month is None:
        return year
    number = _MONTH_NUMBERS.get(month) or int(month)
    try:
        whole = date(int(year), number, int(day or 1)).isoformat()
    except ValueError:
        return None
    return whole if day else whole[:7]
