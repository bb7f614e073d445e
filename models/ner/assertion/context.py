"""Decide what a note says of each mention besides naming it: an offset-based ConText.

After ConText (Harkema, Dowling, Thornblade, Chapman, J Biomed Inform 2009, 42:839), written anew:
cues are found by character offset, scopes end at stops, and headings speak for their sections.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.clinical import Assertion, Cue, CueKind, Mention
from models.ner.assertion.clause_patterns import GONE, LASTING, NOW
from models.ner.assertion.cue_search import Cued
from models.ner.assertion.cues.headings import SAYS
from models.ner.assertion.entity_groups import OWN, Group, group_of
from models.ner.assertion.form_answers import denied_by
from models.ner.assertion.scope_ends import FARTHEST
from models.ner.assertion.scopes import LOOK_BACK, Scopes, scopes
from models.ner.text.layout.layout_model import Layout, Section
from models.ner.text.layout.layout_of_text import layout

PLAIN = Assertion()
SAID: frozenset[CueKind] = frozenset({"negated", "uncertain", "historical"})
TO_DO = frozenset({"plan", "assessment_and_plan"})
HISTORY = re.compile(r"\b(?:history|hx|fh|fhx)\b", re.IGNORECASE)
LISTED = re.compile(
    r"\b(?:n?or|and|such\s+as|including)\s+(?:any\s+|other\s+)?\Z|\bany\s+\Z", re.IGNORECASE
)
# "No [change in bowel habits]": the change is what is denied.
CHANGE = re.compile(
    r"(?:changes?|increase|decrease|worsening|improvement|difference)\b", re.IGNORECASE
)
NO_BEFORE = re.compile(
    r"\b(no|without|denies|denied|not\s+noticed)\s+(?:any\s+|recent\s+)?\Z", re.IGNORECASE
)
NO_LONGEST = 30
ALLERGY = re.compile(r"\ballerg|intoleran|\bhypersensitiv", re.IGNORECASE)


def assert_all(
    text: str, mentions: Sequence[Mention], found: Layout | None = None
) -> tuple[Assertion, ...]:
    """Return the assertion of each mention, in the mentions' order; `found` is the text's layout.

    Every `Cue` of an assertion lies in the text: `cue.text == text[cue.start:cue.end]`. Attributes
    (a dose, a date, a body part) share the assertion of their head and get a plain one here.
    """
    found = found or layout(text)
    context = _Context(text, found, scopes(found))
    return tuple(context.assertion(mention) for mention in mentions)


@dataclass(frozen=True, slots=True)
class _Context:
    text: str
    layout: Layout
    scopes: Scopes

    def assertion(self, mention: Mention) -> Assertion:
        group = group_of(mention.label)
        cues = {cue.kind: cue for cue in self._cues(mention, group)} if group else {}
        if not cues:
            return PLAIN
        return Assertion(
            negated="negated" in cues,
            uncertain="uncertain" in cues,
            historical="historical" in cues,
            hypothetical="hypothetical" in cues,
            experiencer="family" if "family" in cues else "other" if "other" in cues else "patient",
            cues=tuple(sorted(cues.values(), key=lambda cue: cue.start)),
        )

    def _cues(self, mention: Mention, group: Group) -> Iterator[Cue]:
        """Yield what the heading says, then the mention's own type, then the words around it."""
        section = self.layout.section_at(mention.start)
        kind = SAYS.get(section.kind) if section else None
        if section and kind and self._speaks(section, mention, group):
            heading = _heading(section)
            yield self._cue(kind, heading.start, heading.body)
        form = denied_by(self.layout, mention) if self._asks(section, group) else None
        if form:
            yield self._cue("negated", form.start, form.end)
        changed = group == "condition" and CHANGE.match(mention.text)
        if changed and (
            no := NO_BEFORE.search(self.text, max(0, mention.start - NO_LONGEST), mention.start)
        ):
            yield self._cue("negated", no.start(), no.start() + len(no[1]))
        if mention.label in OWN:
            yield self._cue(OWN[mention.label], mention.start, mention.end)
        if group == "condition" and (gone := GONE.match(self.text, mention.end)):
            yield self._cue("historical", *gone.span("gone"))
        for cued in settled(self.text, self.scopes.deciding(mention, group)):
            yield self._cue(cued.rule.kind, cued.start, cued.end)

    def _asks(self, section: Section | None, group: Group) -> bool:
        """Whether an empty box or a minus denies a mention of this group.

        Beside a test it is the result, and in a plan it is what is still to be done.
        """
        to_do = group != "condition" and section is not None and section.kind in TO_DO
        return group != "test" and not to_do

    def _speaks(self, section: Section, mention: Mention, group: Group) -> bool:
        """Whether a heading says anything of a mention of this group.

        A drug in the past history is often the one that is taken for it ("PMH: HTN on lisinopril"):
        only a heading that names drugs ("Discontinued medications") makes it past. An allergy that
        is named as one ("Allergies: penicillin allergy") is no mere possibility. Under the past
        stands what is now, too: "chronic diarrhea", "he is currently free of pain".
        """
        if section.kind == "immunizations":
            return group == "condition"  # a vaccine that is named by its disease
        if section.kind == "past_history" and group == "condition":
            return not self._is_now(section, mention)
        if group == "condition" and section.kind == "allergies":
            return not ALLERGY.search(mention.text)
        return group != "drug" or section.kind not in ("past_history", "surgical_history")

    def _is_now(self, section: Section, mention: Mention) -> bool:
        """Whether the words before a mention, or its sentence, say that it is there now."""
        before = self.text[max(section.body, mention.start - LOOK_BACK) : mention.start]
        sentence = self.scopes.sentence(mention)
        start, end = max(section.body, sentence.start), min(sentence.end, sentence.start + FARTHEST)
        return bool(LASTING.search(before) or NOW.search(self.text, start, min(end, section.end)))

    def _cue(self, kind: CueKind, start: int, end: int) -> Cue:
        return Cue(kind, start, end, self.text[start:end])


