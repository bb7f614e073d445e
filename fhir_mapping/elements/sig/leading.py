"""A sig before its drug, where its words begin: "two sublingual [drug]"."""

import re
from typing import Final

from fhir_mapping.elements.sig import tables
from fhir_mapping.elements.sig.dose_forms import DOSE_FORMS
from fhir_mapping.elements.sig.tables import NUMBER_WORDS

_WORD: Final = re.compile(r"(?<![\w.-])([A-Za-z][A-Za-z.-]{0,20}),?[ ]\Z")
_LONGEST: Final = 24
_MOST: Final = 4
_LINKING: Final = frozenset({"a", "of"})
# No digits: those before a drug number a list.
_TELLING: Final = frozenset(
    [
        *(phrase for phrase in tables.ROUTES if " " not in phrase),
        *tables.FORMS,
        *NUMBER_WORDS,
        *DOSE_FORMS,
        *("couple", "few", "half", "several", "otc", "over-the-counter"),
    ]
)


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
