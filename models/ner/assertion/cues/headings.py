"""What a section of a note says of all that stands in it; a kind that is not here says nothing."""

from typing import Final

from models.clinical import CueKind
from models.ner.text.layout.names.section_kinds import SectionKind

SAYS: Final[dict[SectionKind, CueKind]] = {
    "past_history": "historical",
    "surgical_history": "historical",
    "stopped_medications": "historical",
    "family": "family",
    "allergies": "hypothetical",
    "return_precautions": "hypothetical",
    "immunizations": "hypothetical",
    "differential": "uncertain",
}