def _heading(section: Section) -> Section:
    """Return the section whose heading gave a section its kind."""
    while section.parent and section.parent.kind == section.kind:
        section = section.parent
    return section


def settled(text: str, cues: Iterator[Cued]) -> Iterator[Cued]:
    """Yield the cues that stand when they are read together.

    A cue in a later piece between commas has the word from there on ("no fever, concern for PE").
    "No sign suggestive of pneumonia" is denied, not doubted; "no infiltrate, but an early pneumonia
    cannot be excluded" is doubted, not denied: the cue after the mention is the last word. When a
    relative had it ("mother had breast cancer at age 50") is not when the patient did.
    """
    every = list(cues)
    if len(every) < 2:  # noqa: PLR2004  # a cue alone stands
        yield from every
        return
    found = {(cue.rule.kind, cue.rule.side): cue for cue in _last_said(text, every)}
    if ("family", "before") in found:
        found.pop(("historical", "after"), None)
    if ("other", "before") in found:
        found.pop(("historical", "before"), None)
    if ("uncertain", "after") in found:
        found.pop(("negated", "before"), None)
    elif ("negated", "before") in found or ("negated", "after") in found:
        found.pop(("uncertain", "before"), None)
    yield from found.values()


def _last_said(text: str, cues: list[Cued]) -> list[Cued]:
    """Return cues but what was denied or doubted before the piece in which the last cue stands."""
    before = sorted((cue for cue in cues if cue.rule.side == "before"), key=_start)
    last = before[-1] if before else None
    if not last or last.rule.kind == "historical" or HISTORY.search(text[last.start : last.end]):
        return cues  # "denies diabetes, family history of CAD"
    parted = (cue for cue in before if _parted(text[cue.end : last.start], last))
    anew = next((cue.start for cue in parted if cue.rule.kind in ("negated", "uncertain")), None)
    if anew is None:
        return cues
    return [
        cue
        for cue in cues
        if cue.rule.side == "after"
        or cue.rule.kind not in SAID
        or not anew <= cue.start < last.start
    ]


def _start(cue: Cued) -> int:
    return cue.start


def _parted(between: str, last: Cued) -> bool:
    """Whether a new piece begins between two cues, and not the last item of a list."""
    told_apart = last.rule.kind == "hypothetical" or not LISTED.search(between)
    return "," in between and told_apart
