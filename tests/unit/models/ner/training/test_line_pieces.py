"""Line ends as pieces: seen by the encoder, at their own characters, and kept in the checkpoint."""

from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import BertWordPieceTokenizer
from transformers import AutoTokenizer, BertTokenizer, PreTrainedTokenizerFast

from models.errors import CheckpointError
from models.ner.text.encoding import NO_PIECE, encode
from models.ner.training.line_pieces import BLANK_LINE, LINE_END, with_line_pieces
from tests.checkpoints import SENTENCES

SPARE = ["[unused0]", "[unused1]"]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def vocabulary(folder: Path, spare: list[str]) -> PreTrainedTokenizerFast:
    """Make a WordPiece vocabulary with unused entries."""
    made = BertWordPieceTokenizer(lowercase=True)
    made.train_from_iterator(
        SENTENCES, vocab_size=300, special_tokens=[*SPECIAL, *spare], show_progress=False
    )
    made.save_model(str(folder))
    return BertTokenizer(str(folder / "vocab.txt"))


@pytest.fixture(scope="module")
def lined(tmp_path_factory: pytest.TempPathFactory) -> PreTrainedTokenizerFast:
    """Return a tokenizer with pieces for lines, saved and loaded again."""
    folder = tmp_path_factory.mktemp("lined")
    with_line_pieces(vocabulary(folder, SPARE)).save_pretrained(folder / "saved")
    return cast("PreTrainedTokenizerFast", AutoTokenizer.from_pretrained(folder / "saved"))


def test_a_line_end_and_a_blank_line_are_pieces(lined: PreTrainedTokenizerFast) -> None:
    """One each, whatever blanks stand around, with the white space as their characters."""
    text = "Meds:  \n- aspirin\r\n \n\n Plan: rest"
    encoded = lined(text, add_special_tokens=False, return_offsets_mapping=True)
    pieces = lined.convert_ids_to_tokens(encoded["input_ids"])
    assert [each for each in pieces if each in {LINE_END, BLANK_LINE}] == [LINE_END, BLANK_LINE]
    for piece, (start, end) in zip(pieces, encoded["offset_mapping"], strict=True):
        assert text[start:end].isspace() == (piece in {LINE_END, BLANK_LINE})


@given(text=st.text(alphabet="aspirn MG12.,:\n\r\t‖é", max_size=200))
def test_words_keep_their_first_pieces(lined: PreTrainedTokenizerFast, text: str) -> None:
    """No word's piece is one of a line, and every word still has a piece."""
    encoding = encode(text, lined)
    assert (encoding.first != NO_PIECE).all()
    pieces = lined.convert_ids_to_tokens(encoding.ids[encoding.first].tolist())
    words = [text[a:b] for a, b in zip(encoding.words.starts, encoding.words.ends, strict=True)]
    for piece, word in zip(pieces, words, strict=True):
        assert piece not in {LINE_END, BLANK_LINE} or word == piece


def test_the_encoder_keeps_its_shape(tmp_path: Path) -> None:
    """The vocabulary is as large as before, its special pieces are the same."""
    plain = vocabulary(tmp_path, SPARE)
    lined = with_line_pieces(plain)
    assert len(lined) == len(plain)
    assert lined.all_special_ids == plain.all_special_ids
    assert lined.convert_tokens_to_ids(LINE_END) == plain.convert_tokens_to_ids("[unused0]")
    assert with_line_pieces(lined) is lined


def test_a_vocabulary_that_knows_the_sign_gets_its_line_ends(tmp_path: Path) -> None:
    """BERT's own has "‖", as a character of texts; it is no line end for that."""
    found = with_line_pieces(vocabulary(tmp_path, [LINE_END, *SPARE]))
    assert LINE_END in found.tokenize("fever\ncough")
    assert with_line_pieces(found) is found


def test_a_vocabulary_without_unused_entries_is_refused(tmp_path: Path) -> None:
    """It says why, before anything is trained."""
    with pytest.raises(CheckpointError, match="unused"):
        with_line_pieces(vocabulary(tmp_path, []))
