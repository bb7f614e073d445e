"""No stage takes longer than its text is long, whatever a note is made of."""

from collections.abc import Callable

import pytest

from fhir_mapping.datatypes.identity import normalise
from fhir_mapping.findings import history_resource_type
from fhir_mapping.findings.family_clause import clause
from fhir_mapping.findings.relatives import relative
from fhir_mapping.findings.semantic_tags import without_names
from models.clinical import Mention
from models.ner.assertion.cued_lists import OPENING
from tests.growth import MADE, PATTERNS, decoding, growing_too_fast


def _of_family(text: str) -> Mention:
    return Mention(0, len(text), text, "Family_history", 0.9)


def _opened(text: str) -> list[object]:
    return [OPENING.match(text, i) for i, letter in enumerate(text) if letter == " "]


WORK_ON_WORDS: dict[str, tuple[Callable[[str], object], str]] = {
    "accents of one letter, out of order": (normalise, "\u0315\u0300"),
    "relatives of relatives": (lambda text: relative([text]), "great "),
    "blanks in a history": (history_resource_type.kind, " "),
    "tags": (without_names, "; not a (finding "),
    "a clause of a family": (lambda text: clause(_of_family(text)), "mother and "),
    "words that open a list": (_opened, " any"),
}

SIZES = (10_000, 40_000)
LONGER = (25_000, 100_000)
EVERY = "many mentions"  # has the most stages: every pattern is tried on it

TRIED = [
    (pattern, stages)
    for number, pattern in enumerate(PATTERNS)
    for stages in MADE
    if stages == EVERY or number % 3 == 0
]
"""What is quick enough for every run; the long test tries every pattern on every stage."""


@pytest.mark.parametrize(("pattern", "stages"), TRIED)
def test_time_grows_with_the_text(pattern: str, stages: str) -> None:
    """Two doublings of a text take at most 2.3 times as long each."""
    assert growing_too_fast(MADE[stages], PATTERNS[pattern], SIZES) == []


@pytest.mark.parametrize("pattern", ["full stops", "sigs"])
def test_time_of_the_search_for_labels_grows_with_the_words(pattern: str) -> None:
    """Of words any of which could be anything; what they are makes no difference to it."""
    assert growing_too_fast(decoding, PATTERNS[pattern], LONGER) == []


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("stages", MADE)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_time_grows_with_a_longer_text(pattern: str, stages: str) -> None:
    """Nor do two doublings of a longer text."""
    assert growing_too_fast(MADE[stages], PATTERNS[pattern], LONGER) == []


def test_growth_is_seen() -> None:
    """What compares each word with each other is caught, and what reads them once is not."""

    def made(text: str) -> dict[str, Callable[[], object]]:
        some = text.split()[: len(text) // 20]
        return {
            "each with each": lambda: sum(one < other for one in some for other in some),
            "each once": lambda: sum(len(one) for one in some for _ in range(500)),
        }

    (found,) = growing_too_fast(made, "fever ", (14_000, 28_000))
    assert found.startswith("each with each: ")


@pytest.mark.parametrize("name", WORK_ON_WORDS)
def test_time_grows_with_the_words_of_one_mention(name: str) -> None:
    """A mention may be as long as its note."""
    work, unit = WORK_ON_WORDS[name]
    assert growing_too_fast(lambda text: {name: lambda: work(text)}, unit, SIZES) == []
