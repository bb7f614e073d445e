"""A list of documents from claim to completion, on both databases."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from fhir_mapping.resources import retraction
from models.clinical import Reading
from models.db.inbox.inbox import Inbox
from models.db.results.results import Results
from models.errors import BrokerUnavailable
from tests.fakes.keyword_recogniser import KeywordRecogniser
from tests.fakes.troubled_recogniser import TroubledRecogniser, raising
from tests.integration.worker.conftest import Make, Memory
from tests.integration.worker.documents import BROKEN_ATTACHMENT, attachment, document
from worker.backoff import backoff
from worker.outcome import Outcome
from worker.pipeline import Pipeline
from worker.settings import Settings

POISON = raising(ValueError("Mr Smith"))


def receive(inbox: Inbox, *texts: str) -> list[int]:
    """Store one document for each text and return the rows."""
    documents = [document(text, key=str(place)) for place, text in enumerate(texts)]
    return [receipt.row for receipt in inbox.receive(documents)]


def states(memory: Memory) -> list[tuple[object, ...]]:
    return memory.rows("SELECT state, error_code, attempts FROM document ORDER BY id")


@contextmanager
def heard(engine: Engine) -> Iterator[list[str]]:
    """Give a list that grows with the first word of each statement, and with each transaction."""
    found: list[str] = []

    def begin(_: object) -> None:
        found.append("transaction")

    def execute(_: object, __: object, statement: str, *___: object) -> None:
        found.append(statement.split(maxsplit=1)[0])

    event.listen(engine, "begin", begin)
    event.listen(engine, "before_cursor_execute", execute)
    yield found
    event.remove(engine, "begin", begin)
    event.remove(engine, "before_cursor_execute", execute)


def test_a_list_is_read_and_done(inbox: Inbox, pipeline: Make, memory: Memory) -> None:
    """Each document ends done, with its resources and one run."""
    rows = receive(inbox, "Pneumonia and cough.", "Pneumonia, on aspirin.", "")
    assert pipeline(KeywordRecogniser()).process(rows) == Outcome(claimed=3, done=3)
    assert states(memory) == [("done", None, 1)] * 3
    assert memory.number("run") == 3
    assert memory.number("resource WHERE type = 'Condition'") == 3
    assert memory.number("resource WHERE type = 'MedicationStatement'") == 1


def test_a_list_is_read_in_one_call(inbox: Inbox, pipeline: Make) -> None:
    """The texts of all documents go to the model together."""
    recogniser = TroubledRecogniser(KeywordRecogniser(), {})
    pipeline(recogniser).process(receive(inbox, "a", "b", "c", "d"))
    assert recogniser.calls == [4]


def test_rows_that_are_taken_or_unknown_are_left_out(inbox: Inbox, pipeline: Make) -> None:
    """A message that comes twice, or for nothing, does nothing."""
    rows = receive(inbox, "Fever.", "Cough.")
    inbox.claim(rows[:1], lease_seconds=60, max_attempts=3)
    reader = pipeline(KeywordRecogniser())
    assert reader.process([*rows, 4711]) == Outcome(claimed=1, done=1)
    assert reader.process([*rows, 4711]) == Outcome()


def test_the_same_document_twice_has_one_set_of_resources(
    inbox: Inbox, pipeline: Make, memory: Memory
) -> None:
    """Sent twice and rung for four times, a document is read once."""
    sent = document("Pneumonia and aspirin.", key="1")
    first, second = (inbox.receive([sent])[0] for _ in range(2))
    assert (first.row, second.created) == (second.row, False)
    reader = pipeline(KeywordRecogniser())
    for _ in range(2):
        reader.process([first.row, second.row])
    assert memory.number("run") == 1
    assert memory.rows("SELECT DISTINCT version FROM resource_version") == [(1,)]
    assert memory.number("resource WHERE type = 'Condition'") == 1


@pytest.mark.parametrize("culprit", [0, 5, 11])
def test_a_poison_note_fails_alone(
    culprit: int, inbox: Inbox, pipeline: Make, memory: Memory
) -> None:
    """The neighbours of a note that the model fails on are done, wherever it stands."""
    texts = ["Fever."] * 12
    texts[culprit] = "POISON of Mr Smith"
    recogniser = TroubledRecogniser(KeywordRecogniser(), {"POISON": POISON})
    outcome = pipeline(recogniser).process(receive(inbox, *texts))
    assert outcome == Outcome(claimed=12, done=11, failed=1)
    failure = inbox.failures(10)[0]
    assert (failure.code, failure.reason) == (
        "unreadable-note",
        "The model failed on this note alone (ValueError).",
    )
    assert states(memory).count(("done", None, 1)) == 11


def test_a_list_too_large_for_memory_is_read_in_parts(inbox: Inbox, pipeline: Make) -> None:
    """When the texts do not fit together, they are read in smaller lists and all are done."""

    def two_at_most() -> None:
        if recogniser.calls[-1] > 2:
            raise MemoryError

    recogniser = TroubledRecogniser(KeywordRecogniser(), {"": two_at_most})
    rows = receive(inbox, *["Fever."] * 8)
    assert pipeline(recogniser).process(rows) == Outcome(claimed=8, done=8)


def test_an_error_that_may_pass_is_tried_again_and_then_fails(
    inbox: Inbox, pipeline: Make, memory: Memory, settings: Settings
) -> None:
    """The document alone is given back after each attempt, and fails after the last."""
    passing = raising(BrokerUnavailable(kind="TimeoutError"))
    reader = pipeline(TroubledRecogniser(KeywordRecogniser(), {"PASSING": passing}))
    rows = receive(inbox, "Fever.", "PASSING", "Cough.")
    assert reader.process(rows) == Outcome(claimed=3, done=2, retried=1)
    assert states(memory)[1] == ("received", "broker-unavailable", 1)
    for _ in range(settings.max_attempts):
        reader.process(inbox.due(queued_for_seconds=600, limit=10, max_attempts=3))
    assert states(memory)[1] == ("failed", "broker-unavailable", 3)


def test_the_pause_before_an_attempt_doubles(
    inbox: Inbox, settings: Settings, engine: Engine
) -> None:
    """A document that was given back is not free until its back-off is over, and back-offs grow."""
    patient = settings.model_copy(update={"retry_seconds": 100})
    passing = raising(BrokerUnavailable(kind="TimeoutError"))
    recogniser = TroubledRecogniser(KeywordRecogniser(), {"": passing})
    reader = Pipeline(inbox, Results(engine, retraction), recogniser, patient)
    assert [backoff(100, attempt) for attempt in (1, 2, 3, 9)] == [100, 200, 400, 3600]
    rows = receive(inbox, "Fever.")
    assert reader.process(rows) == Outcome(claimed=1, retried=1)
    assert reader.process(rows) == Outcome()
    assert inbox.due(queued_for_seconds=1, limit=10, max_attempts=3) == []


def test_a_document_without_subject_fails_for_good(
    inbox: Inbox, pipeline: Make, memory: Memory
) -> None:
    """Nothing read in it could be said of a patient, now or later."""
    row = inbox.receive([document("Fever.", key="1", subject=None)])[0].row
    assert pipeline(KeywordRecogniser()).process([row]) == Outcome(claimed=1, failed=1)
    assert states(memory) == [("failed", "missing-subject", 1)]


def test_a_document_of_which_nothing_can_be_read_fails(
    inbox: Inbox, pipeline: Make, memory: Memory
) -> None:
    """The first reason is the document's, and every unread part is kept."""
    row = inbox.receive([document("", key="1", content=[BROKEN_ATTACHMENT] * 2)])[0].row
    assert pipeline(KeywordRecogniser()).process([row]) == Outcome(claimed=1, failed=1)
    assert states(memory) == [("failed", "bad-base64", 1)]
    assert memory.rows("SELECT DISTINCT code FROM unread") == [("bad-base64",)]


