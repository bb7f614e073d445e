"""What every forward pass owes: the scores of the checkpoint's own model, window by window."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import DebertaV2Config, DebertaV2ForTokenClassification

from models.errors import CheckpointError
from models.ner.checkpoint.loading import Checkpoint, load
from models.ner.inference.engine_choice import forward_for
from models.ner.inference.forward import Forward, TransformersForward
from models.ner.inference.packed.precision import fastest
from models.ner.text.encoding import Ids, Scores, encode
from models.ner.text.windows import windows
from tests import checkpoints, kernels

NOTES = Path(__file__).parents[2] / "gateway" / "demo" / "notes"
CPU = torch.device("cpu")
SINGLE, HALF = torch.float32, torch.bfloat16
SOURCES = ("bert", "deberta", "bundled")
MAKERS: dict[str, Callable[[Path], Path]] = {
    "bert": checkpoints.bert,
    "deberta": checkpoints.deberta,
}

# How far two ways to sum in single precision may be apart. On AVX2 to AMX the packed forward and
# the transformers model were each up to 1.0e-5 from the same model in double precision, and 1.3e-5
# from each other.
ROUNDING = 5e-5
# How far bfloat16, with its 8 bits, may move a probability: 0.022 was seen on real notes.
HALVING = 0.05

# What a DeBERTa-v2 checkpoint may choose; each is packed and exact.
VARIANTS: dict[str, dict[str, Any]] = {
    "own position projections": {"share_att_key": False},
    "content to place": {"pos_att_type": ["c2p"]},
    "place to content": {"pos_att_type": ["p2c"], "share_att_key": False},
    "plain distances": {"position_buckets": -1, "max_relative_positions": 24},
    "absolute positions too": {"position_biased_input": True, "type_vocab_size": 2},
    "narrow embeddings": {"embedding_size": 16},
    "places not normalised": {"norm_rel_ebd": "none"},
    "relu": {"hidden_act": "relu"},
    "gelu by tanh": {"hidden_act": "gelu_new"},
}
# And what is left to the transformers model.
UNUSUAL: dict[str, dict[str, Any]] = {
    "convolution": {"conv_kernel_size": 3, "conv_act": "gelu"},
    "no relative attention": {"relative_attention": False, "position_biased_input": True},
    "no kind of position": {"pos_att_type": []},
    "an unknown kind": {"pos_att_type": ["c2p", "p2p"]},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Checkpoint]:
    """One checkpoint of each source."""
    torch.set_num_threads(1)
    random = {name: load(str(make(tmp_path_factory.mktemp(name)))) for name, make in MAKERS.items()}
    try:
        return {**random, "bundled": load("bundled")}
    except CheckpointError:
        return random


@pytest.fixture(params=SOURCES)
def checkpoint(request: pytest.FixtureRequest, made: dict[str, Checkpoint]) -> Checkpoint:
    """Each checkpoint in turn."""
    if request.param not in made:
        pytest.skip("there is no bundled model")
    return made[request.param]


# Interpreted, the kernels take seconds for a window of the bundled model: it has a test of its own.
COMBINATIONS = [
    *[(source, kind) for source in SOURCES for kind in ("reference", "packed")],
    *[(source, kind) for source in MAKERS for kind in ("kernels", "graphs")],
]


@pytest.fixture
def forward(request: pytest.FixtureRequest, checkpoint: Checkpoint) -> Forward:
    """A forward of a checkpoint, in single precision."""
    builders: dict[str, Callable[[], Forward]] = {
        "reference": lambda: TransformersForward(checkpoint, CPU),
        "packed": lambda: forward_for(checkpoint, CPU, SINGLE),
        "kernels": lambda: kernels.direct(checkpoint, SINGLE),
        "graphs": lambda: kernels.replayed(checkpoint, SINGLE),
    }
    return builders[request.param]()


def of_lengths(checkpoint: Checkpoint, *lengths: int) -> list[Ids]:
    """Return windows of random pieces."""
    pieces = np.random.default_rng(7)
    return [pieces.integers(5, checkpoint.model.config.vocab_size, n) for n in lengths]


def of_notes(checkpoint: Checkpoint) -> list[Ids]:
    """Return the windows of the demo's notes."""
    texts = [path.read_bytes().decode("latin-1") for path in sorted(NOTES.glob("*.txt"))]
    return list(_windows(checkpoint, texts))


def _windows(checkpoint: Checkpoint, texts: Sequence[str]) -> Iterator[Ids]:
    for text in texts:
        encoding = encode(text, checkpoint.tokenizer)
        for window in windows(encoding.borders):
            yield encoding.ids[window.start : window.stop]


def furthest(one: Sequence[Scores], other: Sequence[Scores]) -> float:
    """Return the largest difference between two answers, relative where they are beyond 1."""
    return max(
        float((np.abs(a - b) / np.maximum(1, np.abs(b))).max())
        for a, b in zip(one, other, strict=True)
        if a.size
    )


