"""What a client needs for each thing that it asks for in a Bundle, or by a condition."""

from dataclasses import replace
from typing import Final

from fastapi import Request

from fhir_mapping.exchange.incoming_batch import Asked, CreateRequest, ReadRequest, Update
from fhir_mapping.exchange.links import conditional_references
from gateway.access.policy import authorise, is_open
from gateway.access.principal import Principal
from gateway.access.scopes import Permission
from gateway.rest.access import asked_by
from gateway.rest.audit_trail import principal_of
from gateway.rest.batch_reads import scope

Write = Update | CreateRequest

BY_A_CONDITION: Final[tuple[Permission, ...]] = ("s", "r")
"""What finds a document must be allowed to, and the answer names what was found."""


def allowed(client: Principal, asked: Write) -> Write:
    """Return what is to be written, an update marked with whether it may create.

    Raises:
        Forbidden: the client may not.
    """
    conditional = (asked.unless if isinstance(asked, CreateRequest) else asked.where) is not None
    letter: Permission = "c" if isinstance(asked, CreateRequest) else "u"
    for one in (letter, *(BY_A_CONDITION if conditional else ())):
        client.require(asked.kind, one)
    if isinstance(asked, CreateRequest):
        return asked
    return replace(asked, may_create=client.scopes.allow(asked.kind, "c"))


def allowed_together(request: Request, asked: Asked) -> Asked:
    """Return what an entry asks for that is done with others or not at all, links included.

    Raises:
        Forbidden: the client may not, or not read what the entry reads.
        BadRequest: a conditional reference cannot be looked up.
    """
    if isinstance(asked, ReadRequest):
        _require_readable(request, asked)
        return asked
    client = principal_of(request)
    for criteria in conditional_references(asked.resource).values():
        for letter in BY_A_CONDITION:
            client.require(criteria.type, letter)
    return allowed(client, asked)


def _require_readable(request: Request, inquiry: ReadRequest) -> None:
    meant = asked_by(scope(request, inquiry))
    meant = replace(meant, path=meant.path.rstrip("/"))
    if not is_open(meant):
        authorise(principal_of(request), meant)
