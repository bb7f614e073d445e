"""The grammar of a sig: "40 mg PO q4-6h prn pain for 7 days". Read whole or not at all.

The parts may stand in any order, each once, perhaps with commas between. Any other word, a second
dose or a second time of day leaves the sig unread: half a prescription is a wrong prescription.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar

from fhir_mapping.elements.quantity import exact
from fhir_mapping.elements.sig import dose_and_route_tables
from fhir_mapping.elements.sig.dose_and_route_tables import (
    AS_NEEDED,
    INJECTED,
    NUMBER_WORDS,
    REASONS,
    ROUTES,
)
from fhir_mapping.elements.sig.pharmacy_print import printed
from fhir_mapping.elements.sig.sig_model import AsNeeded, Bounds, Dose, Part, Route, Sig
from fhir_mapping.elements.sig.timing import (
    EVERY,
    FOR,
    FREQUENCIES,
    HOURLY_CODES,
    PER,
    PERIODS,
    SPANS,
    TIMES,
    Timing,
)
from fhir_mapping.elements.sig.tokens import Token, tokens
from fhir_mapping.elements.sig.vetoes import VETO

_SKIPPED: Final = frozenset({",", "of"})
_LONGEST: Final = 5
_T = TypeVar("_T")
_Read = tuple[_T, int] | None


class _Phrases(NamedTuple):
    """Phrases of a table, and the words that one of them begins with."""

    known: Collection[str]
    openings: frozenset[str]


def _phrases(table: Collection[str]) -> _Phrases:
    return _Phrases(table, frozenset(phrase.split()[0] for phrase in table))


_ROUTES: Final = _phrases(ROUTES)
_FREQUENCIES: Final = _phrases(FREQUENCIES)
_PER: Final = _phrases(PER)
_AS_NEEDED: Final = _phrases(AS_NEEDED)
_REASONS: Final = _phrases(REASONS)


@dataclass(frozen=True, slots=True)
class _Line:
    """The words of a sig, their tokens, and the tokens' keys."""

    words: str
    tokens: Sequence[Token]
    names: Sequence[str]

    def key(self, at: int) -> str:
        return self.names[at] if at < len(self.names) else ""

    def keys(self, start: int, end: int) -> str:
        return " ".join(self.names[start:end])

    def text(self, start: int, end: int) -> str:
        return self.words[self.tokens[start].start : self.tokens[end - 1].end]

    def longest(self, start: int, phrases: _Phrases) -> int | None:
        """Return the end of the longest of some phrases that begins at `start`."""
        if self.key(start) not in phrases.openings:
            return None
        ends = range(min(start + _LONGEST, len(self.tokens)), start, -1)
        return next((end for end in ends if self.keys(start, end) in phrases.known), None)

    def one(self, at: int, table: Mapping[str, _T]) -> _T | None:
        return table.get(self.key(at))


@lru_cache(maxsize=1024)  # wards write the same few hundred sigs over and over
def parse(words: str) -> Sig | None:
    """Return what a sig says; None where any of it is not understood for certain."""
    once = None if VETO.within(words) else printed(words)
    sig = _read(once.words) if once else None
    if once is None or sig is None or not _is_certain(sig):
        return None
    again = [_read(one) for one in once.again]
    return sig if all(one is not None and _says_no_more(one, sig) for one in again) else None


def _read(words: str) -> Sig | None:
    """Return what some words say, said once."""
    found = tokens(words)
    parts = _parts(_Line(words, found, [token.key for token in found])) if found else None
    return Sig(**parts) if parts else None


def _says_no_more(again: Sig, sig: Sig) -> bool:
    """Whether words in brackets repeat the route or time of a sig: "BID (2 times a day)"."""
    repeated, timing = again.timing, sig.timing
    if again.dose or again.as_needed or again.bounds:
        return False
    if again.route and (sig.route is None or again.route.code != sig.route.code):
        return False
    if repeated is None or timing is None:
        return repeated is None
    return replace(repeated, code=timing.code, when=repeated.when or timing.when) == timing


def _parts(line: _Line) -> dict[str, Any] | None:
    """Return the parts by name; None where a word is left over or a part is there twice."""
    parts: dict[str, Any] = {}
    at = 0
    while at < len(line.tokens):
        if line.tokens[at].key in _SKIPPED:
            at += 1
            continue
        name, read = _next(line, at)
        if read is None or name in parts:
            return None
        parts[name], at = read
    return parts


def _next(line: _Line, at: int) -> tuple[str, _Read[Part]]:
    for name, reader in _READERS:
        if read := reader(line, at):
            return name, read
    return "", None


