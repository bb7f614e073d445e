"""What a page's own style sheet hides, as far as single classes and ids say so (CSS 2.2, 9.2.4)."""

import re
from collections.abc import Iterator
from typing import Final

_COMMENT: Final = re.compile(r"/\*(?:(?!\*/).)*+(?:\*/|\Z)", re.DOTALL)
_BRACE: Final = re.compile(r"[{}]")
_SIMPLE: Final = re.compile(r"\s*+([.#])([\w-]+)\s*+")
_DISPLAY: Final = re.compile(r"(?:^|;)\s*+(display|visibility)\s*+:\s*+([a-z-]+)", re.IGNORECASE)
_OUT: Final = frozenset({"none", "hidden", "collapse"})


def hidden_names(css: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the classes and the ids that a style sheet hides; the last rule for each counts.

    Rules for other media than the screen, and selectors of several parts, are left alone: a word
    too many is read rather than one too few.
    """
    hidden: dict[str, bool] = {}
    for selectors, body in _rules(_COMMENT.sub(" ", css)):
        said = [value.lower() in _OUT for _, value in _DISPLAY.findall(body)]
        if not said:
            continue
        for selector in selectors.split(","):
            simple = _SIMPLE.fullmatch(selector)
            if simple:
                hidden[simple[1] + simple[2]] = any(said)
    names = [name for name, out in hidden.items() if out]
    return (
        frozenset(name[1:] for name in names if name[0] == "."),
        frozenset(name[1:] for name in names if name[0] == "#"),
    )


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and body of each rule that stands in no other one, such as `@media print`."""
    depth, begin, opened = 0, 0, 0
    nested = False
    for brace in _BRACE.finditer(css):
        if brace[0] == "{":
            nested |= depth > 0
            opened = opened if depth else brace.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                if not nested:
                    yield css[begin:opened], css[opened + 1 : brace.start()]
                begin, nested = brace.end(), False
