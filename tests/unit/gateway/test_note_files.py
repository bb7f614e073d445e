"""Which files are read, and that no two notes get one name."""

from pathlib import Path

import pytest

from gateway.cli.files import STDIN
from gateway.cli.note_files import encoding, line_files, text_files
from models.errors import UnreadableFile, WrongUsage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two wards that both have a note 1, and of other files."""
    for name in ("b/1.txt", "a/1.txt", "a/deep/2.TXT", "a/.3.txt", "a/1.ann", "a/4.ndjson"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_a_folder_gives_its_texts_by_their_places(folder: Path) -> None:
    """At any depth and in one order; other files and hidden ones are passed over."""
    assert [file.name for file in text_files([folder])] == ["a/1", "a/deep/2", "b/1"]
    assert line_files([folder, STDIN]) == [folder / "a" / "4.ndjson", STDIN]


@pytest.mark.parametrize(
    "names", [("a/1.txt", "b/1.txt"), ("a", "b"), ("a/1.txt", "a/1.txt"), ("a/1.txt", "a")]
)
def test_two_notes_of_one_name_are_refused(folder: Path, names: tuple[str, ...]) -> None:
    """Both are named, and what to do: a folder above both tells them apart."""
    paths = [folder / name for name in names]
    with pytest.raises(WrongUsage, match=r"would both be the note 1: name a folder"):
        text_files(paths)


def test_a_folder_without_notes_is_no_success(tmp_path: Path) -> None:
    """Where there is nothing to read, nothing is said to be read."""
    with pytest.raises(UnreadableFile, match=r"holds no \.txt file"):
        text_files([tmp_path])
    with pytest.raises(UnreadableFile, match=r"holds no \.jsonl or \.ndjson file"):
        line_files([tmp_path])


def test_encodings_are_pythons() -> None:
    """Whatever Python can decode text from, and nothing else."""
    assert [encoding(name) for name in ("UTF8", "latin-1", "cp1252")] == [
        "utf-8",
        "iso8859-1",
        "cp1252",
    ]
    for wrong in ("utf-9", "hex", "undefined"):
        with pytest.raises(WrongUsage, match=wrong):
            encoding(wrong)
