"""A model read without transformers is the same model, to the last bit."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from models.ner.checkpoint.loading import Checkpoint, bundled, is_plain, load
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


Both = tuple[Checkpoint, Checkpoint]


@pytest.fixture(scope="module", params=[*bundled(), "of the tests"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Each bundled model and a small one, as transformers reads it and as we do."""
    small = request.param not in bundled()
    name = str(bert(tmp_path_factory.mktemp("bert"))) if small else request.param
    return load(name), load(name, plain=True)


def test_the_models_can_be_read_so(both: Both) -> None:
    """What results name is the same, too."""
    whole, plain = both
    kinds = type(whole.model).__name__, type(plain.model).__name__
    assert kinds == ("BertForTokenClassification", "PlainBert")
    assert (plain.identity, plain.labels, plain.card) == (whole.identity, whole.labels, whole.card)


def test_texts_have_the_same_pieces(both: Both) -> None:
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
def test_windows_have_the_same_scores(both: Both, precision: torch.dtype) -> None:
    """Bit by bit, in both precisions of a CPU."""
    pieces = np.random.default_rng(7)
    windows = [pieces.integers(5, both[0].model.config.vocab_size, length) for length in (1, 5, 64)]
    forwards = []
    for each in both:
        known = family(each.model)
        assert known is not None
        forwards.append(PackedForward(each, known, precision))
    assert forwards[0].name == forwards[1].name
    for one, other in zip(*(forward(windows) for forward in forwards), strict=True):
        assert np.array_equal(one, other)


def changed(path: Path, *keys: str, value: object) -> None:
    """Write another value into a JSON file."""
    found = json.loads(path.read_text("utf-8"))
    inner = found
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    path.write_text(json.dumps(found), "utf-8")


OTHERWISE: list[tuple[str, tuple[str, ...], object]] = [
    ("config.json", ("hidden_act",), "relu"),
    ("config.json", ("model_type",), "roberta"),
    ("config.json", ("is_decoder",), True),
    ("config.json", ("architectures",), ["BertForMaskedLM"]),
    ("config.json", ("num_hidden_layers",), 1),
    ("config.json", ("vocab_size",), 7),
    ("config.json", ("id2label", "999"), "B-More"),
    ("config.json", ("quantization_config",), {}),
    ("tokenizer_config.json", ("do_lower_case",), False),
    ("tokenizer_config.json", ("tokenizer_class",), "RobertaTokenizer"),
    ("tokenizer_config.json", ("cls_token",), "[BEGIN]"),
    ("tokenizer.json", ("normalizer", "strip_accents"), False),
    ("tokenizer.json", ("pre_tokenizer", "type"), "Whitespace"),
    ("tokenizer.json", ("model", "max_input_chars_per_word"), 5),
    ("tokenizer.json", ("added_tokens",), []),
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint that can be read without transformers."""
    folder = bert(tmp_path_factory.mktemp("small"))
    assert is_plain(folder)
    return folder


@pytest.mark.parametrize(("file", "keys", "value"), OTHERWISE)
def test_what_is_unusual_is_left_to_transformers(
    small: Path, tmp_path: Path, file: str, keys: tuple[str, ...], value: object
) -> None:
    """Another computation, other weights than named, or a tokenizer of two minds."""
    folder = shutil.copytree(small, tmp_path / "copy")
    changed(folder / file, *keys, value=value)
    assert not is_plain(folder)


def test_a_broken_or_older_checkpoint_is_left_to_transformers(small: Path, tmp_path: Path) -> None:
    """It has the words for what is wrong with it."""
    for name in ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"):
        folder = shutil.copytree(small, tmp_path / name)
        (folder / name).write_text("[", "utf-8")
        assert not is_plain(folder)
        (folder / name).unlink()
        assert not is_plain(folder)
    (small / "added_tokens.json").write_text("{}")
    assert not is_plain(small)
