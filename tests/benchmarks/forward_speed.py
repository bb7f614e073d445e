"""How fast the packed forward reads, beside the Hugging Face pipeline, on one core.

`python -m tests.benchmarks.forward_speed [--all]`

Both go from text to spans of entities, and read whole reports (the pipeline by a stride of 64
pieces, at the best of several batch sizes). The bundled model reads the 160 reports of MACCROBAT;
a model of the shape of DeBERTa-v3-base with random weights reads every fourth of them, or all.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from transformers import DebertaV2Config, DebertaV2ForTokenClassification, pipeline

from models.clinical import Mention
from models.ner.checkpoint.loading import Checkpoint, load, quieten
from models.ner.decoding.mentions_of_path import decode
from models.ner.inference.engine_choice import forward_for
from models.ner.inference.forward import TransformersForward
from models.ner.inference.passages import passages
from models.ner.recogniser import Recogniser
from models.ner.text.encoding import Encoding, Scores, encode, word_scores
from tests import checkpoints
from tests.benchmarks import hardware, reports
from tests.benchmarks.measuring import Reads, Row, medians, over_blocks, pin

CPU = torch.device("cpu")
BATCH_SIZES = (1, 2, 4, 8)
BLOCKS = 10
VOCABULARY = 8000  # pieces of the tokenizer that is made for the DeBERTa shape
AGREEING = 99.5
V3_BASE = {
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "position_buckets": 256,
}
PIPELINE = "Hugging Face pipeline"


def bundled_rows() -> Iterator[Row]:
    """Yield the bundled model's row, what the whole reading gives, and how labels agree."""
    checkpoint, texts = load("bundled"), reports.texts()
    recogniser = Recogniser(checkpoint, forward_for(checkpoint, CPU))
    contestants: dict[str, Reads] = {
        PIPELINE: hugging_face(checkpoint, texts[::BLOCKS]),
        "spans": partial(spans, recogniser),
        "reading": recogniser.read,
    }
    found = over_blocks(contestants, _blocks(texts), PIPELINE)
    yield Row("bundled model, text to spans", PIPELINE, found["spans"], 3.0)
    yield Row("bundled model, text to assertions and links", PIPELINE, found["reading"])
    exact = Recogniser(load("bundled"), TransformersForward(load("bundled"), CPU))
    same = 100 * np.mean(labels(recogniser, texts) == labels(exact, texts))
    yield Row("its labels of words", "transformers fp32", float(same), AGREEING, "%")
    yield _share("its forward pass", checkpoint, recogniser, texts[::BLOCKS])


def v3_base_rows(every: int = 4) -> Iterator[Row]:
    """Yield the row of DeBERTa-v3-base's shape, over one report in `every`."""
    texts = reports.texts()[::every]
    with TemporaryDirectory() as made:
        checkpoint = v3_base(Path(made), texts)
    recogniser = Recogniser(checkpoint, forward_for(checkpoint, CPU))
    contestants: dict[str, Reads] = {
        PIPELINE: hugging_face(checkpoint, texts[:: BLOCKS * 2]),
        "spans": partial(spans, recogniser),
    }
    found = over_blocks(contestants, _blocks(texts), PIPELINE)
    yield Row("DeBERTa-v3-base shape, text to spans", PIPELINE, found["spans"], 4.0)
    yield _share("its forward pass", checkpoint, recogniser, texts[:: BLOCKS * 2])


def hugging_face(checkpoint: Checkpoint, texts: Sequence[str]) -> Callable[[Sequence[str]], Any]:
    """Return the pipeline at the batch size that reads some texts fastest."""
    tokenizer = checkpoint.tokenizer
    usual, tokenizer.model_max_length = tokenizer.model_max_length, 512
    run: Any = pipeline(
        "token-classification",
        model=checkpoint.model,
        tokenizer=tokenizer,
        aggregation_strategy="simple",
        stride=64,
    )
    tokenizer.model_max_length = usual
    run(texts[:1])
    sizes = {str(n): lambda n=n: run([*texts], batch_size=n) for n in BATCH_SIZES}
    seconds = medians(sizes, 2)
    best = int(min(seconds, key=lambda size: seconds[size]))
    return lambda block: run([*block], batch_size=best)


def scores_of(recogniser: Recogniser, encodings: Sequence[Encoding]) -> list[Scores]:
    """Return the label scores of the words of each text, shape [words, labels]."""
    labels = 1 + 2 * len(recogniser.identity.types)
    found = [np.zeros((len(each.words), labels), np.float32) for each in encodings]
    for passage, scores in recogniser.scoring(passages(encodings)):
        if not isinstance(scores, Exception):
            found[passage.text][passage.rows] = scores
    return [word_scores(each, scores) for each, scores in zip(encodings, found, strict=True)]


def spans(recogniser: Recogniser, texts: Sequence[str]) -> list[tuple[Mention, ...]]:
    """Return what the pipeline returns: the entities of each text, and nothing about them."""
    encodings = [encode(text, recogniser._tokenizer) for text in texts]
    scored = zip(encodings, scores_of(recogniser, encodings), strict=True)
    follows = recogniser._follows
    decoded = (decode(each.text, each.words, scores, follows) for each, scores in scored)
    return [each.mentions(recogniser._types) for each in decoded]


def labels(recogniser: Recogniser, texts: Sequence[str]) -> np.ndarray[Any, Any]:
    """Return the best label of every word."""
    scores = scores_of(recogniser, [encode(text, recogniser._tokenizer) for text in texts])
    return np.concatenate([each.argmax(-1) for each in scores])


def v3_base(folder: Path, texts: Sequence[str]) -> Checkpoint:
    """Return a checkpoint of DeBERTa-v3-base's shape; its tokenizer is made from the texts."""
    quieten()
    small = load(str(checkpoints.deberta(folder, texts, VOCABULARY)))
    torch.manual_seed(0)
    settings = {**small.model.config.to_dict(), **V3_BASE}
    model = DebertaV2ForTokenClassification(DebertaV2Config(**settings))
    torch.nn.Module.eval(model)
    return replace(small, model=model)


def _share(work: str, checkpoint: Checkpoint, recogniser: Recogniser, texts: Sequence[str]) -> Row:
    """Return what part of the processor's fastest product the forward reaches over all it does."""
    encodings = [encode(text, recogniser._tokenizer) for text in texts]
    needed = hardware.operations(checkpoint.model.config, [*passages(encodings)])
    taken = medians({"score": lambda: scores_of(recogniser, encodings)}, 3)["score"]
    reached, most = needed / taken, hardware.peak()
    against = f"GEMM peak, {most / 1e9:.0f} GFLOP/s"
    return Row(f"{work}, {reached / 1e9:.0f} GFLOP/s", against, 100 * reached / most, unit="%")


def _blocks(texts: Sequence[str]) -> list[Sequence[str]]:
    return [texts[start::BLOCKS] for start in range(min(BLOCKS, len(texts)))]


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--all", action="store_true", help="every report for DeBERTa's shape too")
    every = 1 if parser.parse_args().all else 4
    pin()
    begun = time.perf_counter()
    for rows in (bundled_rows(), v3_base_rows(every)):
        for row in rows:
            sys.stdout.write(f"{row}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{time.perf_counter() - begun:.0f} s\n")


if __name__ == "__main__":
    main()
