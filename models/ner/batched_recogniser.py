"""The reader of a worker: one model, shared by all threads that read."""

from collections.abc import Sequence
from typing import Self

import torch

from models.clinical import ModelIdentity, Reading
from models.errors import BiomedError, UnreadableNote
from models.ner.inference.batcher import Batcher, OnBatch
from models.ner.inference.device import device as named_device
from models.ner.inference.gpu.buckets import PIECES
from models.ner.inference.passages import TOKEN_BUDGET
from models.ner.recogniser import Recogniser, load


class SharedRecogniser:
    """Reads as its recogniser does, with the passages of all callers batched together.

    Args:
        recogniser: what tokenises and decodes, in the caller's thread, and owns the model.
        threads: how many batches are computed at once.
        patience: seconds after which a forward pass counts as hung.
        budget: pieces in a batch, padding included.
        on_batch: hears of each batch that was computed.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        *,
        threads: int,
        patience: float,
        budget: int = TOKEN_BUDGET,
        on_batch: OnBatch | None = None,
    ) -> None:
        self.identity: ModelIdentity = recogniser.identity
        self.card: str = recogniser.card
        self.engine: str = recogniser.engine
        self._batcher = Batcher(
            recogniser.forward,
            threads=threads,
            patience=patience,
            budget=budget,
            on_batch=on_batch,
        )
        self._recogniser = recogniser.scored_by(self._batcher)

    def read(self, texts: Sequence[str]) -> list[Reading | BiomedError]:
        """Return for each text its reading or the error that it met alone.

        UnreadableNote: the model failed on this text. ReaderStuck, ReaderStopped: no text is read
        any more, another worker can.
        """
        return [_typed(each) for each in self._recogniser.attempt(texts)]

    def close(self) -> None:
        """Read what was brought, refuse what comes, and end the threads."""
        self._batcher.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _typed(outcome: Reading | Exception) -> Reading | BiomedError:
    if isinstance(outcome, Reading | BiomedError):
        return outcome
    return UnreadableNote(kind=type(outcome).__name__)


def load_shared(  # noqa: PLR0913 which model, and how it is computed
    reference: str,
    *,
    revision: str | None,
    labels: str | None = None,
    device: str,
    threads: int,
    batches: int,
    patience: float,
    on_batch: OnBatch | None = None,
) -> SharedRecogniser:
    """Load a recogniser for a worker.

    Args:
        reference: which checkpoint; this and what follows as for `recogniser.load`.
        revision: of a hub id.
        labels: what its labels mean in ours.
        device: where it runs.
        threads: how many compute one batch.
        batches: how many are computed at once on a CPU; a GPU computes one after the other.
        patience: seconds after which a forward pass counts as hung.
        on_batch: hears of each batch that was computed.

    Raises:
        CheckpointError: the checkpoint or the device is not there.
        UnknownLabels: none of its labels means anything here.
        WrongSettings: `labels` does not fit the model.
    """
    at_once, budget = together(named_device(device), batches)
    recogniser = load(reference, revision=revision, labels=labels, device=device, threads=threads)
    return SharedRecogniser(
        recogniser, threads=at_once, patience=patience, budget=budget, on_batch=on_batch
    )


def together(device: torch.device, batches: int) -> tuple[int, int]:
    """Return how many batches a device computes at once, and how many pieces are in one.

    A GPU gets two of its largest buckets: while it computes one the host fills the other.
    """
    return (batches, TOKEN_BUDGET) if device.type == "cpu" else (1, 2 * PIECES[-1])
