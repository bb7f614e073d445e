"""API keys, for engines that can send one fixed header and nothing else.

The file holds of each key its name, its scopes and its SHA-256. A slow hash protects what people
choose; a key is 256 random bits, which no dictionary has and nobody tries through.
"""

import hmac
import re
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson
import structlog

from gateway.access.principal import Principal
from gateway.access.scopes import is_scope, parsed
from models.audit_events import Agent
from models.errors import Unauthenticated, UnusableApiKeys
from models.private_files import private_folder, replace_private

PREFIX: Final = "biomed_"
"""How every key begins: so one is known among tokens, and found where it was left in the open."""

_BYTES: Final = 32
_MOST_CHARACTERS: Final = 200
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key: never the key itself."""

    name: str
    sha256: str
    scopes: tuple[str, ...]


class ApiKeys:
    """The keys of a file, which is read again when it was changed.

    A file that can no longer be read lets nobody in: a key that was just taken out of it could
    otherwise be used on.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._stamp: object = None
        self._keys: Sequence[ApiKey] = ()
        self._error: UnusableApiKeys | None = None

    def principal(self, key: str) -> Principal:
        """Return whose key it is; each key of the file is compared, in constant time.

        Raises:
            Unauthenticated: it is in nobody's hands.
            UnusableApiKeys: the file cannot be read.
        """
        digest = hashed(key[:_MOST_CHARACTERS])
        found = None
        for one in self.current():
            if hmac.compare_digest(one.sha256, digest):
                found = one
        if found is None:
            raise Unauthenticated(reason="the key is not known")
        return Principal(Agent("key", found.name), parsed(found.scopes))

    def current(self) -> Sequence[ApiKey]:
        """Return the keys as the file holds them now.

        Raises:
            UnusableApiKeys: the file cannot be read.
        """
        with self._lock:
            stamp = _stamp(self._file)
            if stamp is None or stamp != self._stamp:
                self._read(stamp)
            if self._error:
                raise self._error
            return self._keys

    def _read(self, stamp: object) -> None:
        before, self._stamp, self._error = self._error, stamp, None
        try:
            self._keys = read(self._file)
        except UnusableApiKeys as error:
            self._keys, self._error = (), error
            if not before:
                structlog.get_logger().error("api_keys.unusable", reason=error.reason)


def _stamp(file: Path) -> object:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def hashed(key: str) -> str:
    """Return what is kept of a key."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def read(file: Path) -> list[ApiKey]:
    """Return the keys of a file.

    Raises:
        UnusableApiKeys: it cannot be read, or holds something else.
    """
    try:
        entries = orjson.loads(file.read_bytes())["keys"]
        return [_key(one) for one in entries]
    except OSError as error:
        raise UnusableApiKeys(reason=error.strerror or "it cannot be read") from None
    except (ValueError, TypeError, KeyError):
        raise UnusableApiKeys(reason="an entry is not name, sha256 and scopes") from None


def _key(entry: Any) -> ApiKey:
    name, digest, scopes = entry["name"], entry["sha256"], tuple(entry["scopes"])
    sound = isinstance(name, str) and name.isprintable() and 0 < len(name) <= _MOST_CHARACTERS
    if not (sound and _HASH.fullmatch(digest)):
        raise ValueError("not a key")
    if not all(map(is_scope, scopes)):
        raise ValueError("not a scope")
    return ApiKey(name, digest, scopes)


def add(file: Path, name: str, scopes: Sequence[str]) -> str:
    """Make a key, keep its hash in the file, and return it: it is told this once.

    Raises:
        UnusableApiKeys: the file holds something else, or the name.
    """
    known = read(file) if file.exists() else []
    if any(one.name == name for one in known):
        raise UnusableApiKeys(reason="it has a key of this name")
    key = PREFIX + secrets.token_urlsafe(_BYTES)
    _write(file, [*known, _key({"name": name, "sha256": hashed(key), "scopes": scopes})])
    return key


def remove(file: Path, name: str) -> bool:
    """Take the key of a name out of the file; return whether it was there."""
    known = read(file)
    _write(file, [one for one in known if one.name != name])
    return any(one.name == name for one in known)


def _write(file: Path, keys: Sequence[ApiKey]) -> None:
    """Put a new file in the place of the old one: nobody reads half of it."""
    try:
        private_folder(file.parent)
        replace_private(file, orjson.dumps({"keys": keys}, option=orjson.OPT_INDENT_2).decode())
    except OSError as error:
        raise UnusableApiKeys(reason=error.strerror or "it cannot be written") from None
