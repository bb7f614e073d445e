"""Documents in files."""

from pathlib import Path

import orjson
import pytest

from gateway.cli.files import documents, text
from models.errors import UnreadableFile

ONE, TWO = b'{"id":1}', b'{"id":2}'


def found(path: Path, content: bytes) -> list[tuple[str, bytes]]:
    """Return the documents of a file: where, and what."""
    path.write_bytes(content)
    return [
        (source.where.removeprefix(f"{path.parent}/"), source.raw.strip())
        for source in documents([path])
    ]


def test_ndjson_is_read_by_line(tmp_path: Path) -> None:
    """Lines are counted with the empty ones, and broken ones are handed on."""
    content = ONE + b"\n\n" + TWO + b"\r\n{"
    assert found(tmp_path / "a.ndjson", content) == [
        ("a.ndjson:1", ONE),
        ("a.ndjson:3", TWO),
        ("a.ndjson:4", b"{"),
    ]


def test_json_is_one_document(tmp_path: Path) -> None:
    """A JSON file is a document even where it has many lines."""
    content = orjson.dumps({"id": 1, "a": [1, 2]}, option=orjson.OPT_INDENT_2)
    assert found(tmp_path / "a.json", content) == [("a.json", content)]


def test_lines_under_another_name(tmp_path: Path) -> None:
    """A file that is no JSON as a whole is read by line, whatever its name."""
    assert found(tmp_path / "a.json", ONE + b"\n" + TWO) == [("a.json:1", ONE), ("a.json:2", TWO)]


def test_a_bundle_is_its_entries(tmp_path: Path) -> None:
    """The entries of a Bundle are counted; one without a resource is handed on to be refused."""
    bundle = {"resourceType": "Bundle", "entry": [{"resource": {"id": 1}}, {"fullUrl": "x"}]}
    assert found(tmp_path / "a.json", orjson.dumps(bundle)) == [
        ("a.json, entry 1", ONE),
        ("a.json, entry 2", b"null"),
    ]


def test_missing_files_are_ours_to_report(tmp_path: Path) -> None:
    """A file that is not there is an error with its path."""
    with pytest.raises(UnreadableFile, match=r"gone\.ndjson cannot be read: No such file"):
        list(documents([tmp_path / "gone.ndjson"]))


def test_texts_keep_every_character(tmp_path: Path) -> None:
    """Byte order mark and line ends stay: the user counts them too."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfA\r\nB\rC\n")
    assert text(path) == "\ufeffA\r\nB\rC\n"
