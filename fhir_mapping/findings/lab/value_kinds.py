"""What no test can show: a time of day, how often it was done, that it was done, a doubt.

"Activated 22:55", "negative x2", "repeated", "PE unlikely". A rhythm has a name and no number, and
a test whose result is pending has none yet.
"""

import re
from collections.abc import Iterable
from typing import Final

_NO_VALUE: Final = re.compile(
    r"(?:at\s+)?(?:[01]\d|2[0-3]):[0-5]\d(?:\s*(?:hours|hrs?))?"
    r"|(?:at\s+)?\d{1,2}:[0-5]\d\s*[ap]\.?m\.?"
    r"|[x×]\s?\d{1,2}|\d{1,2}\s?[x×]|(?:\d|one|two|three|four)\s+times|twice"
    r"|(?:re)?check(?:ed)?|repeat(?:ed)?|skipped|drawn|sent|ordered|obtained|performed|done"
    r"|activated|notified|called|alerted|consulted"
    r"|(?:watched|monitored)(?:\s+\w+)?"
    r"|(?:un)?likely|possibl[ey]|probabl[ey]|suspected|questionable",
    re.IGNORECASE,
)
_PENDING: Final = re.compile(r"(?:(?:still|is|are)\s+)*pending", re.IGNORECASE)
_RHYTHM: Final = re.compile(r"(?!.*\brate\b).*\brhythm\Z", re.IGNORECASE | re.DOTALL)
_ORIENTED: Final = re.compile(r"orient|\ba\s?[&+]\s?o|alert", re.IGNORECASE)  # "oriented x3"
_TIMES: Final = re.compile(r"[x×]\s?\d|\d\s?[x×]", re.IGNORECASE)
_COUNT: Final = re.compile(r"\d")


def is_value(name: str, words: str) -> bool:
    """Return whether words can be what a test of some name showed."""
    if _TIMES.fullmatch(words) and _ORIENTED.search(name):
        return True
    if _NO_VALUE.fullmatch(" ".join(words.split())):
        return False
    return not (_RHYTHM.match(name) and _COUNT.match(words))


def is_pending(words: Iterable[str]) -> bool:
    """Return whether some words of a test say that its result is still to come."""
    return any(_PENDING.fullmatch(" ".join(one.split())) for one in words)
