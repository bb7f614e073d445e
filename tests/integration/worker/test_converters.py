"""Documents of all formats through the pipeline, and converters that die, hang or run out."""

import base64
import json
import os
import signal
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from fhir_mapping.documents.formats import child
from fhir_mapping.resources import retraction
from models.db.audit.audit import Audit
from models.db.inbox.inbox import Inbox
from models.db.results.results import Results
from models.errors import (
    BiomedError,
    ConversionTimedOut,
    ConverterDied,
    ConverterUnavailable,
    DocumentTooComplex,
    MalformedDocument,
)
from tests.documents import FORMATS
from tests.fakes.keyword_recogniser import KeywordRecogniser
from tests.integration.worker.conftest import Memory
from tests.integration.worker.documents import attachment, document
from tests.pdfs import Page, pdf
from worker import converter_process
from worker.converter_pool import ConverterPool
from worker.converter_process import ConversionLimits, ConverterProcess
from worker.outcome import Outcome
from worker.pipeline import Pipeline
from worker.settings import Settings

LIMITS = ConversionLimits(seconds=20, megabytes=512)
PAGE = "<p>No fever.</p>"


@pytest.fixture(scope="module")
def pool() -> Iterator[ConverterPool]:
    """Converters that all tests share."""
    with ConverterPool(LIMITS) as made:
        yield made


def text_of(pool: ConverterPool, data: bytes | str = PAGE, declared: str = "text/html") -> str:
    """Return what a pool makes of a document."""
    raw = data.encode() if isinstance(data, str) else data
    return pool.convert(raw, declared, index=3, max_characters=100_000).text


def bomb() -> bytes:
    """Return a PDF of a megabyte that unpacks to a gigabyte."""
    packer = zlib.compressobj(9)
    first = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b" " * 10_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    return pdf([Page()], streams=[first + block * 100 + packer.flush()])


@pytest.mark.parametrize("media_type", FORMATS)
def test_a_process_gives_what_the_converter_gives(pool: ConverterPool, media_type: str) -> None:
    """Text, how it was decoded and every place come through the pipe."""
    found = pool.convert(FORMATS[media_type](), media_type, index=0, max_characters=100_000)
    assert "Metformin\t500 mg\ttwice daily" in found.text
    assert {part.place for part in found.source}


def test_a_typed_error_comes_through_with_its_place(pool: ConverterPool) -> None:
    """The error is the converter's own, for the attachment that it is about."""
    with pytest.raises(MalformedDocument, match=r"content\[3\] is no PDF"):
        text_of(pool, b"%PDF-", "application/pdf")


def test_plain_text_needs_no_process() -> None:
    """It is decoded where it is: nothing in it is parsed."""
    assert text_of(ConverterPool(ConversionLimits(0, 0)), "No fever.", "text/plain") == "No fever."


def code_of(pool: ConverterPool, data: bytes, declared: str) -> str:
    """Return the code of the error that a document ends with, "" where it has no text."""
    try:
        return text_of(pool, data, declared)
    except BiomedError as error:
        return f"{error.code}, may pass" if error.retry else error.code


def test_deflate_bomb() -> None:
    """It ends with a typed error or as an empty page, and the next document is converted."""
    with ConverterPool(ConversionLimits(seconds=5, megabytes=256)) as small:
        ends = {"", ConverterDied.code, DocumentTooComplex.code}
        assert code_of(small, bomb(), "application/pdf") in ends
        assert text_of(small) == "No fever.\n"


def test_a_converter_that_is_killed_is_replaced(pool: ConverterPool) -> None:
    """Who kills it from outside does not cost the document anything."""
    text_of(pool)
    for process in pool._idle:
        os.kill(process._process.pid, signal.SIGKILL)
        process._process.wait()
    assert text_of(pool) == "No fever.\n"


