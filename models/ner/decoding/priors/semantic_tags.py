"""SNOMED CT's full names say what they name: "hospice care (regime/therapy)".

Fully Specified Name, SNOMED CT Editorial Guide. Such names stand in notes that a record system
wrote. `fhir_mapping.findings.semantic_tags` believes the same tags when it chooses a resource.
"""

import re
from collections.abc import Iterator

from models.clinical import SEMANTIC_TAGS
from models.ner.decoding.priors.expected import Expected

NAME, LAST_WORD, TAG = 6.0, 10.0, 6.0  # nats: every word of the name, the last one, the tag
LONGEST = 160  # characters of a name

_TAG = re.compile(rf"\(({'|'.join(map(re.escape, SEMANTIC_TAGS))})\)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+\Z")
# A name begins with a list's item, or after what introduces it.
_BEFORE = re.compile(
    r"[,;\n]\s*(?:[-*•]\s+)?"
    r"|\b(?:history of|present(?:s|ed|ing) with|diagnosed with|complain(?:s|ed|ing) of)\s+",
    re.IGNORECASE,
)


def expected(text: str) -> Iterator[Expected]:
    """Yield the names that are followed by a tag, the last word of each, and the tag."""
    for tag in _TAG.finditer(text):
        kind = SEMANTIC_TAGS[tag[1].lower()]
        start = _start(text, tag.start())
        end = start + len(text[start : tag.start()].rstrip(" \t"))
        last = _WORD.search(text, start, end)
        if last:
            yield Expected(start, last.start(), kind, NAME)
            yield Expected(last.start(), end, kind, LAST_WORD)
            yield Expected(end, tag.end(), "nothing", TAG)


def _start(text: str, end: int) -> int:
    start = max(0, end - LONGEST)
    for before in _BEFORE.finditer(text, start, end):
        start = before.end()
    return start
