"""How a drug is taken: always in the words of the note, as codes where those say it all.

"15 mg/kg" must not become 15 mg, nor "5 mg daily except on Mondays" 5 mg daily. So `Dosage.text`
drops no word between two attributes silently, ends no attribute inside a word, and a wording with a
word that can turn its sense runs on to the end of its clause. The structure is that of a sig which
was read whole (fhir_mapping.elements.sig), or there is none.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from fhir_mapping.datatypes.concept import Resource, words
from fhir_mapping.elements.evidence import extensions
from fhir_mapping.elements.sig.elements import elements
from fhir_mapping.elements.sig.onward import onward
from fhir_mapping.elements.sig.reading import Place, read
from fhir_mapping.elements.sig.vetoes import TURN
from fhir_mapping.findings import labels
from fhir_mapping.findings.grouping import Group
from fhir_mapping.findings.linked import linked
from fhir_mapping.findings.mention_in_note import Sighting
from fhir_mapping.findings.neighbours import InOrder
from models.clinical import Mention

OMITTED: Final = " … "
_ALWAYS: Final = ("extension", "text")
_LONGEST_GAP: Final = 40
_LONGEST_WORD: Final = 100  # characters: in a text without blanks no dosage runs on to its end
_REST_OF_WORD: Final = re.compile(rf"[^\s,;()]{{0,{_LONGEST_WORD}}}+")
_NEXT_WORDS: Final = re.compile(rf",?+(?:\s*+\w{{1,{_LONGEST_WORD}}}+){{0,4}}+")
_CLAUSE: Final = re.compile(r"(?:[^.;\n]|\.(?=\d)){0,80}")


def dosages(group: Group) -> list[Resource]:
    """Return a Dosage for each sighting of a drug that has attributes, each wording once.

    A wording that is structured at one sighting and not at another may bear a condition: it is not.
    """
    found: dict[object, Resource] = {}
    for dosage in filter(None, map(_dosage, group.sightings)):
        known = found.setdefault(dosage["text"], dosage)
        if known.keys() != dosage.keys():
            found[dosage["text"]] = {name: known[name] for name in _ALWAYS}
    return list(found.values())


def _dosage(sighting: Sighting) -> Resource | None:
    """Return the Dosage of one sighting, with the evidence of its attributes."""
    attributes = _attributes(sighting)
    if not attributes:
        return None
    sig = read(_place(sighting, attributes))
    if sig is None:
        return {"extension": extensions(attributes), "text": _wording(sighting, attributes)}
    text = sighting.note.text[sig.span.start : sig.span.end]
    return {"extension": extensions(attributes), "text": _as_string(text), **elements(sig.sig)}


def _place(sighting: Sighting, attributes: list[Sighting]) -> Place:
    """Return where a drug stands, among its attributes and the other drugs of its note."""
    return Place(
        text=sighting.note.text,
        drug=sighting.mention,
        attributes=[one.mention for one in attributes],
        drugs=_drugs(sighting),
    )


def _drugs(drug: Sighting) -> InOrder:
    """Return all mentions of the drug's note that have its label."""
    return drug.neighbours.of(frozenset({drug.mention.label}))


def _as_string(text: str) -> str:
    return " ".join(words(text).split())


def _attributes(sighting: Sighting) -> list[Sighting]:
    """Return the attributes linked to a drug, in reading order."""
    return linked(sighting, labels.DOSAGE_ATTRIBUTES)


def _wording(drug: Sighting, attributes: list[Sighting]) -> str:
    """Return the attributes' words as written, with what stands between them or a sign for it."""
    wording = "".join(_pieces(drug, attributes))
    return _as_string(wording + _rest(drug, wording, max(one.mention.end for one in attributes)))


def _rest(drug: Sighting, wording: str, end: int) -> str:
    """Return the words behind the last attribute that are part of the prescription."""
    text = drug.note.text
    rest = _rest_of_word(text, end)
    if len(rest) == _LONGEST_WORD:
        return rest + OMITTED
    following = _matched(_NEXT_WORDS, text, end + len(rest))
    if TURN.within(wording) or TURN.within(following):
        return _matched(_CLAUSE, text, end)
    end += len(rest)
    next_drug = _drugs(drug).next_start(end, len(text))
    return rest + text[end : onward(text, end, next_drug)]


def _pieces(drug: Sighting, attributes: list[Sighting]) -> Iterator[str]:
    """Return the attributes and what stands between them."""
    text = drug.note.text
    yield text[attributes[0].mention.start : attributes[0].mention.end]
    for before, after in pairwise(one.mention for one in attributes):
        yield _between(drug, before, after)
        yield text[max(before.end, after.start) : max(before.end, after.end)]


def _between(drug: Sighting, before: Mention, after: Mention) -> str:
    """Return the words between two attributes, or the sign that words were left out.

    Words that hold another mention than the drug may be another drug's dose.
    """
    gap = drug.note.text[before.end : after.start]
    strangers = (
        other not in (before, after, drug.mention)
        for other in drug.neighbours.of().within(before.end, after.start)
    )
    far = len(gap) > _LONGEST_GAP or "\n" in gap.strip()
    return _rest_of_word(gap, 0) + OMITTED if far or (gap and any(strangers)) else gap


def _rest_of_word(text: str, end: int) -> str:
    """Return the characters from `end` to the end of the word there: the "/kg" of "15 mg/kg"."""
    rest = _matched(_REST_OF_WORD, text, end)
    return rest if len(rest) == _LONGEST_WORD else rest.rstrip(".:!?")


def _matched(pattern: re.Pattern[str], text: str, start: int) -> str:
    """Return what a pattern that matches anywhere matches at `start`."""
    found = pattern.match(text, start)
    return found[0] if found else ""
