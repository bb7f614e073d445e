"""Words for an age or for a span of ages, as far as they say one (FHIR R4, Age and Range).

An age is in completed years, as people tell it: "45" until the next birthday, "in his 40s" from 40
to 49. Whatever blurs it ("about 40", "early 40s") makes it no number: it stays words.
"""

import re
from typing import Final, NamedTuple


class Age(NamedTuple):
    """So many `unit`s; `code` is UCUM."""

    value: int
    unit: str
    code: str


class Ages(NamedTuple):
    """From `low` to `high`, both included; the first is below the second, in one unit."""

    low: Age
    high: Age


_UNITS: Final[dict[str, tuple[str, str]]] = {
    **dict.fromkeys(("year", "years", "yr", "yrs"), ("years", "a")),
    **dict.fromkeys(("month", "months"), ("months", "mo")),
    **dict.fromkeys(("week", "weeks"), ("weeks", "wk")),
    **dict.fromkeys(("day", "days"), ("days", "d")),
    **dict.fromkeys(("hour", "hours"), ("hours", "h")),
}
_TENS: Final = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50,
    "sixties": 60, "seventies": 70, "eighties": 80, "nineties": 90,
}  # fmt: skip
TENS: Final = rf"(?:[2-9]0'?s|{'|'.join(_TENS)})"

_UNIT: Final = rf"(?P<u>{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
_OF_AGE: Final = r"(?:at )?(?:the )?age[sd]?(?: of)?"
_OLD: Final = r"[ -](?:old|of age)"
_AT: Final = r"(?:(?:at|an?|his|her|their) )?"
_LOW: Final = r"(?P<n>\d{1,3})"
_TO: Final = rf"{_LOW}(?: ?[-–] ?| to )(?P<m>\d{{1,3}})"
_AND: Final = rf"between {_LOW} and (?P<m>\d{{1,3}})"
_DECADE: Final = rf"(?P<tens>{TENS})"


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


_AGE: Final = _compiled(rf"{_OF_AGE} {_LOW}(?: {_UNIT})?", rf"{_AT}{_LOW}[ -]{_UNIT}{_OLD}")
_BARE_AGE: Final = _compiled(rf"{_LOW}[ -]{_UNIT}")
_AGES: Final = _compiled(
    rf"{_OF_AGE} {_TO}(?: {_UNIT})?",
    rf"{_AT}{_TO}[ -]{_UNIT}{_OLD}",
    rf"{_AND} {_UNIT}{_OLD}",
    rf"between (?:the )?ages?(?: of)? {_LOW} and (?P<m>\d{{1,3}})(?: {_UNIT})?",
    rf"(?:in )?(?:his|her|their) {_DECADE}",
)
_BARE_AGES: Final = _compiled(
    rf"{_TO}[ -]{_UNIT}", rf"{_AND} {_UNIT}", rf"(?:in )?(?:the )?{_DECADE}"
)
_TELLS_AGE: Final = re.compile(rf"\b(?:age[sd]?|old|teens|{TENS})\b")
_OLDEST: Final = 120


def age(words: str, *, bare: bool = False) -> Age | None:
    """Return the age that words are, if they say that they are one; `bare`: or "45 years" alone."""
    found = _read(words, _AGE, _BARE_AGE if bare else ())
    return _aged(found["n"], found["u"]) if found else None


def ages(words: str, *, bare: bool = False) -> Ages | None:
    """Return the span of ages that words are: "in his 40s", "between 30 and 35 years of age".

    `bare`: or "40s" and "30-35 years" alone, which could else be a decade and a duration.
    """
    found = _read(words, _AGES, _BARE_AGES if bare else ())
    if found is None:
        return None
    parts = found.groupdict()
    if parts.get("tens"):
        return _decade(parts["tens"])
    low, high = (_aged(parts[name], parts["u"]) for name in ("n", "m"))
    return Ages(low, high) if low and high and low.value < high.value else None


def tells_age(words: str) -> bool:
    """Return whether words are of an age, even where they do not say which: "early 40s"."""
    return _TELLS_AGE.search(_plain(words)) is not None


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _read(words: str, *patterns: tuple[re.Pattern[str], ...]) -> re.Match[str] | None:
    plain = _plain(words)
    tried = (pattern.fullmatch(plain) for some in patterns for pattern in some)
    return next(filter(None, tried), None)


def _aged(digits: str, word: str | None) -> Age | None:
    unit, code = _UNITS[word or "years"]
    value = int(digits)
    return Age(value, unit, code) if value > 0 and (code != "a" or value <= _OLDEST) else None


def _decade(tens: str) -> Ages:
    low = _TENS.get(tens) or int(tens[:2])
    return Ages(Age(low, *_UNITS["years"]), Age(low + 9, *_UNITS["years"]))
