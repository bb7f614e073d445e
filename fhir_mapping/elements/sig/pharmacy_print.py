"""Sigs as hospitals print them: "325 mg Tablet Sig: One (1) Tablet PO BID (2 times a day)".

What stands before "Sig:" is the product, whose strength is no dose. A number or a time is said
twice, the second time in brackets: that is left out here, and must say the same.
"""

import re
from typing import Final, NamedTuple

from fhir_mapping.elements.sig import dose_and_route_tables
from fhir_mapping.elements.sig.dose_and_route_tables import NUMBER_WORDS
from fhir_mapping.elements.sig.dose_forms import DOSE_FORMS, PRODUCT_WORDS

_SIG: Final = re.compile(r"\bsig[^\S\n]?:\s*", re.IGNORECASE)
_COUNTED: Final = re.compile(r"\b([A-Za-z]{3,5}|\d{1,2})\s?\((\d{1,2}|[A-Za-z]{3,5})\)")
_BRACKET: Final = re.compile(r"\(([^()]*)\)")
_WORD: Final = re.compile(r"[^\W\d_]+|%|\d+(?:\.\d+)?|[^\s,]")
_KNOWN: Final = (
    DOSE_FORMS
    | PRODUCT_WORDS
    | frozenset([*dose_and_route_tables.AMOUNTS, *dose_and_route_tables.FORMS, "%"])
    | frozenset(word for phrase in dose_and_route_tables.ROUTES for word in phrase.split())
)
_MOST_BRACKETS: Final = 4


class Printed(NamedTuple):
    """The words of a sig said once, and those that say something of it again."""

    words: str
    again: tuple[str, ...]


def printed(words: str) -> Printed | None:
    """Return the words of a sig without product and repetitions.

    None where the words before "Sig:" are more than a product, or two numbers differ.
    """
    product, sign, own = _parted(words)
    if sign and not _is_product(product):
        return None
    counted = [one for one in _COUNTED.finditer(own) if _is_number(one[1]) and _is_number(one[2])]
    if any(_value(one[1]) != _value(one[2]) for one in counted):
        return None
    for one in reversed(counted):
        own = own[: one.start()] + one[1] + own[one.end() :]
    again: list[str] = []
    while len(again) < _MOST_BRACKETS and (bracket := _BRACKET.search(own)):
        again.append(bracket[1])
        own = f"{own[: bracket.start()]} {own[bracket.end() :]}"
    return Printed(own, tuple(again))


def _parted(words: str) -> tuple[str, bool, str]:
    sign = _SIG.search(words)
    return (words[: sign.start()], True, words[sign.end() :]) if sign else ("", False, words)


def _is_product(words: str) -> bool:
    """Whether words tell of nothing but a strength and a dose form."""
    return all(one[0].isdigit() or one.casefold() in _KNOWN for one in _WORD.findall(words))


def _is_number(word: str) -> bool:
    return word.isdigit() or word.casefold() in NUMBER_WORDS


def _value(word: str) -> int:
    return int(word) if word.isdigit() else NUMBER_WORDS[word.casefold()]
