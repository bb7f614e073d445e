"""What the audit log holds of a read, a note or a refusal: who, what, when, of whom, what came."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal

AgentKind = Literal["client", "key", "user", "process", "nobody"]
"""A client with a token, one with an API key, somebody at the terminal, a process, or unknown."""

Action = Literal["C", "R", "U", "D", "E"]
"""Create, read, update, delete, execute (FHIR R4, value set audit-event-action)."""

# FHIR R4, value set audit-event-outcome.
DONE: Final = "0"
REFUSED: Final = "4"
FAILED: Final = "8"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Agent:
    """Who did it: the id of a client and who issued it, a key's name, a user, a process."""

    kind: AgentKind
    name: str
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done to what belongs to one patient, or to nobody.

    `interaction` is a code of FHIR's restful-interaction, or one of our own such as `purge`;
    `entity` is a reference to what is stored here, `query` the names of parameters, never a value;
    `patient` is a reference, of which only a keyed hash is kept.
    """

    agent: Agent
    interaction: str
    action: Action
    outcome: str = DONE
    entity: str = ""
    query: str = ""
    patient: str = ""
    detail: str = ""
    at: datetime = field(default_factory=_now)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it stands in the log: its place, its `patient` as a hash, and the row's hash."""

    position: int
    event: Event
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of the log: who has kept it knows later whether rows are gone or changed."""

    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class Signature:
    """How a process signs what it does: its name, and the key of the patients' hashes.

    Without a key the one is used that lies in the database.
    """

    agent: Agent = Agent("process", "worker")
    secret: str | None = None
