"""Waiting until every document is read, and showing how far it is."""

import time
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gateway.demo.processes import Process
from models.db.inbox.inbox import Inbox
from models.errors import DemoFailed

ENDED = ("done", "failed")
POLL_SECONDS = 0.3
STALLED_SECONDS = 300


def wait(inbox: Inbox, processes: Sequence[Process], console: Console) -> None:
    """Wait until all documents are done or failed.

    Raises:
        DemoFailed: a process has ended, or for five minutes nothing has.
    """
    total = sum(inbox.counts().values())
    columns = (
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading", total=total)
        for ended in polled(inbox, processes):
            bar.update(task, completed=ended)
            if ended == total:
                return


def polled(inbox: Inbox, processes: Sequence[Process]) -> Iterator[int]:
    """Give again and again how many documents have ended; errors as `wait`."""
    last, since = -1, time.monotonic()
    while True:
        ended = sum(inbox.counts()[state] for state in ENDED)
        if ended != last:
            last, since = ended, time.monotonic()
        yield ended
        for process in processes:
            process.require_running()
        if time.monotonic() - since > STALLED_SECONDS:
            raise DemoFailed(reason=f"nothing was read for {STALLED_SECONDS} seconds")
        time.sleep(POLL_SECONDS)
