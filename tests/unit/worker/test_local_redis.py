"""The processes of one machine share one Redis: the first starts it, the last stops it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent

import pytest

from models.errors import BrokerUnavailable
from worker.local_redis import LONGEST_SOCKET_PATH, LocalRedis, answers, ask, waited_for

OTHER = dedent(
    """
    import sys
    from pathlib import Path
    from worker.local_redis import LocalRedis

    redis = LocalRedis(Path(sys.argv[1]))
    redis.join()
    print("joined", flush=True)
    sys.stdin.readline()
    """
)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has joined, and ends when it is told something."""
    with subprocess.Popen(  # noqa: S603 this interpreter
        [sys.executable, "-c", OTHER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "joined\n"
        yield process
        process.kill()


def server_of(redis: LocalRedis) -> int:
    """Return the server's process id; its file is gone once it has been stopped."""
    return int((redis.folder / "redis.pid").read_text())


def is_stopped(redis: LocalRedis) -> bool:
    return not answers(redis.socket) and not (redis.folder / "redis.pid").exists()


def test_the_first_starts_it_and_the_last_stops_it(tmp_path: Path) -> None:
    """Whoever leaves first leaves the others a running server."""
    first, second = LocalRedis(tmp_path), LocalRedis(tmp_path)
    assert first.join() == second.join()
    first.leave()
    assert answers(second.socket)
    second.leave()
    assert is_stopped(second)


def test_another_process_finds_the_same_server(
    other: subprocess.Popen[str], tmp_path: Path
) -> None:
    """Two processes that agree on the folder only share their data."""
    with LocalRedis(tmp_path) as redis:
        pid = server_of(redis)
        ask(redis.socket, ["SET", "shared", "1"])
        other.communicate("end\n", timeout=30)
        assert other.returncode == 0
        assert answers(redis.socket)
        assert server_of(redis) == pid
    assert is_stopped(redis)


def test_a_process_that_ends_without_leaving_stops_the_server(
    other: subprocess.Popen[str], tmp_path: Path
) -> None:
    """A command that just returns leaves no server behind."""
    redis = LocalRedis(tmp_path)
    assert answers(redis.socket)
    other.communicate("end\n", timeout=30)
    assert is_stopped(redis)


def test_a_killed_process_is_counted_out(other: subprocess.Popen[str], tmp_path: Path) -> None:
    """The server of a killed process lives on, is found again, and stopped by the next last one."""
    redis = LocalRedis(tmp_path)
    server = server_of(redis)
    other.kill()
    other.wait()
    assert answers(redis.socket)
    redis.join()
    assert server_of(redis) == server
    redis.leave()
    assert is_stopped(redis)


def test_messages_outlive_the_server(tmp_path: Path) -> None:
    """What was queued before everybody left is there for who comes next."""
    with LocalRedis(tmp_path) as redis:
        ask(redis.socket, ["RPUSH", "queue", "one", "two"])
    with LocalRedis(tmp_path) as redis:
        assert ask(redis.socket, ["LLEN", "queue"]) == 2


def test_a_killed_server_is_started_again_by_joining(tmp_path: Path) -> None:
    """Joining again brings a server that died back, with its data of a second ago."""
    with LocalRedis(tmp_path) as redis:
        ask(redis.socket, ["SET", "key", "value"])
        time.sleep(1.1)  # appendfsync everysec
        os.kill(server_of(redis), signal.SIGKILL)
        assert waited_for(redis.socket, running=False)
        redis.join()
        assert ask(redis.socket, ["GET", "key"]) == b"value"


def test_it_keeps_a_file_and_throws_nothing_away(tmp_path: Path) -> None:
    """The server appends to a file each second, refuses rather than forgets, and has no port."""
    wanted = {
        b"appendonly": b"yes",
        b"appendfsync": b"everysec",
        b"maxmemory-policy": b"noeviction",
        b"port": b"0",
    }
    with LocalRedis(tmp_path) as redis:
        for name, value in wanted.items():
            assert ask(redis.socket, ["CONFIG", "GET", name]) == {name: value}


def test_a_deep_folder_has_its_socket_elsewhere(tmp_path: Path) -> None:
    """A path too long for a socket's address is no obstacle, and nothing is left behind."""
    deep = tmp_path / ("deep " * 20) / "and deeper"
    with LocalRedis(deep) as redis:
        assert len(str(redis.socket)) <= LONGEST_SOCKET_PATH
        assert answers(redis.socket)
        assert (deep / "redis" / "appendonly.aof").exists()
    assert not redis.socket.parent.exists()


def test_several_come_and_go_at_once(tmp_path: Path) -> None:
    """Processes that start and end together never start a second server or stop a used one."""
    script = OTHER.replace("sys.stdin.readline()", "")
    with LocalRedis(tmp_path) as redis, ExitStack() as stack:
        pid = server_of(redis)
        others = [
            stack.enter_context(
                subprocess.Popen([sys.executable, "-c", script, str(tmp_path)])  # noqa: S603
            )
            for _ in range(4)
        ]
        assert [process.wait(60) for process in others] == [0, 0, 0, 0]
        assert server_of(redis) == pid
        assert answers(redis.socket)


def test_a_server_that_cannot_start_is_a_typed_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is no queue is reported, with where to look."""
    monkeypatch.setattr("worker.local_redis.START_SECONDS", 0.5)
    folder = tmp_path / "redis"
    folder.mkdir()
    (folder / "appendonly.aof").write_text("this is no append-only file\n")
    with pytest.raises(BrokerUnavailable, match=r"redis\.log"):
        LocalRedis(tmp_path).join()


def test_its_files_are_for_one_user_alone(tmp_path: Path) -> None:
    """Whatever the umask, nobody else reads the queue, its log or its socket."""
    before = os.umask(0)
    try:
        with LocalRedis(tmp_path / "var") as redis:
            ask(redis.socket, ["SET", "key", "value"])
            found = {one: one.stat().st_mode & 0o777 for one in (tmp_path / "var").rglob("*")}
    finally:
        os.umask(before)
    assert {one.name for one in found} >= {"redis.log", "turn.lock", "users.lock", "redis.pid"}
    assert {mode for one, mode in found.items() if one.is_dir()} == {0o700}
    assert {mode for one, mode in found.items() if not one.is_dir()} == {0o600}
