"""What a box, a sign or an answer says of what stands beside it."""

from typing import Final, Literal

State = Literal["checked", "unchecked", "unknown"]

CHECKED: Final = frozenset(
    [
        "x", "X", "✓", "✔", "☑", "☒", "■", "+", "y", "yes", "*", "positive", "pos", "present",
        "checked", "true", "+ve", "Y",
    ]
)  # fmt: skip
UNCHECKED: Final = frozenset(
    [
        "", "☐", "□", "▢", "-", "−", "–", "n", "no", "negative", "neg", "none", "absent", "denied",
        "denies", "false", "-ve", "✗", "✘", "nil", "N", "never", "unchecked", "_",
    ]
)  # fmt: skip
UNKNOWN: Final = frozenset(
    [
        "?", "unknown", "y/n", "yes/no", "n/a", "na", "not asked", "not assessed", "not sure",
        "unsure", "unk", "unable to assess",
    ]
)  # fmt: skip


def state_of(answer: str) -> State | None:
    """Return what an answer says, None where it is no answer of this kind."""
    plain = answer.strip().strip(".;,").lower()
    if plain in UNKNOWN:
        return "unknown"
    if plain in CHECKED:
        return "checked"
    return "unchecked" if plain in UNCHECKED else None
