"""That no allergy is known, in the words of notes, and its SNOMED CT codes (IPS, Allergies)."""

import re
from typing import Final, NamedTuple

from fhir_mapping.findings.allergy.patterns import NONE_KNOWN
from fhir_mapping.findings.mention_in_note import MentionInNote

# SNOMED CT Global Patient Set; a phrase that names two kinds of allergens has no code.
CODES: Final[dict[str, tuple[str, str]]] = {
    "": ("716186003", "No known allergy"),
    "drug": ("409137002", "No known drug allergy"),
    "food": ("429625007", "No known food allergy"),
    "environmental": ("428607008", "No known environmental allergy"),
}
_REACH: Final = 60

_KIND: Final[dict[str, str]] = {
    **dict.fromkeys(
        ("drug", "drugs", "medication", "medications", "medicine", "medicines", "med", "meds"),
        "drug",
    ),
    **dict.fromkeys(("food", "foods"), "food"),
    "environmental": "environmental",
}
_OF_LETTER: Final = {"": "", "d": "drug", "f": "food"}
_WORDS: Final = r"(?:[a-z]+\s*(?:,|/|\bor\b|\band\b|&)?\s*(?:or\s+|and\s+)?){0,4}?"
DENIED: Final = re.compile(
    r"\b(?:no|not(?=\s+known)|nil|den(?:y|ies|ied|ying)|without|negative\s+for)\s+(?:any\s+)?"
    rf"(?:(?:known|history\s+of)\s+)?(?P<kinds>{_WORDS})"
    rf"allerg(?:y|ies|ic\s+reactions?)\b(?:\s+to\s+(?:any\s+)?(?P<to>{_WORDS})(?=[.;,)\n]|\Z))?",
    re.IGNORECASE,
)
NOT_ALLERGIC: Final = re.compile(
    r"\b(?:not|never|n['’]t)\s+(?:known\s+to\s+be\s+)?allergic\s+to\s+(?:any\s+)?"
    rf"(?P<kinds>)(?P<to>{_WORDS})(?=[.;,)\n]|\Z)",
    re.IGNORECASE,
)
# "No drug allergies except …" knows one.
_EXCEPT: Final = re.compile(
    r"\s*,?\s*\(?(?:except|other\s+than|besides|apart\s+from|aside\s+from|but\b|to\b)",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[a-z]+", re.IGNORECASE)
_NO_KIND: Final = frozenset({"or", "and", "any", "known", "anything", "of", "history", "such"})
# They say of what kind, but not which: there is no code for them.
_OTHER_KINDS: Final = frozenset({"medical", "significant", "serious", "severe", "major"})


class NoneKnown(NamedTuple):
    """The words that say so, and the code and display where they are of one kind of allergens."""

    words: str
    code: tuple[str, str] | None

    @property
    def name(self) -> str:
        """What the finding is called: its code's display, whatever the words."""
        return self.code[1] if self.code else self.words


def none_known(one: MentionInNote) -> NoneKnown | None:
    """Return what is said at a mention if it is that no allergy is known."""
    text, mention = one.note.text, one.mention
    short = NONE_KNOWN.fullmatch(mention.text.strip())
    if short:
        code = CODES[_OF_LETTER[short["kind"].casefold()]]
        return NoneKnown(mention.text, None if _EXCEPT.match(text, mention.end) else code)
    start = max(0, mention.start - _REACH)
    window = text[start : mention.end + _REACH]
    for pattern in (DENIED, NOT_ALLERGIC):
        for found in pattern.finditer(window):
            if start + found.start() < mention.end and mention.start < start + found.end():
                return _of(found)
    return None


def _of(found: re.Match[str]) -> NoneKnown | None:
    named = f"{found['kinds']} {found['to'] or ''}"
    words = {word.casefold() for word in _WORD.findall(named)} - _NO_KIND
    if words - _KIND.keys() - _OTHER_KINDS or _EXCEPT.match(found.string, found.end()):
        return None
    kinds = {_KIND.get(word) for word in words} or {""}
    only = kinds.pop() if len(kinds) == 1 else None
    return NoneKnown(" ".join(found[0].split()), None if only is None else CODES[only])
