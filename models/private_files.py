"""Files and folders that hold patients' data: for this user alone, whatever the umask says."""

import os
from pathlib import Path
from typing import IO, Final

FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700
OWNER_ALONE: Final = 0o077
"""The umask of programs that make files for us."""


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for this user alone.

    One that is there already is left as it is: it may be anything, a home for one.
    """
    if not folder.is_dir():
        private_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(FOLDER_MODE)


def private_file(file: Path) -> None:
    """Make an empty file for this user alone; one that is there keeps what it holds."""
    file.touch(mode=FILE_MODE)
    file.chmod(FILE_MODE)


def replace_private(file: Path, text: str) -> None:
    """Put a text in the place of what a file holds: whoever reads it finds the one or the other.

    The file is for this user alone. What a process that was killed left beside it is written over.
    """
    beside = file.with_name(f".{file.name}.new")
    beside.unlink(missing_ok=True)
    with open_private(beside) as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())
    beside.replace(file)


def open_private(file: Path) -> IO[str]:
    """Open a file for writing, made for this user alone where it is not there yet.

    What it holds stays until it is written over: processes lock such files.
    """
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, FILE_MODE), "w")
