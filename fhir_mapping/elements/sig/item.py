"""A drug alone in its item of a list of drugs: what stands behind it there is said of it."""

import re
from typing import Final

from fhir_mapping.findings.mention_in_note import MentionInNote, section_kind
from fhir_mapping.findings.neighbours import InOrder
from fhir_mapping.findings.taken_or_done import TAKEN_IN

_LONGEST: Final = 160
_OPENING: Final = re.compile(r"(?:\A|\n)[^\S\n]*(?:[-*•#]|\d{1,2}[.)])?[^\S\n]*\Z")
_LONGEST_OPENING: Final = 24
# A second strength may be that of a drug that the reader did not see.
_STRENGTH: Final = re.compile(r"\d\s?(?:m?c?g|µg|μg|ml|units?|meq|%)(?![a-z])", re.IGNORECASE)


def item_end(drug: MentionInNote, drugs: InOrder, end: int) -> int:
    """Return where the item of a drug ends that is alone in it; -1 where that is not certain.

    Only in sections that list what is taken, only of a drug that opens its line, and not where two
    strengths stand behind it. `drugs` are all drugs of the text, `end` is that of the clause.
    """
    text, own = drug.note.text, drug.mention
    if section_kind(drug) not in TAKEN_IN:
        return -1
    if not _OPENING.search(text[max(0, own.start - _LONGEST_OPENING) : own.start]):
        return -1
    behind = text[own.end : end]
    alone = drugs.next_start(own.end, len(text)) >= end
    if not alone or len(behind) > _LONGEST or len(_STRENGTH.findall(behind)) > 1:
        return -1
    return own.end + len(behind.rstrip(" \t\r\n,;"))
