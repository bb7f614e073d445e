"""The commands of the log and of the purge, as an operator types them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

from gateway.cli.main import app
from models.db.audit_log.audit_log import AuditLog, Wanted
from models.db.sql.session import writing
from models.errors import AuditLogBroken, NotFound, WrongUsage
from tests.integration.gateway.conftest import document
from worker.settings import Settings

Typed = Callable[..., Result]


@pytest.fixture
def typed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Run a command over the server's database; an error of ours goes through."""
    monkeypatch.setenv("BIOMED_DATABASE_URL", settings.database_url)
    monkeypatch.setattr("gateway.cli.configuration.telemetry.configure", lambda _: None)

    def run(*words: str) -> Result:
        done = CliRunner().invoke(app, list(words))
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return run


@pytest.fixture(autouse=True)
def stored(post: Callable[..., Any], read_all: Callable[[], None]) -> None:
    """A note of Patient/7 that was read."""
    assert post(document("Fever.", patient="7", id="n1")).status_code == 201
    read_all()


def interactions(engine: Engine) -> list[str]:
    return [one.event.interaction for one in AuditLog(engine).export(Wanted())]


def test_looking_at_the_trail_is_a_row(typed: Typed, engine: Engine) -> None:
    """`audit` shows a patient's words to somebody, who is named by the system's user."""
    typed("audit", "DocumentReference/n1")
    *_, last = AuditLog(engine).export(Wanted())
    assert (last.event.interaction, last.event.agent.kind) == ("audit", "user")
    assert last.event.patient


def test_the_log_is_exported_and_that_is_a_row(typed: Typed, engine: Engine) -> None:
    """NDJSON of AuditEvents, of one patient if wanted."""
    every = typed("audit-log", "export").stdout.splitlines()
    assert {json.loads(one)["resourceType"] for one in every} == {"AuditEvent"}
    assert len(typed("audit-log", "export", "--patient", "Patient/7").stdout.splitlines()) == 2
    assert interactions(engine)[-2:] == ["export", "export"]


def test_the_head_is_kept_and_compared(typed: Typed, engine: Engine, tmp_path: Path) -> None:
    """The last row is looked for the next time; cut rows are found, and no new head is kept."""
    file = str(tmp_path / "head.json")
    assert typed("audit-log", "verify", "--head-file", file).stdout.startswith("2 rows")
    assert typed("audit-log", "verify", "--head-file", file).exit_code == 0
    kept = Path(file).read_text()
    with writing(engine) as connection:
        connection.execute(text("DROP TRIGGER audit_log_no_delete"))
        connection.execute(text("DELETE FROM audit_log WHERE position = 2"))
    assert typed("audit-log", "verify").stdout.startswith("1 rows")
    with pytest.raises(AuditLogBroken, match="row 2 on"):
        typed("audit-log", "verify", "--head-file", file)
    assert Path(file).read_text() == kept


def test_a_purge_is_counted_first_and_done_when_told(
    typed: Typed, engine: Engine, post: Callable[..., Any]
) -> None:
    """Without --yes all stays; with it the patient is gone, and the note is answered 410."""
    assert "1 document\n" in typed("purge", "Patient/7").stdout
    assert "purge" not in interactions(engine)
    assert "rows purged" in typed("purge", "Patient/7", "--yes").stdout
    with pytest.raises(NotFound):
        typed("purge", "Patient/7", "--yes")
    again = post(document("Fever.", patient="7", id="n1"))
    assert again.status_code == 410
    assert again.json()["issue"][0]["code"] == "deleted"


@pytest.mark.parametrize("word", ["7", "Condition/7", "DocumentReference/", "Patient/a b"])
def test_only_a_patient_or_a_document_is_purged(typed: Typed, word: str) -> None:
    """Anything else is a mistake, before the database is opened."""
    with pytest.raises(WrongUsage):
        typed("purge", word)
