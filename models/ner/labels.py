"""The label set of a checkpoint: the 41 clinical types of MACCROBAT in BIO."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.errors import CheckpointError

# Spelled as the MACCROBAT annotation files and the card of BIOMed_NER spell them.
TYPES = (
    "Activity", "Administration", "Age", "Area", "Biological_attribute", "Biological_structure",
    "Clinical_event", "Color", "Coreference", "Date", "Detailed_description",
    "Diagnostic_procedure", "Disease_disorder", "Distance", "Dosage", "Duration",
    "Family_history", "Frequency", "Height", "History", "Lab_value", "Mass", "Medication",
    "Nonbiological_location", "Occupation", "Other_entity", "Other_event", "Outcome",
    "Personal_background", "Qualitative_concept", "Quantitative_concept", "Severity", "Sex",
    "Shape", "Sign_symptom", "Subject", "Texture", "Therapeutic_procedure", "Time", "Volume",
    "Weight",
)  # fmt: skip

_SPELLING = {name.lower(): name for name in TYPES}


@dataclass(frozen=True, slots=True)
class LabelSet:
    """Column 0 of the decoder is O; type `i` has column 1 + 2i for B and 2 + 2i for I.

    `columns[j]` is the model's own column for the decoder's column `j`.
    """

    types: tuple[str, ...]
    columns: tuple[int, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The label of each decoder column."""
        return bio_names(self.types)


def bio_names(types: Iterable[str]) -> tuple[str, ...]:
    """Return O, then B- and I- of each type."""
    return ("O", *(f"{prefix}-{name}" for name in types for prefix in "BI"))


def label_set(id2label: Mapping[int, str], reference: str) -> LabelSet:
    """Read a checkpoint's labels, whatever their case and their separators.

    Raises:
        CheckpointError: the labels are not BIO: O, and B- and I- of each type.
    """
    column = {_spelled(name): index for index, name in id2label.items()}
    types = tuple(sorted({name[2:] for name in column if name != "O"}))
    missing = [name for name in bio_names(types) if name not in column]
    if missing or not types:
        reason = f"its labels are not BIO (missing: {', '.join(missing) or 'every type'})"
        raise CheckpointError(reference=reference, reason=reason)
    return LabelSet(types, tuple(column[name] for name in bio_names(types)))


def _spelled(name: str) -> str:
    prefix, _, kind = name.strip().replace("_", "-", 1 if name[1:2] == "_" else 0).partition("-")
    kind = kind.strip().replace("-", "_").replace(" ", "_")
    return f"{prefix.upper()}-{_SPELLING.get(kind.lower(), kind)}" if kind else prefix.upper()
