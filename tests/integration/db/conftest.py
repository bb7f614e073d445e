"""The memory over a fresh database of each kind, and threads that start together."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

import pytest
from sqlalchemy import Engine

from fhir_mapping.resources import retraction
from models.clinical import Document
from models.db.audit.audit import Audit
from models.db.inbox.inbox import Claim, Inbox
from models.db.resources.resources import Resources
from models.db.results.results import Results

T = TypeVar("T")


class Together(Protocol):
    """Runs a function in several threads that start at the same moment."""

    def __call__(self, work: Callable[[int], T], threads: int) -> list[T]:
        """Return what each thread's call with its number returned."""


@pytest.fixture
def inbox(engine: Engine) -> Inbox:
    return Inbox(engine)


@pytest.fixture
def results(engine: Engine) -> Results:
    return Results(engine, retraction)


@pytest.fixture
def resources(engine: Engine) -> Resources:
    return Resources(engine)


@pytest.fixture
def audit(engine: Engine) -> Audit:
    return Audit(engine)


@pytest.fixture
def claimed(inbox: Inbox) -> Callable[[Sequence[Document]], list[Claim]]:
    """Receive documents and claim them all under one lease."""

    def claim(documents: Sequence[Document]) -> list[Claim]:
        rows = [receipt.row for receipt in inbox.receive(documents)]
        return inbox.claim(rows, lease_seconds=60, max_attempts=3)

    return claim


@pytest.fixture
def together() -> Together:
    def run(work: Callable[[int], T], threads: int) -> list[T]:
        start = threading.Barrier(threads)

        def begin(number: int) -> T:
            start.wait()
            return work(number)

        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(begin, range(threads)))

    return run
