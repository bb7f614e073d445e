"""What is written down of a note: that it was read, that it failed, what it took back."""

from typing import Protocol

from models.audit_events import DONE, FAILED, Agent, Event


class Row(Protocol):
    """A version of a document, as the inbox has it."""

    @property
    def type(self) -> str:
        """Its resource type."""

    @property
    def fhir_id(self) -> str:
        """Its FHIR id."""

    @property
    def version(self) -> int:
        """Its version."""

    @property
    def subject(self) -> str | None:
        """Whose it is."""


def note_read(agent: Agent, row: Row, findings: int) -> Event:
    """Return that a note was read, and how many findings there are in it."""
    return _event(agent, "read-note", row, f"{findings} findings")


def note_retracted(agent: Agent, row: Row, resources: int) -> Event:
    """Return that a note took back what was said before."""
    return _event(agent, "retract", row, f"{resources} resources")


def note_failed(agent: Agent, row: Row, code: str) -> Event:
    """Return that a note could not be read, and why."""
    return _event(agent, "read-note", row, code, FAILED)


def _event(agent: Agent, interaction: str, row: Row, detail: str, outcome: str = DONE) -> Event:
    named = f"{row.type}/{row.fhir_id}/_history/{row.version}"
    return Event(
        agent=agent,
        interaction=interaction,
        action="E",
        outcome=outcome,
        entity=named,
        patient=row.subject or "",
        detail=detail,
    )
