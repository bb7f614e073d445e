"""The name of a drug: the note's words; of an anesthetic by its way, with the heading above it.

"ANESTHESIA: General endotracheal" names general endotracheal anesthesia.
"""

import re
from typing import Final

from fhir_mapping.findings.mention_in_note import MentionInNote

_WAY: Final = re.compile(
    r"(?:(?:general|spinal|local|regional|monitored|topical|epidural|endotracheal|mask|and|with)"
    r"(?:[\s,/]+|\Z))+",
    re.IGNORECASE,
)
_HEADING: Final = re.compile(
    r"\b(?P<name>an(?:a)?esthe(?:sia|tic))(?:\s+(?:type|used|given))?\s*:\s*[^\n.]{0,40}\Z",
    re.IGNORECASE,
)
_REACH: Final = 80
_LONGEST: Final = 60


def drug_name(one: MentionInNote) -> str:
    """Return the name of a drug as the note tells it."""
    name, start = one.mention.text, one.mention.start
    if len(name) > _LONGEST or not _WAY.fullmatch(name):
        return name
    heading = _HEADING.search(one.note.text, max(0, start - _REACH), start)
    if heading is None:
        return name
    word = heading["name"] if name.isupper() else heading["name"].lower()
    return f"{name} {word}"
