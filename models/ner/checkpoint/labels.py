"""The label set of a checkpoint: the 41 clinical types of MACCROBAT in BIO."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from models.errors import CheckpointError, UnknownLabels

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

# Types between which annotators draw the line differently, and which a chart keeps in one list.
_PROBLEMS = frozenset({"Disease_disorder", "Sign_symptom", "History", "Family_history"})
_PROCEDURES = frozenset({"Diagnostic_procedure", "Therapeutic_procedure"})

Meanings = Callable[[Collection[str]], Mapping[str, str]]
"""Takes a model's own labels and returns which of them mean another type."""


def folded(name: str) -> str:
    """Return a name as it is compared: whatever its case and its separators."""
    return name.strip().replace("-", "_").replace(" ", "_").lower()


_SPELLING = {folded(name): name for name in TYPES}


@dataclass(frozen=True, slots=True)
class LabelSet:
    """Column 0 of the decoder is O; type `i` has column 1 + 2i for B and 2 + 2i for I.

    `columns[j]` is the model's own column for the decoder's column `j`. `types[i]` is what a
    mention is called, `own[i]` what the model calls it; two of its labels may mean one type.
    """

    types: tuple[str, ...]
    columns: tuple[int, ...]
    own: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The label of each decoder column."""
        return bio_names(self.types)

    @property
    def described(self) -> tuple[str, ...]:
        """The types, with the model's own name where it is another: `problem=Disease_disorder`."""
        pairs = zip(self.own, self.types, strict=True)
        return tuple(name if name == kind else f"{name}={kind}" for name, kind in pairs)


def bio_names(types: Iterable[str]) -> tuple[str, ...]:
    """Return O, then B- and I- of each type."""
    return ("O", *(f"{prefix}-{name}" for name in types for prefix in "BI"))


def same_kind(name: str) -> frozenset[str]:
    """Return the types that mean the same kind of fact as a type, itself among them."""
    found = (kind for kind in (_PROBLEMS, _PROCEDURES) if name in kind)
    return next(found, frozenset({name}))


def label_set(
    id2label: Mapping[int, str], reference: str, meanings: Meanings = lambda _: {}
) -> LabelSet:
    """Read a checkpoint's labels, whatever their case and their separators.

    Raises:
        CheckpointError: the labels are not BIO: O, and B- and I- of each type.
        UnknownLabels: none of them is, or means, one of our types.
    """
    column = {_spelled(name): index for index, name in id2label.items()}
    own = tuple(sorted({name[2:] for name in column if name != "O"}))
    missing = [name for name in bio_names(own) if name not in column]
    if missing or not own:
        reason = f"its labels are not BIO (missing: {', '.join(missing) or 'every type'})"
        raise CheckpointError(reference=reference, reason=reason)
    renamed = meanings(own)
    types = tuple(renamed.get(name, name) for name in own)
    if not unknown(types) < set(types):
        raise UnknownLabels(reference=reference, labels=", ".join(own))
    return LabelSet(types, tuple(column[name] for name in bio_names(own)), own)


def unknown(types: Iterable[str]) -> set[str]:
    """Return those that are none of our types: mentions of them are kept, no rule knows them."""
    return set(types).difference(TYPES)


def _spelled(name: str) -> str:
    prefix, _, kind = name.strip().replace("_", "-", 1 if name[1:2] == "_" else 0).partition("-")
    kind = kind.strip().replace("-", "_").replace(" ", "_")
    return f"{prefix.upper()}-{_SPELLING.get(folded(kind), kind)}" if kind else prefix.upper()
