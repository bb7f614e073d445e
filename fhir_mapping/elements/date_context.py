"""The words around a date that say what it is of: when it was, or since when it is.

A Date linked to a mention says only that the two overlap. So it is the time of what is done at one
time (a procedure, a test, a dose); of what lasts it is no beginning, unless the note says "since".
"""

import re
from dataclasses import replace
from typing import Final

from fhir_mapping.findings.ages import TENS
from fhir_mapping.findings.attributes import linked
from fhir_mapping.findings.mention_in_note import MentionInNote
from models.clinical import Mention

_REACH: Final = 40
# What a reader leaves out in front of a time, though it is part of it: "about 45", "his 40s".
# "Over the last month" is up to now, not more than a month.
_HEDGE: Final = (
    r"(?:(?:(?:about|around|approximately|approx\.?|roughly|nearly|almost|up\s+to"
    r"|at\s+(?:least|most)|(?:more|less|older|younger)\s+than)\s+|[~≈<>]\s*)(?:(?:an?|the)\s+)?"
    r"|(?:over|under)\s+)"
)
_WHOSE: Final = r"(?:(?:his|her|their)\s+)"
_PART_OF: Final = r"(?:(?:early|mid|late)[\s-]+)"
_AGE_OF: Final = r"(?:(?:the\s+)?age[sd]?\s+(?:of\s+)?)"
_BEFORE_LENGTH: Final = re.compile(rf"(?<!\w){_HEDGE}\Z", re.IGNORECASE)
_BEFORE_DATE: Final = re.compile(
    rf"(?<!\w){_HEDGE}?{_WHOSE}?{_PART_OF}?{_AGE_OF}?\Z", re.IGNORECASE
)
_BEFORE_TWO: Final = re.compile(rf"\bbetween\s+{_AGE_OF}?\Z", re.IGNORECASE)
_TWO: Final = re.compile(r"\d\s+and\s+\d", re.IGNORECASE)
# What may stand between a mention and the words "since …", because it is the mention's own.
_OWN: Final = frozenset(
    {"Biological_structure", "Severity", "Dosage", "Administration", "Frequency"}
)
# What may stand right before a date that is meant as it stands.
_PLAIN_WORDS: Final = ("in", "on", "at", "dated", "performed", "done", "obtained", "taken")
_PLAIN: Final = re.compile(rf"(?:\A|[\n.;:,(]|\b(?:{'|'.join(_PLAIN_WORDS)}))\s*\Z", re.IGNORECASE)
_LONGEST_PLAIN: Final = max(map(len, _PLAIN_WORDS))  # so the search need begin no earlier
_BLURRED: Final = re.compile(
    r"\b(?:not|never|before|after|until|till|by|around|about|between|from|either|or|early|late|mid"
    r"|later|prior|earlier|beginning|end|middle)\s+(?:in|on|at|of)?\s*\Z",
    re.IGNORECASE,
)
# What may not follow: the date goes on, or is one of two, or is in doubt.
_GOES_ON: Final = re.compile(
    r"\s*(?:[-–—/?±~]|'s|s\b|\d|,\s*\d|\(\s*(?:\?|approx|about|est|unsure|unclear)"
    r"|(?:to|or|and|through|thru|until|till)\s+(?:(?:in|on|early|late|again|maybe)\s+)*"
    r"(?:\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|now|present|today)))",
    re.IGNORECASE,
)
_SINCE: Final = re.compile(
    r"[\s,(]*(?:(?:in|of|at|the|which|that|has|have|had|been|is|was|present|ongoing|known"
    r"|persistent)\s+)*"
    r"(?:since|(?:with\s+)?onset)(?:\s+(?:was|in|on|at|of|the))*\s*",
    re.IGNORECASE,
)
_AT_AGE: Final = re.compile(
    rf"[\s,(]*(?:diagnosed\s+)?(?:at\s+{_HEDGE}?{_AGE_OF}?\d"
    rf"|in\s+{_HEDGE}?{_WHOSE}{_PART_OF}?(?:teens|{TENS})\b|(?:at\s+)?between\s+{_AGE_OF}?\d)",
    re.IGNORECASE,
)
_OPENING_SINCE: Final = re.compile(r"\bsince\s+(?:the\s+)?\Z", re.IGNORECASE)
_HAS_HAD: Final = re.compile(
    r"\s*+(?:,\s*+)?(?:(?:the\s+)?(?:patient|pt)|he|she|they)\s+ha(?:s|ve)\s+(?:had|been having"
    r"|suffered from|experienced)\s+(?:an?\s+)?",
    re.IGNORECASE,
)
_UP_TO_NOW: Final = re.compile(
    r"\s*+(?:,\s*+)?((?:for|over|during)\s+the\s+(?:past|last)\s+)", re.IGNORECASE
)
_FOR_THE: Final = re.compile(r"\s*+(?:,\s*+)?((?:for|over|during)\s+the\s+)", re.IGNORECASE)
_PAST: Final = re.compile(r"(?:past|last|preceding)\b", re.IGNORECASE)
_HISTORY: Final = re.compile(r"('?\s+history)\s+of\s+(?:an?\s+)?", re.IGNORECASE)
_STARTS_SINCE: Final = re.compile(r"since\s", re.IGNORECASE)


