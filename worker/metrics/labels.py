"""What a label may say: words of our own tables, and `other` for everything else.

A label is stored for as long as the monitoring keeps it, by people who may see no patient. So no
id, no path as it was asked for, and no word of anybody else's gets into one.
"""

from collections.abc import Collection, Iterator
from typing import Final

from models.errors import BiomedError

OTHER: Final = "other"

NAMES: Final = frozenset(
    {
        "process", "code_version", "state", "code", "outcome", "door",
        "method", "route", "status", "event", "acknowledgment",
    }
)  # fmt: skip
"""All labels there are, but for those that prometheus-client gives (`le`, and of Python itself)."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

EVENTS: Final = frozenset(
    {"MDM_T02", "MDM_T04", "MDM_T06", "MDM_T08", "MDM_T10", "MDM_T11", "ORU_R01"}
)
"""MSH-9.1 and MSH-9.2 of what the HL7 v2 door takes (HL7 v2.5.1, chapters 7 and 9)."""

ACKNOWLEDGMENTS: Final = frozenset({"AA", "AE", "AR", "CA", "CE", "CR"})
"""MSA-1 (HL7 table 0008)."""


def one_of(word: str, known: Collection[str]) -> str:
    """Return a word that is known, `other` for any other."""
    return word if word in known else OTHER


def error_codes() -> frozenset[str]:
    """Return the code of every error that `models.errors` has."""
    return frozenset(kind.code for kind in kinds(BiomedError))


def kinds(error: type[BiomedError]) -> Iterator[type[BiomedError]]:
    """Yield an error and all that are special cases of it."""
    yield error
    for kind in error.__subclasses__():
        yield from kinds(kind)
