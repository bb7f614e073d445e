"""How a drug is taken: always in the words of the note, as codes where those say it all.

"15 mg/kg" must not become 15 mg, nor "5 mg daily except on Mondays" 5 mg daily. So `Dosage.text`
drops no word between two attributes silently, ends no attribute inside a word, and a wording with a
word that can turn its sense runs on to the end of its clause. The structure is that of a sig which
was read whole (fhir_mapping.elements.sig), or there is none.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Final

from fhir_mapping.datatypes.codeable_concept import Resource, words
from fhir_mapping.elements.evidence import derivation, extensions
from fhir_mapping.elements.sig.clause import Clauses
from fhir_mapping.elements.sig.dosage_elements import elements
from fhir_mapping.elements.sig.item import item_end
from fhir_mapping.elements.sig.leading import inside, leading
from fhir_mapping.elements.sig.sig_of_drug import Place, read
from fhir_mapping.elements.sig.trailing import trailing
from fhir_mapping.elements.sig.vetoes import TURN
from fhir_mapping.findings import labels
from fhir_mapping.findings.attributes import linked
from fhir_mapping.findings.grouping import Group
from fhir_mapping.findings.mention_in_note import MentionInNote
from fhir_mapping.findings.neighbours import InOrder
from fhir_mapping.findings.taken_next import taken_next
from models.clinical import Mention, Span

OMITTED: Final = " … "
_DESCRIBING: Final = frozenset({"Detailed_description", "Quantitative_concept", "Subject"})
_DOSED: Final = labels.DOSAGE_ATTRIBUTES | {"Medication", "Therapeutic_procedure", "Lab_value"}
_ALWAYS: Final = ("extension", "text")
_LONGEST_GAP: Final = 40
_LONGEST_WORD: Final = 100  # characters: in a text without blanks no dosage runs on to its end
_REST_OF_WORD: Final = re.compile(rf"[^\s,;()]{{0,{_LONGEST_WORD}}}+")
_POINT: Final = re.compile(r"(?:\A|[^\w.])\.\d\Z")
_LEADING: Final = " \t\r\n,:;-"
_CLOSED: Final = re.compile(
    r"[ \t]*+(?:[^\w \t]|\Z|(?:for|and|with|to|which|in|on|at|as|or|then|if)\b)"
)
_NEXT_WORDS: Final = re.compile(rf",?+(?:\s*+\w{{1,{_LONGEST_WORD}}}+){{0,4}}+")
_LONGEST_JOINT: Final = 8
_LISTED: Final = re.compile(r"[,;]\s{0,2}(?:and\s)?\Z")
_CLAUSE: Final = re.compile(r"(?:[^.;\n]|\.(?=\d)){0,80}")


def dosages(group: Group) -> list[Resource]:
    """Return a Dosage for each mention of a drug that has attributes, each wording once.

    A wording that is structured at one mention and not at another may bear a condition: it is not.
    """
    found: dict[object, Resource] = {}
    for dosage in filter(None, map(_dosage, group.mentions)):
        known = found.setdefault(dosage["text"], dosage)
        if known.keys() != dosage.keys():
            found[dosage["text"]] = {name: known[name] for name in _ALWAYS}
    return list(found.values())


def _dosage(drug: MentionInNote) -> Resource | None:
    """Return the Dosage of one mention, with the words of a sig that the drug's name holds."""
    ahead, behind = inside(_as_string(drug.mention.text))
    found = _beside(drug)
    if not (ahead or behind):
        return found
    extension = [derivation(drug.note, drug.mention)]
    said = found or {"extension": extension, "text": ""}
    return {**said, "text": _as_string(" ".join((ahead, behind, str(said["text"]))))}


def _beside(drug: MentionInNote) -> Resource | None:
    """Return the Dosage of one mention, with the evidence of its attributes."""
    attributes = _attributes(drug)
    if not attributes:
        return _unlinked(drug)
    sig = read(_place(drug, attributes))
    if sig is None:
        return {"extension": extensions(attributes), "text": _as_written(drug, attributes)}
    text = drug.note.text[sig.span.start : sig.span.end]
    return {"extension": extensions(attributes), "text": _as_string(text), **elements(sig.sig)}


def _unlinked(drug: MentionInNote) -> Resource | None:
    """Return the words of a sig right behind or before a drug that was given no attribute.

    Not where a word follows that they may describe: "[insulin] injection site".
    """
    text, end, begin = drug.note.text, _sig_end(drug), _leading(drug, drug.mention.start)
    span = Span(drug.mention.end, end if _CLOSED.match(text, end) else drug.mention.end)
    if span.start == span.end:
        span = Span(begin, drug.mention.start)
    elif begin < drug.mention.start:
        span = Span(begin, span.end)
    words = text[span.start : span.end]
    if not words:
        return _of_next_sentence(drug)
    rest = _rest(drug, words, span.end) if span.end > drug.mention.end else ""
    place = replace(drug.mention, start=span.start, end=span.end)
    return {
        "extension": [derivation(drug.note, place)],
        "text": _as_string((words + rest).lstrip(_LEADING)),
    }


def _of_next_sentence(drug: MentionInNote) -> Resource | None:
    """Return the words of a sig that the next sentence says of the drugs of this one."""
    text, how = drug.note.text, taken_next(drug.note.text, drug.mention.end)
    end = trailing(text, how.start, how.end) if how else 0
    if how is None or end == how.start:
        return None
    place = replace(drug.mention, start=how.start, end=end)
    return {"extension": [derivation(drug.note, place)], "text": _as_string(text[how.start : end])}


