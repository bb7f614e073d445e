"""What could not be taken in: named on standard error, counted for the exit code."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import typer

from models.errors import BiomedError
from worker.isolate_failures import blame, isolate

FAILED = 1

T = TypeVar("T")
R = TypeVar("R")

Placed = tuple[str, T]
"""Where something stands in its file, and what it is."""


class Refusals:
    """Names each refused document as it comes, as `place: code: sentence`."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, where: str, error: BiomedError) -> None:
        """Report a document of which nothing is taken."""
        self.count += 1
        self.note(where, error.code, str(error))

    def note(self, where: str, code: str, reason: str) -> None:
        """Report a part that is left out of a document that is taken."""
        typer.echo(f"{where}: {code}: {reason}", err=True)

    def taken(
        self, work: Callable[[Sequence[T]], Sequence[R]], some: Sequence[Placed[T]]
    ) -> Iterator[Placed[R]]:
        """Do the work on all of them together; give what came of it, and report what fails alone.

        Raises:
            BiomedError: it can pass, such as a device without memory: no document is to blame.
        """
        results = isolate(work, [one for _, one in some], blame=blame("read"))
        for (where, _), one in zip(some, results, strict=True):
            if not isinstance(one, BiomedError):
                yield where, one
            elif one.retry:
                raise one
            else:
                self.add(where, one)

    def end(self) -> None:
        """End the command with exit code 1 if anything was refused."""
        if self.count:
            raise typer.Exit(FAILED)
