"""A bundled BERT as its weights and its tokenizer alone, without the machinery of transformers.

Importing that and building its model costs several seconds of each process, and the packed forward
uses nothing of it but the weights. Only a bundled checkpoint is read so: of those a test proves
that weights, embeddings and pieces are what transformers makes of the same files, to the last bit.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from safetensors.torch import load_file
from tokenizers import Encoding, Tokenizer
from torch import Tensor
from torch.nn import GELU, functional

WEIGHTS: Final = "model.safetensors"
CONFIG: Final = "config.json"
SPECIAL: Final = ("cls_token", "sep_token", "pad_token")

KNOWN: Final = {"model_type": "bert", "hidden_act": "gelu", "is_decoder": False,
                "add_cross_attention": False}  # fmt: skip
"""What a configuration has to say for this to be the whole model."""


class PlainBert:
    """The weights of a BERT for token classification, named as transformers names its modules."""

    def __init__(self, folder: Path) -> None:
        self.config = SimpleNamespace(**configuration(folder))
        self.config.id2label = {int(at): name for at, name in self.config.id2label.items()}
        weights = {name: one.float() for name, one in load_file(folder / WEIGHTS).items()}
        numbers = range(self.config.num_hidden_layers)
        layers = [self._layer(weights, f"bert.encoder.layer.{number}") for number in numbers]
        self.bert = SimpleNamespace(
            embeddings=Embeddings(weights, self.config.layer_norm_eps),
            encoder=SimpleNamespace(layer=layers),
        )
        self.base_model = self.bert
        self.classifier = linear(weights, "classifier")

    def _layer(self, weights: dict[str, Tensor], at: str) -> SimpleNamespace:
        heads = self.config.num_attention_heads
        own = SimpleNamespace(
            num_attention_heads=heads,
            attention_head_size=self.config.hidden_size // heads,
            **{
                each: linear(weights, f"{at}.attention.self.{each}")
                for each in ("query", "key", "value")
            },
        )
        return SimpleNamespace(
            attention=SimpleNamespace(
                self=own, output=self._output(weights, f"{at}.attention.output")
            ),
            intermediate=SimpleNamespace(
                dense=linear(weights, f"{at}.intermediate.dense"), intermediate_act_fn=GELU()
            ),
            output=self._output(weights, f"{at}.output"),
        )

    def _output(self, weights: dict[str, Tensor], at: str) -> SimpleNamespace:
        norm = linear(weights, f"{at}.LayerNorm")
        norm.eps = self.config.layer_norm_eps
        return SimpleNamespace(dense=linear(weights, f"{at}.dense"), LayerNorm=norm)


class Embeddings:
    """The states of pieces before the first layer: word, kind of text and position, normalised."""

    def __init__(self, weights: dict[str, Tensor], eps: float) -> None:
        self._word, self._kind, self._position = (
            weights[f"bert.embeddings.{each}_embeddings.weight"]
            for each in ("word", "token_type", "position")
        )
        self._norm, self._eps = linear(weights, "bert.embeddings.LayerNorm"), eps

    def __call__(self, *, input_ids: Tensor, position_ids: Tensor) -> Tensor:
        """Return the states, shape [1, pieces, hidden size]; all pieces are of the first kind."""
        states = functional.embedding(input_ids, self._word) + self._kind[0]
        states = states + functional.embedding(position_ids, self._position)
        size = (self._word.shape[1],)
        return functional.layer_norm(states, size, self._norm.weight, self._norm.bias, self._eps)


def linear(weights: dict[str, Tensor], at: str) -> SimpleNamespace:
    """Return the weight and the bias of a module."""
    return SimpleNamespace(weight=weights[f"{at}.weight"], bias=weights[f"{at}.bias"])


def configuration(folder: Path) -> dict[str, Any]:
    """Return what config.json says."""
    found: dict[str, Any] = json.loads((folder / CONFIG).read_text("utf-8"))
    return found


def fits(folder: Path) -> bool:
    """Whether a folder holds a BERT that can be read so."""
    found = configuration(folder)
    known = all(found.get(name) == value for name, value in KNOWN.items())
    bert = found.get("architectures") == ["BertForTokenClassification"]
    return known and bert and (folder / WEIGHTS).is_file()


@dataclass(frozen=True, slots=True)
class Pieces:
    """Texts as pieces, in the form in which transformers gives them."""

    found: Sequence[Encoding]
    alone: bool

    def __getitem__(self, name: str) -> Any:
        """Return `input_ids` or `offset_mapping`, of the text or of each of many."""
        of = {"input_ids": "ids", "offset_mapping": "offsets"}[name]
        values = [getattr(one, of) for one in self.found]
        return values[0] if self.alone else values

    def char_to_token(self, row: int, place: int) -> int | None:
        """Return the piece that holds a character of a text; None for white space."""
        piece: int | None = self.found[row].char_to_token(place)
        return piece


class PlainTokenizer:
    """The tokenizer of a folder; special tokens in a text are text."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._tokenizer.encode_special_tokens = True
        said = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))
        self.cls_token_id, self.sep_token_id, self.pad_token_id = (
            self._tokenizer.token_to_id(said[name]) for name in SPECIAL
        )

    def __call__(self, texts: str | Sequence[str], **_: object) -> Pieces:
        """Return the pieces of a text or of each of many, without special ones, however long."""
        alone = isinstance(texts, str)
        every = [texts] if isinstance(texts, str) else list(texts)
        return Pieces(self._tokenizer.encode_batch(every, add_special_tokens=False), alone)
