"""ONNX Runtime and OpenVINO beside the packed forward, on the bundled weights, one core.

    python -m tests.benchmarks.other_engines FOLDER_OF_BRAT_FILES [--reports N] [--repeats N]

Neither is a dependency: where one is not installed (with `onnx` and `onnxscript` for the former)
its rows say so. Each reads the same windows up to the label scores, one at a time and in batches;
labels are compared with transformers in single precision, mentions with the annotations.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence

from models.ner import brat
from models.ner.checkpoint.loading import Checkpoint, load
from models.ner.evaluation.entities import ALL, evaluate, found_items, gold_items
from models.ner.inference.engine_choice import forward_for
from models.ner.inference.forward import Forward, TransformersForward, everything
from models.ner.recogniser import Recogniser
from models.ner.text.encoding import Ids, Scores
from models.ner.text.words import Offsets
from tests.benchmarks.forward_speed import CPU, labels
from tests.benchmarks.measuring import medians, pin

Logits = np.ndarray[Any, np.dtype[np.float32]]
Run = Callable[[Ids, Ids], Logits]  # ids and mask, shape [windows, pieces], to logits


class Exported:
    """A forward pass through another engine."""

    def __init__(self, name: str, checkpoint: Checkpoint, run: Run, *, together: bool) -> None:
        self.name = f"{name}, {'batches' if together else 'one window at a time'}"
        self._run, self._together = run, together
        self._columns = list(checkpoint.labels.columns)
        tokenizer = checkpoint.tokenizer
        self._edges, self._pad = (tokenizer.cls_token_id, tokenizer.sep_token_id), 0

    def __call__(
        self, windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
    ) -> list[Scores]:
        """Return the log probabilities of each window."""
        places = everything(windows) if wanted is None else wanted
        groups = [windows] if self._together else [[window] for window in windows]
        rows = [row for group in groups for row in self._logits(group)]
        return [
            torch.from_numpy(row[1 + place][:, self._columns]).log_softmax(-1).numpy()
            for row, place in zip(rows, places, strict=True)
        ]

    def _logits(self, windows: Sequence[Ids]) -> Logits:
        opening, closing = self._edges
        framed = [torch.tensor([opening, *window.tolist(), closing]) for window in windows]
        ids = pad_sequence(framed, batch_first=True, padding_value=self._pad)
        lengths = torch.tensor([len(each) for each in framed])
        mask = torch.arange(ids.shape[1]) < lengths[:, None]
        return self._run(ids.numpy(), mask.long().numpy())


def onnx_runtime(checkpoint: Checkpoint, folder: Path) -> dict[str, Run]:
    """Export to ONNX and return single precision, and int8 weights per channel."""
    runtime, quantization = import_module("onnxruntime"), "onnxruntime.quantization"
    path, small = folder / "model.onnx", folder / "int8.onnx"
    some = torch.ones(2, 8, dtype=torch.long)
    names = ["input_ids", "attention_mask"]
    axes = {each: {0: "windows", 1: "pieces"} for each in [*names, "logits"]}
    torch.onnx.export(
        checkpoint.model, (some, some), path, input_names=names, output_names=["logits"],
        dynamic_axes=axes, dynamo=False,
    )  # fmt: skip
    import_module(quantization).quantize_dynamic(path, small, per_channel=True)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1

    def opened(file: Path) -> Run:
        session = runtime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        return lambda ids, mask: session.run(None, dict(zip(names, (ids, mask), strict=True)))[0]

    return {"ONNX Runtime fp32": opened(path), "ONNX Runtime int8 per channel": opened(small)}


def openvino(checkpoint: Checkpoint, folder: Path) -> dict[str, Run]:
    """Convert and return bfloat16 and single precision."""
    del folder
    openvino = import_module("openvino")
    some = torch.ones(2, 8, dtype=torch.long)
    model = openvino.convert_model(
        checkpoint.model, example_input={"input_ids": some, "attention_mask": some}
    )

    def compiled(precision: str) -> Run:
        settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": 1}
        request = openvino.Core().compile_model(model, "CPU", settings).create_infer_request()
        inputs = "input_ids", "attention_mask"
        return lambda *arrays: request.infer(dict(zip(inputs, arrays, strict=True)))[0]

    return {"OpenVINO bf16": compiled("bf16"), "OpenVINO fp32": compiled("f32")}


ENGINES = {"onnxruntime": onnx_runtime, "openvino": openvino}


def lines(folder: Path, reports: int, repeats: int) -> Iterator[str]:
    """Yield what the benchmark prints."""
    annotated = brat.read_folder(folder)[:reports]
    texts = [report.text for report in annotated]
    gold = [gold_items(report) for report in annotated]
    checkpoint = load("bundled")
    forwards: list[Forward] = [TransformersForward(checkpoint, CPU), forward_for(checkpoint, CPU)]
    with TemporaryDirectory() as made:
        for package, engine in ENGINES.items():
            if find_spec(package) is None:
                yield f"{package} is not installed: SKIPPED"
                continue
            for name, run in engine(checkpoint, Path(made)).items():
                forwards += [Exported(name, checkpoint, run, together=t) for t in (False, True)]
        recognisers = {each.name: Recogniser(checkpoint, each) for each in forwards}
        found = {name: labels(each, texts) for name, each in recognisers.items()}
        work = {name: lambda r=each: labels(r, texts) for name, each in recognisers.items()}
        seconds = medians(work, repeats)
    for name, recogniser in recognisers.items():
        scores = evaluate(gold, [found_items(each.mentions) for each in recogniser.read(texts)])
        same = np.mean(found[name] == found[forwards[0].name])
        ratio = seconds[forwards[0].name] / seconds[name]
        yield f"{name:56}{ratio:6.2f} x  labels {same:7.2%}  strict F1 {scores.strict[ALL].f1:.4f}"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="brat files, such as maccrobat/dev")
    parser.add_argument("--reports", type=int, default=20, help="how many are read")
    parser.add_argument("--repeats", type=int, default=5, help="how often each is timed")
    asked = parser.parse_args()
    pin()
    for line in lines(asked.folder, asked.reports, asked.repeats):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
