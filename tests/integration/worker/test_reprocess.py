"""Reading done documents once more: what changes, what does not, and that nothing is lost."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

from fhir_mapping.resources import retraction
from models.db.inbox.inbox import Inbox
from models.db.results.results import Results
from models.errors import NotFound
from tests.fakes.keyword_recogniser import KEYWORDS, KeywordRecogniser
from tests.fakes.troubled_recogniser import TroubledRecogniser, raising
from tests.integration.worker.conftest import Make, Memory
from tests.integration.worker.documents import BROKEN_ATTACHMENT, attachment, document
from worker.outcome import Outcome
from worker.reading import Recogniser
from worker.reprocess import Report, read_again, reprocess
from worker.settings import Settings

Again = Callable[..., Report]

LESS = {word: label for word, label in KEYWORDS.items() if word != "aspirin"}
MORE = {**KEYWORDS, "asthma": "Disease_disorder"}


@pytest.fixture
def again(inbox: Inbox, engine: Engine, settings: Settings) -> Again:
    """Reads all done documents once more."""

    def read(recogniser: Recogniser) -> Report:
        results = Results(engine, retraction)
        (report,) = reprocess(inbox, results, recogniser, settings, inbox.done())
        return report

    return read


@pytest.fixture
def rows(inbox: Inbox, pipeline: Make) -> list[int]:
    """Two documents that were read."""
    sent = [document("Pneumonia, on aspirin.", key="1"), document("Pneumonia, asthma.", key="2")]
    found = [receipt.row for receipt in inbox.receive(sent)]
    pipeline(KeywordRecogniser()).process(found)
    return found


def kinds(report: Report) -> Counter[str]:
    return Counter(f"{change.kind} {change.type}" for change in report.changes)


def clinical(memory: Memory) -> list[tuple[object, ...]]:
    return memory.rows(
        "SELECT type, id, version, json FROM resource_version "
        "WHERE type NOT IN ('Provenance', 'Device', 'DocumentReference') ORDER BY 1, 2, 3"
    )


@pytest.mark.usefixtures("rows")
def test_the_same_pipeline_changes_nothing(again: Again, memory: Memory) -> None:
    """A new run is written for each document, and every finding is what it was."""
    before = clinical(memory)
    for runs in (4, 6):
        report = again(KeywordRecogniser())
        assert (report.outcome, report.changes) == (Outcome(claimed=2, done=2), ())
        assert memory.number("run") == runs
    assert clinical(memory) == before


@pytest.mark.usefixtures("rows")
def test_another_model_adds_and_drops(again: Again) -> None:
    """The report names what only the other model finds, and what it does not find."""
    assert kinds(again(KeywordRecogniser(LESS))) == {"dropped MedicationStatement": 1}
    assert kinds(again(KeywordRecogniser(MORE))) == {
        "added MedicationStatement": 1,
        "added Condition": 1,
    }
    assert kinds(again(KeywordRecogniser(MORE))) == {}


@pytest.mark.usefixtures("rows")
def test_what_is_told_otherwise_is_changed(again: Again) -> None:
    """The same finding with another content is a change: a new version of the same resource."""
    report = again(_Surer(KeywordRecogniser()))
    assert kinds(report) == {"changed Condition": 2, "changed MedicationStatement": 1}
    assert {change.version for change in report.changes} == {2}


@pytest.mark.usefixtures("rows")
def test_late_digits_of_scores_change_nothing(again: Again, memory: Memory) -> None:
    """The same model and code with scores a little off, as another processor sums: no version."""
    before = clinical(memory)
    report = again(_Surer(KeywordRecogniser(), lambda score: score - 0.003))
    assert (report.outcome, report.changes) == (Outcome(claimed=2, done=2), ())
    assert clinical(memory) == before
    assert memory.number("finding WHERE resource_id IS NOT NULL AND resource_version IS NULL") == 0


@pytest.mark.usefixtures("rows")
def test_late_digits_of_another_model_are_a_change(again: Again) -> None:
    """What another model, or other code, scores is its own statement, however near."""
    other = _Surer(KeywordRecogniser(), lambda score: score - 0.003)
    other.identity = replace(other.identity, code_version="another")
    assert kinds(again(other)) == {"changed Condition": 2, "changed MedicationStatement": 1}
    assert kinds(again(other)) == {}


class _Surer:
    """A recogniser with other scores."""

    def __init__(
        self, inner: KeywordRecogniser, score: Callable[[float], float] = lambda _: 0.5
    ) -> None:
        self.identity, self.card = inner.identity, inner.card
        self._inner, self._score = inner, score

    def read(self, texts: Any) -> Any:
        return [
            replace(one, mentions=self._of(one.mentions), model=self.identity)
            for one in self._inner.read(texts)
        ]

    def _of(self, mentions: Any) -> tuple[Any, ...]:
        return tuple(replace(found, score=self._score(found.score)) for found in mentions)


def test_only_what_speaks_is_read(inbox: Inbox, pipeline: Make, rows: list[int]) -> None:
    """Of a document only the newest version that was read is read again; waiting ones are not."""
    sent = [document("Pneumonia.", key="1"), document("%", key="2", content=[BROKEN_ATTACHMENT])]
    newer, broken = (receipt.row for receipt in inbox.receive(sent))
    pipeline(KeywordRecogniser()).process([newer, broken])
    (waiting,) = (one.row for one in inbox.receive([document("Fever.", key="3")]))
    assert inbox.done() == [rows[1], newer]
    assert inbox.done([rows[0], waiting, newer]) == [newer]


def test_nobody_else_reads_meanwhile(inbox: Inbox, rows: list[int], again: Again) -> None:
    """A document that is being read again is held under a lease, and read by one alone."""
    (held,) = inbox.claim_done(rows[:1], lease_seconds=60)
    assert held.row == rows[0]
    assert inbox.claim(rows, lease_seconds=60, max_attempts=3) == []
    assert inbox.claim_done(rows[:1], lease_seconds=60) == []
    assert again(KeywordRecogniser()).outcome == Outcome(claimed=1, done=1)


def test_a_death_half_way_loses_nothing(
    inbox: Inbox, pipeline: Make, rows: list[int], memory: Memory
) -> None:
    """What was begun and not ended is rung for when the lease is over, and read by a worker."""
    inbox.claim_done(rows, lease_seconds=-1)
    due = inbox.due(queued_for_seconds=600, limit=9, max_attempts=3)
    assert due == rows
    before = clinical(memory)
    assert pipeline(KeywordRecogniser()).process(due) == Outcome(claimed=2, done=2)
    assert clinical(memory) == before


def test_a_failure_leaves_what_stands(
    rows: list[int], again: Again, memory: Memory, inbox: Inbox
) -> None:
    """A note that the other model cannot read fails visibly; its findings stay as they were."""
    before = clinical(memory)
    poison = TroubledRecogniser(KeywordRecogniser(), {"asthma": raising(ValueError("Mr Smith"))})
    assert again(poison).outcome == Outcome(claimed=2, done=1, failed=1)
    assert [one.row for one in inbox.failures(9)] == [rows[1]]
    assert clinical(memory) == before
    assert inbox.requeue() == [rows[1]]


@pytest.mark.usefixtures("rows")
def test_an_unknown_document_is_named_before_a_model_is_loaded(settings: Settings) -> None:
    """A wrong id reads nothing and loads nothing."""

    def load() -> Recogniser:
        raise AssertionError("loaded")

    with pytest.raises(NotFound, match="DocumentReference/nobody"):
        list(read_again(settings, load, ["DocumentReference/nobody"]))


def test_documents_are_named_by_row_or_id(settings: Settings, rows: list[int]) -> None:
    """The same two documents, by their rows, by an id, and all of them."""

    def done(names: list[str] | None) -> int:
        reports: Iterator[Report] = read_again(settings, KeywordRecogniser, names)
        return sum(one.outcome.done for one in reports)

    fhir_id = document("", key="2").id
    assert done([str(rows[0])]) == 1
    assert done([f"DocumentReference/{fhir_id}", fhir_id, str(rows[1])]) == 1
    assert done([f"{fhir_id}/_history/1"]) == 1
    assert done(None) == 2


def test_find(inbox: Inbox, rows: list[int]) -> None:
    """A number is a row, after DocumentReference/ it is an id; what is not there is not found."""
    (numbered,) = inbox.receive([document("Fever.", key="3", id="1")])
    assert inbox.find(["1"]) == [1]
    assert inbox.find(["DocumentReference/1"]) == [numbered.row]
    for name in ("DocumentReference/1/_history/2", "4711", "Condition/1", "no such id", "9" * 30):
        with pytest.raises(NotFound):
            inbox.find([*map(str, rows), name])


def test_unread_parts_are_listed(inbox: Inbox, pipeline: Make, again: Again) -> None:
    """The unread part of a done document is shown with its reason, once, however often read."""
    content = [attachment("Pneumonia."), BROKEN_ATTACHMENT]
    (receipt,) = inbox.receive([document("", key="1", content=content)])
    pipeline(KeywordRecogniser()).process([receipt.row])
    again(KeywordRecogniser())
    (part,) = inbox.unread(9)
    assert (part.row, part.version, part.content_index) == (receipt.row, "1", 1)
    assert part.code == "bad-base64"
    assert "content[1]" in part.reason
    assert inbox.unread(0) == []
