"""Many threads, one model: each gets its own scores or its own error, and nobody waits for ever."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ReaderStopped, ReaderStuck
from models.ner.inference.batcher import ROOM, Batcher
from models.ner.inference.passages import Passage
from models.ner.inference.scoring import InTurn, Outcome, Scoring
from models.ner.inference.waiting_passages import Request
from models.ner.text.encoding import Ids, Scores
from models.ner.text.words import Offsets

POISON = 666
PATIENCE = 0.3
BUDGET = 64


class Echo:
    """A forward pass that scores each wanted piece with its own id, and chokes on a poisonous one.

    `sizes` are the padded sizes of the batches, `before` is called before each of them.
    """

    name = "echo"

    def __init__(self, before: Callable[[], object] = lambda: None) -> None:
        self.sizes: list[tuple[int, int]] = []
        self._before = before

    def __call__(
        self, windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
    ) -> list[Scores]:
        """Return the ids, shape [wanted, 1]."""
        self._before()
        self.sizes.append((len(windows), max(map(len, windows)) + 2))
        if any(POISON in window for window in windows):
            raise ValueError("a poisonous window")
        assert wanted is not None
        return [
            ids[places].astype(np.float32)[:, None]
            for ids, places in zip(windows, wanted, strict=True)
        ]


class Named:
    """A function as a forward pass."""

    name = "named"

    def __init__(self, function: Callable[..., list[Scores]]) -> None:
        self.function = function

    def __call__(
        self, windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
    ) -> list[Scores]:
        return self.function(windows, wanted)


def passages(*windows: Sequence[int]) -> list[Passage]:
    """Return one text of so many windows, of which every second piece is wanted."""
    made = []
    for ids in windows:
        wanted = np.arange(0, len(ids), 2, dtype=np.int32)
        made.append(
            Passage(
                0, np.array(ids, dtype=np.int64), wanted, np.arange(len(wanted), dtype=np.int32)
            )
        )
    return made


def check(asked: Sequence[Passage], found: Sequence[tuple[Passage, Outcome]]) -> None:
    """Make sure that each passage came once, with its own scores, the poisonous with an error."""
    assert sorted(id(one) for one, _ in found) == sorted(map(id, asked))
    for passage, outcome in found:
        if POISON in passage.ids:
            assert isinstance(outcome, ValueError)
        else:
            assert isinstance(outcome, np.ndarray)
            assert outcome[:, 0].tolist() == passage.ids[passage.wanted].tolist()


@pytest.fixture(params=["in turn", "batcher"])
def scoring(request: pytest.FixtureRequest) -> Iterator[Scoring]:
    if request.param == "in turn":
        yield InTurn(Echo())
    else:
        with Batcher(Echo(), threads=2, patience=60, budget=BUDGET) as batcher:
            yield batcher


def test_each_passage_comes_once_with_its_scores(scoring: Scoring) -> None:
    """Long, short and empty windows, more than a batch holds; no windows give nothing."""
    asked = passages(*(list(range(n, 2 * n)) for n in (0, 1, 40, 3, 200, 3, 3, 17, 60, 60)))
    check(asked, list(scoring(asked)))
    assert list(scoring([])) == []


def test_a_poisonous_passage_fails_alone(scoring: Scoring) -> None:
    """What shares its batch is scored all the same."""
    asked = passages(*([n] for n in range(20)), [1, POISON], *([n, n] for n in range(20)))
    check(asked, list(scoring(asked)))


def test_a_batch_too_large_for_memory_is_scored_in_parts() -> None:
    """A forward that can take two windows and no more still scores all."""
    forward = Echo()

    def at_most_two(
        windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
    ) -> list[Scores]:
        if len(windows) > 2:
            raise MemoryError
        return forward(windows, wanted)

    asked = passages(*([n] for n in range(9)))
    with Batcher(Named(at_most_two), threads=1, patience=60) as batcher:
        check(asked, list(batcher(asked)))


def test_what_came_while_nobody_listened_is_heard_of() -> None:
    """The last batch is done between hearing of the first and asking whether there is more."""

    class Late(Batcher):
        def _hear(self, request: Request, *, more: bool) -> list[tuple[Passage, Outcome]]:
            heard = super()._hear(request, more=more)
            while request.open:
                time.sleep(0.001)
            return heard

    asked = passages(*([n] * 30 for n in range(9)))  # two windows to a batch
    slow = Echo(lambda: time.sleep(0.01))
    with Late(slow, threads=1, patience=60, budget=BUDGET) as batcher:
        check(asked, list(batcher(asked)))


windows = st.lists(st.lists(st.sampled_from([1, 2, 3, POISON]), max_size=30), max_size=12)


@given(st.lists(windows, min_size=1, max_size=6), st.integers(1, 3))
def test_threads_at_once_get_what_is_theirs(lists: list[list[list[int]]], threads: int) -> None:
    """Whatever several threads ask at once, each gets its own; batches stay in the budget."""
    forward = Echo(lambda: time.sleep(0.0002))
    asked = [passages(*one) for one in lists]
    with (
        Batcher(forward, threads=threads, patience=60, budget=BUDGET) as batcher,
        ThreadPoolExecutor(len(asked)) as pool,
    ):
        found = list(pool.map(lambda one: list(batcher(one)), asked))
    for one, own in zip(asked, found, strict=True):
        check(one, own)
    assert all(count == 1 or count * longest <= BUDGET for count, longest in forward.sizes)


class Gate:
    """Holds the forward pass back until it is opened."""

    def __init__(self) -> None:
        self.held, self._open = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.held.set()
        assert self._open.wait(60)

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open()


def test_callers_share_batches(gate: Gate) -> None:
    """What several threads brought while the model was busy is computed in one batch."""
    forward = Echo(gate)
    with Batcher(forward, threads=1, patience=60) as batcher, ThreadPoolExecutor(9) as pool:
        first = pool.submit(lambda: list(batcher(passages([1]))))
        assert gate.held.wait(60)
        others = [pool.submit(lambda: list(batcher(passages([2, 3])))) for _ in range(8)]
        eventually(lambda: batcher._waiting.pieces == 8 * 4)
        gate.open()
        assert [len(one.result()) for one in (first, *others)] == [1] * 9
    assert forward.sizes == [(1, 3), (8, 4)]


def test_who_brings_too_much_waits(gate: Gate) -> None:
    """A caller's passages are taken one by one as there is room, not all at once."""
    brought = []

    def coming() -> Iterator[Passage]:
        for passage in passages(*[[1] * 30] * 100):
            brought.append(passage)
            yield passage

    with (
        Batcher(Echo(gate), threads=1, patience=60, budget=BUDGET) as batcher,
        ThreadPoolExecutor(1) as pool,
    ):
        asked = pool.submit(lambda: list(batcher(coming())))
        assert gate.held.wait(60)
        time.sleep(0.05)
        assert len(brought) * 32 <= (ROOM + 2) * BUDGET
        gate.open()
        assert len(asked.result()) == 100


