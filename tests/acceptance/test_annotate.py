"""`biomed-ner annotate`: the offsets it prints are those of the file's characters."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.acceptance.cli import biomed_ner

TEXTS = {
    "emoji": "No fever 😀 today. 👩🏽‍⚕️ saw pneumonia.",
    "crlf": "Chest pain.\r\nNo fever.\r\n\r\nAspirin 81 mg daily.\r\n",
    "tab": "Drug\tDose\nmetformin\t500 mg\n",
    "nbsp": "Aspirin\u00a081\u202fmg, no\u00a0fever.",
    "combining": "Ménière's disease, cafe\u0301.",
}
ASSERTIONS = {"negated", "uncertain", "historical", "hypothetical", "experiencer"}


def lines(output: bytes) -> list[dict[str, Any]]:
    """Return the objects of JSON lines."""
    return [orjson.loads(line) for line in output.splitlines()]


def require_exact(text: str, line: dict[str, Any]) -> None:
    """Check that every mention of a line is what stands in the text."""
    assert line["mentions"]
    for mention in line["mentions"]:
        assert mention["text"] == text[mention["start"] : mention["end"]]


@pytest.fixture(scope="module")
def annotated(tmp_path_factory: pytest.TempPathFactory, checkpoint: Path) -> list[dict[str, Any]]:
    """What `annotate` says of the texts as files, run once, in a locale without Unicode."""
    folder = tmp_path_factory.mktemp("notes")
    paths = [folder / f"{name}.txt" for name in TEXTS]
    for path in paths:
        path.write_bytes(TEXTS[path.stem].encode())
    done = biomed_ner("annotate", "--model", checkpoint, *paths, settings={"LC_ALL": "C"})
    assert done.returncode == 0, done.stderr
    return lines(done.stdout)


def test_text_files_keep_their_characters(annotated: list[dict[str, Any]]) -> None:
    """Emoji, CRLF, tabs and no-break spaces count as they stand; the id is the file's stem."""
    assert [line["id"] for line in annotated] == list(TEXTS)
    for line in annotated:
        require_exact(TEXTS[line["id"]], line)


def test_the_shape_of_a_line(annotated: list[dict[str, Any]]) -> None:
    """A line holds id, mentions with their assertion, links and the model that read."""
    for line in annotated:
        assert list(line) == ["id", "mentions", "links", "model"]
        assert set(line["model"]) == {"name", "revision", "weights_sha256", "code_version"}
        for mention in line["mentions"]:
            assert set(mention) == {"id", "start", "end", "text", "label", "score", "assertion"}
            assert set(mention["assertion"]) == ASSERTIONS


def test_the_bundled_model_is_the_default() -> None:
    """Without any setting the model of the package reads, and finds an operation that is named."""
    [line] = lines(biomed_ner("annotate", "-", stdin=b"She underwent a hysterectomy.").stdout)
    assert "hysterectomy" in [mention["text"] for mention in line["mentions"]]
    assert line["id"] == "stdin"


def test_json_lines_in(checkpoint: Path) -> None:
    """JSON lines keep their ids, of whatever type, and their order."""
    texts = {7: TEXTS["emoji"], "b": TEXTS["crlf"]}
    stdin = b"\n".join(orjson.dumps({"id": id_, "text": text}) for id_, text in texts.items())
    done = biomed_ner(
        "annotate", "--model", checkpoint, "--input-format", "jsonl", "-", stdin=stdin
    )
    found = lines(done.stdout)
    assert [line["id"] for line in found] == [7, "b"]
    for line in found:
        require_exact(texts[line["id"]], line)


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (("-",), b"caf\xe9", "- cannot be read: not UTF-8 at byte 3"),
        (("--input-format", "jsonl", "-"), b'{"id": 1, "text": "a"}\n{"id"', "-:2"),
        (("--input-format", "jsonl", "-"), b'{"id": 1}', "-:1"),
        (("no-such-file.txt",), b"", "no-such-file.txt"),
    ],
)
def test_unreadable_input_is_named(arguments: tuple[str, ...], stdin: bytes, words: str) -> None:
    """Bytes that are no UTF-8, lines that are no notes and missing files are told by place."""
    done = biomed_ner("annotate", *arguments, stdin=stdin)
    assert done.returncode == 1
    assert words in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_no_line_stops_the_others(tmp_path: Path, checkpoint: Path) -> None:
    """Lines that are no notes, and ids that name no file, are told by line; the others are read."""
    ids: list[Any] = ["a", "no/file", "\0", "x" * 5000, 7]
    notes = [orjson.dumps({"id": one, "text": TEXTS["emoji"]}) for one in ids]
    stdin = b"\n".join([*notes[:4], b"{", b'{"id": 1, "text": null}', notes[4]])
    arguments = ("--model", checkpoint, "--format", "brat", "-o", tmp_path / "out")
    done = biomed_ner("annotate", *arguments, "--input-format", "jsonl", "-", stdin=stdin)
    assert done.returncode == 1
    told = {line.partition(": ")[0] for line in done.stderr.decode().splitlines()}
    assert told == {"-:2", "-:3", "-:4", "-:5", "-:6"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"a.ann", "7.ann"}


