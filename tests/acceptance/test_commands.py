"""`biomed-ner` without a model: help, schema, inbox, and how it fails."""

import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from gateway.cli.main import run
from migrations.commands import upgrade
from models.code_version import code_version
from tests.acceptance.cli import ROOT, biomed_ner

DOCUMENT = {
    "resourceType": "DocumentReference",
    "id": "note-1",
    "status": "current",
    "subject": {"reference": "Patient/1"},
    "content": [{"attachment": {"contentType": "text/plain", "data": "Tm8gZmV2ZXIu"}}],
}


def imported(code: str, *names: str) -> set[str]:
    """Return which of these modules are loaded after some code."""
    ask = f"import sys\n{code}\nprint(*(name for name in {names!r} if name in sys.modules))"
    command = [sys.executable, "-c", ask]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)  # noqa: S603 this interpreter
    return set(done.stdout.split())


def test_help_loads_neither_the_reader_nor_the_memory() -> None:
    """The commands can be listed without torch, the database or the queue."""
    heavy = ("torch", "transformers", "sqlalchemy", "celery", "fhir", "fastapi")
    assert imported("import gateway.cli.main", *heavy) == set()


def test_the_web_process_never_loads_the_reader() -> None:
    """The FHIR server's modules bring no torch; that celery is seen shows that the test can see."""
    found = imported("import gateway.rest.app", "torch", "transformers", "models.ner", "celery")
    assert found == {"celery"}


def test_a_bundled_model_reads_without_what_takes_seconds_to_start() -> None:
    """Reading brings torch, and neither transformers nor the kernels of a GPU."""
    read = (
        "from models.ner.recogniser import load\n"
        "load('bundled', device='cpu').read(['Takes ASA, no fever.'])"
    )
    heavy = ("transformers", "huggingface_hub", "triton", "sympy", "alembic")
    assert imported(read, *heavy, "torch") == {"torch"}


def test_help_names_every_command() -> None:
    """The commands of the README are all there."""
    shown = biomed_ner("--help").stdout.decode()
    names = ("annotate", "extract", "enqueue", "worker", "serve", "sweep", "status", "audit")
    assert [
        name for name in (*names, "requeue", "train", "evaluate", "db") if name not in shown
    ] == []


OPENING: list[tuple[str, ...]] = [
    ("status",),
    ("audit", "Condition/1"),
    ("enqueue", "-"),
    ("sweep", "--once"),
    ("deliver", "--once"),
    ("requeue",),
    ("redeliver",),
    ("reprocess", "--all"),
]
"""The commands that open the database and do not wait for it."""


@pytest.mark.parametrize("command", OPENING[:3])
def test_a_database_that_is_not_there_is_one_clear_line(
    database_url: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    """Nothing is created on the way: the user is told which command to run."""
    done = biomed_ner(*command, settings={"BIOMED_DATABASE_URL": database_url, **DELIVERING})
    assert done.returncode == 1
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1
    assert "There is no database at" in lines[0]
    assert "biomed-ner db upgrade" in lines[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [*OPENING, ("serve",), ("worker",), ("sweep",), ("deliver",)])
def test_another_tenants_database_is_refused(sqlite_url: str, command: tuple[str, ...]) -> None:
    """Whatever opens a database ends before it sees a row, and says whose it is."""
    settings = {"BIOMED_DATABASE_URL": sqlite_url, "BIOMED_TENANT": "b", **DELIVERING}
    done = biomed_ner(*command, settings=settings)
    assert done.returncode == 1
    assert "holds the data of tenant default, not of b (BIOMED_TENANT)" in done.stderr.decode()


DELIVERING = {"BIOMED_DELIVER_URL": "http://127.0.0.1:1"}


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "words"),
    [
        (("status",), {"BIOMED_PORT": "high"}, 2, "BIOMED_PORT"),
        (("status",), {"BIOMED_BROKER_ULR": "x"}, 2, "_ULR is no setting; BIOMED_BROKER_URL is"),
        (("annotate", "a/1.txt", "b/1.txt"), {}, 2, "a/1.txt and b/1.txt would both be"),
        (("annotate", "--encoding", "utf-9", "a.txt"), {}, 2, "utf-9 is no encoding"),
        (("annotate", "no-such-file.txt"), {}, 1, "no-such-file.txt"),
        (("extract", "no-such-file.ndjson"), {}, 1, "no-such-file.ndjson"),
        (("annotate", "pyproject.toml"), {"BIOMED_MODEL": "/no/model"}, 1, "/no/model"),
        (("annotate", "--format", "brat", "a.txt", "b.txt"), {}, 2, "--out"),
        (("audit", "Condition"), {}, 2, "TYPE/ID"),
        (("deliver",), {}, 2, "BIOMED_DELIVER_URL"),
        (("calibrate", "tests/notes"), {}, 2, "--in-place"),
        (("calibrate", "tests/notes", "--out", "docs"), {}, 2, "docs is there already"),
        (("deliver",), {"BIOMED_DELIVER_URL": "ehr.example.org"}, 2, "BIOMED_DELIVER_URL"),
    ],
)
def test_expected_failures_are_one_line(
    arguments: tuple[str, ...], settings: dict[str, str], code: int, words: str
) -> None:
    """What a user can get wrong is one sentence on standard error, and no traceback."""
    done = biomed_ner(*arguments, settings=settings)
    assert done.returncode == code
    assert done.stdout == b""
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1
    assert words in lines[0]


