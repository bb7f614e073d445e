"""The reader of a command: loaded when the first text is there, so that wrong input fails fast."""

# ruff: noqa: PLC0415 - a command pays only for what it uses, and `--help` loads no torch

from functools import cache
from typing import TYPE_CHECKING

from worker.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.ner.recogniser import Recogniser


def reader(chosen: Settings, model: str | None = None) -> "Callable[[], Recogniser]":
    """Return what loads a model, the one of the settings by default, at its first call.

    That call raises CheckpointError when there is no such model.
    """

    @cache
    def loaded() -> "Recogniser":
        from models.ner.recogniser import load

        revision = None if model else chosen.model_revision
        return load(model or chosen.model, revision=revision, device=chosen.device)

    return loaded
