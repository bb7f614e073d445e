"""From a drug in a note to its sig, read whole out of the note's own contiguous words.

A reader misses attributes, so its mentions only say where the sig stands. What is read are all
words from the first attribute or the drug to the end of the clause, without the drug.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fhir_mapping.elements.sig.clause import Clauses
from fhir_mapping.elements.sig.conditions_around import conditioned_after, conditioned_before
from fhir_mapping.elements.sig.grammar import parse
from fhir_mapping.elements.sig.sig_model import Sig
from fhir_mapping.findings.neighbours import InOrder
from models.clinical import Mention, Span

_LEAD: Final = re.compile(r"\s*[:,]\s+|\s+[-–—]\s+|\s+|\Z")
_ABBREVIATED: Final = re.compile(r"\.[A-Za-z]\.\Z")
_IN_BRACKETS: Final = re.compile(r"\(([^()]*)\)\s*")


@dataclass(frozen=True, slots=True)
class Place:
    """A drug in a text, its attributes in reading order, all drugs of the text, its clauses."""

    text: str
    drug: Mention
    attributes: Sequence[Mention]
    drugs: InOrder
    clauses: Clauses


@dataclass(frozen=True, slots=True)
class Read:
    """A sig, and the characters it was read from."""

    sig: Sig
    span: Span


def read(place: Place) -> Read | None:
    """Return the sig of a drug; None where any word in or around it may say something else."""
    start = min(place.drug.start, *(one.start for one in place.attributes))
    (own, *others), end = place.clauses.segments(place.drug.end)
    if _holds_others(place, start, own.end) or _is_conditioned(place, start, end):
        return None
    sig = _sig(place.text, Span(start, place.drug.start), own)
    if sig is None or _may_share(sig, [_after_drug(place.text, one) for one in others]):
        return None
    return Read(sig, _span(place, start, own))


def _holds_others(place: Place, start: int, end: int) -> bool:
    """Return whether another drug stands in the words, or an attribute of this one outside."""
    outside = any(one.end > end for one in place.attributes)
    return outside or any(one != place.drug for one in place.drugs.within(start, end))


def _sig(text: str, before: Span, after: Span) -> Sig | None:
    """Return the sig of the words before and after a drug; one that cuts a word has none."""
    ahead, behind = text[before.start : before.end], _words(text, after)
    if behind is None or not re.search(r"\s\Z|\A\Z", ahead):
        return None
    return parse(f"{ahead} {behind}")


def _after_drug(text: str, span: Span) -> Sig | None:
    words = _words(text, span)
    return parse(words) if words else None


def _words(text: str, span: Span) -> str | None:
    """Return the words after a drug, out of their brackets; None where they cling to it."""
    lead = _LEAD.match(text, span.start, span.end)
    if lead is None:
        return None
    words = text[lead.end() : span.end]
    brackets = _IN_BRACKETS.fullmatch(words)
    return brackets[1] if brackets else words


def _span(place: Place, start: int, own: Span) -> Span:
    """Return the characters of the sig, with the drug only where it stands among them."""
    lead = _LEAD.match(place.text, own.start, own.end)
    opening = lead.end() if lead and start == place.drug.start else start
    words = _without_full_stop(place.text[opening : own.end])
    bracketed = _IN_BRACKETS.fullmatch(words) is not None
    return Span(opening + bracketed, opening + len(words) - bracketed)


def _without_full_stop(words: str) -> str:
    """Return words without the white space and full stop at their end; "p.o." ends with none."""
    bare = words.rstrip()
    ends = bare.endswith(".") and not _ABBREVIATED.search(bare, len(bare) - len(".o."))
    return bare[:-1] if ends else bare


def _may_share(sig: Sig, others: Sequence[Sig | None]) -> bool:
    """Return whether what is said of drugs named with this one may be said of it too.

    "[furosemide] 20 mg and [levothyroxine] 100 µg, both daily"; "…, [drug] 400 mg for 7 days".
    """
    return any(other is None or _adds(sig, other) for other in others)


def _adds(sig: Sig, other: Sig) -> bool:
    if (other.as_needed and not sig.as_needed) or (other.bounds and not sig.bounds):
        return True
    return sig.timing is None and (other.timing or other.route) is not None


def _is_conditioned(place: Place, start: int, end: int) -> bool:
    following = place.drugs.next_start(end, len(place.text))
    return conditioned_after(place.text, end, following) or conditioned_before(
        place.text, start, place.drugs
    )
