"""Many share a lock, or one has it alone."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from worker.locks import SharedLock


def test_many_share_it() -> None:
    """Threads that share the lock hold it at the same time."""
    lock, together = SharedLock(), threading.Barrier(3)

    def share() -> None:
        with lock.shared():
            together.wait(10)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: share(), range(3)))


def test_who_is_alone_has_no_company() -> None:
    """However threads come, nobody else is inside with one that asked to be alone."""
    lock, inside, met = SharedLock(), [], []

    def enter(number: int) -> None:
        alone = number % 3 == 0
        with lock.alone() if alone else lock.shared():
            inside.append(number)
            time.sleep(0.002)
            met.append((alone, len(inside)))
            inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(enter, range(60)))
    assert {company for alone, company in met if alone} == {1}
    assert max(company for alone, company in met if not alone) > 1


def test_who_wants_to_be_alone_is_not_passed_over_for_ever() -> None:
    """New company waits behind a thread that waits to be alone."""
    lock, order = SharedLock(), []
    waits = threading.Event()

    def alone() -> None:
        waits.set()
        with lock.alone():
            order.append("alone")

    def shared() -> None:
        with lock.shared():
            order.append("shared")

    with ThreadPoolExecutor(2) as pool, lock.shared():
        pool.submit(alone)
        waits.wait(10)
        time.sleep(0.1)
        pool.submit(shared)
        time.sleep(0.1)
        assert order == []
    assert order == ["alone", "shared"]


def test_an_error_gives_it_back() -> None:
    """Whoever leaves by an exception holds it no longer."""
    lock = SharedLock()
    for entered in (lock.shared, lock.alone):
        with suppress(ZeroDivisionError), entered():
            1 / 0  # noqa: B018 whatever is raised inside
    with lock.alone():
        pass
