"""The quick look for words of allergies passes over nothing that the patterns would find."""

import re
from importlib import import_module
from typing import Any

import pytest

from fhir_mapping.findings.allergy.none_known import DENIED, NOT_ALLERGIC
from fhir_mapping.findings.allergy.patterns import ANY, GENERIC, NONE_KNOWN, TELLING

PARSER = import_module("re._parser")
PATTERNS = (*TELLING, DENIED, NOT_ALLERGIC, NONE_KNOWN, GENERIC)
OF_A_CLASS = {"CATEGORY_SPACE": " ", "CATEGORY_DIGIT": "1"}


def shortest(parsed: Any) -> list[str]:
    """Return a text for each choice among alternatives, without all that may be left out."""
    texts = [""]
    for kind, what in parsed:
        texts = [text + more for text in texts for more in _next(str(kind), what)]
    return texts


def _next(kind: str, what: Any) -> list[str]:
    """Return the texts of one part; that of a boundary, and of a look beside, is empty."""
    match kind:
        case "BRANCH":
            found = [text for one in what[1] for text in shortest(one)]
        case "SUBPATTERN":
            found = shortest(what[3])
        case "MAX_REPEAT" | "MIN_REPEAT" if what[0]:
            found = shortest(what[2])
        case "LITERAL":
            found = [chr(what)]
        case "IN":
            found = [_of_a_set(*what[0])]
        case _:
            found = ["x" if kind == "ANY" else ""]
    return found


def _of_a_set(kind: Any, what: Any) -> str:
    first = what[0] if isinstance(what, tuple) else what  # of a range
    return OF_A_CLASS.get(str(what), "x") if str(kind) == "CATEGORY" else chr(first)


@pytest.mark.parametrize("pattern", PATTERNS, ids=map(str, range(len(PATTERNS))))
def test_whatever_tells_an_allergy_has_a_word_of_the_quick_look(pattern: re.Pattern[str]) -> None:
    """Who adds a word to a pattern and not to `ANY` is told here, not by a note."""
    texts = shortest(PARSER.parse(pattern.pattern, re.IGNORECASE))
    assert [text for text in texts if not ANY.search(text)] == []


def test_a_word_that_only_a_pattern_has_is_found_out() -> None:
    """Otherwise the test above would be content with anything."""
    parsed = PARSER.parse(r"\b(?:allerg(?:y|ic)|sensitiv(?:e|ity))\s+to\b")
    passed_over = [text for text in shortest(parsed) if not ANY.search(text)]
    assert passed_over == ["sensitive to", "sensitivity to"]
