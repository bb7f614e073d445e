"""`biomed-ner reprocess`, `requeue` and `status` as an operator runs them."""

import pytest

from fhir_mapping.resources import retraction
from models.db.inbox.inbox import Inbox
from models.db.results.results import Results
from models.db.sql.session import connect
from tests.acceptance.cli import biomed_ner
from tests.fakes.keyword_recogniser import KeywordRecogniser
from tests.integration.worker.documents import BROKEN_ATTACHMENT, attachment, document
from worker.pipeline import Pipeline
from worker.settings import Settings


@pytest.fixture
def settings(sqlite_url: str) -> dict[str, str]:
    """Settings of a database with one document done, in part, and one failed."""
    engine = connect(sqlite_url)
    inbox = Inbox(engine)
    content = [attachment("The patient has asthma."), BROKEN_ATTACHMENT]
    sent = [
        document("", key="1", id="half", content=content),
        document("", key="2", id="broken", content=[BROKEN_ATTACHMENT]),
    ]
    rows = [receipt.row for receipt in inbox.receive(sent)]
    chosen = Settings(database_url=sqlite_url)
    Pipeline(inbox, Results(engine, retraction), KeywordRecogniser(), chosen).process(rows)
    engine.dispose()
    return {"BIOMED_DATABASE_URL": sqlite_url, "BIOMED_BROKER_URL": "redis://127.0.0.1:1/0"}


def run(settings: dict[str, str], *arguments: str) -> str:
    done = biomed_ner(*arguments, settings=settings)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_another_model_reports_what_it_changed(settings: dict[str, str]) -> None:
    """The bundled model adds what the first one did not know; once more it changes nothing."""
    first = run(settings, "reprocess", "--all")
    assert "added Condition/" in first
    assert "1 documents read again, 0 not: " in first
    again = run(settings, "reprocess", "DocumentReference/half")
    assert again == "1 documents read again, 0 not: 0 added, 0 dropped, 0 changed\n"


def test_status_hides_nothing_that_was_not_read(settings: dict[str, str]) -> None:
    """The unread part of the document that is done stands below the one that failed."""
    shown = run(settings, "status")
    failed, _, unread = shown.partition("done, but not read")
    assert "broken, version 1" in failed
    assert "half, version 1" in unread
    assert "bad-base64" in unread
    assert "half" not in run(settings, "status", "--unread", "0")


@pytest.mark.parametrize("name", ["2", "broken", "DocumentReference/broken"])
def test_a_failed_document_is_requeued_by_row_or_id(settings: dict[str, str], name: str) -> None:
    """`requeue` takes what `status` shows and what a FHIR client knows."""
    assert run(settings, "requeue", name) == "1 documents wait again\n"


@pytest.mark.parametrize("arguments", [(), ("--all", "1")])
def test_what_to_read_again_has_to_be_said(arguments: tuple[str, ...]) -> None:
    """Neither nothing nor two things at once: one line, and nothing is read."""
    done = biomed_ner("reprocess", *arguments)
    assert (done.returncode, len(done.stderr.decode().splitlines())) == (2, 1)