def test_a_single_note_overtakes_a_long_list(gate: Gate) -> None:
    """One passage that came after forty batches of another caller is in the second batch."""
    order: list[int] = []
    forward = Echo(gate)

    def noting(windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None) -> list[Scores]:
        order.append(int(windows[0][0]))
        return forward(windows, wanted)

    with (
        Batcher(Named(noting), threads=1, patience=60, budget=BUDGET) as batcher,
        ThreadPoolExecutor(2) as pool,
    ):
        many = pool.submit(lambda: list(batcher(passages(*[[1] * 60] * 15))))
        assert gate.held.wait(60)
        eventually(lambda: batcher._waiting.pieces == 14 * 62)
        urgent = pool.submit(lambda: list(batcher(passages([2] * 60))))
        eventually(lambda: batcher._waiting.pieces == 15 * 62)
        gate.open()
        assert (len(many.result()), len(urgent.result())) == (15, 1)
    assert order.index(2) <= 2


def test_a_hung_forward_ends_in_a_bounded_wait(gate: Gate) -> None:
    """Who waits, in the batch or behind it, and who comes later, is told of it."""
    batcher = Batcher(Echo(gate), threads=1, patience=PATIENCE)
    begun = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        within = pool.submit(lambda: list(batcher(passages([1], [2]))))
        assert gate.held.wait(60)
        behind = pool.submit(lambda: list(batcher(passages([3]))))
        found = [*within.result(60), *behind.result(60)]
    found += batcher(passages([4], [5]))
    assert len(found) == 5
    assert all(isinstance(outcome, ReaderStuck) and outcome.retry for _, outcome in found)
    assert time.monotonic() - begun < 20 * PATIENCE
    batcher.close()


def test_a_model_that_comes_back_reads_on(gate: Gate) -> None:
    """What was given up is dropped; the next caller gets its own scores."""
    with Batcher(Echo(gate), threads=1, patience=PATIENCE) as batcher:
        assert isinstance(next(batcher(passages([1])))[1], ReaderStuck)
        gate.open()
        eventually(lambda: not batcher._begun)
        asked = passages([2], [3])
        check(asked, list(batcher(asked)))


def test_a_closed_batcher_finishes_and_refuses(gate: Gate) -> None:
    """What came before the end is scored; what comes after it gets a typed error."""
    batcher = Batcher(Echo(gate), threads=1, patience=60)
    asked, brought = passages([1], [2], [3]), threading.Event()

    def coming() -> Iterator[Passage]:
        yield from asked
        brought.set()

    with ThreadPoolExecutor(2) as pool:
        before = pool.submit(lambda: list(batcher(coming())))
        assert brought.wait(60)
        closing = pool.submit(batcher.close)
        eventually(lambda: batcher._closed)
        ((_, refused),) = batcher(passages([4]))
        assert isinstance(refused, ReaderStopped)
        assert refused.retry
        gate.open()
        check(asked, before.result(60))
        closing.result(60)
    assert not any(thread.is_alive() for thread in batcher._threads)


def test_a_caller_that_gives_up_leaves_nothing_behind(gate: Gate) -> None:
    """Passages of a caller whose own step failed are not computed any more."""
    forward = Echo(gate)
    with Batcher(forward, threads=1, patience=60, budget=BUDGET) as batcher:

        def coming() -> Iterator[Passage]:
            yield from passages([1], [2], [3])
            assert gate.held.wait(60)
            raise KeyError

        with pytest.raises(KeyError):
            list(batcher(coming()))
        assert not batcher._waiting
        gate.open()
        asked = passages([7])
        check(asked, list(batcher(asked)))


def test_stress() -> None:
    """Sixteen threads with random lists, poison among them: nothing is lost, mixed up or late."""
    dice = np.random.default_rng(4)

    def some() -> list[Passage]:
        lengths = dice.integers(0, 50, dice.integers(0, 40))
        made = [dice.integers(0, 600, length).tolist() for length in lengths]
        return passages(*made, *([[POISON]] if dice.random() < 0.3 else []))

    lists = [some() for _ in range(200)]
    with (
        Batcher(Echo(), threads=3, patience=60, budget=BUDGET) as batcher,
        ThreadPoolExecutor(16) as pool,
    ):
        found = list(pool.map(lambda one: list(batcher(one)), lists))
        assert batcher._waiting.pieces == 0
    for one, own in zip(lists, found, strict=True):
        check(one, own)


def eventually(condition: Callable[[], object]) -> None:
    """Wait until the condition holds."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)
