"""Values that nobody measured: a goal, a limit at which something shall be done, a range.

"Transfuse for hemoglobin < 7", "hold for SBP < 90" and "goal BP < 130/80" tell what is wanted. "Was
transfused for a hemoglobin of 6.4" tells what was found, and so does "BP at goal, 128/76".
"""

import re
from typing import Final

from fhir_mapping.findings.mention_in_note import MentionInNote

_REACH: Final = 120
_REACH_AFTER: Final = 40
_SENTENCE_END: Final = re.compile(r"[.;!?](?=\s|\Z)|\n")
_COMPARED: Final = (
    r"(?:[<>≤≥]|\b(?:less|greater|more|lower|higher)\s+than|\b(?:above|below|over|under|exceed\w*"
    r"|drops?|falls?|rises?|at\s+least|at\s+most|up\s+to|between|within))"
)
# Behind a name and before its value.
_LIMIT: Final = re.compile(rf"[A-Za-z\s/'-]{{0,24}}?{_COMPARED}", re.IGNORECASE)
# Right before a name or right behind it, and its number.
_GOAL: Final = re.compile(
    r"\b(?<!at )(?<!to )(?<!within )(?<!near )(?<!reached )(?<!met )(?:goals?|targets?)"
    r"(?:\s*(?:[:=]|\b(?:of|for|is|the|an?|his|her|your|to))){0,3}\s*\Z",
    re.IGNORECASE,
)
_GOAL_BEHIND: Final = re.compile(r"\s{0,2}(?:goals?|targets?|parameters?)\b", re.IGNORECASE)
_GOAL_INSIDE: Final = re.compile(
    r"(?:goal|target)\b|.*\b(?:goals?|targets?)\Z", re.IGNORECASE | re.DOTALL
)
# "Normal creatinine is 0.6 to 1.2" is of the laboratory; "normal creatinine of 0.9" is found.
_NORMAL: Final = re.compile(r"\b(?:normal|reference)\s+\Z", re.IGNORECASE)
_RANGE: Final = re.compile(r"[A-Za-z\s]{0,24}\d[\d.,]*\s*(?:to|[-–—])\s*\d", re.IGNORECASE)
_WANTED: Final = re.compile(
    r"\b(?:keep|keeping|maintain|titrate[ds]?|titrating|aim(?:ing|s)?|ensure|until|hold\s+parameters?"
    r"|parameters?)\b",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\d")
_IF: Final = re.compile(r"\b(?:if|unless|whenever|in\s+case|should|once)\b", re.IGNORECASE)
# What shall be done, said as an order; "was given for" and "admitted with" tell what was.
_ORDER: Final = re.compile(
    r"(?<!was )(?<!were )(?<!been )\b(?:hold|call|notify|transfuse|give|contact|page|alert|return"
    r"|administer|replete|replace|start|stop|resume|prn|p\.r\.n\.|as\s+needed|tylenol|seek)\b"
    r"[^.;\n]*?\b(?:for|with|when|at)\b",
    re.IGNORECASE,
)


def is_threshold(test: MentionInNote) -> bool:
    """Return whether a test has a goal, a limit or a range of normal instead of a result."""
    text, mention = test.note.text, test.mention
    before = _SENTENCE_END.split(text[max(0, mention.start - _REACH) : mention.start])[-1]
    after = _SENTENCE_END.split(text[mention.end : mention.end + _REACH_AFTER])[0]
    goal = _GOAL_INSIDE.match(mention.text) or _GOAL.search(before) or _GOAL_BEHIND.match(after)
    if (goal and _NUMBER.search(after)) or (_NORMAL.search(before) and _RANGE.match(after)):
        return True
    if not _LIMIT.match(after):
        return False
    return any(words.search(before) for words in (_WANTED, _IF, _ORDER))