def whole(text: str, time: Mention, *, length: bool = False) -> Mention:
    """Return a date, or a `length` of time, with the words right before it that are part of it."""
    lead = text[max(0, time.start - _REACH) : time.start]
    two = _BEFORE_TWO.search(lead) if not length and _TWO.search(time.text) else None
    found = two or (_BEFORE_LENGTH if length else _BEFORE_DATE).search(lead)
    if not found or not found[0]:
        return time
    start = time.start - len(found[0])
    return replace(time, start=start, text=text[start : time.end])


def at(text: str, head: Mention, time: Mention) -> bool:
    """Return whether a date stands where it means the time of its head, and all of the time."""
    lead = text[max(0, time.start - _REACH) : time.start]
    beside = time.start - head.end >= 0 and not text[head.end : time.start].strip(" ,(")
    last_word = max(0, len(lead.rstrip()) - _LONGEST_PLAIN)
    plain = beside or (_PLAIN.search(lead, last_word) and not _BLURRED.search(lead))
    return bool(plain) and ends(text, time)


def at_age(text: str, head: Mention, time: Mention) -> bool:
    """Return whether a mention is said to have begun at an age: "at age 45", "in her 40s"."""
    found = _AT_AGE.match(text, head.end, time.end)
    return found is not None and found.end() > time.start and ends(text, time)


def since(head: MentionInNote, time: Mention) -> bool:
    """Return whether the note says that a mention is there since the date, and goes on."""
    text, mention = head.note.text, head.mention
    if not ends(text, time):
        return False
    if mention.end <= time.start:
        opening = "since " if _STARTS_SINCE.match(time.text) else ""
        return bool(_SINCE.fullmatch(_between(head, time) + opening))
    lead = text[max(0, time.start - _REACH) : time.start]
    opened = _OPENING_SINCE.search(lead) or _STARTS_SINCE.match(time.text)
    return bool(opened and _HAS_HAD.fullmatch(text[time.end : mention.start]))


def _between(head: MentionInNote, time: Mention) -> str:
    """Return the words between a mention and a date behind it, without its own attributes."""
    at, words = head.mention.end, ""
    for one in linked(head, _OWN):
        if at <= one.mention.start and one.mention.end <= time.start:
            words += head.note.text[at : one.mention.start]
            at = one.mention.end
    return words + head.note.text[at : time.start]


def lasting(text: str, head: Mention, time: Mention) -> str | None:
    """Return the words that say for how long the head has been there, up to now.

    "3-week history", "for the past 3 weeks"; None where it may be over ("for 3 days").
    """
    if time.end <= head.start:
        history = _HISTORY.fullmatch(text, time.end, head.start)
        return time.text + history[1] if history else None
    between = _FOR_THE if _PAST.match(time.text) else _UP_TO_NOW
    found = between.fullmatch(text, head.end, time.start) if head.end <= time.start else None
    return found[1] + time.text if found else None


def ends(text: str, time: Mention) -> bool:
    """Return whether a date ends where its mention does."""
    return not _GOES_ON.match(text, time.end)
