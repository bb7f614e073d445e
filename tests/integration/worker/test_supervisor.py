"""A process that reads, and the one that watches it: how they end."""

import os
import signal
from pathlib import Path

import pytest

from tests.integration.worker.processes import eventually, running
from worker.settings import Settings

BEGIN = """
import os, signal, sys, time
from worker.settings import Settings
from worker.supervisor import supervised

def work(watch):
    print("reading", flush=True)
    {work}

sys.exit(supervised(Settings(), lambda: None, work))
"""
SLEEP = "time.sleep(600); return 5"


def program(work: str) -> tuple[str, ...]:
    return ("-c", BEGIN.format(work=work))


@pytest.mark.parametrize(
    ("work", "code"),
    [
        ("return 0", 0),
        ("return 7", 7),
        ("raise ValueError", 1),
        ("os.kill(os.getpid(), signal.SIGKILL)", 128 + signal.SIGKILL),
        ("os.kill(os.getpid(), signal.SIGSEGV)", 128 + signal.SIGSEGV),
    ],
)
def test_the_exit_code_tells_how_reading_ended(work: str, code: int, tmp_path: Path) -> None:
    """A code is passed on, and a death by a signal is a failure as a shell names it."""
    with running(program(work), Settings(), tmp_path / "log") as process:
        assert process.ended() == code


def test_a_stop_before_the_first_list_is_no_failure(tmp_path: Path) -> None:
    """SIGTERM is passed on; a process that it ended while it was loading ended well."""
    with running(program(SLEEP), Settings(), tmp_path / "log") as process:
        eventually(lambda: "reading" in process.log, "the process that reads")
        assert process.end(signal.SIGTERM) == 0


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux ends orphans")
def test_who_reads_ends_with_its_supervisor(tmp_path: Path) -> None:
    """After kill -9 of the supervisor nobody reads on unwatched."""
    with running(program(SLEEP), Settings(), tmp_path / "log") as process:
        eventually(lambda: "reading" in process.log, "the process that reads")
        _, reader = process.numbers
        assert process.end(signal.SIGKILL) == -signal.SIGKILL
        eventually(lambda: not Path(f"/proc/{reader}").exists() or is_dead(reader), "its end")


def is_dead(number: int) -> bool:
    """Whether a process is gone but for its entry, since nobody here is its parent."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return not Path(f"/proc/{number}").exists()


def test_an_interrupt_of_the_terminal_is_passed_on_once(tmp_path: Path) -> None:
    """Ctrl-C reaches both processes of a terminal as one signal to the one that reads."""
    work = (
        "import threading; came = threading.Event();"
        "signal.signal(signal.SIGINT, lambda *_: (print('interrupted', flush=True), came.set()));"
        "assert os.getpgid(0) == os.getpid() != os.getpgid(os.getppid());"
        "print('listening', flush=True); came.wait(); time.sleep(0.3); return 4"
    )
    with running(program(work), Settings(), tmp_path / "log") as process:
        eventually(lambda: "listening" in process.log, "the process that reads")
        eventually(lambda: os.getpgid(process.numbers[-1]) == process.numbers[-1], "its group")
        assert process.end(signal.SIGINT) == 4
        assert process.log.count("interrupted") == 1
