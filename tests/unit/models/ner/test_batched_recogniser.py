"""A recogniser that threads share: its own readings for each, its own error for the culprit."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import torch

from models.clinical import Reading
from models.errors import CheckpointError, ReaderStopped, ReaderStuck, UnreadableNote
from models.ner.batched_recogniser import SharedRecogniser, load_shared, together
from models.ner.checkpoint.loading import load as load_checkpoint
from models.ner.inference.engine_choice import forward_for
from models.ner.inference.forward import Forward
from models.ner.inference.gpu.buckets import PIECES
from models.ner.recogniser import Recogniser
from models.ner.text.encoding import Ids, Scores
from models.ner.text.words import Offsets

TEXTS = [f"Fever {n} and cough. " * (n % 7) for n in range(40)]


class Watched:
    """A forward pass that is looked at before it computes."""

    def __init__(self, forward: Forward, before: Callable[[Sequence[Ids]], object]) -> None:
        self.name = forward.name
        self._forward, self._before = forward, before

    def __call__(
        self, windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
    ) -> list[Scores]:
        self._before(windows)
        return self._forward(windows, wanted)


@pytest.fixture(scope="module")
def recogniser(checkpoint: Path) -> Recogniser:
    """Reads in single precision: random weights have near ties, which rounding could turn."""
    loaded = load_checkpoint(str(checkpoint))
    return Recogniser(loaded, forward_for(loaded, torch.device("cpu"), torch.float32))


@pytest.fixture
def watched(recogniser: Recogniser) -> Iterator[Callable[..., SharedRecogniser]]:
    """Returns a shared recogniser whose forward pass is looked at."""
    forward = recogniser.forward

    def make(before: Callable[[Sequence[Ids]], object], patience: float = 60) -> SharedRecogniser:
        recogniser.forward = Watched(forward, before)
        return SharedRecogniser(recogniser, threads=1, patience=patience)

    yield make
    recogniser.forward = forward


def spans(readings: Sequence[object]) -> list[list[tuple[int, int, str]]]:
    assert all(isinstance(one, Reading) for one in readings)
    found = [one for one in readings if isinstance(one, Reading)]
    return [[(m.start, m.end, m.label) for m in one.mentions] for one in found]


def test_threads_read_what_one_would(recogniser: Recogniser) -> None:
    """Eight lists at once give the readings that each gives alone."""
    lists = [TEXTS[start::8] for start in range(8)]
    alone = [spans(recogniser.read(some)) for some in lists]
    with (
        SharedRecogniser(recogniser, threads=2, patience=60) as shared,
        ThreadPoolExecutor(8) as pool,
    ):
        assert [spans(found) for found in pool.map(shared.read, lists)] == alone


def test_the_note_a_model_fails_on_is_named(watched: Callable[..., SharedRecogniser]) -> None:
    """One text of a list, and of the lists beside it, gets the error; the others are read once."""
    longest = 0
    sizes = []

    def poisonous(windows: Sequence[Ids]) -> None:
        sizes.append(len(windows))
        if any(len(window) == longest for window in windows):
            raise ValueError("Mr Smith")

    with watched(lambda windows: sizes.append(max(map(len, windows)))) as shared:
        shared.read(["x " * 150])
    longest = sizes.pop()
    with watched(poisonous) as shared, ThreadPoolExecutor(2) as pool:
        other = pool.submit(shared.read, ["Fever."] * 9)
        found = shared.read(["Cough.", "x " * 150, "Fever."])
        assert len(spans(other.result())) == 9
    spans([found[0], found[2]])
    assert isinstance(found[1], UnreadableNote)
    assert str(found[1]) == "The model failed on this note alone (ValueError)."


def test_a_hung_model_sends_the_notes_back(watched: Callable[..., SharedRecogniser]) -> None:
    """Every text gets an error after which another worker can try."""
    ended = Event()
    shared = watched(lambda _: ended.wait(60), patience=0.2)
    found = shared.read(["Fever.", "Cough."])
    assert [type(one) for one in found] == [ReaderStuck, ReaderStuck]
    ended.set()
    shared.close()
    (after,) = shared.read(["Fever."])
    assert isinstance(after, ReaderStopped)


def test_a_wrong_name_is_said_before_threads_are_made() -> None:
    """There is no such model."""
    with pytest.raises(CheckpointError):
        load_shared(
            "/nowhere/at/all", revision=None, device="cpu", threads=1, batches=1, patience=1
        )


def test_a_gpu_gets_larger_batches_one_at_a_time() -> None:
    """A CPU computes as many at once as it is told, each of a size that its cache likes."""
    at_once, pieces = together(torch.device("cpu"), 3)
    assert at_once == 3
    assert together(torch.device("cuda:1"), 3) == (1, 2 * PIECES[-1])
    assert 2 * PIECES[-1] > pieces