def test_version_names_the_code_that_reads() -> None:
    """`--version` says of the code what its results say."""
    done = biomed_ner("--version")
    assert (done.returncode, done.stdout.decode()) == (0, f"biomed-ner {code_version()}\n")


@pytest.mark.parametrize("command", [(), ("status",), ("db",), ("db", "upgrade")])
def test_h_is_help(command: tuple[str, ...]) -> None:
    """`-h` works as `--help` does, at every command."""
    short, long = biomed_ner(*command, "-h"), biomed_ner(*command, "--help")
    assert short.returncode == 0
    assert b"Usage: biomed-ner" in short.stdout
    assert short.stdout == long.stdout


def test_the_shell_completes_commands() -> None:
    """What the installed completion asks is answered with the commands that begin so."""
    asked = {"COMP_WORDS": "biomed-ner re", "COMP_CWORD": "1"}
    done = biomed_ner(settings={"_BIOMED_NER_COMPLETE": "complete_bash", **asked})
    assert done.stdout.decode().split() == ["requeue", "redeliver", "reprocess"]


def test_status_speaks_json(database_url: str) -> None:
    """One object with the numbers of each state and the lists that the tables show."""
    settings = {"BIOMED_DATABASE_URL": database_url, "BIOMED_COLOUR": "blue"}
    assert biomed_ner("db", "upgrade", settings=settings).returncode == 0
    done = biomed_ner("status", "--json", settings=settings)
    found = orjson.loads(done.stdout)
    assert list(found) == ["documents", "failed", "unread", "resources", "undelivered"]
    assert found["documents"]["received"] == 0
    assert found["failed"] == found["unread"] == found["undelivered"] == []
    assert done.stderr == b"biomed-ner: BIOMED_COLOUR is no setting and is ignored\n"


@pytest.mark.parametrize("command", [("status",), ("db", "upgrade"), ("serve",)])
def test_a_newer_schema_is_one_clear_line(database_url: str, command: tuple[str, ...]) -> None:
    """A database of a newer version is left alone, and no traceback tells so.

    The server says before that it asks nobody who they are.
    """
    upgrade(database_url)
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    done = biomed_ner(*command, settings={"BIOMED_DATABASE_URL": database_url})
    assert (done.returncode, done.stdout) == (1, b"")
    [line] = [one for one in done.stderr.decode().splitlines() if "access.open" not in one]
    assert "at 9999, newer than" in line


def test_a_taken_port_is_said_before_the_server_is_up(database_url: str) -> None:
    """Nothing claims that the server started, and the sentence names the port."""
    upgrade(database_url)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = biomed_ner(
            "serve", settings={"BIOMED_DATABASE_URL": database_url, "BIOMED_PORT": port}
        )
    assert done.returncode == 1
    assert f"127.0.0.1, port {port}: Address already in use" in done.stderr.decode()
    assert b"startup" not in done.stderr + done.stdout


