"""Medicine's own word endings: what "-itis", "-ectomy", "-scopy" and "-prazole" name.

Greek and Latin suffixes of medical terms, and the stems of international nonproprietary names (WHO:
The use of stems in the selection of INN, 2018).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from models.ner.decoding.priors.kinds import Expected, Kind

NATS = 2.0
SHORTEST = 2  # letters before an ending

ENDINGS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "problem": (
        "itis", "osis", "oses", "iasis", "emia", "aemia", "uria", "algia", "dynia", "penia",
        "megaly", "oma", "omas", "omata", "pathy", "pathies", "plegia", "paresis", "rrhea",
        "rrhoea", "rrhage", "rrhagia", "ectasis", "malacia", "trophy", "cele", "edema", "oedema",
        "phagia", "pnea", "pnoea", "tachycardia", "bradycardia", "plasia", "ptysis", "thorax",
        "emesis",
    ),
    "operation": (
        "ectomy", "ectomies", "ostomy", "ostomies", "otomy", "otomies", "plasty", "plasties",
        "pexy", "rrhaphy", "centesis", "desis",
    ),
    "test": ("scopy", "scopies", "graphy", "graphies", "metry"),
    "drug": (
        "pril", "sartan", "olol", "dipine", "statin", "prazole", "tidine", "mycin", "micin",
        "cillin", "floxacin", "cycline", "conazole", "nidazole", "clovir", "navir", "tegravir",
        "mab", "tinib", "parin", "xaban", "gliptin", "gliflozin", "glitazone", "azepam", "zolam",
        "barbital", "caine", "setron", "triptan", "oxetine", "pramine", "triptyline", "thiazide",
        "semide", "lukast", "terol", "nisone", "solone", "methasone", "dronate", "platin",
        "rubicin", "taxel", "trexate", "pamil", "profen", "coxib", "fenac", "codone", "morphone",
        "fentanil", "fentanyl",
    ),
}  # fmt: skip
# Words that end so and name nothing of the kind.
OTHERS: Final = ("gnosis", "gnoses", "stomosis", "stomoses", "therapy", "therapies")

_ALL: Final = tuple(ending for endings in ENDINGS.values() for ending in endings)
_WORD: Final = re.compile(r"[^\W\d_]{5,}")


def expected(text: str) -> Iterator[Expected]:
    """Yield the words of a text that end in one of the endings."""
    for word in _WORD.finditer(text):
        letters = word[0].lower()
        if letters.endswith(_ALL) and not letters.endswith(OTHERS):
            yield from _of(letters, word.start(), word.end())


def _of(letters: str, start: int, end: int) -> Iterator[Expected]:
    stem = letters[SHORTEST:]
    for kind, endings in ENDINGS.items():
        if stem.endswith(endings):
            yield Expected(start, end, kind, NATS)
            return
