"""What holds in a group of an RTF file, and the control words that change it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

_MOST_SKIPPED: Final = 255
_LEVELS: Final = 9  # of headings; another number is none
_UNDECIDED: Final = 25  # the result of a check box that has its default one


@dataclass(slots=True)
class Group:
    """What holds in an open group; its own groups begin with a copy."""

    skipped: bool = False
    fonts: bool = False
    mark: bool = False
    apart: bool = False
    hidden: bool = False
    deleted: bool = False
    struck: bool = False
    in_table: bool = False
    heading: bool = False
    font: int = 0
    fallback: int = 1

    @property
    def unseen(self) -> bool:
        """Whether its text is none of what the document says."""
        return self.skipped or self.hidden or self.deleted or self.struck


@dataclass(slots=True)
class Form:
    """A field of a form: its type, whether it is checked."""

    type: int = 0
    result: int = 0


def _paragraph(group: Group, _: int | None) -> None:
    group.in_table = group.heading = False


def _plain_letters(group: Group, _: int | None) -> None:
    group.hidden = group.deleted = group.struck = False


def _set(name: str, value: Callable[[int | None], object]) -> Callable[[Group, int | None], None]:
    """Return what sets a field of a group to what a number means."""

    def change(group: Group, number: int | None) -> None:
        setattr(group, name, value(number))

    return change


def _on(number: int | None) -> bool:
    return number != 0


STATES: Final[Mapping[str, Callable[[Group, int | None], None]]] = {
    "pard": _paragraph,
    "plain": _plain_letters,
    "v": _set("hidden", _on),
    "deleted": _set("deleted", _on),
    "strike": _set("struck", _on),
    "striked": _set("struck", _on),
    "intbl": _set("in_table", _on),
    "outlinelevel": _set("heading", lambda number: (number or 0) < _LEVELS),
    "f": _set("font", lambda number: number or 0),
    "deff": _set("font", lambda number: number or 0),
    "uc": _set("fallback", lambda number: min(max(number or 0, 0), _MOST_SKIPPED)),
}
"""Control words that change what holds in a group."""

FORM: Final[Mapping[str, Callable[[Form, int], None]]] = {
    "fftype": lambda form, number: setattr(form, "type", number),
    "ffdefres": lambda form, number: setattr(form, "result", number),
    "ffres": lambda form, number: setattr(
        form, "result", form.result if number == _UNDECIDED else number
    ),
}
"""Control words of a check box within the instruction of a field."""