def test_a_document_of_which_something_can_be_read_is_done(
    inbox: Inbox, pipeline: Make, memory: Memory
) -> None:
    """Parts that cannot be opened, and parts the model fails on, stay visible beside the rest."""
    content = [attachment("Pneumonia."), BROKEN_ATTACHMENT, attachment("POISON")]
    row = inbox.receive([document("", key="1", content=content)])[0].row
    reader = pipeline(TroubledRecogniser(KeywordRecogniser(), {"POISON": POISON}))
    assert reader.process([row]) == Outcome(claimed=1, done=1)
    assert memory.rows("SELECT content_index, code FROM unread ORDER BY content_index") == [
        (1, "bad-base64"),
        (2, "unreadable-note"),
    ]
    assert memory.number("resource WHERE type = 'Condition'") == 1


def test_a_document_entered_in_error_is_done_unread(
    inbox: Inbox, pipeline: Make, memory: Memory
) -> None:
    """What was never meant is stored, not read, and no failure."""
    sent = document("Fever.", key="1", status="entered-in-error")
    rows = [inbox.receive([sent])[0].row]
    assert pipeline(KeywordRecogniser()).process(rows) == Outcome(claimed=1, done=1)
    assert memory.rows("SELECT code FROM unread") == [("entered-in-error",)]
    assert memory.number("finding") == 0


def test_a_device_and_its_card_stay_as_they_are(
    inbox: Inbox, pipeline: Make, memory: Memory
) -> None:
    """Whatever a document holds (much, nothing, an error), it brings the same Device and card."""
    sent = [
        document("Fever.", key="1"),
        document("Fever.", key="2", status="entered-in-error"),
        document("Nothing of note.", key="3"),
        document("Cough.", key="4"),
    ]
    for one in sent:
        row = inbox.receive([one])[0].row
        assert pipeline(KeywordRecogniser()).process([row]) == Outcome(claimed=1, done=1)
    about_the_model = "type IN ('Device', 'DocumentReference')"
    versions = memory.rows(f"SELECT type, version FROM resource_version WHERE {about_the_model}")  # noqa: S608
    assert sorted(versions) == [("Device", 1), ("DocumentReference", 1)]


