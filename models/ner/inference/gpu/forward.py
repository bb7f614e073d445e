"""The forward pass on a GPU: the same scores as the transformers model, without padding."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from threading import Lock

from models.ner.checkpoint.loading import Checkpoint
from models.ner.inference.device import current
from models.ner.inference.forward import everything
from models.ner.inference.gpu.buckets import Plan, plans
from models.ner.inference.gpu.runner import IN_FLIGHT, Runner
from models.ner.inference.packed.batch import pack, unpack
from models.ner.text.encoding import Ids, Scores
from models.ner.text.words import Offsets


class GpuForward:
    """Packed windows through a runner; threads share it and take turns.

    The more windows a call brings, the better host and device overlap; it may bring any number.
    """

    def __init__(self, checkpoint: Checkpoint, runner: Runner, name: str) -> None:
        self.name = name
        self._edges = checkpoint.tokenizer.cls_token_id, checkpoint.tokenizer.sep_token_id
        self._runner = runner
        self._turn = Lock()

    def __call__(
        self, windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
    ) -> list[Scores]:
        """Return the log probabilities of each window."""
        places = everything(windows) if wanted is None else wanted
        with self._turn, current(self._runner.device):
            return list(self._read(windows, places))

    def _read(self, windows: Sequence[Ids], wanted: Sequence[Offsets]) -> Iterator[Scores]:
        waiting: deque[Callable[[], Iterator[Scores]]] = deque()
        for plan in plans([len(window) + 2 for window in windows], self._runner.buckets):
            if len(waiting) == IN_FLIGHT:
                yield from waiting.popleft()()
            waiting.append(self._started(plan, windows, wanted))
        for each in waiting:
            yield from each()

    def _started(
        self, plan: Plan, windows: Sequence[Ids], wanted: Sequence[Offsets]
    ) -> Callable[[], Iterator[Scores]]:
        own = slice(plan.start, plan.stop)
        batch = pack(windows[own], wanted[own], *self._edges)
        take = self._runner.start(batch, plan.bucket)
        return lambda: unpack(take(), batch)