def _dose(line: _Line, at: int) -> _Read[Dose]:
    low, low_is_word = _number(line, at)
    if low is None:
        return None
    low_end, high, high_is_word = at + 1, None, False
    separator = line.key(at + 1)
    if separator in {"-", "to"}:
        high, high_is_word = _number(line, at + 2)
        low_end = at + 3
    unit = line.one(low_end, dose_and_route_tables.FORMS)
    if unit is None and separator != "to" and not (low_is_word or high_is_word):
        unit = line.one(low_end, dose_and_route_tables.AMOUNTS)
    if unit is None or (separator in {"-", "to"} and high is None):
        return None
    return Dose(low, high, unit), low_end + 1


def _number(line: _Line, at: int) -> tuple[int | float | None, bool]:
    """Return the number in digits or as a word, and whether it is a word."""
    key = line.key(at)
    if at < len(line.tokens) and line.tokens[at].is_number:
        return exact(key), False
    return NUMBER_WORDS.get(key), True


def _whole(line: _Line, at: int) -> int | None:
    number, _ = _number(line, at)
    return number if isinstance(number, int) else None


def _route(line: _Line, at: int) -> _Read[Route]:
    end = line.longest(at, _ROUTES)
    return (Route(ROUTES[line.keys(at, end)], line.text(at, end)), end) if end else None


def _up_to(line: _Line, at: int) -> tuple[int, int | None, int] | None:
    """Read "4" or "4-6", the second the larger, and where it ends."""
    low, high, end = _whole(line, at), None, at + 1
    if line.key(end) in {"-", "to"}:
        high, end = _whole(line, end + 1), end + 2
        if high is None or low is None or high <= low:
            return None
    return (low, high, end) if low is not None else None


def _timing(line: _Line, at: int) -> _Read[Timing]:
    end = line.longest(at, _FREQUENCIES)
    if end:
        return FREQUENCIES[line.keys(at, end)], end
    return _interval(line, at) or _times(line, at)


def _interval(line: _Line, at: int) -> _Read[Timing]:
    """Read "q8h", "every 2 weeks", "q4-6h"."""
    periods = _up_to(line, at + 1) if line.key(at) in EVERY else None
    unit = line.one(periods[2], PERIODS) if periods else None
    if periods is None or unit is None:
        return None
    period, longest, end = periods
    code = HOURLY_CODES.get(period) if unit == "h" and not longest else None
    return Timing(1, period, unit, code, longest=longest), end + 1


def _times(line: _Line, at: int) -> _Read[Timing]:
    """Read "2-3 times a day"."""
    often = _up_to(line, at)
    if often is None or often[1] is None or line.key(often[2]) not in TIMES:
        return None
    end = line.longest(often[2] + 1, _PER)
    if end is None:
        return None
    return Timing(often[0], 1, PER[line.keys(often[2] + 1, end)], most=often[1]), end


def _as_needed(line: _Line, at: int) -> _Read[AsNeeded]:
    end = line.longest(at, _AS_NEEDED)
    if end is None:
        return None
    start = end + 1 if line.key(end) == "for" else end
    reason = line.longest(start, _REASONS)
    return (AsNeeded(line.text(start, reason)), reason) if reason else (AsNeeded(None), end)


def _bounds(line: _Line, at: int) -> _Read[Bounds]:
    """Read "for 7 days", "x 7-10 days"."""
    many = _up_to(line, at + 1) if line.key(at) in FOR else None
    span = line.one(many[2], SPANS) if many else None
    if many is None or span is None:
        return None
    return Bounds(many[0], *span, longest=many[1]), many[2] + 1


_READERS: Final[tuple[tuple[str, Callable[[_Line, int], _Read[Part]]], ...]] = (
    ("dose", _dose),
    ("route", _route),
    ("timing", _timing),
    ("as_needed", _as_needed),
    ("bounds", _bounds),
)


def _is_certain(sig: Sig) -> bool:
    """Return whether the dose is one: no package, and no range that may be a combination."""
    dose = sig.dose
    if dose is None:
        return True
    if dose.high is not None and dose.high <= dose.low:
        return False
    if dose.unit in dose_and_route_tables.FORMS.values():
        return (dose.high or dose.low) <= dose_and_route_tables.LARGEST_COUNT
    injected = sig.route is not None and sig.route.code in INJECTED
    return dose.high is None or (
        injected and dose.high <= dose.low * dose_and_route_tables.WIDEST_RANGE
    )
