"""The reader of a command: loaded when the first text is there, so that wrong input fails fast."""

# ruff: noqa: PLC0415 - a command pays only for what it uses, and `--help` imports no torch

from functools import cache
from typing import TYPE_CHECKING

from worker.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_mapping.findings.policy import Policy
    from models.ner.recogniser import Recogniser


def reader(chosen: Settings, model: str | None = None) -> "Callable[[], Recogniser]":
    """Return the loader of a model, the one of the settings by default; its first call loads.

    That call raises CheckpointError when there is no such model, UnknownLabels when none of its
    labels means anything here.
    """

    @cache
    def loaded() -> "Recogniser":
        from models.ner.recogniser import load

        revision = None if model else chosen.model_revision
        return load(
            model or chosen.model, revision=revision, labels=chosen.labels, device=chosen.device
        )

    return loaded


def fhir_reader(chosen: Settings, policy: "Policy") -> "Callable[[], Recogniser]":
    """Return the loader of the model of the settings, of whose readings resources are to be made.

    That call raises LabelsWithoutResource, too, when no label of the model becomes one.
    """

    @cache
    def checked() -> "Recogniser":
        from fhir_mapping.findings.labels import require_resources

        recogniser = reader(chosen)()
        require_resources(recogniser.identity, policy)
        return recogniser

    return checked