class Sick:
    """A module in place of the child's, which does something bad with what it is asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def process(self, script: str, seconds: float = 20) -> ConverterProcess:
        """Return a process that runs a script."""
        file = self._folder / "sick.py"
        file.write_text(script)
        return ConverterProcess(ConversionLimits(seconds, 512), command=[sys.executable, str(file)])


@pytest.fixture
def sick(tmp_path: Path) -> Sick:
    return Sick(tmp_path)


def ended(process: ConverterProcess) -> BiomedError:
    """Return the error with which a process ends a document; it is gone then."""
    with pytest.raises(BiomedError) as caught:
        process.convert(b"x" * 1_000_000, "text/html", index=0, max_characters=1000)
    assert not process.alive
    return caught.value


SPINNING = """
import resource
resource.setrlimit(resource.RLIMIT_CPU, (1, 2))
while True: pass
"""
ANSWERS = "import sys; sys.stdin.buffer.read(99); sys.stdout.buffer.write({}); sys.stdout.flush()"


@pytest.mark.parametrize(
    ("script", "seconds", "kind", "retry"),
    [
        ("import time; time.sleep(60)", 0.1, ConversionTimedOut, True),
        (SPINNING, 20, DocumentTooComplex, False),
        ("import os; os.abort()", 20, ConverterDied, False),
        ("raise SystemExit(3)", 20, ConverterDied, False),
        (ANSWERS.format("(1<<40).to_bytes(8)"), 20, ConverterDied, False),
        (ANSWERS.format("(2).to_bytes(8) + b'[]'"), 20, ConverterDied, False),
        (ANSWERS.format("(27).to_bytes(8) + b'{\"error\":{\"type\":\"Exception\"}}'"), 20,
         ConverterDied, False),
    ],
    ids=["hangs", "spins", "crashes", "exits", "a terabyte", "no answer", "another error"],
)  # fmt: skip
def test_a_bad_end_is_a_typed_error(
    sick: Sick, script: str, seconds: float, kind: type[BiomedError], *, retry: bool
) -> None:
    """Whatever the process does, the worker goes on; only a hang may pass by itself."""
    error = ended(sick.process(script, seconds))
    assert (type(error), error.retry) == (kind, retry)


def test_no_process_can_be_started() -> None:
    """That passes, and the document is tried again."""
    with pytest.raises(ConverterUnavailable) as caught:
        ConverterProcess(LIMITS, command=["/nothing/here"])
    assert caught.value.retry


def test_the_process_sees_no_secrets_and_loads_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its environment is empty, and neither torch nor a database library is in it."""
    monkeypatch.setenv("BIOMED_DELIVER_TOKEN", "secret")
    process = ConverterProcess(LIMITS)
    try:
        process.convert(PAGE.encode(), "text/html", index=0, max_characters=100)
        proc = Path(f"/proc/{process._process.pid}")
        assert (proc / "environ").read_bytes().strip(b"\0") == b""
        assert b"secret" not in (proc / "cmdline").read_bytes()
        maps = (proc / "maps").read_text()
        assert "selectolax" in maps
        assert not [name for name in ("torch", "sqlalchemy", "psycopg") if name in maps]
        limits = (proc / "limits").read_text()
        assert str(LIMITS.megabytes * child.MEGABYTE) in limits
    finally:
        process.end()


def test_a_process_ends_with_the_worker() -> None:
    """A worker that is killed leaves no converter behind: its input ends."""
    process = subprocess.Popen(  # noqa: S603 our own interpreter
        [sys.executable, "-I", "-m", converter_process.MODULE, "512"], stdin=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=60) == 0


