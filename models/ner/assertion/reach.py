"""Whether a cue's scope ends before a mention: over commas, lists, clauses, brackets."""

import re
from typing import NamedTuple

from models.ner.assertion import grammar
from models.ner.assertion.labels import ANYTHING, Group
from models.ner.assertion.rules import Rule

FARTHEST = 500
NEXT_WORDS = 2
LONGEST_NUMBER = 12
EXAMINERS = frozenset({"no", "without"})  # who denies lists complaints and nothing else
BRACKETS = re.compile(r"[()]")


class Gap(NamedTuple):
    """The text between a cue and a mention, the mention, and the clause before and after it."""

    between: str
    mention: str
    before: str
    after: str


def reaches(rule: Rule, group: Group, gap: Gap) -> bool:
    """Return whether a cue of this rule is about a mention of this group."""
    if group not in rule.about:
        return False
    between = gap.between
    if rule.side == "after":
        between = grammar.ABBREVIATED.sub("", between, count=1)
        between = between.removeprefix(")") if gap.before.endswith("(") else between
    if not _balanced(between) or not _near(rule, gap._replace(between=between)):
        return False
    if rule.side == "before":
        return _forward(rule, group, gap)
    if rule.kind == "historical" and not rule.ended and grammar.NOT_THEN.search(between):
        return False
    return rule.reach != "clause" or _subject(between, gap.before)


def _balanced(between: str) -> bool:
    """Whether no bracket that opened before this text closes in it."""
    depth = 0
    for sign in BRACKETS.findall(between):
        depth += 1 if sign == "(" else -1
        if depth < 0:
            return False
    return True


def _near(rule: Rule, gap: Gap) -> bool:
    between = gap.between
    match rule.reach:
        case "touch":
            beside = rule.side == "before" and grammar.OR_NEXT.fullmatch(between)
            return bool(beside) or not between.strip() or between.strip().endswith(("ly", "be"))
        case "next":
            return len(between.split()) <= NEXT_WORDS and not grammar.JOINED.search(between)
        case "piece":
            if rule.side == "after" and ":" in between and between.strip() != ":":
                return False  # the answer to another question
            return "," not in between or (rule.kind == "uncertain" and _in_an_or(gap))
        case "item":
            alone = grammar.PLACED.match(gap.after) or grammar.OF_A_KIND.search(between)
            alone = alone or grammar.HEALED.search(between + gap.mention)
            return "," not in between or not alone or _in_an_or(gap)
        case "clause" | "list":
            return True


def _forward(rule: Rule, group: Group, gap: Gap) -> bool:
    between = gap.between
    if rule.kind == "historical":
        between = grammar.OPENER.sub("", between, count=1)
    elif rule.kind == "hypothetical":
        between = grammar.WHICH_INCLUDES.sub("", grammar.OR_THERE.sub("or", between))
    elif rule.kind in ("family", "other"):
        between = grammar.WHO.sub("", between, count=1)
    elif rule.kind == "negated" and grammar.GRANTED.fullmatch(between):
        return False
    gap = gap._replace(between=between)
    if group == "drug" and rule.kind == "negated" and "," in between and _dosed(gap):
        return False
    if _ended(rule, group, gap) or _taken_back(rule, between, gap.after):
        return False
    if group == "condition" or not (rule.about >= ANYTHING or rule.ended):
        return True
    between = grammar.ON.sub("", between) if group == "drug" else between
    return not grammar.PLACE.search(grammar.OF.sub("", between))


def _dosed(gap: Gap) -> bool:
    """Whether a dose behind a drug says that it is taken: "not on aspirin, [Plavix] 75 mg"."""
    return bool(grammar.DOSE.match(gap.after)) and not _in_an_or(gap)


