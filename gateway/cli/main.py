"""The terminal's door: which commands there are, and how they fail."""

import sys

import typer

from gateway.cli.annotate import annotate
from gateway.cli.database import upgrade
from gateway.cli.enqueue import enqueue
from gateway.cli.extract import extract
from gateway.cli.operating import audit, redeliver, requeue, status
from gateway.cli.reprocess import reprocess
from gateway.cli.running import deliver, health, serve, sweep, worker
from gateway.cli.training import calibrate, evaluate, train
from models.errors import BiomedError, WrongSettings, WrongUsage

COMMANDS = {
    "Reading files": (annotate, extract),
    "The running system": (enqueue, worker, serve, sweep, deliver, health),
    "Operating it": (status, audit, requeue, redeliver, reprocess),
    "The model": (train, calibrate, evaluate),
}

FAILED = 1
WRONGLY_CALLED = 2
CALLERS_FAULT = (WrongUsage, WrongSettings)


def run() -> None:
    """Run the command of the command line; a failure of ours is one line on standard error.

    The exit code is 0 when all was done, 1 when something failed or was refused, 2 when the
    command or a setting was wrong.
    """
    try:
        app()
    except BiomedError as error:
        typer.echo(f"biomed-ner: {error}", err=True)
        sys.exit(WRONGLY_CALLED if isinstance(error, CALLERS_FAULT) else FAILED)


def application() -> typer.Typer:
    """Return the commands."""
    # Without rich's tracebacks: they print local variables, and those hold notes.
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Clinical notes in, FHIR that can be traced to its words out.",
    )
    for panel, commands in COMMANDS.items():
        for command in commands:
            app.command(rich_help_panel=panel)(command)
    app.add_typer(database(), name="db", rich_help_panel="Operating it")
    return app


def database() -> typer.Typer:
    """Return the commands of `biomed-ner db`."""
    app = typer.Typer(no_args_is_help=True, help="The database schema.")
    app.callback()(lambda: None)  # makes a group of what is one command so far
    app.command()(upgrade)
    return app


app = application()

if __name__ == "__main__":
    run()
