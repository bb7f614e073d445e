"""Who sends a request, and what they may do."""

from dataclasses import dataclass
from typing import Final

from gateway.access.scopes import ALL, Permission, Scopes, named
from models.audit_events import Agent
from models.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Principal:
    """A client and its scopes."""

    agent: Agent
    scopes: Scopes

    def require(self, kind: str, permission: Permission) -> None:
        """Make sure that something may be done with resources of a type.

        Raises:
            Forbidden: no scope of the client allows it.
        """
        if not self.scopes.allow(kind, permission):
            raise Forbidden(needed=named(kind, permission))


ANYBODY: Final = Principal(Agent("nobody", "local"), ALL)
"""Whoever reaches the server while it is not configured who may: by default this machine alone."""