def _ended(rule: Rule, group: Group, gap: Gap) -> bool:
    """Whether the clause or the list that the cue opened ends before the mention."""
    between, after = gap.between, gap.after
    own = grammar.OWN_VERB.match(after) and grammar.LAST_JOINT.search(between)
    own = own or (grammar.OWN_FINDING.match(after) and grammar.CLOSED_LIST.search(between))
    return bool(
        _new_clause(between)
        or (rule.kind == "hypothetical" and grammar.OWN_REASON.search(between))
        or (own and (rule.kind, group) != ("hypothetical", "condition"))
        or ((rule.kind == "negated" or rule.ended) and _another(rule, gap))
        or (rule.reach in ("list", "piece") and grammar.BESIDE.search(between))
    )


def _new_clause(between: str) -> bool:
    """Whether a clause begins in some words, or one that has a verb of its own goes on."""
    if grammar.NEW_CLAUSE.search(between):
        return True
    done = 0
    for verb in grammar.SAYING.finditer(between):
        if verb.end() >= done:
            done = between.find("\n", verb.end()) + 1 or len(between)
            if grammar.JOINT.search(between, verb.end() + 1, done):
                return True
    return False


def _another(rule: Rule, gap: Gap) -> bool:
    """Whether another thing than the one that is denied, or is over, begins before the mention."""
    if grammar.OTHER_THING.search(gap.between) or grammar.COURSE_TOLD.search(gap.between):
        return True
    if grammar.HAS_NOW.match(gap.between):
        return True
    begun = _of_another_kind(rule, gap) or grammar.FELT.search(gap.between)
    if grammar.OWN_FINDING.match(gap.after):
        begun = begun or grammar.TOLD.search(gap.between)
    begun = begun or grammar.MEASURED.search(gap.between + gap.mention[:LONGEST_NUMBER])
    if EXAMINERS.intersection(rule.phrases) and grammar.LAST.match(gap.after):
        begun = begun or grammar.SLIGHT.search(gap.between + gap.mention)
    return bool(begun) and not _in_an_or(gap)


def _of_another_kind(rule: Rule, gap: Gap) -> bool:
    """Whether a word for degree or age begins another thing than what is denied."""
    if rule.ended or EXAMINERS.intersection(rule.phrases):
        return bool(grammar.OF_A_KIND.search(gap.between))
    last = grammar.OF_OLD_LAST.search(gap.between) and grammar.LAST.match(gap.after)
    return bool(last or grammar.OF_A_DEGREE.search(gap.between))


def _in_an_or(gap: Gap) -> bool:
    """Whether the mention stands in a list that an "or" closes."""
    return bool(grammar.OR_BEHIND.search(gap.between) or grammar.OR_AHEAD.match(gap.after))


def _taken_back(rule: Rule, between: str, after: str) -> bool:
    """Whether the mention is said to be there now, or to have been confirmed, for all the cue."""
    if rule.kind == "uncertain":
        return bool(grammar.CONFIRMED.match(after) or grammar.POSSESSED.fullmatch(between))
    if rule.kind == "hypothetical":
        going = grammar.DEFINITE.fullmatch(between) and grammar.PERSISTS.match(after)
        goes_on = "condition" not in rule.about and grammar.CONTINUE.search(between)
        return bool(going or goes_on)
    if rule.kind != "historical":
        return False
    today = not rule.ended and grammar.TODAY.match(after)
    lasts = not rule.ended and grammar.LASTING.search(between)
    return bool(today or lasts or grammar.PRESENT.search(between))


def _subject(between: str, before: str) -> bool:
    """Whether the mention is (in) the subject of the cue that follows it."""
    after_aside = grammar.ASIDE.sub("", between)
    if after_aside != between:
        return not grammar.AUXILIARY.sub("", after_aside).strip()
    its_own = grammar.WHICH.sub("", between)
    if its_own != between:
        clause = grammar.AUXILIARY.sub("", its_own)
        return not (grammar.FINITE.search(clause) or grammar.STILL_NOT.search(its_own))
    between = grammar.AUXILIARY.sub("", between)
    if grammar.FINITE.search(between):
        return False
    own = grammar.OPENING.sub("", grammar.NEXT_CLAUSE.split(before)[-1])
    return not (grammar.JOINED.search(between) and grammar.FINITE.search(own))
