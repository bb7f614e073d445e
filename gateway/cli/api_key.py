"""`biomed-ner api-key`: keys for engines that can send one fixed header and nothing else."""

# ruff: noqa: PLC0415 - a command pays only for what it uses

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.configuration import settings
from models.errors import NotFound, WrongSettings, WrongUsage


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="as the audit log shall call it")],
    *,
    scope: Annotated[
        list[str], typer.Option("--scope", help="such as system/DocumentReference.c; several times")
    ],
) -> None:
    """Make a key and print it: this once, since only its hash is kept."""
    from gateway.access.api_keys import add
    from gateway.access.scopes import is_scope

    wrong = [one for one in scope if not is_scope(one)]
    if wrong or not name.isprintable() or not name.strip():
        raise WrongUsage(reason=f"{wrong[0]} is no scope" if wrong else "the name is none")
    typer.echo(add(file(), name, scope))


def listed() -> None:
    """Show the keys that there are, by name, with their scopes."""
    from gateway.access.api_keys import read

    for one in read(file()):
        typer.echo(f"{one.name}: {' '.join(one.scopes)}")


def revoke(name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Take a key away; running servers refuse it from the next request on."""
    from gateway.access.api_keys import remove

    if not remove(file(), name):
        raise NotFound(reference=f"a key called {name}")


def file() -> Path:
    """Return the file of the keys."""
    found = settings().api_keys_file
    if found is None:
        raise WrongSettings(reason="BIOMED_API_KEYS_FILE names no file")
    return found


def application() -> typer.Typer:
    """Return the commands of `biomed-ner api-key`."""
    app = typer.Typer(no_args_is_help=True, help="Keys for engines that know nothing else.")
    app.command("new")(new)
    app.command("list")(listed)
    app.command("revoke")(revoke)
    return app