def _leading(drug: MentionInNote, start: int) -> int:
    """Return where the words right before a place begin that tell of the drug's sig.

    Words that the reader gave to something else are that thing's, but for a mere description:
    "[two] [nitroglycerin]".
    """
    before = drug.neighbours.of().within(max(0, start - _LONGEST_GAP), start)
    others = (one for one in before if one.label not in _DESCRIBING)
    floor = max((one.end for one in others if one.end <= start), default=0)
    return leading(drug.note.text, start, max(floor, start - _LONGEST_GAP))


def _sig_end(drug: MentionInNote) -> int:
    """Return where the words right behind a drug end that tell of its sig, on the same line."""
    text, end = drug.note.text, drug.mention.end
    line = text.find("\n", end)
    stop = _stop(drug, end)
    return trailing(text, end, min(stop, line) if line >= 0 else stop)


def _stop(drug: MentionInNote, place: int) -> int:
    """Return where the clause of a place ends, or the next drug starts."""
    end = _clauses(drug).end_of(place)
    return min(end, _drugs(drug).next_start(place, end))


def _place(drug: MentionInNote, attributes: list[MentionInNote]) -> Place:
    """Return where a drug stands, among its attributes and the other drugs of its note."""
    return Place(
        text=drug.note.text,
        drug=drug.mention,
        attributes=[one.mention for one in attributes],
        drugs=_drugs(drug),
        clauses=_clauses(drug),
    )


def _drugs(drug: MentionInNote) -> InOrder:
    """Return all mentions of the drug's note that have its label."""
    return drug.neighbours.of(frozenset({drug.mention.label}))


def _clauses(drug: MentionInNote) -> Clauses:
    """Return the clauses of the drug's note, made once for all its drugs."""
    make = partial(Clauses, drug.note.text, _drugs(drug))
    return drug.neighbours.kept((Clauses, drug.mention.label), make)


def _as_string(text: str) -> str:
    return " ".join(words(text).split())


def _attributes(drug: MentionInNote) -> list[MentionInNote]:
    """Return the attributes linked to a drug, in reading order."""
    return linked(drug, labels.DOSAGE_ATTRIBUTES)


def _as_written(drug: MentionInNote, attributes: list[MentionInNote]) -> str:
    """Return the attributes' words as written, with what stands between them or a sign for it."""
    text, own = drug.note.text, drug.mention
    written, end = "".join(_pieces(drug, attributes)), max(one.mention.end for one in attributes)
    if end <= own.start and not text[end : own.start].strip() and _sig_end(drug) > own.end:
        written, end = written + text[end : own.end], own.end
    return _as_string(written + _rest(drug, written, end))


def _rest(drug: MentionInNote, written: str, end: int) -> str:
    """Return the words behind the last attribute that are part of the prescription."""
    text = drug.note.text
    rest = _rest_of_word(text, end)
    if len(rest) == _LONGEST_WORD:
        return rest + OMITTED
    following = _matched(_NEXT_WORDS, text, end + len(rest))
    if TURN.within(written) or TURN.within(following):
        return _clause(drug, end)
    own = item_end(drug, _drugs(drug), _clauses(drug).end_of(drug.mention.end))
    if own > end:
        return text[end:own]
    end += len(rest)
    return rest + text[end : trailing(text, end, _stop(drug, end))]


def _clause(drug: MentionInNote, end: int) -> str:
    """Return the words up to the end of the clause, or to the next drug of a list."""
    clause = _matched(_CLAUSE, drug.note.text, end)
    following = _drugs(drug).next_start(end, end + len(clause)) - end
    listed = _LISTED.search(clause[:following], max(0, following - _LONGEST_JOINT))
    return clause[: listed.start()] if listed and following < len(clause) else clause


def _pieces(drug: MentionInNote, attributes: list[MentionInNote]) -> Iterator[str]:
    """Return the attributes and what stands between them."""
    text = drug.note.text
    places = [replace(one.mention, start=_start(text, one.mention.start)) for one in attributes]
    first = min(places[0].start, drug.mention.start)
    yield text[_leading(drug, first) : first]
    if first < places[0].start and _leading(drug, first) < first:
        yield text[first : drug.mention.end] + " "
    yield _ahead(drug, places[0])
    yield text[places[0].start : places[0].end]
    for before, after in pairwise(places):
        yield _between(drug, before, after)
        yield text[max(before.end, after.start) : max(before.end, after.end)]


def _start(text: str, start: int) -> int:
    """Return where an attribute starts with the point that a reader left out: ".125 mg"."""
    return start - 1 if _POINT.search(text[max(0, start - 2) : start + 1]) else start


def _ahead(drug: MentionInNote, first: Mention) -> str:
    """Return the words between a drug and its first attribute where all of them tell of the sig."""
    if drug.mention.end <= first.start <= _sig_end(drug):
        return drug.note.text[drug.mention.end : first.start].lstrip(_LEADING)
    return ""


def _between(drug: MentionInNote, before: Mention, after: Mention) -> str:
    """Return the words between two attributes, or the sign that words were left out.

    Words that hold a drug, or what may be another drug's dose, are left out; a site, a reason or
    a description stays: "solution in the right ear twice daily".
    """
    gap = drug.note.text[before.end : after.start]
    strangers = (
        other not in (before, after, drug.mention)
        for other in drug.neighbours.of(_DOSED).within(before.end, after.start)
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
