"""Documents in files."""

from pathlib import Path

import orjson
import pytest

from gateway.cli.files import documents, text
from models.errors import BiomedError

ONE, TWO = b'{"id":1}', b'{"id":2}'


def found(path: Path, content: bytes) -> list[tuple[str, bytes]]:
    """Return the documents of a file: where, and what."""
    path.write_bytes(content)
    return [
        (source.where.removeprefix(f"{path.parent}/"), source.raw.strip())
        for source in documents([path], unforeseen)
    ]


def unforeseen(where: str, error: BiomedError) -> None:
    """Fail, since nothing should be refused."""
    pytest.fail(f"{where}: {error}")


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


def test_a_missing_file_keeps_no_other(tmp_path: Path) -> None:
    """A file that is not there is refused with its path, and the next one is read."""
    gone, there = tmp_path / "gone.ndjson", tmp_path / "there.ndjson"
    there.write_bytes(ONE)
    refused: dict[str, BiomedError] = {}
    assert [one.raw for one in documents([gone, there], refused.__setitem__)] == [ONE]
    assert "gone.ndjson cannot be read: No such file" in str(refused[str(gone)])


def test_an_entry_nested_too_deeply_is_refused_alone(tmp_path: Path) -> None:
    """What cannot be written again is told by its entry, and numbers keep their digits."""
    path = tmp_path / "a.json"
    deep = "[" * 300 + "]" * 300
    entries = f'[{{"resource": {deep}}}, {{"resource": {{"a": 1.20}}}}]'
    path.write_text(f'{{"resourceType": "Bundle", "entry": {entries}}}')
    refused: dict[str, BiomedError] = {}
    assert [one.raw for one in documents([path], refused.__setitem__)] == [b'{"a":1.20}']
    assert {where: one.code for where, one in refused.items()} == {f"{path}, entry 1": "not-json"}


def test_texts_keep_every_character(tmp_path: Path) -> None:
    """Byte order mark and line ends stay: the user counts them too."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfA\r\nB\rC\n")
    assert text(path) == "\ufeffA\r\nB\rC\n"
