"""What a cue table is made of: rules that give a kind of assertion, and stops that end its scope.

A phrase is lower case; one space stands for any white space (a line end too), `#` for a digit, and
a word in braces for each member of that set in `words.py`: "{be} ruled out" is eight phrases.
"""

from dataclasses import dataclass
from typing import Literal

from models.clinical import CueKind
from models.ner.assertion.entity_groups import ANYTHING, Group

WAS = (
    r"\b(?:is|are|was|were|be|been|being|remains?|remained|got)\s+"
    r"(?:\w+ly\s+|also\s+|now\s+|then\s+|thus\s+|later\s+|soon\s+){0,2}$"
)

Side = Literal["before", "after"]
Reach = Literal["clause", "list", "item", "piece", "next", "touch"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Phrases that say `kind` of the mentions they reach.

    `side`: the cue stands "before" or "after" what it is about. `reach`: to the end of the
    "clause"; over a "list" of things, but not to what comes "with" them; over an "item" of a list,
    and beyond it only where an "or" follows; to the end of a "piece" between commas; to the "next"
    two words only; only to what the cue does "touch". `about`: the groups of labels it can be
    about. `left` and `right`: regular expressions that the text before the cue (at its end) and
    after it (at its start) must match. `ended` marks a historical cue that says the thing is over,
    not only that it was. `own`: whether the cue is also about a mention that begins with it
    ("[no edema]"), which "[absent breath sounds]" is not.
    """

    kind: CueKind
    phrases: tuple[str, ...]
    side: Side = "before"
    reach: Reach = "clause"
    about: frozenset[Group] = ANYTHING
    left: str = ""
    right: str = ""
    ended: bool = False
    own: bool = True


@dataclass(frozen=True, slots=True)
class Stop:
    """Phrases that end the scope of the cues of some kinds, looking forward, back, or both."""

    kinds: frozenset[CueKind]
    phrases: tuple[str, ...]
    sides: frozenset[Side] = frozenset({"before", "after"})


@dataclass(frozen=True, slots=True)
class Pseudo:
    """Phrases that only look like the cue that they hold, which they hide by being longer."""

    phrases: tuple[str, ...]


Entry = Rule | Stop | Pseudo
