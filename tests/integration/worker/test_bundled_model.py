"""The bundled model in a worker, as `biomed-ner worker` runs it."""

import signal
from pathlib import Path

import pytest

from models.db.inbox import Inbox
from models.errors import CheckpointError
from models.ner.recogniser import load
from tests.integration.worker.conftest import Make, Memory
from tests.integration.worker.documents import document
from tests.integration.worker.processes import REAL_WORKER, eventually, running
from worker.outcome import Outcome
from worker.queue import Doorbell
from worker.reading import Recogniser
from worker.settings import Settings

NOTE = "The patient was admitted with pneumonia and received 75 mg aspirin daily. No fever."


@pytest.fixture(scope="module")
def bundled() -> Recogniser:
    try:
        return load("bundled", device="cpu")
    except CheckpointError as error:
        pytest.skip(f"no bundled model: {error}")


def test_the_bundled_model_reads_a_list(
    bundled: Recogniser, inbox: Inbox, pipeline: Make, memory: Memory
) -> None:
    """Notes become resources that name the model, long and empty notes included."""
    texts = [NOTE, "", NOTE * 60]
    sent = [document(text, key=str(place)) for place, text in enumerate(texts)]
    rows = [receipt.row for receipt in inbox.receive(sent)]
    assert pipeline(bundled).process(rows) == Outcome(claimed=3, done=3)
    assert memory.number("resource WHERE type = 'MedicationStatement'") >= 1
    assert memory.rows("SELECT name FROM model") == [(bundled.identity.name,)]


@pytest.mark.usefixtures("bundled")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_loads_the_model_and_reads(
    settings: Settings, inbox: Inbox, memory: Memory, tmp_path: Path
) -> None:
    """A worker process with default settings for its model reads what it is rung for."""
    row = inbox.receive([document(NOTE, key="1")])[0].row
    with running(REAL_WORKER, settings, tmp_path / "log") as worker:
        with Doorbell(settings) as doorbell:
            doorbell.ring([row])
            eventually(lambda: inbox.counts()["done"] == 1, "the note read")
        assert worker.end(signal.SIGTERM) == 0
        assert "pneumonia" not in worker.log
        assert "packed BERT" in worker.log
    assert memory.number("finding") >= 1
