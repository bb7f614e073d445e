"""The bundled model in a worker, as `biomed-ner worker` runs it."""

import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

import pytest

from gateway.demo.processes import free_port
from models.db.inbox.inbox import Inbox
from models.errors import CheckpointError
from models.ner.batched_recogniser import SharedRecogniser
from models.ner.recogniser import Recogniser as BundledRecogniser
from models.ner.recogniser import load
from models.ner.text.encoding import Ids, Scores
from models.ner.text.words import Offsets
from tests.integration.worker.conftest import Make, Memory
from tests.integration.worker.documents import document
from tests.integration.worker.processes import REAL_WORKER, eventually, metrics, running
from worker.outcome import Outcome
from worker.queue import Doorbell
from worker.settings import Settings

NOTE = "The patient was admitted with pneumonia and received 75 mg aspirin daily. No fever."


@pytest.fixture(scope="module")
def bundled() -> BundledRecogniser:
    try:
        return load("bundled", device="cpu")
    except CheckpointError as error:
        pytest.skip(f"no bundled model: {error}")


def test_the_bundled_model_reads_a_list(
    bundled: BundledRecogniser, inbox: Inbox, pipeline: Make, memory: Memory
) -> None:
    """Notes become resources that name the model, long and empty notes included."""
    texts = [NOTE, "", NOTE * 60]
    sent = [document(text, key=str(place)) for place, text in enumerate(texts)]
    rows = [receipt.row for receipt in inbox.receive(sent)]
    assert pipeline(bundled).process(rows) == Outcome(claimed=3, done=3)
    assert memory.number("resource WHERE type = 'MedicationStatement'") >= 1
    assert memory.rows("SELECT name FROM model") == [(bundled.identity.name,)]


def in_trouble(
    recogniser: BundledRecogniser, trouble: Callable[[Sequence[Ids]], object], patience: float
) -> SharedRecogniser:
    """Return the model as a worker shares it, whose forward pass gets into trouble first."""
    forward = recogniser.forward

    class Troubled:
        name = forward.name

        def __call__(
            self, windows: Sequence[Ids], wanted: Sequence[Offsets] | None = None
        ) -> list[Scores]:
            trouble(windows)
            return forward(windows, wanted)

    other = recogniser.scored_by(recogniser.scoring)
    other.forward = Troubled()
    return SharedRecogniser(other, threads=1, patience=patience)


def test_a_poison_note_fails_and_its_neighbours_are_read_once(
    bundled: BundledRecogniser, inbox: Inbox, pipeline: Make, memory: Memory
) -> None:
    """The model fails on the only note with a window of more than a hundred pieces."""
    seen: list[int] = []

    def poison(windows: Sequence[Ids]) -> None:
        seen.extend(len(window) for window in windows)
        if max(seen[-len(windows) :]) > 100:
            raise ValueError("Mr Smith")

    texts = [NOTE, "Fever. " * 90, "Cough.", NOTE]
    sent = [document(text, key=str(place)) for place, text in enumerate(texts)]
    rows = [receipt.row for receipt in inbox.receive(sent)]
    with in_trouble(bundled, poison, patience=60) as shared:
        assert pipeline(shared).process(rows) == Outcome(claimed=4, done=3, failed=1)
    assert inbox.failures(9)[0].reason == "The model failed on this note alone (ValueError)."
    assert memory.number("run") == 3


def test_a_hung_model_gives_the_documents_back(
    bundled: BundledRecogniser, inbox: Inbox, pipeline: Make, memory: Memory
) -> None:
    """They wait for another attempt, nothing is stored of them, and a new process is asked for."""
    ended = Event()
    rows = [one.row for one in inbox.receive([document(NOTE, key=key) for key in "ab"])]
    with in_trouble(bundled, lambda _: ended.wait(60), patience=0.2) as shared:
        outcome = pipeline(shared).process(rows)
        ended.set()
    assert outcome == Outcome(claimed=2, retried=2, broken=True)
    assert (
        memory.rows("SELECT state, error_code FROM document") == [("received", "reader-stuck")] * 2
    )
    assert memory.number("run") == 0


@pytest.mark.usefixtures("bundled")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_loads_the_model_and_reads(
    settings: Settings, inbox: Inbox, memory: Memory, tmp_path: Path
) -> None:
    """A worker process with default settings for its model reads what it is rung for.

    Its supervisor, which loads no model, tells what it read.
    """
    settings = settings.model_copy(update={"metrics_port": free_port()})
    row = inbox.receive([document(NOTE, key="1")])[0].row
    with running(REAL_WORKER, settings, tmp_path / "log") as worker:
        with Doorbell(settings) as doorbell:
            doorbell.ring([row])
            eventually(lambda: inbox.counts()["done"] == 1, "the note read")
            eventually(lambda: metrics(settings)["biomed_done_seconds_count"] == 1, "it told")
        told = metrics(settings)
        assert told['biomed_documents_read_total{outcome="done"}'] == 1
        assert 0 < told["biomed_pieces_read_total"] <= told["biomed_batch_room_total"]
        assert told["biomed_batches_total"] >= 1
        assert 0 < told["biomed_computing_seconds_total"] < told["biomed_list_seconds_sum"]
        assert worker.end(signal.SIGTERM) == 0
        assert "pneumonia" not in worker.log
        assert "packed BERT" in worker.log
    assert memory.number("finding") >= 1
