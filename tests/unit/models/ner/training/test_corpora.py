"""Tagged corpora in columns: what is read, which piece is labelled, what is refused."""

from pathlib import Path

import pytest
from transformers import PreTrainedTokenizerFast

from models.errors import AnnotationError
from models.ner.training.corpora import examples, read_corpora
from models.ner.training.dataset import IGNORED
from tests.unit.models.ner.training.columns import tagged_corpora


def test_a_folder_of_corpora_is_read_by_name(tmp_path: Path) -> None:
    """Each folder is a corpus with its own types and sentences."""
    diseases, drugs = read_corpora(tagged_corpora(tmp_path))
    assert (diseases.name, diseases.types, diseases.labels) == ("diseases", ("Disease",), 3)
    assert [[each.word for each in one] for one in diseases.sentences] == [
        ["No", "pulmonary", "embolism", "."],
        ["Fever", "persisted"],
    ]
    assert (drugs.name, drugs.types) == ("drugs", ("Chemical",))


def test_the_first_piece_of_a_word_has_its_label(
    tmp_path: Path, tokenizer: PreTrainedTokenizerFast
) -> None:
    """As many labels as words, in their order; the pieces between are ignored."""
    diseases, _ = read_corpora(tagged_corpora(tmp_path))
    [text] = examples(diseases, tokenizer)
    assert len(text.ids) == len(text.labels) > 6
    assert [label for label in text.labels if label != IGNORED] == [0, 1, 2, 0, 1, 0]


@pytest.mark.parametrize("line", ["word", "word\tDisease", "word\t"])
def test_a_line_that_is_no_word_and_tag_is_refused(tmp_path: Path, line: str) -> None:
    """The error names the file and the line."""
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "train.tsv").write_text(f"Fever\tB-Disease\n{line}\n")
    with pytest.raises(AnnotationError, match=r"train\.tsv.* line 2"):
        read_corpora(tmp_path)


def test_a_folder_without_corpora_is_refused(tmp_path: Path) -> None:
    """An empty folder teaches nothing, and is most likely the wrong one."""
    with pytest.raises(AnnotationError, match="no folder in it"):
        read_corpora(tmp_path)
