"""Reading done documents once more, with another model or the same, and what that changes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fhir_mapping.resources import retraction
from models.chunks import chunks
from models.clinical import Extraction
from models.db.inbox.inbox import Claim, Free, Inbox
from models.db.results.changes import Change
from models.db.results.results import Results
from models.db.schema import check
from models.db.sql.session import connect
from worker import terminal_user
from worker.delivery_ports import delivery
from worker.outcome import Outcome
from worker.pipeline import Pipeline
from worker.reading import Reader
from worker.settings import Settings


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a list of documents that were read again."""

    outcome: Outcome
    changes: tuple[Change, ...]


def reprocess(
    inbox: Inbox, results: Results, reader: Reader, settings: Settings, rows: Sequence[int]
) -> Iterator[Report]:
    """Read the rows that are done once more, and report on each list of them.

    Claims, leases and completion are those of every reading: a document that somebody else reads
    meanwhile is left out, and what is begun and not ended here is read by a worker.
    """
    noting = _Noting(results)
    with Pipeline(_Again(inbox), noting, reader, settings) as pipeline:
        for some in chunks(rows, settings.message_size):
            outcome = pipeline.process(some)
            yield Report(outcome, tuple(results.changes(noting.taken())))


class _Again:
    """An inbox of which only the done documents are free."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.extend = inbox.extend
        self.release = inbox.release
        self.fail = inbox.fail

    def free(self, rows: Sequence[int], /, *, max_attempts: int) -> Free:
        """Return all of them: `claim` takes those that are done."""
        del max_attempts
        return Free(rows, ())

    def claim(
        self, rows: Sequence[int], /, *, lease_seconds: int, max_attempts: int, fresh: bool
    ) -> Sequence[Claim]:
        """Take those of the rows that are done; how often they were tried before is over."""
        del max_attempts, fresh
        return self._inbox.claim_done(rows, lease_seconds=lease_seconds)


class _Noting:
    """Results that note which runs were stored."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._runs: list[str] = []

    def complete(self, token: str, extractions: Mapping[int, Extraction], /) -> Sequence[int]:
        """Store all in one transaction."""
        done = self._results.complete(token, extractions)
        self._runs += [extractions[row].run.id for row in done]
        return done

    def taken(self) -> list[str]:
        """Return the runs stored since this was asked last."""
        runs, self._runs = self._runs, []
        return runs


def read_again(
    settings: Settings, load: Callable[[], Reader], names: Sequence[str] | None
) -> Iterator[Report]:
    """Read the named done documents once more, or all; names as `Inbox.find` takes them.

    The model is loaded when it is known that there is something to read.

    Raises:
        SchemaOutdated: the database was not upgraded.
        NotFound: a name is nobody's; nothing is read.
        CheckpointError: there is no such model; nothing is read.
    """
    engine = connect(settings.database_url, settings.timeouts)
    try:
        check(engine, settings.tenant)
        signature = replace(settings.signature, agent=terminal_user.agent())
        inbox = Inbox(engine, signature)
        results = Results(engine, retraction, delivery(settings), signature)
        rows = inbox.done(None if names is None else inbox.find(names))
        if rows:
            yield from reprocess(inbox, results, load(), settings, rows)
    finally:
        engine.dispose()
