"""The words of the tables: seen before a drug or after a full stop, they are part of its sig."""

from typing import Final

from fhir_mapping.elements.sig import dose_and_route_tables, timing
from fhir_mapping.elements.sig.dose_and_route_tables import NUMBER_WORDS

# Words of the tables that say nothing by themselves.
_PLAIN: Final = frozenset(["a", "at", "by", "for", "in", "of", "per", "the", "to", "when", "x"])

_ARTICLES: Final = frozenset({"a", "the"})

WORDS: Final = (
    frozenset(
        word
        for table in (
            dose_and_route_tables.AMOUNTS,
            dose_and_route_tables.FORMS,
            dose_and_route_tables.ROUTES,
            timing.FREQUENCIES,
            timing.EVERY,
            timing.PERIODS,
            timing.FOR,
            dose_and_route_tables.AS_NEEDED,
            NUMBER_WORDS,
        )
        for phrase in table
        for word in phrase.split()
    )
    - _ARTICLES
)
TELLING: Final = WORDS - _PLAIN | {"half", "double"}
