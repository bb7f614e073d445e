"""What a link is called: the relation of MACCROBAT that it stands for."""

from typing import Final

MODIFY: Final = "MODIFY"
OVERLAP: Final = "OVERLAP"

# When something held or was done; the corpus says of these that they OVERLAP an event.
TEMPORAL: Final = frozenset({"Date", "Duration", "Time"})


def kind_of(label: str) -> str:
    """Return the type of the links that mentions of a label begin."""
    return OVERLAP if label in TEMPORAL else MODIFY