def test_documents_are_enqueued_once_and_refusals_are_named(
    tmp_path: Path, database_url: str
) -> None:
    """NDJSON, JSON and Bundles are stored once each, refused lines are named, `status` counts."""
    settings = {"BIOMED_DATABASE_URL": database_url}
    other = {**DOCUMENT, "id": "note-2"}
    lines = [orjson.dumps(DOCUMENT), b"", b'{"resourceType": "Patient"}', b"no json"]
    ndjson, single, bundle = (tmp_path / name for name in ("a.ndjson", "b.json", "c.json"))
    ndjson.write_bytes(b"\n".join(lines))
    single.write_bytes(orjson.dumps(DOCUMENT, option=orjson.OPT_INDENT_2))
    entries = [{"resource": other}, {"resource": {"resourceType": "Patient"}}]
    bundle.write_bytes(orjson.dumps({"resourceType": "Bundle", "entry": entries}))
    assert biomed_ner("db", "upgrade", settings=settings).returncode == 0

    done = biomed_ner("enqueue", ndjson, single, bundle, settings=settings)

    assert done.stdout.decode() == "2 stored, 1 known already, 3 refused\n"
    assert done.returncode == 1
    assert [line.partition(": ")[0] for line in done.stderr.decode().splitlines()] == [
        f"{ndjson}:3",
        f"{ndjson}:4",
        f"{bundle}, entry 2",
    ]
    counts = biomed_ner("status", settings=settings).stdout.decode()
    assert "queued     │ 2" in counts


def test_a_dead_broker_loses_nothing(database_url: str) -> None:
    """With no broker the documents are stored all the same, and the command says so."""
    settings = {"BIOMED_DATABASE_URL": database_url, "BIOMED_BROKER_URL": "redis://127.0.0.1:1/0"}
    biomed_ner("db", "upgrade", settings=settings)
    done = biomed_ner("enqueue", "-", stdin=orjson.dumps(DOCUMENT), settings=settings)
    assert (done.returncode, done.stdout.decode()) == (0, "1 stored, 0 known already, 0 refused\n")
    assert "the sweeper will queue them" in done.stderr.decode()


def test_an_unknown_resource_has_no_trail(database_url: str) -> None:
    """`audit` of something unknown is a sentence and exit code 1."""
    biomed_ner("db", "upgrade", settings={"BIOMED_DATABASE_URL": database_url})
    done = biomed_ner("audit", "Condition/1", settings={"BIOMED_DATABASE_URL": database_url})
    assert (done.returncode, done.stderr.decode()) == (
        1,
        "biomed-ner: Condition/1 is not known here.\n",
    )


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Condition/1/_history/2", 1),
        *(("Condition", 2), ("Condition/", 2), ("Condition/1/2", 2)),
        *(("Condition/1/_history/", 2), ("Condition/1/_history/x", 2)),
    ],
)
def test_audit_takes_a_resource_or_one_version_of_it(
    database_url: str, name: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """A version that is not there is unknown; what names neither is wrong usage, in one line."""
    upgrade(database_url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BIOMED_DATABASE_URL", database_url)
        patch.setattr(sys, "argv", ["biomed-ner", "audit", name])
        with pytest.raises(SystemExit) as ended:
            run()
    assert ended.value.code == code
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert name in lines[0]


def test_no_line_stops_enqueue(tmp_path: Path, database_url: str) -> None:
    """After null, numbers for strings, deep nesting, NUL and a missing file the rest is stored."""
    settings = {"BIOMED_DATABASE_URL": database_url, "BIOMED_BROKER_URL": "redis://127.0.0.1:1/0"}
    biomed_ner("db", "upgrade", settings=settings)
    deep = b'{"resourceType": "DocumentReference", "a": ' + b"[" * 3000 + b"]" * 3000 + b"}"
    good = [orjson.dumps({**DOCUMENT, "id": f"good-{number}"}) for number in range(3)]
    poisons: list[dict[str, object]] = [
        {"meta": None},
        {"date": 1704067200},
        {"description": "\0"},
        {"id": "a" * 9000},
    ]
    bad = [*(orjson.dumps({**DOCUMENT, **one}) for one in poisons), deep, b"\xff", b"[]"]
    path = tmp_path / "a.ndjson"
    path.write_bytes(b"\n".join([good[0], *bad, good[1]]))
    after = tmp_path / "b.ndjson"
    after.write_bytes(good[2])

    done = biomed_ner("enqueue", path, tmp_path / "gone.json", after, settings=settings)

    assert done.stdout.decode() == "3 stored, 0 known already, 8 refused\n"
    assert done.returncode == 1
    told = [one for one in done.stderr.decode().splitlines() if one.startswith(str(tmp_path))]
    places = [f"{path}:{number}" for number in range(2, 9)]
    assert [line.partition(": ")[0] for line in told] == [*places, str(tmp_path / "gone.json")]