def varied(checkpoint: Checkpoint, changes: dict[str, Any]) -> Checkpoint:
    """Return a DeBERTa checkpoint with other settings and new random weights."""
    torch.manual_seed(3)
    config = DebertaV2Config(**{**checkpoint.model.config.to_dict(), **changes})
    model = DebertaV2ForTokenClassification(config)
    torch.nn.Module.eval(model)
    for weights in model.parameters():
        torch.nn.init.normal_(weights, std=0.2)  # so that positions are seen in the scores
    return replace(checkpoint, model=model)


@pytest.mark.parametrize(("checkpoint", "forward"), COMBINATIONS, indirect=True)
@pytest.mark.parametrize("lengths", [(1,), (254,), (254, 1, 100, 37), (5,) * 12, (0,), (0, 3)])
def test_every_forward_gives_the_same_scores(
    forward: Forward, checkpoint: Checkpoint, lengths: tuple[int, ...]
) -> None:
    """Short, long and empty windows, alone and together: log probabilities but for rounding."""
    asked = of_lengths(checkpoint, *lengths)
    found = forward(asked)
    expected = [TransformersForward(checkpoint, CPU)([window])[0] for window in asked]
    labels = len(checkpoint.labels.names)
    assert [each.shape for each in found] == [(length, labels) for length in lengths]
    assert all(each.dtype == np.float32 for each in found)
    assert not sum(lengths) or furthest(found, expected) < ROUNDING


def test_real_notes_give_the_same_scores(checkpoint: Checkpoint) -> None:
    """The demo's notes in single precision: log probabilities but for rounding."""
    asked = of_notes(checkpoint)[:8]
    found = forward_for(checkpoint, CPU, SINGLE)(asked)
    assert furthest(found, TransformersForward(checkpoint, CPU)(asked)) < ROUNDING


@pytest.mark.parametrize(("checkpoint", "forward"), COMBINATIONS, indirect=True)
def test_only_the_wanted_pieces_are_scored(forward: Forward, checkpoint: Checkpoint) -> None:
    """Every third piece, none at all, or all of a window: the rows of the whole answer."""
    asked = of_lengths(checkpoint, 254, 9, 60)
    places = [np.arange(start, stop, 3, dtype=np.int32) for start, stop in [(1, 254), (0, 0)]]
    wanted = [*places, np.arange(60, dtype=np.int32)]
    expected = [rows[place] for rows, place in zip(forward(asked), wanted, strict=True)]
    found = forward(asked, wanted)
    assert [each.shape for each in found] == [each.shape for each in expected]
    assert furthest(found, expected) < ROUNDING


@pytest.mark.parametrize(("checkpoint", "forward"), COMBINATIONS, indirect=True)
def test_no_windows_give_no_scores(forward: Forward) -> None:
    """An empty list is a list of nothing."""
    assert forward([]) == []


def test_the_bundled_model_through_the_kernels(made: dict[str, Checkpoint]) -> None:
    """Twelve heads of 32 and six layers, in single precision: equal but for rounding."""
    if "bundled" not in made:
        pytest.skip("there is no bundled model")
    asked = of_lengths(made["bundled"], 70, 3)
    found = kernels.direct(made["bundled"], SINGLE)(asked)
    assert furthest(found, TransformersForward(made["bundled"], CPU)(asked)) < ROUNDING


def test_half_precision_gives_the_same_labels(made: dict[str, Checkpoint]) -> None:
    """In bfloat16 the bundled model labels at least 99.5 % of the notes' pieces alike."""
    if "bundled" not in made:
        pytest.skip("there is no bundled model")
    if fastest() != HALF:
        pytest.skip("this processor does not multiply bfloat16")
    asked = of_notes(made["bundled"])[:24]
    halved = forward_for(made["bundled"], CPU, HALF)(asked)
    exact = TransformersForward(made["bundled"], CPU)(asked)
    same = [a.argmax(-1) == b.argmax(-1) for a, b in zip(halved, exact, strict=True)]
    assert np.concatenate(same).mean() >= 0.995


def test_half_precision_moves_probabilities_little(made: dict[str, Checkpoint]) -> None:
    """In bfloat16 no probability of the bundled model is far from that in single precision."""
    if "bundled" not in made:
        pytest.skip("there is no bundled model")
    if fastest() != HALF:
        pytest.skip("this processor does not multiply bfloat16")
    asked = of_notes(made["bundled"])[:8]
    halved = np.concatenate(forward_for(made["bundled"], CPU, HALF)(asked))
    exact = np.concatenate(TransformersForward(made["bundled"], CPU)(asked))
    assert 0 < np.abs(np.exp(halved) - np.exp(exact)).max() < HALVING


