"""`biomed-ner import`: bulk exports, broken lines, and an import that is killed."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine

from gateway.cli.main import run as command_line
from models.db.audit_log.audit_log import AuditLog, Wanted
from models.db.inbox.inbox import Inbox
from models.db.sql.session import connect
from tests.acceptance.cli import BIOMED_NER, ROOT
from tests.integration.gateway.conftest import NOBODY, document
from tests.integration.gateway.incoming.reports import report
from tests.integration.worker.processes import eventually

Run = Callable[..., tuple[object, str, str]]
WORD = "Quokkadon"


def lines(*resources: Any) -> bytes:
    """Return NDJSON."""
    return b"".join(
        (one if isinstance(one, bytes) else orjson.dumps(one)) + b"\n" for one in resources
    )


def numbered(count: int, text: str = "Fever.") -> list[dict[str, Any]]:
    """Return documents that differ in their identifiers."""
    names = ([{"system": "urn:b", "value": str(number)}] for number in range(count))
    return [document(text, identifier=name) for name in names]


@pytest.fixture
def settings(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a command: a fresh database, and nobody at the broker's address."""
    found = {"BIOMED_DATABASE_URL": sqlite_url, "BIOMED_BROKER_URL": NOBODY}
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    found = connect(sqlite_url)
    yield found
    found.dispose()


@pytest.fixture
def run(
    settings: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run the command in this process and an empty folder; return its code and what it wrote."""
    del settings
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    def call(*words: str | Path) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["biomed-ner", "import", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            command_line()
        return (ended.value.code, *capsys.readouterr())

    return call


def refused(folder: Path) -> list[tuple[str, int, str]]:
    """Return file name, line and code of each refused line."""
    found = map(json.loads, (folder / "here" / "refused.ndjson").read_text().splitlines())
    return [(Path(one["file"]).name, one["line"], one["code"]) for one in found]


def test_an_export_is_taken_in(run: Run, tmp_path: Path, engine: Engine) -> None:
    """Plain and compressed files of a folder; other types are counted and named, not refused."""
    export = tmp_path / "export"
    export.mkdir()
    (export / "a.ndjson").write_bytes(lines({"resourceType": "Patient"}, *numbered(3), b""))
    packed = lines(report("Cough."), {"resourceType": "Binary"}, {"resourceType": "Patient"})
    (export / "b.ndjson.gz").write_bytes(gzip.compress(packed))
    (export / "readme.txt").write_bytes(b"no line of it is read")
    code, out, _ = run(export)
    assert code == 0
    assert out == "4 stored, 0 known already, 0 refused; not taken: 1 Binary, 2 Patient\n"
    assert Inbox(engine).counts()["received"] == 4
    assert run(export)[1].startswith("0 stored, 4 known already")
    rows = [one.event for one in AuditLog(engine).export(Wanted())]
    assert {(one.interaction, one.agent.kind) for one in rows} == {("import", "user")}
    assert [one.detail for one in rows][:2] == ["begun", "4 stored, 0 known already, 0 refused"]


def test_refused_lines_are_named_without_their_text(
    run: Run, tmp_path: Path, engine: Engine
) -> None:
    """With file, line and reason; a file that breaks off is named too; the exit code is 1."""
    bad = {**document(WORD), "status": WORD}
    first = lines(*numbered(1), bad, b"{" + WORD.encode(), b"5", {"resourceType": WORD * 9})
    (tmp_path / "a.ndjson").write_bytes(first + b"\n" + lines(*numbered(2, "Cough.")).rstrip())
    whole = gzip.compress(lines(*numbered(3)) + bytes(100_000))
    (tmp_path / "b.ndjson.gz").write_bytes(whole[: len(whole) // 2])
    code, out, err = run(tmp_path / "a.ndjson", tmp_path / "b.ndjson.gz")
    assert code == 1
    assert refused(tmp_path) == [
        ("a.ndjson", 2, "not-a-document-reference"),
        ("a.ndjson", 3, "not-a-document-reference"),
        ("a.ndjson", 4, "not-a-document-reference"),
        ("a.ndjson", 5, "not-a-document-reference"),
        ("b.ndjson.gz", 0, "unreadable-file"),
    ]
    assert WORD not in out + err + (tmp_path / "here" / "refused.ndjson").read_text()
    assert Inbox(engine).counts()["received"] == 3


def test_a_line_that_is_too_long_is_passed_over(
    run: Run, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than a request may be: refused by its number, and the next one is read."""
    monkeypatch.setenv("BIOMED_MAX_BODY_BYTES", "2000")
    monkeypatch.setattr("gateway.cli.ndjson_lines.AT_ONCE", 500)  # less than a line may have
    long = document("Fever. " * 1000)
    (tmp_path / "a.ndjson").write_bytes(lines(long, *numbered(1), long).rstrip())
    code, out, _ = run(tmp_path / "a.ndjson")
    assert (code, out) == (1, "1 stored, 0 known already, 2 refused\n")
    assert [one[1:] for one in refused(tmp_path)] == [
        (1, "input-too-large"),
        (3, "input-too-large"),
    ]
    assert Inbox(engine).counts()["received"] == 1


def test_refused_lines_go_over_no_file_that_is_imported(run: Run, tmp_path: Path) -> None:
    """It stays as it was."""
    file = tmp_path / "here" / "refused.ndjson"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(lines(*numbered(1)))
    code, _, err = run(file)
    assert (code, "written over" in err) == (2, True)
    assert file.read_bytes() == lines(*numbered(1))


def test_a_file_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    """Nothing is begun."""
    code, _, err = run(tmp_path / "none.ndjson")
    assert code == 1
    assert "none.ndjson" in err


def test_a_killed_import_goes_on_where_it_was(
    settings: dict[str, str], run: Run, tmp_path: Path, engine: Engine
) -> None:
    """Killed with -9 in the middle and run again: nothing lost, nothing twice, none named twice."""
    bad = {**document(WORD), "status": WORD}
    many = [one for each in numbered(1500) for one in (each, bad)]
    file = tmp_path / "many.ndjson.gz"
    file.write_bytes(gzip.compress(lines(*many), compresslevel=1))
    import_ = (*BIOMED_NER, "import", str(file), "--refused", str(tmp_path / "here/refused.ndjson"))
    state = tmp_path / "imports"
    with subprocess.Popen(  # noqa: S603 our own command
        import_, cwd=ROOT, env={**environment(), **settings}
    ) as process:
        eventually(lambda: list(state.glob("*.json")), "a resume point is there")
        time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    before = sum(Inbox(engine).counts().values())
    [point] = [json.loads(one.read_bytes()) for one in state.glob("*.json")]
    assert 0 < point["counts"]["stored"] <= before < 1500
    code, out, _ = run(file)
    assert code == 1
    assert Inbox(engine).counts()["received"] == 1500
    assert refused(tmp_path) == [
        (file.name, line, "not-a-document-reference") for line in range(2, 3001, 2)
    ]
    assert out.endswith("1500 refused\n")
    assert not list(state.glob("*.json"))


def environment() -> dict[str, str]:
    """Return the environment without settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("BIOMED_")}
