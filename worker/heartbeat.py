"""Keeps the lease of a list alive while it is worked on."""

import threading
import time
from collections.abc import Callable
from typing import Self

import structlog

from models.errors import BiomedError

BEATS = 3
"""Beats in one lease, so that two can be missed."""


class Heartbeat:
    """Calls `extend` a few times in each lease until it is left, or until `longest` seconds passed.

    The limit is for work that never ends: its lease then expires and another worker gets the list.
    A beat that fails is logged and the next one tried; a lease lost by it is found at completion.
    """

    def __init__(self, extend: Callable[[], object], *, lease: float, longest: float) -> None:
        self._extend = extend
        self._interval = lease / BEATS
        self._longest = longest
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._thread.join()

    def _run(self) -> None:
        end = time.monotonic() + self._longest
        while not self._left.wait(self._interval) and time.monotonic() < end:
            self._beat()

    def _beat(self) -> None:
        try:
            self._extend()
        except BiomedError as error:
            structlog.get_logger().warning("heartbeat.failed", code=error.code)