def test_a_lost_lease_writes_nothing(inbox: Inbox, pipeline: Make, memory: Memory) -> None:
    """A worker that lost its lease leaves the other's results alone."""
    rows = receive(inbox, "SLOW fever.")

    def lose_the_lease() -> None:
        memory.do("UPDATE document SET lease_until = '2020-01-01 00:00:00+00'")
        assert pipeline(KeywordRecogniser()).process(rows) == Outcome(claimed=1, done=1)

    slow = pipeline(TroubledRecogniser(KeywordRecogniser(), {"SLOW": lose_the_lease}))
    assert slow.process(rows) == Outcome(claimed=1, lost=1)
    assert memory.number("run") == 1
    assert states(memory) == [("done", None, 1)]


def test_a_reader_that_fails_on_everything_is_to_blame_itself(
    inbox: Inbox, pipeline: Make, memory: Memory
) -> None:
    """No attempt is lost to a sick reader: all are given back, and a new process is asked for."""
    sick = TroubledRecogniser(KeywordRecogniser(), {"": raising(RuntimeError("CUDA error"))})
    outcome = pipeline(sick).process(receive(inbox, "Fever.", "Cough."))
    assert outcome == Outcome(claimed=2, retried=2, broken=True)
    assert states(memory) == [("received", "reader-broken", 0)] * 2
    assert memory.rows("SELECT lapses FROM document") == [(1,)] * 2


def test_documents_tried_before_are_read_alone(
    inbox: Inbox, pipeline: Make, memory: Memory
) -> None:
    """After a worker died, its documents are not read together again: one may have killed it."""
    rows = receive(inbox, "a", "b", "c", "d")
    inbox.claim(rows[:2], lease_seconds=60, max_attempts=3)
    memory.do("UPDATE document SET lease_until = '2020-01-01 00:00:00+00' WHERE attempts > 0")
    recogniser = TroubledRecogniser(KeywordRecogniser(), {})
    assert pipeline(recogniser).process(rows) == Outcome(claimed=4, done=4)
    assert recogniser.calls == [2, 1, 1]


def test_what_is_read_alone_has_no_company_in_the_process(
    inbox: Inbox, pipeline: Make, memory: Memory
) -> None:
    """A document that may have killed a worker waits until the other lists of this one are read."""
    suspect, *others = receive(inbox, "SUSPECT", "OTHER", "OTHER", "OTHER")
    inbox.claim([suspect], lease_seconds=0, max_attempts=3)
    at_once: list[int] = []
    recogniser = InFlight(KeywordRecogniser(), at_once)
    reader = pipeline(recogniser)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(reader.process, [[others[0]], [suspect], [others[1]], [others[2]]]))
    assert inbox.counts()["done"] == 4
    assert recogniser.beside["SUSPECT"] == 1
    assert memory.rows("SELECT lapses FROM document ORDER BY id") == [(1,), (0,), (0,), (0,)]


class InFlight:
    """A slow recogniser that notes how many lists were being read when each text was."""

    def __init__(self, inner: KeywordRecogniser, now: list[int]) -> None:
        self.identity, self.card, self._inner = inner.identity, inner.card, inner
        self._now = now
        self.beside: dict[str, int] = {}

    def read(self, texts: Sequence[str]) -> list[Reading]:
        self._now.append(1)
        time.sleep(0.2)
        most = len(self._now)
        time.sleep(0.1)
        self.beside |= {text: max(most, len(self._now)) for text in texts}
        self._now.pop()
        return self._inner.read(texts)


def test_stale_rows_cost_one_query(inbox: Inbox, pipeline: Make, engine: Engine) -> None:
    """A message whose sixty-four documents are done already is one statement in one transaction."""
    rows = receive(inbox, *["Fever."] * 64)
    reader = pipeline(KeywordRecogniser())
    assert reader.process(rows) == Outcome(claimed=64, done=64)
    with heard(engine) as found:
        assert reader.process(rows) == Outcome()
    asked = [one for one in found if one not in {"BEGIN", "PRAGMA"}]  # how SQLite begins one
    assert asked == ["transaction", "SELECT"]


def test_a_lease_outlives_a_long_reading(inbox: Inbox, pipeline: Make, settings: Settings) -> None:
    """While a list is read its lease is renewed, so that nobody else takes it."""
    rows = receive(inbox, "LONG fever.")
    taken: list[object] = []

    def longer_than_the_lease() -> None:
        time.sleep(settings.lease_seconds + 0.5)
        taken.extend(inbox.claim(rows, lease_seconds=2, max_attempts=9))

    reader = pipeline(TroubledRecogniser(KeywordRecogniser(), {"LONG": longer_than_the_lease}))
    assert reader.process(rows) == Outcome(claimed=1, done=1)
    assert taken == []
