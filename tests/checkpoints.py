"""Small checkpoints with random weights, made by the tests: one of each tokenizer family."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sentencepiece
from tokenizers import BertWordPieceTokenizer
from transformers import (
    BertConfig,
    BertForTokenClassification,
    BertTokenizer,
    DebertaV2Config,
    DebertaV2ForTokenClassification,
    DebertaV2Tokenizer,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from models.ner.checkpoint.labels import TYPES, bio_names

# Enough clinical English for a vocabulary; written for this purpose.
SENTENCES = [
    "The patient denies chest pain, shortness of breath or fever.",
    "Metformin 500 mg BID and aspirin 81 mg daily were continued; INR was 2.5 today.",
    "Biopsy showed invasive non-keratinizing squamous cell carcinoma (SCC) of the cervix.",
    "MRI of the lumbar spine (T2-weighted) demonstrated a 3-cm lesion at L4/L5.",
    "He underwent coronary artery bypass grafting and a radical hysterectomy in 2014.",
    "History of type 2 diabetes mellitus, hypertension, COPD and Crohn's disease.",
    "Assessment: 1) pneumonia, likely viral; 2) anaemia - haemoglobin 9.1 g/dL.",
    "IL6 and vitamin B12 were raised, CD4 count 350/µL, temperature 38.9 °C.",
    "KEY: [X] SEEN ON EKG, [ ] MASKED.",
    "No evidence of pulmonary embolism; follow-up CT scan after 6-8 weeks.",
]


def bert(folder: Path, types: Sequence[str] = TYPES) -> Path:
    """Make a BERT checkpoint with a WordPiece tokenizer and return its folder."""
    tokenizer = BertWordPieceTokenizer(lowercase=True)
    tokenizer.train_from_iterator(SENTENCES, vocab_size=300, show_progress=False)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save_model(str(folder))
    fast = BertTokenizer(str(folder / "vocab.txt"))
    config = BertConfig(vocab_size=len(fast), max_position_embeddings=512, **_shape(types))
    _save(BertForTokenClassification(config), fast, folder)
    return folder


def deberta(folder: Path, texts: Sequence[str] = SENTENCES, vocabulary: int = 220) -> Path:
    """Make a DeBERTa-v2 checkpoint with a SentencePiece tokenizer and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*texts] * 4),
        model_prefix=str(folder / "spm"),
        vocab_size=vocabulary,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    fast = DebertaV2Tokenizer.from_pretrained(folder)
    config = DebertaV2Config(vocab_size=len(fast), **_relative_positions(), **_shape())
    _save(DebertaV2ForTokenClassification(config), fast, folder)
    return folder


def _relative_positions() -> dict[str, Any]:
    """The attention of DeBERTa-v3."""
    return {
        "relative_attention": True,
        "position_buckets": 32,
        "max_relative_positions": -1,
        "max_position_embeddings": 512,
        "pos_att_type": ["p2c", "c2p"],
        "norm_rel_ebd": "layer_norm",
        "share_att_key": True,
        "position_biased_input": False,
    }


def _shape(types: Sequence[str] = TYPES) -> dict[str, Any]:
    names = bio_names(types)
    return {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 64,
        "id2label": dict(enumerate(names)),
        "label2id": {name: column for column, name in enumerate(names)},
    }


def _save(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
