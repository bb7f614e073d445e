"""One transaction of the database in which documents and other resources are stored together."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from models.clinical import Criteria, Document
from models.db.inbox import matching, receiving
from models.db.inbox.receiving import Receipt
from models.db.resources import client_resources, separate_ids
from models.db.resources.client_resources import PutRequest, PutResult
from models.db.resources.storable import check_document
from models.db.sql import advisory_locks
from models.db.sql.storing import storing
from models.errors import BiomedError

Match = tuple[str, Receipt]
"""The key of a document, and its newest version."""

Id = tuple[str, str]
"""Type and id of a document or another resource."""


class Transaction:
    """What can be done in it; an error that leaves it undoes everything."""

    def __init__(self, connection: Connection, tenant: str) -> None:
        self._connection = connection
        self._tenant = tenant

    def matches(self, criteria: Sequence[Criteria]) -> list[list[Match]]:
        """Return for each at most two documents that meet it.

        Nobody else decides by the same criteria until the transaction ends. To be called once, so
        that no two transactions wait for each other.
        """
        if criteria:
            matching.lock(self._connection, self._tenant, criteria)
        return [matching.matches(self._connection, self._tenant, one) for one in criteria]

    def match(self, criteria: Criteria) -> list[Match]:
        """Return at most two documents that meet criteria, which others may decide by too."""
        return matching.matches(self._connection, self._tenant, criteria)

    def lock(self, names: Sequence[str]) -> None:
        """Keep others that name the same documents from changing them."""
        if names:
            advisory_locks.lock(self._connection, [(self._tenant, name) for name in names])

    def newest(self, type_: str, fhir_id: str) -> Receipt | None:
        """Return the newest version of a document, None where there is none."""
        return matching.newest(self._connection, self._tenant, type_, fhir_id)

    def receive(self, documents: Sequence[Document]) -> list[Receipt]:
        """Store documents, as `Inbox.receive`."""
        for one in documents:
            check_document(one)
        return receiving.receive(self._connection, documents)

    def reserve(self, notes: Iterable[Id], resources: Iterable[Id]) -> None:
        """Take the ids of notes and of other resources, before both are stored here."""
        taken = ([(self._tenant, *one) for one in some] for some in (notes, resources))
        separate_ids.reserve(self._connection, *taken)

    def put(self, puts: Sequence[PutRequest]) -> list[PutResult | BiomedError]:
        """Store other resources, as `ClientResources.put`."""
        return client_resources.put(self._connection, self._tenant, puts)


class Transactions:
    """Begins them, for one tenant."""

    def __init__(self, engine: Engine, *, tenant: str = "default") -> None:
        self._engine = engine
        self._tenant = tenant

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Give a transaction that is committed at the end, and undone by an error.

        Raises:
            DatabaseUnavailable, DatabaseRefused: nothing is stored.
        """
        with storing(self._engine) as connection:
            yield Transaction(connection, self._tenant)
