"""Lists whose title says what is in them: each item of a list of drugs begins with a drug."""

import re
from collections.abc import Iterator, Sequence

from models.ner.decoding.priors.kinds import Expected, Kind
from models.ner.text.layout.blocks import Section
from models.ner.text.layout.reading import layout

DRUG, PROCEDURE = 3.0, 1.5  # nats: a drug is named first; a procedure's name may begin with a site

_DRUGS = re.compile(r"\b(?:medications|medicines|meds|drugs)\b", re.IGNORECASE)
_NOT_TAKEN = re.compile(r"allerg|intoleran|reaction", re.IGNORECASE)
_PROCEDURES = re.compile(r"\b(?:procedures?|operations?|surgeries)\b", re.IGNORECASE)
_SAID = re.compile(  # "The following procedures were conducted:" and its items
    r"\bfollowing (?P<what>medications|medicines|drugs|procedures|operations)\b[^:\n]{0,40}:"
    r"(?P<items>(?:(?:[^\S\n]*+\n)++[ \t]*+[-*•][^\n]*+)++)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:\A|[;\n])[ \t]*(?:[-*•][ \t]+|\d{1,2}[.)][ \t]+)?(?P<item>[^;\n]+)")
_FIRST = re.compile(r"[^\W\d_]{2,}")


def expected(text: str) -> Iterator[Expected]:
    """Yield the first word of each listed drug, and each listed procedure, once each."""
    found: dict[int, Expected] = {}
    for start, end, kind in _lists(text):
        for item in _ITEM.finditer(text[start:end]):
            begin, stop = (start + place for place in item.span("item"))
            found |= {each.start: each for each in _of_item(text, begin, stop, kind)}
    yield from found.values()


def _lists(text: str) -> Iterator[tuple[int, int, Kind]]:
    for said in _SAID.finditer(text):
        kind: Kind = "drug" if _DRUGS.search(said["what"]) else "procedure"
        yield *said.span("items"), kind
    yield from _titled(text, layout(text).sections)


def _titled(text: str, found: Sequence[Section]) -> Iterator[tuple[int, int, Kind]]:
    for section in found:
        title = text[section.start : section.body]
        if _DRUGS.search(title) and not _NOT_TAKEN.search(title):
            yield section.body, section.end, "drug"
        elif _PROCEDURES.search(title):
            yield section.body, section.end, "procedure"


def _of_item(text: str, start: int, end: int, kind: Kind) -> Iterator[Expected]:
    if kind == "procedure":
        yield Expected(start, end, kind, PROCEDURE)
    elif first := _FIRST.match(text, start, end):
        yield Expected(*first.span(), kind, DRUG)