def test_threads_do_not_share_a_process(pool: ConverterPool) -> None:
    """Each list in hand gets its own answers."""
    pages = [f"<p>note {number}" * 200 for number in range(12)]
    found: dict[int, str] = {}

    def convert(number: int) -> None:
        found[number] = text_of(pool, pages[number])

    threads = [threading.Thread(target=convert, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [set(found[n].split()) for n in range(12)] == [{"note", str(n)} for n in range(12)]


def content(data: bytes, content_type: str) -> dict[str, Any]:
    """Return a `content[]`."""
    encoded = base64.b64encode(data).decode()
    return {"attachment": {"contentType": content_type, "data": encoded}}


def test_a_document_is_read_in_whatever_format(
    engine: Engine, settings: Settings, inbox: Inbox, memory: Memory
) -> None:
    """What cannot be converted is named, its neighbours are read, and places are kept."""
    page = b"<h2>Assessment</h2><p>Pneumonia.</p>"
    scan = pdf([Page(["Cough."]), Page(picture=True)])
    deep = b"<div>" * 5000
    html = document("x", key="a", content=[content(page, "text/html"), content(scan, "text/plain")])
    plain = document("x", key="b", content=[content(deep, "text/html"), attachment("Fever.")])
    rows = [one.row for one in inbox.receive([html, plain])]
    results = Results(engine, retraction)
    with Pipeline(inbox, results, KeywordRecogniser(), settings) as pipeline:
        assert pipeline.process(rows) == Outcome(claimed=2, done=2)
    assert memory.rows("SELECT content_index, code FROM unread ORDER BY code") == [
        (0, "document-too-complex"),
        (1, "pages-unread"),
    ]
    sources = memory.rows("SELECT text, decoded_as, source FROM note ORDER BY decoded_as DESC")
    assert [(text, how) for text, how, _ in sources] == [
        ("Fever.", "utf-8"),
        ("Cough.\n", "pdf"),
        ("Assessment:\nPneumonia.\n", "html, utf-8"),
    ]
    assert sources[0][2] is None
    assert json.loads(str(sources[1][2])) == [[0, 6, "page 1"]]
    assert memory.rows(PLACES[engine.dialect.name]) == [
        ("Cough", "page 1"),
        ("Pneumonia", "/html[1]/body[1]/p[1]"),
    ]
    assert places(engine, memory) == {"Pneumonia": ("/html[1]/body[1]/p[1]",), "Cough": ("page 1",)}


MENTIONS = """ FROM mention_audit m JOIN mention ON mention.id = m.mention_id
JOIN note ON note.id = mention.note_id """
WITHIN = " < m.end_char AND {} > m.start_char ORDER BY m.words"
PLACES = {
    "postgresql": f"""SELECT m.words, part ->> 2 {MENTIONS}
CROSS JOIN LATERAL jsonb_array_elements(note.source::jsonb) AS part
WHERE (part ->> 0)::int {WITHIN.format("(part ->> 1)::int")}""",
    "sqlite": f"""SELECT m.words, json_extract(part.value, '$[2]') {MENTIONS}
JOIN json_each(note.source) AS part WHERE json_extract(part.value, '$[0]')
{WITHIN.format("json_extract(part.value, '$[1]')")}""",
}
"""The places of mentions in SQL, as docs/sql-views.md has them."""


def places(engine: Engine, memory: Memory) -> dict[str, Sequence[str]]:
    """Return where the originals have the words of the first document."""
    [(run,)] = memory.rows("SELECT run.id FROM run JOIN document d ON d.id = document_id"
                           " WHERE d.key = 'urn:test|a'")  # fmt: skip
    return {one.mention.text: one.places for one in Audit(engine).run(str(run))}


def test_a_url_that_does_not_answer_is_tried_again_and_then_named(
    engine: Engine, settings: Settings, inbox: Inbox, memory: Memory
) -> None:
    """The whole document waits; in the last attempt what is there is read."""
    url = {"attachment": {"contentType": "text/plain", "url": "https://127.0.0.1:9/x"}}
    once = settings.model_copy(
        update={"attachment_hosts": "127.0.0.1:9,127.0.0.1", "max_attempts": 2}
    )
    [row] = [one.row for one in inbox.receive(
        [document("x", key="a", content=[attachment("Fever."), url])])]  # fmt: skip
    with Pipeline(inbox, Results(engine, retraction), KeywordRecogniser(), once) as pipeline:
        assert pipeline.process([row]).retried == 1
        assert memory.rows("SELECT state, error_code FROM document") == [
            ("received", "fetch-delayed")
        ]
        assert pipeline.process([row]).done == 1
    assert memory.rows("SELECT content_index, code FROM unread") == [(1, "fetch-delayed")]
