"""`biomed-ner extract`: DocumentReferences in, resources out, nothing silently left out."""

import base64
from collections import Counter
from pathlib import Path
from typing import Any

import orjson

from tests.acceptance.cli import biomed_ner

NOTE = "No fever. Pneumonia, treated with aspirin 81 mg daily.\n"


def document(name: str, *contents: dict[str, str], **changes: Any) -> bytes:
    """Return a line with a DocumentReference."""
    made = {
        "resourceType": "DocumentReference",
        "id": name,
        "status": "current",
        "subject": {"reference": "Patient/1"},
        "content": [{"attachment": one} for one in contents],
        **changes,
    }
    return orjson.dumps(made) + b"\n"


def text(words: str) -> dict[str, str]:
    """Return an attachment with a text."""
    data = base64.b64encode(words.encode()).decode()
    return {"contentType": "text/plain; charset=utf-8", "data": data}


BROKEN = {"contentType": "text/plain", "data": "%%%"}


def extract(lines: list[bytes], tmp_path: Path, checkpoint: Path) -> tuple[int, str, list[Any]]:
    """Return the exit code, what was said on standard error, and the resources."""
    notes, out = tmp_path / "notes.ndjson", tmp_path / "out.ndjson"
    notes.write_bytes(b"".join(lines))
    settings = {"BIOMED_MODEL": str(checkpoint), "BIOMED_LEAST_SCORE": "0"}  # random weights
    done = biomed_ner("extract", notes, "-o", out, settings=settings)
    said = done.stderr.decode().replace(f"{tmp_path}/", "")
    return done.returncode, said, [orjson.loads(line) for line in out.read_bytes().splitlines()]


def test_resources_name_their_words(tmp_path: Path, checkpoint: Path) -> None:
    """Every finding points at characters of its document; the run is documented once a note."""
    lines = [document("a", text(NOTE)), document("b", text(NOTE))]
    code, said, resources = extract(lines, tmp_path, checkpoint)
    assert (code, said) == (0, "")
    kinds = Counter(one["resourceType"] for one in resources)
    assert (kinds["Provenance"], kinds["Device"], kinds["DocumentReference"]) == (2, 1, 1)
    assert kinds["Condition"] + kinds["MedicationStatement"] + kinds["Procedure"] > 0
    for resource in resources:
        for extension in resource.get("extension", []):
            parts = {part["url"]: part for part in extension.get("extension", [])}
            if "offset" in parts:
                reference = parts["reference"]["valueReference"]["reference"]
                assert reference in {
                    "DocumentReference/a/_history/1",
                    "DocumentReference/b/_history/1",
                }
                assert parts["offset"]["valueInteger"] < len(NOTE)


def test_what_cannot_be_read_is_named_by_line(tmp_path: Path, checkpoint: Path) -> None:
    """Refused lines and unread parts are on standard error, the others are read, exit code 1."""
    lines = [
        b"no json\n",
        document("a", text(NOTE), BROKEN),
        document("b", BROKEN),
        document("c", text(NOTE), subject=None),
        document("d", text(NOTE), status="entered-in-error"),
        document("e", text(NOTE), meta=None),
        document("f", text(NOTE), date=1704067200),
        document("g", text(NOTE), status="superseded"),
        document("h", text(NOTE)),
    ]
    code, said, resources = extract(lines, tmp_path, checkpoint)
    assert code == 1
    assert [line.rpartition(": ")[0].split(": ")[:2] for line in said.splitlines()] == [
        ["notes.ndjson:1", "not-a-document-reference"],
        ["notes.ndjson:2", "bad-base64"],
        ["notes.ndjson:3", "bad-base64"],
        ["notes.ndjson:4", "not-a-document-reference"],
        ["notes.ndjson:5", "entered-in-error"],
        ["notes.ndjson:6", "not-a-document-reference"],
        ["notes.ndjson:7", "not-a-document-reference"],
        ["notes.ndjson:8", "superseded"],
    ]
    assert [one["resourceType"] for one in resources].count("Provenance") == 2
