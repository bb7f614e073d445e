"""The label set of a checkpoint."""

import pytest

from models.errors import CheckpointError
from models.ner.checkpoint.labels import TYPES, bio_names, label_set


def test_there_are_41_types() -> None:
    """The seed model's 41 clinical types, each once."""
    assert len(TYPES) == len(set(TYPES)) == 41


@pytest.mark.parametrize("spell", [str, str.upper, str.lower, lambda name: name.replace("_", " ")])
def test_spelling_is_normalised(spell: "type[str]") -> None:
    """Upper case, lower case and spaces all become the MACCROBAT spelling."""
    names = dict(enumerate(spell(name) for name in reversed(bio_names(TYPES))))
    labels = label_set(names, "x")
    assert labels.types == tuple(sorted(TYPES))
    assert [bio_names(TYPES)[::-1][column] for column in labels.columns] == list(labels.names)


@pytest.mark.parametrize(
    "names",
    [{0: "LABEL_0", 1: "LABEL_1"}, {0: "O"}, {0: "O", 1: "B-Age"}, {0: "B-Age", 1: "I-Age"}],
)
def test_labels_that_are_not_bio_are_refused(names: dict[int, str]) -> None:
    """A checkpoint that cannot say where a mention begins is not read as if it could."""
    with pytest.raises(CheckpointError, match="not BIO"):
        label_set(names, "x")
