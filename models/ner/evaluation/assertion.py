"""How well assertions agree with the POLARITY attributes of MACCROBAT.

Gold NEG is "negated"; UNCERTAIN and MAYBE_POS are "uncertain". MAYBE_NEG (partly gone: "symptoms
were much improved") counts neither way. The corpus also calls NEG what is over ("the fever
subsided", "the drain was removed"), which a FHIR record must not refute but call past: the row
"negated or over" counts a cue that says so as negated too. Not judged: attributes, which the corpus
gives no polarity unless they bear one, and History and Family_history, whose spans hold their own
"no".
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from models.clinical import Assertion, Mention, Reading
from models.ner.assertion.context import assert_all
from models.ner.assertion.cues.historical import HISTORICAL
from models.ner.assertion.cues.words import SETS
from models.ner.assertion.entity_groups import OWN, group_of
from models.ner.assertion.rules import Rule
from models.ner.brat import AnnotatedText, Entity, flat
from models.ner.evaluation.counts import Counts
from models.ner.evaluation.matching import matched
from models.ner.text.phrase_trie import expand, normal

DOUBTED = frozenset({"UNCERTAIN", "MAYBE_POS"})
NEITHER = "MAYBE_NEG"

Judged = tuple[str, Assertion]  # what the corpus says, "" where nothing, and what we say


def given_gold(text: AnnotatedText) -> Iterator[Judged]:
    """Yield what is said of every annotated mention."""
    mentions = _mentions(text, text.entities)
    for entity, found in zip(text.entities, assert_all(text.text, mentions), strict=True):
        yield from _judged(text, entity, found)


def end_to_end(text: AnnotatedText, reading: Reading) -> Iterator[Judged]:
    """Yield what a reading says of the mentions that it had to find, and of those it made up."""
    entities = flat(text.entities)
    found_as = matched(_mentions(text, entities), reading.mentions)
    assertions = {gold: reading.assertions[found] for found, gold in found_as.items()}
    for number, entity in enumerate(entities):
        yield from _judged(text, entity, assertions.get(number, Assertion()))
    for number, mention in enumerate(reading.mentions):
        if number not in found_as and mention.label not in OWN and group_of(mention.label):
            yield "", reading.assertions[number]


def score(judged: Iterable[Judged]) -> dict[str, Counts]:
    """Count the verdicts of each kind."""
    pairs = list(judged)
    return {
        "negated": _counts((gold == "NEG", assertion.negated) for gold, assertion in pairs),
        "negated or over": _counts(
            (gold == "NEG", assertion.negated or _over(assertion)) for gold, assertion in pairs
        ),
        "uncertain": _counts((gold in DOUBTED, assertion.uncertain) for gold, assertion in pairs),
    }


def _judged(text: AnnotatedText, entity: Entity, assertion: Assertion) -> Iterator[Judged]:
    values = {a.entity: a.value for a in text.attributes if a.type == "POLARITY"}
    gold = values.get(entity.id, "")
    if gold != NEITHER and entity.label not in OWN and (gold or group_of(entity.label)):
        yield gold, assertion


def _mentions(text: AnnotatedText, entities: Sequence[Entity]) -> list[Mention]:
    spans = ((each.label, each.span.start, each.span.end) for each in entities)
    return [Mention(start, end, text.text[start:end], kind, 1.0) for kind, start, end in spans]


def _over(assertion: Assertion) -> bool:
    return any(cue.kind == "historical" and normal(cue.text) in _ended() for cue in assertion.cues)


@cache
def _ended() -> frozenset[str]:
    """Return the cues that say that something is over."""
    rules = (rule for rule in HISTORICAL if isinstance(rule, Rule) and rule.ended)
    templates = (template for rule in rules for template in rule.phrases)
    return frozenset(phrase for template in templates for phrase in expand(template, SETS))


def _counts(verdicts: Iterable[tuple[bool, bool]]) -> Counts:
    return sum((Counts(due and given, given, due) for due, given in verdicts), Counts())
