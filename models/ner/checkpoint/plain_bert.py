"""A BERT as its weights alone, without the machinery of transformers.

Importing that and building its model costs several seconds of each process, and the packed forward
uses nothing of it but the weights. A test proves that weights and embeddings are what transformers
makes of the same files, to the last bit; what is in any way unusual is left to transformers.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import GELU, functional

WEIGHTS: Final = "model.safetensors"
CONFIG: Final = "config.json"
MIXED: Final = ("query", "key", "value")

KNOWN: Final = {
    "architectures": ["BertForTokenClassification"],
    "model_type": "bert",
    "hidden_act": "gelu",
    "is_decoder": False,
    "add_cross_attention": False,
}
"""What a configuration has to say for this to be the whole model."""

NEEDED: Final = frozenset(
    {
        "hidden_size", "id2label", "intermediate_size", "layer_norm_eps", "max_position_embeddings",
        "num_attention_heads", "num_hidden_layers", "type_vocab_size", "vocab_size",
    }
)  # fmt: skip
"""What it must not leave to a default."""

FOREIGN: Final = frozenset({"auto_map", "quantization_config", "position_embedding_type"})
"""What makes another model of it."""


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
            **{each: linear(weights, f"{at}.attention.self.{each}") for each in MIXED},
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
    """Whether a folder holds a BERT that can be read so, with weights of the sizes it names."""
    try:
        found = configuration(folder)
        known = all(name in found and found[name] == value for name, value in KNOWN.items())
        if not known or not found.keys() >= NEEDED or found.keys() & FOREIGN:
            return False
        with safe_open(folder / WEIGHTS, "pt") as file:
            sizes = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118 no dict
    except (OSError, ValueError, AttributeError, SafetensorError):
        return False
    return sizes == expected(found)


def expected(config: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """Return the names and sizes of the weights that a configuration asks for."""
    size, inner = config["hidden_size"], config["intermediate_size"]
    matrices = {"classifier": (len(config["id2label"]), size)}
    for number in range(config["num_hidden_layers"]):
        at = f"bert.encoder.layer.{number}"
        matrices |= {f"{at}.attention.self.{each}": (size, size) for each in MIXED}
        matrices[f"{at}.attention.output.dense"] = (size, size)
        matrices[f"{at}.intermediate.dense"] = (inner, size)
        matrices[f"{at}.output.dense"] = (size, inner)
    norms = ["bert.embeddings.LayerNorm"]
    norms += [f"{name[:-6]}.LayerNorm" for name in matrices if name.endswith("output.dense")]
    rows = {
        "word": config["vocab_size"],
        "position": config["max_position_embeddings"],
        "token_type": config["type_vocab_size"],
    }
    return {
        **{f"bert.embeddings.{name}_embeddings.weight": (n, size) for name, n in rows.items()},
        **{f"{name}.weight": (size,) for name in norms},
        **{f"{name}.bias": (size,) for name in norms},
        **{f"{name}.weight": shape for name, shape in matrices.items()},
        **{f"{name}.bias": shape[:1] for name, shape in matrices.items()},
    }
