"""The settings of a command, or one clear line about what is wrong with them."""

from pydantic import ValidationError

from models.errors import WrongSettings
from worker import telemetry
from worker.settings import Settings


def settings() -> Settings:
    """Return the settings from the environment, with only warnings on standard error.

    Raises:
        WrongSettings: a variable has a value that it cannot have.
    """
    chosen = valid_settings()
    telemetry.configure(chosen.model_copy(update={"log_level": "warning"}))
    return chosen


def valid_settings() -> Settings:
    """Return the settings from the environment; errors as `settings`."""
    try:
        return Settings()
    except ValidationError as error:
        reasons = error.errors(include_url=False, include_input=False)
        raise WrongSettings(
            reason="; ".join(sentence(one["loc"], one["msg"]) for one in reasons)
        ) from None


def logging_settings() -> Settings:
    """Return the settings, with log lines on standard error from now on, as they say."""
    chosen = valid_settings()
    telemetry.configure(chosen)
    return chosen


def sentence(place: tuple[int | str, ...], message: str) -> str:
    """Return what is wrong with one variable, under the name it has in the environment."""
    name = "_".join(map(str, place)).upper()
    return f"BIOMED_{name}: {message}" if name else message