def test_a_missing_file_stops_no_other(tmp_path: Path, checkpoint: Path) -> None:
    """A file that cannot be read is told, and the next one is annotated, mark and all."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbf" + TEXTS["emoji"].encode())
    done = biomed_ner("annotate", "--model", checkpoint, tmp_path / "gone.txt", path)
    assert done.returncode == 1
    assert "gone.txt" in done.stderr.decode()
    [line] = lines(done.stdout)
    require_exact("\ufeff" + TEXTS["emoji"], line)


def test_brat_goes_to_a_folder(tmp_path: Path, checkpoint: Path) -> None:
    """brat output is a file for each note, named by its id, with one line for each mention."""
    notes = [{"id": name, "text": text} for name, text in TEXTS.items()]
    arguments = ("--model", checkpoint, "--format", "brat", "-o", tmp_path)
    stdin = b"\n".join(map(orjson.dumps, notes))
    done = biomed_ner("annotate", *arguments, "--input-format", "jsonl", "-", stdin=stdin)
    assert done.returncode == 0, done.stderr
    for name, text in TEXTS.items():
        written = (tmp_path / f"{name}.ann").read_bytes().decode()
        assert written.startswith("T1\t")
        for line in written.rstrip("\n").split("\n"):
            require_entity(text, line)


def test_a_folder_is_read_in_its_encoding(tmp_path: Path, checkpoint: Path) -> None:
    """Notes of one name in two folders keep their places, and their characters are cp1252's."""
    texts = {"a/1": "Ménière’s disease.", "b/1": "No naïve T cells."}
    for name, text in texts.items():
        path = tmp_path / "notes" / f"{name}.txt"
        path.parent.mkdir(parents=True)
        path.write_bytes(text.encode("cp1252"))
    arguments = ("--model", checkpoint, "--encoding", "cp1252", tmp_path / "notes")
    done = biomed_ner("annotate", *arguments, "--format", "brat", "-o", tmp_path / "out")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    for name, text in texts.items():
        written = (tmp_path / "out" / f"{name}.ann").read_text("utf-8")
        for line in written.rstrip("\n").split("\n"):
            require_entity(text, line)


def test_no_result_is_written_over_another(tmp_path: Path, checkpoint: Path) -> None:
    """The number 1 and the string "1" would be one file: the second note is refused by its name."""
    stdin = b'{"id": 1, "text": "No fever."}\n{"id": "1", "text": "Chest pain."}'
    arguments = ("--model", checkpoint, "--format", "brat", "-o", tmp_path)
    done = biomed_ner("annotate", *arguments, "--input-format", "jsonl", "-", stdin=stdin)
    assert done.returncode == 1
    assert b"Two notes are called 1" in done.stderr


def require_entity(text: str, line: str) -> None:
    """Check a brat line that is an entity: its words are those at its offsets, on one line."""
    name, rest = line.split("\t", 1)
    if name.startswith("T"):
        place, words = rest.split("\t", 1)
        _, start, end = place.split(" ")
        assert words == text[int(start) : int(end)].replace("\r", " ").replace("\n", " ")
