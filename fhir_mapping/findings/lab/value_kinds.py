"""What no test can show: a time of day, how often it was done, that it was done, a doubt.

"Activated 22:55", "negative x2", "repeated", "PE unlikely". A rhythm has a name and no number.
"""

import re
from typing import Final

_NO_VALUE: Final = re.compile(
    r"(?:at\s+)?(?:[01]?\d|2[0-3]):[0-5]\d(?:\s*(?:hours|hrs?|[ap]\.?m\.?))?"
    r"|[x×]\s?\d{1,2}|\d{1,2}\s?[x×]|(?:\d|one|two|three|four)\s+times|twice|(?:re)?check(?:ed)?|repeat(?:ed)?"
    r"|skipped|drawn|sent|ordered|obtained|performed|done|pending|watched(?:\s+\w+)?"
    r"|monitored(?:\s+\w+)?|(?:un)?likely|possible|possibly|probable|probably|suspected|questionable",
    re.IGNORECASE,
)
_RHYTHM: Final = re.compile(r"\brhythm\Z", re.IGNORECASE)
_COUNT: Final = re.compile(r"\d")


def is_value(name: str, words: str) -> bool:
    """Return whether words can be what a test of some name showed."""
    if _NO_VALUE.fullmatch(" ".join(words.split())):
        return False
    return not (_RHYTHM.search(name) and _COUNT.match(words))
