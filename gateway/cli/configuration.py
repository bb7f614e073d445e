"""The settings of a command, or one clear line about what is wrong with them."""

import os
from collections.abc import Collection

import typer
from pydantic import ValidationError

from models.errors import WrongSettings
from worker import telemetry
from worker.misspelt_settings import unknown_variables
from worker.settings import Settings


def settings() -> Settings:
    """Return the settings from the environment, with only warnings on standard error.

    Raises:
        WrongSettings: a variable has a value that it cannot have, or is a setting misspelt.
    """
    chosen = valid_settings()
    telemetry.configure(chosen.model_copy(update={"log_level": "warning"}))
    return chosen


def valid_settings() -> Settings:
    """Return the settings from the environment; errors as `settings`."""
    name_unknown({name for name, value in os.environ.items() if value})
    try:
        return Settings()
    except ValidationError as error:
        reasons = error.errors(include_url=False, include_input=False)
        raise WrongSettings(
            reason="; ".join(sentence(one["loc"], one["msg"]) for one in reasons)
        ) from None


def name_unknown(variables: Collection[str]) -> None:
    """Name on standard error each variable that is taken for no setting.

    Raises:
        WrongSettings: one is nearly a setting: what it was to change would stay as it is.
    """
    for name, near in unknown_variables(variables).items():
        if near:
            raise WrongSettings(reason=f"{name} is no setting; {near} is")
        typer.echo(f"biomed-ner: {name} is no setting and is ignored", err=True)


def logging_settings() -> Settings:
    """Return the settings, with log lines on standard error from now on, as they say."""
    chosen = valid_settings()
    telemetry.configure(chosen)
    return chosen


def sentence(place: tuple[int | str, ...], message: str) -> str:
    """Return what is wrong with one variable, under the name it has in the environment."""
    name = "_".join(map(str, place)).upper()
    return f"BIOMED_{name}: {message}" if name else message
