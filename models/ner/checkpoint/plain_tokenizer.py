"""The tokenizer of a BERT as its file alone, without the machinery of transformers.

transformers builds a BertTokenizer from its configuration and takes the vocabulary alone from
tokenizer.json. Where that file says the same as the configuration, it is the tokenizer.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tokenizers import Encoding, Tokenizer

FILE: Final = "tokenizer.json"
CONFIG: Final = "tokenizer_config.json"
CLASSES: Final = frozenset({"BertTokenizer", "BertTokenizerFast"})
SPECIAL: Final = {
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "mask_token": "[MASK]",
}
OVERRIDING: Final = ("added_tokens.json", "special_tokens_map.json")
"""Files of older versions of transformers that say more."""

PLAIN: Final = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
                "special": True}  # fmt: skip


def fits(folder: Path) -> bool:
    """Whether the tokenizer's file of a folder is what transformers would build for it."""
    if any((folder / name).exists() for name in OVERRIDING):
        return False
    try:
        said, found = read(folder / CONFIG), read(folder / FILE)
    except (OSError, ValueError):
        return False
    parts = ("normalizer", "pre_tokenizer", "model")
    built = said.get("tokenizer_class") in CLASSES and "added_tokens_decoder" not in said
    return built and without_vocabulary(found, parts) == built_by(said) and has_no_more(found, said)


def read(path: Path) -> dict[str, Any]:
    """Return the JSON object of a file; raise ValueError where it is none."""
    found = json.loads(path.read_text("utf-8"))
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004 as for what is no JSON
    return found


def without_vocabulary(found: Mapping[str, Any], parts: Sequence[str]) -> dict[str, Any]:
    """Return these parts of a tokenizer's file, but for what is learned."""
    return {
        name: {key: value for key, value in (found.get(name) or {}).items() if key != "vocab"}
        for name in parts
    }


def built_by(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts that transformers builds for a configuration (tokenization_bert.py)."""
    return {
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": True,
            "handle_chinese_chars": said.get("tokenize_chinese_chars", True),
            "strip_accents": said.get("strip_accents"),
            "lowercase": said.get("do_lower_case", True),
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "model": {
            "type": "WordPiece",
            "unk_token": special(said)["unk_token"],
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
        },
    }


def special(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the special tokens by their names."""
    return {name: said.get(name, usual) for name, usual in SPECIAL.items()}


def has_no_more(found: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether the tokens beside the vocabulary are the special ones, and those are in it."""
    vocabulary = found["model"].get("vocab") or {}
    added = {one.pop("content"): one for one in map(dict, found.get("added_tokens") or ())}
    at = {name: one.pop("id", None) for name, one in added.items()}
    return (
        sorted(added) == sorted(map(str, special(said).values()))
        and all(one == PLAIN for one in added.values())
        and all(vocabulary.get(name) == number for name, number in at.items())
    )


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
        self._tokenizer = Tokenizer.from_file(str(folder / FILE))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._tokenizer.encode_special_tokens = True
        named = special(read(folder / CONFIG))
        self.cls_token_id, self.sep_token_id, self.pad_token_id = (
            self._tokenizer.token_to_id(named[name])
            for name in ("cls_token", "sep_token", "pad_token")
        )

    def __call__(self, texts: str | Sequence[str], **_: object) -> Pieces:
        """Return the pieces of a text or of each of many, without special ones, however long."""
        alone = isinstance(texts, str)
        every = [texts] if isinstance(texts, str) else list(texts)
        return Pieces(self._tokenizer.encode_batch(every, add_special_tokens=False), alone)
