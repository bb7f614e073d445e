"""How fast the forward passes read, side by side on one core; ratios, never seconds.

`python -m tests.benchmarks.forward_speed FOLDER_OF_BRAT_FILES [--reports N] [--repeats N]`

The bundled model reads reports from text to findings, against the Hugging Face pipeline at the best
of several batch sizes (stride 64, so that it reads whole reports too). Labels are compared with
the transformers model in single precision, mentions with the annotations. A model of the shape of
DeBERTa-v3-base with random weights then reads a few reports up to the label scores.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from transformers import DebertaV2Config, DebertaV2ForTokenClassification, pipeline

from models.ner import brat
from models.ner.brat import AnnotatedText
from models.ner.checkpoint import Checkpoint, load
from models.ner.choice import forward_for
from models.ner.encoding import encode
from models.ner.evaluation.entities import ALL, evaluate, found_items, gold_items
from models.ner.forward import Forward, TransformersForward
from models.ner.recogniser import Recogniser
from tests import checkpoints

CPU = torch.device("cpu")
BATCH_SIZES = (1, 4, 8)
V3_BASE = {
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "position_buckets": 256,
}

Work = Callable[[], object]
Clock = Callable[[], float]


def pin() -> None:
    """Run on one core, with one thread."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    torch.set_num_threads(1)


def medians(
    contestants: Mapping[str, Work], repeats: int, clock: Clock = time.process_time
) -> dict[str, float]:
    """Return the median seconds of each, measured in turns so that all see the same machine.

    The clock counts this process's own time on the core, all its threads together: others that
    want the same core do not count. Work in other processes needs the clock on the wall.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(repeats):
        for name, work in contestants.items():
            begun = clock()
            work()
            seconds[name].append(clock() - begun)
    return {name: statistics.median(each) for name, each in seconds.items()}


def forwards(checkpoint: Checkpoint) -> list[Forward]:
    """Return the reference, then the packed forward in both precisions."""
    precisions = (torch.float32, torch.bfloat16)
    packed = [forward_for(checkpoint, CPU, precision) for precision in precisions]
    return [TransformersForward(checkpoint, CPU), *packed]


def pipelines(checkpoint: Checkpoint, texts: list[str]) -> dict[str, Work]:
    """Return the Hugging Face pipeline at each batch size, over whole texts."""
    checkpoint.tokenizer.model_max_length = 512
    run: Any = pipeline(
        "token-classification",
        model=checkpoint.model,
        tokenizer=checkpoint.tokenizer,
        aggregation_strategy="simple",
        stride=64,
    )

    def at(size: int) -> Work:
        return lambda: run(texts, batch_size=size)

    return {f"Hugging Face pipeline, batches of {size}": at(size) for size in BATCH_SIZES}


def labels(recogniser: Recogniser, texts: Sequence[str]) -> np.ndarray[Any, Any]:
    """Return the best label of every piece."""
    scores = recogniser._score([encode(text, recogniser._tokenizer) for text in texts])
    return np.concatenate([each.argmax(-1) for each in scores])


def compare(
    title: str,
    checkpoint: Checkpoint,
    texts: list[str],
    work: Callable[[Recogniser], Work],
    repeats: int,
) -> Iterator[str]:
    """Yield a table: the time of each against the best pipeline, labels against the reference."""
    recognisers = {each.name: Recogniser(checkpoint, each) for each in forwards(checkpoint)}
    found = [labels(each, texts) for each in recognisers.values()]  # and a warm-up
    contestants = pipelines(checkpoint, texts)
    seconds = medians(contestants | {name: work(r) for name, r in recognisers.items()}, repeats)
    best = min(seconds[name] for name in contestants)
    yield f"{title}: {len(texts)} reports, {len(found[0])} pieces, median of {repeats}"
    for name in contestants:
        yield f"  {name:40} {best / seconds[name]:5.2f} x"
    for name, own in zip(recognisers, found, strict=True):
        same = np.mean(own == found[0])
        yield f"  {name:40} {best / seconds[name]:5.2f} x  labels as reference {same:.2%}"


def agreement(checkpoint: Checkpoint, reports: Sequence[AnnotatedText]) -> Iterator[str]:
    """Yield the strict F1 over all types of every forward."""
    gold = [gold_items(report) for report in reports]
    for forward in forwards(checkpoint):
        readings = Recogniser(checkpoint, forward).read([report.text for report in reports])
        scores = evaluate(gold, [found_items(each.mentions) for each in readings])
        yield f"  {forward.name:40} strict F1 {scores.strict[ALL].f1:.4f}"


def v3_base(folder: Path) -> Checkpoint:
    """Return a checkpoint of DeBERTa-v3-base's shape; its tokenizer is a small one."""
    small = load(str(checkpoints.deberta(folder)))
    torch.manual_seed(0)
    settings = {**small.model.config.to_dict(), **V3_BASE}
    model = DebertaV2ForTokenClassification(DebertaV2Config(**settings))
    torch.nn.Module.eval(model)
    return replace(small, model=model)


def lines(folder: Path, reports: int, repeats: int) -> Iterator[str]:
    """Yield what the benchmark prints."""
    annotated = brat.read_folder(folder)
    bundled = load("bundled")
    some = [report.text for report in annotated[:reports]]
    yield from compare("bundled model", bundled, some, lambda r: lambda: r.read(some), repeats)
    yield from agreement(bundled, annotated)
    few = some[: max(1, reports // 5)]
    with TemporaryDirectory() as made:
        shaped = v3_base(Path(made))
    yield from compare(
        "DeBERTa-v3-base shape", shaped, few, lambda r: lambda: labels(r, few), repeats
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="brat files, such as maccrobat/dev")
    parser.add_argument("--reports", type=int, default=20, help="how many are timed")
    parser.add_argument("--repeats", type=int, default=5, help="how often each is timed")
    asked = parser.parse_args()
    pin()
    for line in lines(asked.folder, asked.reports, asked.repeats):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
