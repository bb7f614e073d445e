"""A bundled model read without transformers is the same model, to the last bit."""

from pathlib import Path

import numpy as np
import pytest
import torch

from models.ner.checkpoint import plain_bert
from models.ner.checkpoint.loading import BUNDLED, Checkpoint, bundled, load
from models.ner.checkpoint.plain_bert import PlainBert
from models.ner.inference.packed.forward import PackedForward, family
from models.ner.text.abbreviations.expansion import spelled_out
from models.ner.text.encoding import encode
from tests.checkpoints import bert

NOTES = Path(__file__).parents[4] / "notes"
ODD = (
    "", " \n ", "x" * 600,
    "İstanbul ﬁ ½ café naïve\x07 中文 [SEP] [MASK] 😀 \u200b a\u0301 ΣΑΣ ſtraße",
    "\ufffd ' \" ` ´ ’ _ a_b 10^3/µL", "[CLS]fever[PAD]",
)  # fmt: skip


@pytest.fixture(scope="module", params=bundled())
def both(request: pytest.FixtureRequest) -> tuple[Checkpoint, Checkpoint]:
    """Each bundled model, as transformers reads it and as we do."""
    return load(request.param), load(request.param, plain=True)


def test_every_bundled_model_can_be_read_so(both: tuple[Checkpoint, Checkpoint]) -> None:
    """What results name is the same, too."""
    whole, plain = both
    assert isinstance(plain.model, PlainBert)
    assert not isinstance(whole.model, PlainBert)
    assert (plain.identity, plain.labels, plain.card) == (whole.identity, whole.labels, whole.card)


def test_texts_have_the_same_pieces(both: tuple[Checkpoint, Checkpoint]) -> None:
    """Of every ward note and of odd signs, with their long forms and the special pieces."""
    whole, plain = both
    texts = [path.read_text("utf-8") for path in sorted(NOTES.rglob("*.txt"))]
    assert len(texts) > 50
    for text in (*texts, *ODD):
        one, other = (spelled_out(encode(text, each.tokenizer), each.tokenizer) for each in both)
        assert np.array_equal(one.ids, other.ids), text[:40]
        assert np.array_equal(one.first, other.first), text[:40]
    for name in ("cls_token_id", "sep_token_id", "pad_token_id"):
        assert getattr(plain.tokenizer, name) == getattr(whole.tokenizer, name)


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_windows_have_the_same_scores(
    both: tuple[Checkpoint, Checkpoint], precision: torch.dtype
) -> None:
    """Bit by bit, in both precisions of a CPU."""
    pieces = np.random.default_rng(7)
    windows = [pieces.integers(1000, 30_000, length) for length in (1, 5, 64)]
    forwards = []
    for each in both:
        known = family(each.model)
        assert known is not None
        forwards.append(PackedForward(each, known, precision))
    assert forwards[0].name == forwards[1].name
    for one, other in zip(*(forward(windows) for forward in forwards), strict=True):
        assert np.array_equal(one, other)


def test_only_what_is_bundled_is_read_so(tmp_path: Path) -> None:
    """Of another checkpoint nobody has proven that its tokenizer file is all there is to it."""
    folder = bert(tmp_path)
    assert plain_bert.fits(folder)
    assert not isinstance(load(str(folder), plain=True).model, PlainBert)


def test_a_bert_that_computes_otherwise_is_left_to_transformers(tmp_path: Path) -> None:
    """A decoder, another activation or another family."""
    said = (BUNDLED / bundled()[0] / "config.json").read_text("utf-8")
    (tmp_path / "model.safetensors").touch()
    for old, new in (
        ('"gelu"', '"relu"'),
        ('"bert"', '"roberta"'),
        ('decoder": false', 'decoder": true'),
    ):
        (tmp_path / "config.json").write_text(said)
        assert plain_bert.fits(tmp_path)
        (tmp_path / "config.json").write_text(said.replace(old, new))
        assert not plain_bert.fits(tmp_path)