def test_single_precision_rounds_as_transformers_does(checkpoint: Checkpoint) -> None:
    """Beside the model in double precision, the packed forward is about as near as transformers."""
    asked = of_notes(checkpoint)[:4]
    doubled = replace(checkpoint, model=deepcopy(checkpoint.model).double())
    exact = TransformersForward(doubled, CPU)(asked)
    packed = furthest(forward_for(checkpoint, CPU, SINGLE)(asked), exact)
    assert packed < 3 * furthest(TransformersForward(checkpoint, CPU)(asked), exact) < ROUNDING


@pytest.mark.parametrize("precision", sorted({SINGLE, fastest()}, key=str), ids=str)
def test_a_window_scores_the_same_beside_others(
    checkpoint: Checkpoint, precision: torch.dtype
) -> None:
    """Alone or in a batch, some pieces wanted or all: equal to the last bit."""
    forward = forward_for(checkpoint, CPU, precision)
    asked = of_lengths(checkpoint, 254, 9, 60, 254, 100)
    together = forward(asked)
    for found, window in zip(together, asked, strict=True):
        assert np.array_equal(found, forward([window])[0])
    few = [np.arange(0, len(window), 2, dtype=np.int32) for window in asked]
    for found, whole in zip(forward(asked, few), together, strict=True):
        assert np.array_equal(found, whole[::2])


@pytest.mark.parametrize("changes", VARIANTS.values(), ids=VARIANTS)
def test_every_packed_variant_is_exact(
    made: dict[str, Checkpoint], changes: dict[str, Any]
) -> None:
    """Whatever a DeBERTa checkpoint chose, it is packed, and exact beyond the usual window too."""
    checkpoint = varied(made["deberta"], changes)
    forward = forward_for(checkpoint, CPU, SINGLE)
    asked = of_lengths(checkpoint, 1, 70, 254, 300)
    assert forward.name == "packed DeBERTa, fp32"
    assert furthest(forward(asked), TransformersForward(checkpoint, CPU)(asked)) < ROUNDING


@pytest.mark.parametrize("changes", VARIANTS.values(), ids=VARIANTS)
def test_every_packed_variant_is_exact_through_the_kernels(
    made: dict[str, Checkpoint], changes: dict[str, Any]
) -> None:
    """The same on the GPU's kernels, for one window of a tile and a bit."""
    checkpoint = varied(made["deberta"], changes)
    asked = of_lengths(checkpoint, 70)
    expected = TransformersForward(checkpoint, CPU)(asked)
    assert furthest(kernels.direct(checkpoint, SINGLE)(asked), expected) < ROUNDING


def test_a_window_beyond_the_usual_goes_through_the_kernels_alone(
    made: dict[str, Checkpoint],
) -> None:
    """Longer than the distances laid out, between two short ones: nothing is cut off."""
    asked = of_lengths(made["deberta"], 3, 300, 5)
    expected = [TransformersForward(made["deberta"], CPU)([window])[0] for window in asked]
    assert furthest(kernels.replayed(made["deberta"], SINGLE)(asked), expected) < ROUNDING


@pytest.mark.parametrize("source", MAKERS)
def test_the_kernels_take_bfloat16(made: dict[str, Checkpoint], source: str) -> None:
    """States in bfloat16 move a probability by no more than rounding does."""
    asked = of_lengths(made[source], 70, 3)
    found = np.concatenate(kernels.direct(made[source], HALF)(asked))
    exact = np.concatenate(TransformersForward(made[source], CPU)(asked))
    assert 0 < np.abs(np.exp(found) - np.exp(exact)).max() < 0.02


@pytest.mark.parametrize("changes", UNUSUAL.values(), ids=UNUSUAL)
def test_unusual_checkpoints_are_left_to_transformers(
    made: dict[str, Checkpoint], changes: dict[str, Any]
) -> None:
    """An option that the packed forward does not know is never guessed at."""
    forward = forward_for(varied(made["deberta"], changes), CPU)
    assert isinstance(forward, TransformersForward)
    assert forward.name == "transformers deberta-v2, fp32, cpu"


def test_threads_share_a_forward(checkpoint: Checkpoint) -> None:
    """Eight threads at once get what each would get alone."""
    forward = forward_for(checkpoint, CPU)
    asked = [of_lengths(checkpoint, 20 + n, 3 * n) for n in range(16)]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(forward, asked))
    for found, one in zip(together, asked, strict=True):
        assert all(map(np.array_equal, found, forward(one)))


def test_the_processors_precision_is_chosen(made: dict[str, Checkpoint]) -> None:
    """Without a wish, the forward is packed in the precision that the processor is fast at."""
    expected = {SINGLE: "fp32", HALF: "bf16"}[fastest()]
    assert forward_for(made["bert"], CPU).name == f"packed BERT, {expected}"
