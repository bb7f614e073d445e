"""How batches pass through a device: in order, few at a time, and never over each other."""

from pathlib import Path

import numpy as np
import pytest
import torch

from models.ner.checkpoint.loading import Checkpoint, load
from models.ner.inference.forward import TransformersForward
from models.ner.inference.gpu.buckets import Bucket
from models.ner.inference.gpu.forward import GpuForward
from models.ner.inference.gpu.runner import IN_FLIGHT, Taking
from models.ner.inference.packed.batch import Batch
from models.ner.text.encoding import Ids, Scores
from tests import checkpoints, kernels
from tests.fakes.repeating_machine import RepeatingMachine

CPU = torch.device("cpu")
BUCKETS = (Bucket(16, 2), Bucket(32, 4))


class Noting:
    """A runner whose scores are the ids, and which notes what it was asked, and when."""

    def __init__(self) -> None:
        self.device = CPU
        self.buckets = BUCKETS
        self.waiting = self.most = 0
        self.asked: list[Bucket | None] = []

    def start(self, batch: Batch, bucket: Bucket | None) -> Taking:
        """Note the batch."""
        self.asked.append(bucket)
        self.waiting += 1
        self.most = max(self.most, self.waiting)

        def take() -> Scores:
            self.waiting -= 1
            return batch.ids[batch.wanted].numpy()[:, None].astype(np.float32)

        return take


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """A small DeBERTa."""
    return load(str(checkpoints.deberta(tmp_path_factory.mktemp("deberta"))))


def asked(*lengths: int) -> list[Ids]:
    """Return windows whose pieces are numbered through."""
    edges = np.cumsum((5, *lengths))
    return [np.arange(start, start + size) for start, size in zip(edges, lengths, strict=False)]


def test_batches_overlap_by_no_more_than_there_is_memory_for(checkpoint: Checkpoint) -> None:
    """The next batch is started before the last is taken, and every answer finds its window."""
    runner = Noting()
    windows = asked(14, 20, 3, 30, 30, 8, 300, 1, 14)
    found = GpuForward(checkpoint, runner, "noting")(windows)
    assert [each[:, 0].tolist() for each in found] == [each.tolist() for each in windows]
    assert runner.most == IN_FLIGHT
    assert runner.waiting == 0
    assert None in runner.asked
    assert set(runner.asked) > set(BUCKETS)


def replaying(checkpoint: Checkpoint, machine: RepeatingMachine) -> GpuForward:
    """Return a forward with two sizes of graphs on a machine."""
    kernels.need_triton()
    from models.ner.inference.gpu.build import network  # noqa: PLC0415 there is no Triton on other systems
    from models.ner.inference.gpu.graphs import GraphRunner  # noqa: PLC0415

    runner = GraphRunner(network(checkpoint, "DeBERTa", torch.float32), machine, BUCKETS)
    return GpuForward(checkpoint, runner, "replaying")


def test_the_memory_of_a_batch_is_written_only_once_it_is_free(checkpoint: Checkpoint) -> None:
    """Each of four batches waits for its slot and then for its scores."""
    machine = RepeatingMachine()
    replaying(checkpoint, machine)(asked(14, 14, 30, 30, 30))
    assert machine.waited == 2 * 4


def test_a_size_that_does_not_fit_in_memory_is_read_in_a_smaller_one(
    checkpoint: Checkpoint,
) -> None:
    """The largest cannot be captured: its memory is given back, and the scores are the same."""

    class Narrow(RepeatingMachine):
        def capture(self, work: object) -> object:  # type: ignore[override]
            """Have no memory for the first that is asked for."""
            if not self.released:
                raise torch.OutOfMemoryError
            return work

    machine = Narrow()
    forward = replaying(checkpoint, machine)
    assert machine.released == 1
    assert forward._runner.buckets == BUCKETS[:1]
    windows = [window % 100 for window in asked(3, 20, 9)]
    expected = TransformersForward(checkpoint, CPU)(windows)
    for own, other in zip(forward(windows), expected, strict=True):
        np.testing.assert_allclose(own, other, atol=1e-5)


def test_without_memory_for_any_graph_every_batch_is_read_directly(
    checkpoint: Checkpoint,
) -> None:
    """It is slower, and says the same."""
    machine = RepeatingMachine(most=0)
    windows = asked(3, 20)
    expected = TransformersForward(checkpoint, CPU)(windows)
    found = replaying(checkpoint, machine)(windows)
    assert machine.released == len(BUCKETS)
    for own, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(own, other, atol=1e-5)


@pytest.mark.parametrize("folder", ["bert", "deberta"])
def test_graphs_on_a_real_gpu(tmp_path: Path, folder: str) -> None:
    """Captured in bfloat16 on the GPU, the labels are those of the transformers model."""
    if not torch.cuda.is_available():
        pytest.skip("this machine has no GPU")
    from models.ner.inference.gpu import agreement  # noqa: PLC0415

    made = load(str(getattr(checkpoints, folder)(tmp_path)))
    windows = list(agreement.windows(made.tokenizer))
    found = kernels.replayed(made, torch.bfloat16)(windows)
    assert agreement.compare(TransformersForward(made, CPU)(windows), found).good
