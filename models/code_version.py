"""Which code read: the package's version, and a hash of the rules and tables that decide a reading.

A version that people count by hand stays behind: rules change with every commit. So the name of the
code is taken from the code itself, the same in a checkout, in an installed wheel and without git.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

PACKAGE: Final = "biomed-ner"
ROOT: Final = Path(__file__).parents[1]
DIGITS: Final = 12

# What decides what is read in a text, and what is made of it.
DECISIVE: Final = ("models/clinical.py", "models/fhir_ids.py", "models/ner", "fhir_mapping")
# What does not: how models are made and measured, how a GPU computes them, and the models
# themselves, which have a hash of their own.
LEFT_OUT: Final = (
    "models/ner/training", "models/ner/evaluation", "models/ner/inference/gpu",
    "models/ner/bundled",
)  # fmt: skip
SUFFIXES: Final = frozenset({".py", ".json"})


@cache
def code_version() -> str:
    """Return the version of the code that reads and maps, such as `0.1.0+5f3c0a9d71be`.

    Computed once; it is written as Python writes a local version (PEP 440).
    """
    return f"{version(PACKAGE)}+{source_sha256(ROOT)[:DIGITS]}"


def source_sha256(root: Path) -> str:
    """Return the SHA-256 over the decisive files below a folder: their paths and their contents.

    Line ends count as line feeds, however git checked them out; the folder's own place does not.
    """
    digest = hashlib.sha256()
    for path in decisive_files(root):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def decisive_files(root: Path) -> list[Path]:
    """Return the files whose change can change a reading or what is made of it, in one order."""
    return sorted(_decisive(root), key=lambda path: path.relative_to(root).as_posix())


def _decisive(root: Path) -> Iterator[Path]:
    left_out = [root / name for name in LEFT_OUT]
    for name in DECISIVE:
        place = root / name
        for path in place.rglob("*") if place.is_dir() else [place]:
            if path.suffix in SUFFIXES and not any(map(path.is_relative_to, left_out)):
                yield path
