"""What could not be taken in: named on standard error, counted for the exit code."""

import typer

from models.errors import BiomedError

FAILED = 1


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

    def end(self) -> None:
        """End the command with exit code 1 if anything was refused."""
        if self.count:
            raise typer.Exit(FAILED)
