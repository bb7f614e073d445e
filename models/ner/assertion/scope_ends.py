"""Whether a cue's scope ends before a mention: over commas, lists, clauses, brackets."""

import re
from typing import NamedTuple

from models.ner.assertion import clause_patterns
from models.ner.assertion.entity_groups import ANYTHING, Group
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
        between = clause_patterns.ABBREVIATED.sub("", between, count=1)
        between = between.removeprefix(")") if gap.before.endswith("(") else between
    if not _balanced(between) or not _near(rule, gap._replace(between=between)):
        return False
    if rule.side == "before":
        return _forward(rule, group, gap)
    if rule.kind == "historical" and not rule.ended and clause_patterns.NOT_THEN.search(between):
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
            beside = rule.side == "before" and clause_patterns.OR_NEXT.fullmatch(between)
            return bool(beside) or not between.strip() or between.strip().endswith(("ly", "be"))
        case "next":
            return len(between.split()) <= NEXT_WORDS and not clause_patterns.JOINED.search(between)
        case "piece":
            if rule.side == "after" and ":" in between and between.strip() != ":":
                return False  # the answer to another question
            return "," not in between or (rule.kind == "uncertain" and _in_an_or(gap))
        case "item":
            alone = clause_patterns.PLACED.match(gap.after) or clause_patterns.OF_A_KIND.search(
                between
            )
            alone = alone or clause_patterns.HEALED.search(between + gap.mention)
            return "," not in between or not alone or _in_an_or(gap)
        case "clause" | "list":
            return True


def _forward(rule: Rule, group: Group, gap: Gap) -> bool:
    between = gap.between
    if rule.kind == "historical":
        between = clause_patterns.OPENER.sub("", between, count=1)
    elif rule.kind == "hypothetical":
        between = clause_patterns.WHICH_INCLUDES.sub(
            "", clause_patterns.OR_THERE.sub("or", between)
        )
    elif rule.kind in ("family", "other"):
        between = clause_patterns.WHO.sub("", between, count=1)
    elif rule.kind == "negated" and clause_patterns.GRANTED.fullmatch(between):
        return False
    gap = gap._replace(between=between)
    if group == "drug" and rule.kind == "negated" and "," in between and _dosed(gap):
        return False
    if _ended(rule, group, gap) or _taken_back(rule, between, gap.after):
        return False
    if group == "condition" or not (rule.about >= ANYTHING or rule.ended):
        return True
    between = clause_patterns.ON.sub("", between) if group == "drug" else between
    return not clause_patterns.PLACE.search(clause_patterns.OF.sub("", between))


def _dosed(gap: Gap) -> bool:
    """Whether a dose behind a drug says that it is taken: "not on aspirin, [Plavix] 75 mg"."""
    return bool(clause_patterns.DOSE.match(gap.after)) and not _in_an_or(gap)


def _ended(rule: Rule, group: Group, gap: Gap) -> bool:
    """Whether the clause or the list that the cue opened ends before the mention."""
    between, after = gap.between, gap.after
    own = clause_patterns.OWN_VERB.match(after) and clause_patterns.LAST_JOINT.search(between)
    own = own or (
        clause_patterns.OWN_FINDING.match(after) and clause_patterns.CLOSED_LIST.search(between)
    )
    return bool(
        _new_clause(between)
        or (rule.kind == "hypothetical" and clause_patterns.OWN_REASON.search(between))
        or (own and (rule.kind, group) != ("hypothetical", "condition"))
        or ((rule.kind == "negated" or rule.ended) and _another(rule, gap))
        or (rule.reach in ("list", "piece") and clause_patterns.BESIDE.search(between))
    )


def _new_clause(between: str) -> bool:
    """Whether a clause begins in some words, or one that has a verb of its own goes on."""
    if clause_patterns.NEW_CLAUSE.search(between):
        return True
    done = 0
    for verb in clause_patterns.SAYING.finditer(between):
        if verb.end() >= done:
            done = between.find("\n", verb.end()) + 1 or len(between)
            if clause_patterns.JOINT.search(between, verb.end() + 1, done):
                return True
    return False


def _another(rule: Rule, gap: Gap) -> bool:
    """Whether another thing than the one that is denied, or is over, begins before the mention."""
    if clause_patterns.OTHER_THING.search(gap.between) or clause_patterns.COURSE_TOLD.search(
        gap.between
    ):
        return True
    if clause_patterns.HAS_NOW.match(gap.between):
        return True
    begun = _of_another_kind(rule, gap) or clause_patterns.FELT.search(gap.between)
    if clause_patterns.OWN_FINDING.match(gap.after):
        begun = begun or clause_patterns.TOLD.search(gap.between)
    begun = begun or clause_patterns.MEASURED.search(gap.between + gap.mention[:LONGEST_NUMBER])
    if EXAMINERS.intersection(rule.phrases) and clause_patterns.LAST.match(gap.after):
        begun = begun or clause_patterns.SLIGHT.search(gap.between + gap.mention)
    return bool(begun) and not _in_an_or(gap)


def _of_another_kind(rule: Rule, gap: Gap) -> bool:
    """Whether a word for degree or age begins another thing than what is denied."""
    if rule.ended or EXAMINERS.intersection(rule.phrases):
        return bool(clause_patterns.OF_A_KIND.search(gap.between))
    last = clause_patterns.OF_OLD_LAST.search(gap.between) and clause_patterns.LAST.match(gap.after)
    return bool(last or clause_patterns.OF_A_DEGREE.search(gap.between))


def _in_an_or(gap: Gap) -> bool:
    """Whether the mention stands in a list that an "or" closes."""
    return bool(
        clause_patterns.OR_BEHIND.search(gap.between) or clause_patterns.OR_AHEAD.match(gap.after)
    )


def _taken_back(rule: Rule, between: str, after: str) -> bool:
    """Whether the mention is said to be there now, or to have been confirmed, for all the cue."""
    if rule.kind == "uncertain":
        return bool(
            clause_patterns.CONFIRMED.match(after) or clause_patterns.POSSESSED.fullmatch(between)
        )
    if rule.kind == "hypothetical":
        going = clause_patterns.DEFINITE.fullmatch(between) and clause_patterns.PERSISTS.match(
            after
        )
        goes_on = "condition" not in rule.about and clause_patterns.CONTINUE.search(between)
        return bool(going or goes_on)
    if rule.kind != "historical":
        return False
    today = not rule.ended and clause_patterns.TODAY.match(after)
    lasts = not rule.ended and clause_patterns.LASTING.search(between)
    return bool(today or lasts or clause_patterns.PRESENT.search(between))


def _subject(between: str, before: str) -> bool:
    """Whether the mention is (in) the subject of the cue that follows it."""
    after_aside = clause_patterns.ASIDE.sub("", between)
    if after_aside != between:
        return not clause_patterns.AUXILIARY.sub("", after_aside).strip()
    its_own = clause_patterns.WHICH.sub("", between)
    if its_own != between:
        clause = clause_patterns.AUXILIARY.sub("", its_own)
        return not (
            clause_patterns.FINITE.search(clause) or clause_patterns.STILL_NOT.search(its_own)
        )
    between = clause_patterns.AUXILIARY.sub("", between)
    if clause_patterns.FINITE.search(between):
        return False
    own = clause_patterns.OPENING.sub("", clause_patterns.NEXT_CLAUSE.split(before)[-1])
    return not (clause_patterns.JOINED.search(between) and clause_patterns.FINITE.search(own))
