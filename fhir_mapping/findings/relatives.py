"""Whose history it is: words for one relative, and their codes of HL7 v3-RoleCode."""

import re
from collections.abc import Iterable
from typing import Final

ANY: Final = "FAMMEMB"

RELATIVES: Final[dict[str, tuple[str, str]]] = {
    "mother": ("MTH", "mother"),
    "father": ("FTH", "father"),
    "brother": ("BRO", "brother"),
    "sister": ("SIS", "sister"),
    "twin brother": ("TWINBRO", "twin brother"),
    "twin sister": ("TWINSIS", "twin sister"),
    "half brother": ("HBRO", "half-brother"),
    "half sister": ("HSIS", "half-sister"),
    "sibling": ("SIB", "sibling"),
    "parent": ("PRN", "parent"),
    "grandparent": ("GRPRN", "grandparent"),
    "son": ("SONC", "son"),
    "daughter": ("DAUC", "daughter"),
    "grandmother": ("GRMTH", "grandmother"),
    "grandfather": ("GRFTH", "grandfather"),
    "maternal grandmother": ("MGRMTH", "maternal grandmother"),
    "maternal grandfather": ("MGRFTH", "maternal grandfather"),
    "paternal grandmother": ("PGRMTH", "paternal grandmother"),
    "paternal grandfather": ("PGRFTH", "paternal grandfather"),
    "aunt": ("AUNT", "aunt"),
    "maternal aunt": ("MAUNT", "maternal aunt"),
    "paternal aunt": ("PAUNT", "paternal aunt"),
    "uncle": ("UNCLE", "uncle"),
    "maternal uncle": ("MUNCLE", "maternal uncle"),
    "paternal uncle": ("PUNCLE", "paternal uncle"),
    "cousin": ("COUSN", "cousin"),
    "maternal cousin": ("MCOUSN", "maternal cousin"),
    "paternal cousin": ("PCOUSN", "paternal cousin"),
    "niece": ("NIECE", "niece"),
    "nephew": ("NEPHEW", "nephew"),
    "grandson": ("GRNDSON", "grandson"),
    "granddaughter": ("GRNDDAU", "granddaughter"),
    "husband": ("HUSB", "husband"),
    "wife": ("WIFE", "wife"),
    "spouse": ("SPS", "spouse"),
    "": (ANY, "family member"),
}

_SAME: Final[dict[str, str]] = {"mom": "mother", "mum": "mother", "dad": "father"}
_BASES: Final = sorted(
    {*_SAME, *(name.split()[-1] for name in RELATIVES if name)}, key=len, reverse=True
)
_MOST_AROUND: Final = 8  # bounded, so that time grows with the length of the text
# Words around a relative that make another relative of it are taken in, so that no code is found.
WORD: Final = (
    r"\b(?:(?:maternal|paternal|twin|half|step|foster|adoptive|adopted|great|first|second)[\s-]++)"
    rf"{{0,{_MOST_AROUND}}}+"
    rf"(?:{'|'.join(_BASES)})s?(?:-in-law)?\b"
)
_RELATIVE: Final = re.compile(f"({WORD})", re.IGNORECASE)


def relative(texts: Iterable[str]) -> str:
    """Return the key in RELATIVES of the one relative that the texts name, else "".

    "Mother and sister", "two brothers" and "mother's father" name none for certain.
    """
    found = {_named(match) for text in texts for match in _RELATIVE.findall(text)}
    only = found.pop() if len(found) == 1 else ""
    return only if only in RELATIVES else ""


def _named(match: str) -> str:
    return " ".join(_SAME.get(word, word) for word in re.split(r"[\s-]+", match.casefold()))
