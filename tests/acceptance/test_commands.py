"""`biomed-ner` without a model: help, schema, inbox, and how it fails."""

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

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


def test_help_names_every_command() -> None:
    """The commands of the README are all there."""
    shown = biomed_ner("--help").stdout.decode()
    names = ("annotate", "extract", "enqueue", "worker", "serve", "sweep", "status", "audit")
    assert [
        name for name in (*names, "requeue", "train", "evaluate", "db") if name not in shown
    ] == []


@pytest.mark.parametrize(
    "command", [("status",), ("enqueue", "-"), ("serve",), ("sweep", "--once")]
)
def test_an_old_schema_is_one_clear_line(database_url: str, command: tuple[str, ...]) -> None:
    """Nothing is created on the way: the user is told which command to run."""
    done = biomed_ner(*command, settings={"BIOMED_DATABASE_URL": database_url})
    assert done.returncode == 1
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1
    assert "biomed-ner db upgrade" in lines[0]


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "words"),
    [
        (("status",), {"BIOMED_PORT": "high"}, 2, "BIOMED_PORT"),
        (("annotate", "no-such-file.txt"), {}, 1, "no-such-file.txt"),
        (("extract", "no-such-file.ndjson"), {}, 1, "no-such-file.ndjson"),
        (("annotate", "pyproject.toml"), {"BIOMED_MODEL": "/no/model"}, 1, "/no/model"),
        (("annotate", "--format", "brat", "a.txt", "b.txt"), {}, 2, "--out"),
        (("audit", "Condition"), {}, 2, "TYPE/ID"),
        (("deliver",), {}, 2, "BIOMED_DELIVER_URL"),
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
