"""The name of a thing: the phrase that the note uses, its site and what kind it is included.

"Chest pain" is no pain that happens to be in the chest, and "acute bronchitis" no bronchitis at
large: where the site or a description stands right before its head, it is part of the name.
"""

import re
from collections.abc import Iterator
from typing import Final

from fhir_mapping.findings import labels
from fhir_mapping.findings.linked import attributes
from fhir_mapping.findings.mention_in_note import MentionInNote

NAMED: Final = labels.PROBLEMS | {"Diagnostic_procedure", "Therapeutic_procedure"}
INTEGRAL: Final = frozenset({"Biological_structure", "Detailed_description"})
_BETWEEN: Final = re.compile(r"[ -]|\n(?=\S)")
# How a thing goes on and what it is compared with say nothing of its kind; a participle is no kind
# either ("improving", "decreased").
_NO_KIND: Final = re.compile(
    r"(?:\w*(?:ing|ed)|new|newer|old|older|recent|current|previous|prior|more|less|further|worse"
    r"|better|stable|other|same|additional|similar|significant|minimal|slight|overall)",
    re.IGNORECASE,
)


def modifiers(one: MentionInNote) -> tuple[MentionInNote, ...]:
    """Return the attributes that are part of a mention's name, in reading order."""
    if one.mention.label not in NAMED:
        return ()
    return tuple(_before(one))[::-1]


def _before(one: MentionInNote) -> Iterator[MentionInNote]:
    """Yield what stands right before a mention and is its own, the nearest first."""
    start, text = one.mention.start, one.note.text
    for attribute in reversed(attributes(one, INTEGRAL)):
        mention = attribute.mention
        if mention.end > start:
            continue
        if not _BETWEEN.fullmatch(text[mention.end : start]) or _says_no_kind(attribute):
            return
        yield attribute
        start = mention.start


def _says_no_kind(attribute: MentionInNote) -> bool:
    described = attribute.mention.label == "Detailed_description"
    return described and _NO_KIND.fullmatch(attribute.mention.text) is not None


def phrase(one: MentionInNote) -> str:
    """Return the name of a thing as the note has it."""
    first = next(iter(modifiers(one)), one)
    return one.note.text[first.mention.start : one.mention.end]
