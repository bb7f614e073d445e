"""The tag behind a full name of SNOMED CT decides the resource type: "chill (finding)".

Records that were exported or copied from a coded list carry such names (SNOMED CT Editorial Guide,
Fully Specified Name). The tag is the note's own word, so it is believed over a reader's label.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

from models.clinical import SEMANTIC_TAGS, Assertion, Mention

Tagged = Literal["Condition", "Procedure", "MedicationStatement"]

_RESOURCES: Final[Mapping[str, Tagged]] = {
    "problem": "Condition",
    "procedure": "Procedure",
    "drug": "MedicationStatement",
}
_TAGS: Final = "|".join(map(re.escape, SEMANTIC_TAGS))
_INSIDE: Final = re.compile(rf"\(({_TAGS})\)\s*\Z", re.IGNORECASE)
_BEHIND: Final = re.compile(rf"\s*\(({_TAGS})\)", re.IGNORECASE)
# "Not in labor force (finding)": the name of a state, whose "not" denies nothing that is named.
_NAME_WITH_NOT: Final = re.compile(
    r"(?:(?<=[,;])|\A)\s*not\s[^,;()]*\((?:finding|disorder)\)", re.IGNORECASE
)


def kind(text: str, mention: Mention) -> Tagged | None:
    """Return the resource type that the tag in or right behind a mention says; None without one."""
    found = _INSIDE.search(mention.text) or _BEHIND.match(text, mention.end)
    return _RESOURCES[SEMANTIC_TAGS[found[1].casefold()]] if found else None


def tagged(text: str, mention: Mention) -> Mention:
    """Return a mention with the tag right behind it; as it is without one."""
    behind = _BEHIND.match(text, mention.end)
    if not behind:
        return mention
    return replace(mention, end=behind.end(), text=text[mention.start : behind.end()])


def without_tag(text: str) -> str:
    """Return the words of a mention without the tag at their end."""
    return _INSIDE.sub("", text)


def without_names(text: str) -> str:
    """Return the words of a mention without full names that begin with "not"."""
    return _NAME_WITH_NOT.sub("", text)


def denied_by_itself(mention: Mention, assertion: Assertion) -> bool:
    """Return whether the word that denies a mention is one of its own ("absence of appetite")."""
    return any(
        cue.kind == "negated" and mention.start <= cue.start and cue.end <= mention.end
        for cue in assertion.cues
    )
