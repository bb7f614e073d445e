"""Environment variables that look like settings and are none: most are a setting misspelt."""

from collections.abc import Iterable
from difflib import SequenceMatcher

from worker.settings import PREFIX, Settings

OF_TESTS = "BIOMED_TEST_"
LIKENESS, SLIPS = 0.7, 2  # of a name that is taken for another one misspelt: least, most


def unknown_variables(names: Iterable[str]) -> dict[str, str | None]:
    """Return which variables of an environment look like settings and are none.

    Each with the setting that it nearly names, None where there is none so near: that may be one
    of another version. Variables of the tests are left out.
    """
    known = [field.upper() for field in Settings.model_fields]
    found = sorted(name for name in names if name.upper().startswith(PREFIX))
    strange = {name: name.upper().removeprefix(PREFIX) for name in found}
    return {
        name: next((PREFIX + near for near in known if _misspelt(own, near)), None)
        for name, own in strange.items()
        if own not in known and not name.upper().startswith(OF_TESTS)
    }


def _misspelt(name: str, meant: str) -> bool:
    """Return whether two names differ by a slip: a few letters more, fewer, other or exchanged."""
    match = SequenceMatcher(None, name, meant, autojunk=False)
    slips = (max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in match.get_opcodes() if tag != "equal")
    return match.ratio() >= LIKENESS and sum(slips) <= SLIPS
