"""One model for many threads: their passages meet here and are computed together.

A thread that reads tokenises and decodes by itself; only the forward pass is done here, by as many
threads as may compute at once. Nothing waits for a batch to fill: what waits when a computing
thread is free is its next batch, so batches grow with the load.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Self

from models.errors import BiomedError, ReaderStopped, ReaderStuck
from models.ner.inference.forward import Forward
from models.ner.inference.passages import TOKEN_BUDGET, Passage
from models.ner.inference.scoring import Outcome, outcomes
from models.ner.inference.waiting_passages import Chosen, Request, Waiting

ROOM = 16  # batches that may wait before who brings more has to wait too

OnBatch = Callable[[int, int, float], None]
"""Hears of a batch that was computed: its pieces, how many it could have held, its seconds."""


class Batcher:
    """Scores passages of many threads, length-sorted under a token budget (`scoring.Scoring`).

    Args:
        forward: the forward pass.
        threads: how many batches are computed at once.
        patience: seconds after which a forward pass counts as hung. Whoever waits then gets
            `ReaderStuck` for every passage that is still to come, and so does who comes later.
        budget: pieces in a batch, padding included.
        on_batch: hears of each batch that was computed.

    After `close` new passages get `ReaderStopped`; those that came before are still scored.
    """

    def __init__(
        self,
        forward: Forward,
        *,
        threads: int,
        patience: float,
        budget: int = TOKEN_BUDGET,
        on_batch: OnBatch | None = None,
    ) -> None:
        self._budget = budget
        self._on_batch = on_batch
        self._forward = forward
        self._patience = patience
        self._room = ROOM * budget
        self._waiting = Waiting(budget)
        self._begun: dict[threading.Thread, float] = {}
        self._closed = False
        lock = threading.Lock()
        self._work, self._news = threading.Condition(lock), threading.Condition(lock)
        self._threads = [
            threading.Thread(target=self._compute, name=f"forward-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def __call__(self, passages: Iterable[Passage], /) -> Iterator[tuple[Passage, Outcome]]:
        """Yield what came of the passages; they are brought as there is room for them."""
        request, coming = Request(), iter(passages)
        try:
            more = True
            while more or self._owes(request):
                more = more and self._bring(request, coming)
                yield from self._hear(request, more=more)
        finally:
            with self._news:
                self._waiting.withdraw(request)

    def close(self) -> None:
        """Score what waits, refuse what comes, and end the threads; a hung one is left behind."""
        with self._news:
            self._closed = True
            self._work.notify_all()
        end = time.monotonic() + self._patience
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # In the threads that read.

    def _bring(self, request: Request, coming: Iterator[Passage]) -> bool:
        """Let passages wait while there is room; return whether there may be more of them."""
        while self._takes_more():
            passage = next(coming, None)
            if passage is None:
                return False
            with self._news:
                self._admit(request, passage)
        return True

    def _owes(self, request: Request) -> bool:
        """Return whether something is still to come, or came and was not yet heard of."""
        with self._news:
            return request.open or bool(request.outcomes)

    def _takes_more(self) -> bool:
        """Return whether there is room, or none is needed for a refusal."""
        return self._waiting.pieces < self._room or self._trouble() is not None

    def _admit(self, request: Request, passage: Passage) -> None:
        trouble = self._trouble()
        if trouble:
            request.outcomes.append((passage, trouble))
        else:
            self._waiting.add(request, passage)
            self._work.notify()

    def _hear(self, request: Request, *, more: bool) -> list[tuple[Passage, Outcome]]:
        """Return outcomes as soon as there are some; none when there is room for more passages."""
        with self._news:
            while not request.outcomes and (request.open or more):
                if request.open and self._is_stuck():
                    self._abandon(request)
                elif more and self._takes_more():
                    break
                else:
                    self._news.wait(self._patience)
            return request.take()

    def _abandon(self, request: Request) -> None:
        """End the wait for what is still to come; what comes all the same is dropped."""
        gone = [*self._waiting.withdraw(request), *request.computed.values()]
        request.computed.clear()
        request.outcomes.extend((passage, self._stuck()) for passage in gone)

    def _trouble(self) -> BiomedError | None:
        """Return why passages are refused."""
        if self._closed:
            return ReaderStopped()
        return self._stuck() if self._is_stuck() else None

    def _stuck(self) -> ReaderStuck:
        return ReaderStuck(seconds=self._patience)

    def _is_stuck(self) -> bool:
        now = time.monotonic()
        return any(now - begun > self._patience for begun in list(self._begun.values()))

    # In the threads that compute.

    def _compute(self) -> None:
        while chosen := self._next():
            batch, begun = [passage for _, passage in chosen], time.monotonic()
            found = outcomes(self._forward, batch)
            seconds = time.monotonic() - begun
            self._give(chosen, found)
            if self._on_batch:
                pieces = sum(len(each.ids) + 2 for each in batch)
                self._on_batch(pieces, self._budget, seconds)

    def _next(self) -> Chosen:
        """Wait for work and return a batch; none when there is no more to come."""
        with self._work:
            while not self._waiting and not self._closed:
                self._work.wait()
            chosen = self._waiting.take() if self._waiting else []
            for request, passage in chosen:
                request.computed[id(passage)] = passage
            if chosen:
                self._begun[threading.current_thread()] = time.monotonic()
                self._news.notify_all()  # there is room again
            return chosen

    def _give(self, chosen: Chosen, found: Sequence[Outcome]) -> None:
        with self._news:
            del self._begun[threading.current_thread()]
            for (request, passage), outcome in zip(chosen, found, strict=True):
                if request.computed.pop(id(passage), None) is not None:
                    request.outcomes.append((passage, outcome))
            self._news.notify_all()
