"""How far a command has come: a bar on standard error, on a terminal only."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


@contextmanager
def progress(
    what: str, total: int | None, *, wanted: bool = True
) -> Iterator[Callable[[int], None]]:
    """Show how many of `total` are done; what is given advances the bar by a number of them.

    Without a total the bar counts. Nothing is shown where it is not `wanted`, such as among the
    lines of a result on the same terminal.
    """
    console = Console(stderr=True)
    with Progress(*COLUMNS, console=console, disable=not (wanted and console.is_terminal)) as bar:
        task = bar.add_task(what, total=total)
        yield lambda number: bar.advance(task, number)
