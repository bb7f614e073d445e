"""Files with patients' data: for one user, and never half of an old one."""

from pathlib import Path

from models.private_files import replace_private


def test_what_a_killed_process_left_is_written_over(tmp_path: Path) -> None:
    """A longer leftover beside the file leaves nothing of itself in the new one."""
    file = tmp_path / "keys.json"
    (tmp_path / ".keys.json.new").write_text("x" * 50)
    file.write_text("the one before")
    replace_private(file, "{}")
    assert file.read_text() == "{}"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]
