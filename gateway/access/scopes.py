"""What a scope allows (SMART App Launch 2.2, scopes-and-launch-context.html).

`system/Condition.rs` is version 2 of the grammar, `system/Condition.read` version 1. Scopes of
other contexts (`user/`, `patient/`) and scopes with a search (`?category=…`) allow nothing here: to
believe a part of one would allow more than was granted.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Permission = Literal["c", "r", "u", "d", "s"]
"""Create, read (vread and history too), update, delete, search."""

EVERYTHING: Final = "*"
METRICS: Final = "operations/metrics"
"""Our own: who may ask for the figures of the running system."""

NAMED_ALONE: Final = frozenset({"AuditEvent"})
"""Types that `*` does not mean: who reads notes is not thereby to see who else does."""

_SCOPE: Final = re.compile(
    r"system/(?P<kind>\*|[A-Z][A-Za-z]{1,40})"
    r"\.(?P<letters>(?=[cruds])c?r?u?d?s?|read|write|\*)"
)
_VERSION_1: Final = {"read": "rs", "write": "cud", "*": "cruds"}


@dataclass(frozen=True, slots=True)
class Scopes:
    """What a client may do: letters by resource type, and scopes of our own."""

    allowed: Mapping[str, frozenset[str]]
    own: frozenset[str] = frozenset()

    def allow(self, kind: str, permission: Permission) -> bool:
        """Return whether something may be done with resources of a type, `*` for any type."""
        every = frozenset[str]() if kind in NAMED_ALONE else self._of(EVERYTHING)
        return permission in self._of(kind) | every

    def _of(self, kind: str) -> frozenset[str]:
        return self.allowed.get(kind, frozenset())


ALL: Final = Scopes(
    {EVERYTHING: frozenset("cruds"), **dict.fromkeys(NAMED_ALONE, frozenset("cruds"))},
    frozenset({METRICS}),
)


def parsed(words: Iterable[str]) -> Scopes:
    """Return what these scopes allow together; one that is not understood allows nothing."""
    allowed: dict[str, frozenset[str]] = {}
    own = set()
    for word in words:
        found = _SCOPE.fullmatch(word)
        if found:
            letters = _VERSION_1.get(found["letters"], found["letters"])
            allowed[found["kind"]] = allowed.get(found["kind"], frozenset()) | frozenset(letters)
        elif word == METRICS:
            own.add(word)
    return Scopes(allowed, frozenset(own))


def is_scope(word: str) -> bool:
    """Return whether a word is a scope that allows something here."""
    return word == METRICS or _SCOPE.fullmatch(word) is not None


def named(kind: str, permission: str) -> str:
    """Return the scope that allows something, as it is asked for."""
    return f"system/{kind}.{permission}"
