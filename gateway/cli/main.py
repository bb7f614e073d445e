"""The terminal's door: which commands there are, and how they fail."""

import sys
from typing import Annotated

import typer

from gateway.cli import api_key, audit_log
from gateway.cli.annotate import annotate
from gateway.cli.dead_letters import commands as dead_letters
from gateway.cli.enqueue import enqueue
from gateway.cli.extract import extract
from gateway.cli.import_files import import_files
from gateway.cli.operator_commands import audit, redeliver, requeue, status, upgrade
from gateway.cli.process_commands import deliver, health, mllp, serve, sweep, worker
from gateway.cli.purge import purge
from gateway.cli.reprocess import reprocess
from gateway.cli.training import calibrate, evaluate, train
from models.code_version import code_version
from models.errors import (
    BiomedError,
    NoBroker,
    OpenToTheNetwork,
    UnusableApiKeys,
    WrongSettings,
    WrongUsage,
)

COMMANDS = {
    "Reading files": (annotate, extract),
    "The running system": (
        *(enqueue, import_files, worker, serve, mllp),
        *(sweep, deliver, health),
    ),
    "Operating it": (status, audit, requeue, redeliver, reprocess, purge),
    "The model": (train, calibrate, evaluate),
}

NAMES = {"import_files": "import"}
"""Names of commands that Python has words of its own for."""

NAME = "biomed-ner"
FAILED = 1
WRONGLY_CALLED = 2
CALLERS_FAULT = (WrongUsage, WrongSettings, NoBroker, OpenToTheNetwork, UnusableApiKeys)


def run() -> None:
    """Run the command of the command line; a failure of ours is one line on standard error.

    The exit code is 0 when all was done, 1 when something failed or was refused, 2 when the
    command or a setting was wrong.
    """
    try:
        app(prog_name=NAME)
    except BiomedError as error:
        typer.echo(f"biomed-ner: {error}", err=True)
        sys.exit(WRONGLY_CALLED if isinstance(error, CALLERS_FAULT) else FAILED)


def show_version(wanted: bool) -> None:  # noqa: FBT001  # typer calls it so
    """Print which code this is, as its results name it."""
    if wanted:
        typer.echo(f"{NAME} {code_version()}")
        raise typer.Exit


def begin(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Clinical notes in, FHIR that can be traced to its words out."""


def application() -> typer.Typer:
    """Return the commands."""
    # Without rich's tracebacks: they print local variables, and those hold notes.
    app = typer.Typer(
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
        pretty_exceptions_enable=False,
    )
    app.callback()(begin)
    for panel, commands in COMMANDS.items():
        for command in commands:
            app.command(NAMES.get(command.__name__), rich_help_panel=panel)(command)
    app.add_typer(database(), name="db", rich_help_panel="Operating it")
    app.add_typer(audit_log.application(), name="audit-log", rich_help_panel="Operating it")
    app.add_typer(api_key.application(), name="api-key", rich_help_panel="Operating it")
    app.add_typer(dead_letters(), name="dead-letters", rich_help_panel="Operating it")
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
