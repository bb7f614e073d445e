"""Tables of Timing: how often ("BID", the period of "q8h") and for how long, by their words.

Codes are HL7 v3-GTSAbbreviation and complete statements (FHIR R4, Timing.code), so a wording has
one only where the code says all of it. Left out on purpose: BIW, TIW, HS, "biweekly", "once" and
"qpm" (GTSAbbreviation PM is the afternoon) are ambiguous; AC, PC and "with meals" are conditions.
"""

from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True)
class Timing:
    """`frequency` (to `most`) times in `period` (to `longest`) `unit`s.

    `when` is a code of R4 EventTiming.
    """

    frequency: int
    period: int
    unit: str
    code: str | None = None
    when: str | None = None
    longest: int | None = None
    most: int | None = None


_DAY: Final = Timing(1, 1, "d", "QD")
_HOW_MANY: Final[dict[int, tuple[str, ...]]] = {
    2: ("twice", "two times", "2 times", "2 x"),
    3: ("thrice", "three times", "3 times", "3 x"),
    4: ("four times", "4 times", "4 x"),
    5: ("five times", "5 times", "5 x"),
}
_TIMES_A_DAY: Final = {2: "BID", 3: "TID", 4: "QID"}
_A_DAY: Final = ("daily", "a day", "per day", "each day", "every day")
_A_WEEK: Final = ("weekly", "a week", "per week", "each week", "every week")
_WHEN: Final[dict[str, Timing]] = {
    "at bedtime": replace(_DAY, code="BED", when="HS"),
    "in the morning": replace(_DAY, code="AM", when="MORN"),
    "in the evening": replace(_DAY, code=None, when="EVE"),
    "at night": replace(_DAY, code=None, when="NIGHT"),
}
_PLAIN: Final[tuple[tuple[str, Timing], ...]] = (
    (
        "daily|qd|qday|q day|every day|each day|once daily|once a day|once per day|1 x daily"
        "|one time a day|1 time a day|1 time daily",
        _DAY,
    ),
    ("bid|bd", Timing(2, 1, "d", "BID")),
    ("tid|tds", Timing(3, 1, "d", "TID")),
    ("qid|qds", Timing(4, 1, "d", "QID")),
    ("qod|every other day|every second day", Timing(1, 2, "d", "QOD")),
    ("weekly|once weekly|once a week|once per week|every week|each week", Timing(1, 1, "wk", "WK")),
    ("every other week|every second week", Timing(1, 2, "wk")),
    ("monthly|once monthly|once a month|once per month|every month", Timing(1, 1, "mo", "MO")),
    ("qhs|q hs|every bedtime|nightly at bedtime", _WHEN["at bedtime"]),
    ("qam|q am|every morning|each morning", _WHEN["in the morning"]),
    ("every evening|each evening", _WHEN["in the evening"]),
    ("nightly|once nightly|every night|each night", _WHEN["at night"]),
)

FREQUENCIES: Final[dict[str, Timing]] = {
    **{phrase: timing for phrases, timing in _PLAIN for phrase in phrases.split("|")},
    **_WHEN,
    **{
        f"{daily} {phrase}": replace(timing, code=None)
        for daily in ("daily", "once daily", "every day")
        for phrase, timing in _WHEN.items()
    },
    **{
        f"{times} {per}": Timing(number, 1, "d", _TIMES_A_DAY.get(number))
        for number, phrases in _HOW_MANY.items()
        for times in phrases
        for per in _A_DAY
    },
    **{
        f"{times} {per}": Timing(number, 1, "wk")
        for number, phrases in _HOW_MANY.items()
        for times in phrases
        for per in _A_WEEK
    },
}

# "2-3 times a day", which no code says.
TIMES: Final = frozenset({"times", "x"})
PER: Final[dict[str, str]] = {**dict.fromkeys(_A_DAY, "d"), **dict.fromkeys(_A_WEEK, "wk")}

EVERY: Final = frozenset({"q", "every"})
PERIODS: Final[dict[str, str]] = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("wk", "wks", "week", "weeks"), "wk"),
    **dict.fromkeys(("mo", "month", "months"), "mo"),
}
HOURLY_CODES: Final = {4: "Q4H", 6: "Q6H", 8: "Q8H"}

# "x3d" is read as three doses, and so many hours may be those of an infusion.
FOR: Final = frozenset({"for", "x", "times"})
SPANS: Final[dict[str, tuple[str, str]]] = {
    **dict.fromkeys(("day", "days"), ("days", "d")),
    **dict.fromkeys(("week", "weeks"), ("weeks", "wk")),
    **dict.fromkeys(("month", "months"), ("months", "mo")),
}
