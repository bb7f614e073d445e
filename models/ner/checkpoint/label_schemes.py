"""What the labels of other annotation schemes mean in ours.

A model that was trained on another scheme says "problem" where ours says "Disease_disorder". What
its labels mean is told by BIOMED_LABELS: pairs of `label=type`, names of the schemes below, or a
JSON object of labels and types.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from models.errors import WrongSettings
from models.ner.checkpoint.labels import TYPES, folded

VARIABLE: Final = "BIOMED_LABELS"

SCHEMES: Final[Mapping[str, Mapping[str, str]]] = {
    # Uzuner et al., J Am Med Inform Assoc 2011, 18:552. A treatment is a drug or an operation,
    # and its label does not say which: a guess would write a drug as a procedure.
    "i2b2-2010": {"problem": "Disease_disorder", "test": "Diagnostic_procedure"},
    # Henry et al., J Am Med Inform Assoc 2020, 27:3. Ours has no type for a Form ("tablet").
    "n2c2-2018": {
        "Drug": "Medication",
        "Strength": "Dosage",
        "Dosage": "Dosage",
        "Frequency": "Frequency",
        "Route": "Administration",
        "Duration": "Duration",
        "Reason": "Disease_disorder",
        "ADE": "Disease_disorder",
    },
    # Li et al., Database 2016, baw068.
    "bc5cdr": {"Chemical": "Medication", "Disease": "Disease_disorder"},
}

_TARGETS: Final = {folded(name): name for name in TYPES}
_SCHEMES: Final = {folded(name): name for name in SCHEMES}


def meanings(setting: str | None, own: Collection[str], *, model: str) -> dict[str, str]:
    """Return which of a model's own labels mean which of our types, as a setting says.

    Of a scheme the labels count that the model has; what is named one by one the model must have.

    Args:
        setting: the value of BIOMED_LABELS; None renames nothing.
        own: the model's labels, without B- and I-.
        model: its name, for the error.

    Raises:
        WrongSettings: it is no such value, or names a label, a type or a scheme that is not there.
    """
    labels = {folded(name): name for name in own}
    found: dict[str, str] = {}
    for name, meant in _pairs(setting or ""):
        if meant is None:
            scheme = _known(name, _SCHEMES, "label=type, nor a known scheme")
            found |= {
                labels[folded(label)]: kind
                for label, kind in SCHEMES[scheme].items()
                if folded(label) in labels
            }
        else:
            label = _known(name, labels, f"label of the model {model}")
            found[label] = _known(meant, _TARGETS, "type that is read here")
    return found


def _pairs(setting: str) -> Iterator[tuple[str, str | None]]:
    """Give label and type, or a scheme and None."""
    if setting.lstrip().startswith("{"):
        yield from _object(setting).items()
        return
    for part in filter(None, map(str.strip, setting.split(","))):
        label, equals, kind = part.partition("=")
        yield label.strip(), kind.strip() if equals else None


def _object(setting: str) -> dict[str, str]:
    try:
        found = json.loads(setting)
    except json.JSONDecodeError:
        found = None
    if isinstance(found, dict) and all(isinstance(kind, str) for kind in found.values()):
        return found
    raise WrongSettings(reason=f"{VARIABLE}: it is no JSON object of labels and types")


def _known(name: str, among: Mapping[str, str], what: str) -> str:
    """Return a name as it is spelled where it belongs, whatever its case and separators."""
    if folded(name) in among:
        return among[folded(name)]
    near = get_close_matches(folded(name), among, n=1, cutoff=0.0)
    hint = f"; the nearest is {among[near[0]]}" if near else ""
    raise WrongSettings(reason=f"{VARIABLE}: {name} is no {what}{hint}")
