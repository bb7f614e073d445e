"""A sig before its drug, where its words begin: "two sublingual [drug]"."""

import re
from typing import Final

from fhir_mapping.elements.sig import dose_and_route_tables
from fhir_mapping.elements.sig.dose_and_route_tables import NUMBER_WORDS
from fhir_mapping.elements.sig.dose_forms import DOSE_FORMS, OTHER_ROUTES

_WORD: Final = re.compile(r"(?<![\w.-])([A-Za-z][A-Za-z.-]{0,20}),?[ ]\Z")
_LONGEST: Final = 24
_MOST: Final = 4
_LINKING: Final = frozenset({"a", "of"})
# No digits: those before a drug number a list.
_TELLING: Final = frozenset(
    [
        *(phrase for phrase in dose_and_route_tables.ROUTES if " " not in phrase),
        *dose_and_route_tables.FORMS,
        *NUMBER_WORDS,
        *DOSE_FORMS,
        *OTHER_ROUTES,
        *("couple", "dose", "doses", "few", "half", "several", "total"),
        *("otc", "over-the-counter"),
    ]
)


# What the name of a product may hold: its form and its way.
_OF_NAMES: Final = frozenset(
    [
        *(one for one in dose_and_route_tables.ROUTES if " " not in one),
        *DOSE_FORMS,
        *OTHER_ROUTES,
        *dose_and_route_tables.FORMS,
    ]
)


def inside(name: str) -> tuple[str, str]:
    """Return the words of a sig that a drug's name begins with, and those that it ends with.

    "oral iron" begins with its route, "Betadine solution" ends with its form; what is left of a
    name is never nothing.
    """
    words = name.split()
    first = next((i for i, word in enumerate(words) if not _tells(word)), len(words))
    last = next((i for i, word in enumerate(reversed(words)) if not _tells(word)), len(words))
    if first == len(words):
        return "", ""
    return " ".join(words[:first]), " ".join(words[len(words) - last :])


def _tells(word: str) -> bool:
    plain = word.casefold().strip(".,()").replace(".", "")
    return plain in _OF_NAMES


def leading(text: str, start: int, floor: int) -> int:
    """Return where the words right before `start` begin that tell of a sig, from `floor` on."""
    begin = at = start
    for _ in range(_MOST):
        found = _WORD.search(text, max(floor, at - _LONGEST), at)
        word = found[1].casefold().strip(".").replace(".", "") if found else ""
        if found is None or word not in _TELLING | _LINKING:
            break
        at = found.start()
        begin = at if word in _TELLING else begin
    return begin
