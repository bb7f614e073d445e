"""Line ends that an encoder can see: pieces of the vocabulary for a line end and a blank line."""

import json
from typing import Any

from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

from models.errors import CheckpointError

LINE_END, BLANK_LINE = "‖", "⁋"
_SPARE = "[unused{}]"
_SPECIAL = ("cls", "sep", "pad", "unk", "mask")


def with_line_pieces(tokenizer: PreTrainedTokenizerFast) -> PreTrainedTokenizerFast:
    """Return a tokenizer that makes a piece of each line end, and one of each blank line.

    Two unused entries of the vocabulary get their names, so that the encoder keeps its shape. The
    offsets of the pieces are those of the white space that they stand for.

    Raises:
        CheckpointError: the vocabulary has no two unused entries.
    """
    settings = json.loads(tokenizer.backend_tokenizer.to_str())
    vocabulary = settings["model"]["vocab"]
    if _LINE_END_TO_PIECE in _normalizers(settings):  # training goes on from a model that has them
        return tokenizer
    for number, sign in enumerate((LINE_END, BLANK_LINE)):
        place = vocabulary.pop(_SPARE.format(number), None)
        if place is None:
            reason = "its vocabulary has no unused entries for line ends"
            raise CheckpointError(reference=tokenizer.name_or_path, reason=reason)
        vocabulary[sign] = place
    settings["normalizer"] = {
        "type": "Sequence",
        "normalizers": [
            _replacement(r"\n[ \t\r]*\n\s*", BLANK_LINE),
            _LINE_END_TO_PIECE,
            settings["normalizer"],
        ],
    }
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=Tokenizer.from_str(json.dumps(settings)),
        model_max_length=tokenizer.model_max_length,
        **{f"{name}_token": getattr(tokenizer, f"{name}_token") for name in _SPECIAL},
    )


def _normalizers(settings: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (settings["normalizer"] or {}).get("normalizers", [])
    return found


def _replacement(pattern: str, sign: str) -> dict[str, Any]:
    return {"type": "Replace", "pattern": {"Regex": pattern}, "content": f" {sign} "}


_LINE_END_TO_PIECE = _replacement(r"\n", LINE_END)
