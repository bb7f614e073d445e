"""API keys: kept as hashes, compared without a hint, gone as soon as the file says so."""

import hmac
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.access.api_keys import ApiKeys, add, hashed, read, remove
from gateway.cli.main import app
from models.errors import Unauthenticated, UnusableApiKeys

SCOPE = "system/DocumentReference.c"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "keys.json"


def test_a_key_is_told_once_and_kept_as_a_hash(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command prints it; the file, for this user alone, does not hold it."""
    monkeypatch.setenv("BIOMED_API_KEYS_FILE", str(file))
    monkeypatch.setattr("gateway.cli.configuration.telemetry.configure", lambda _: None)
    done = CliRunner().invoke(app, ["api-key", "new", "engine", "--scope", SCOPE])
    key = done.stdout.strip()
    assert done.exit_code == 0
    assert len(key) > 40
    assert key not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert ApiKeys(file).principal(key).agent.name == "engine"
    assert ApiKeys(file).principal(key).scopes.allow("DocumentReference", "c")


def test_every_key_is_compared_in_constant_time(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No comparison ends early, neither within a hash nor at the key that was found."""
    keys = [add(file, name, [SCOPE]) for name in "abc"]
    compared = []
    real = hmac.compare_digest

    def noting(one: str, other: str) -> bool:
        compared.append(other)
        return real(one, other)

    monkeypatch.setattr("gateway.access.api_keys.hmac.compare_digest", noting)
    assert ApiKeys(file).principal(keys[0]).agent.name == "a"
    assert compared == [hashed(keys[0])] * 3


def test_a_revoked_key_is_refused_at_once(file: Path) -> None:
    """A running server sees that the file changed."""
    key, other = add(file, "a", [SCOPE]), add(file, "b", [SCOPE])
    keys = ApiKeys(file)
    assert keys.principal(key)
    assert remove(file, "a")
    with pytest.raises(Unauthenticated):
        keys.principal(key)
    assert keys.principal(other)


def test_a_broken_file_lets_nobody_in(file: Path) -> None:
    """Half a file is not the file before it: that may hold a key that was to go."""
    key = add(file, "a", [SCOPE])
    keys = ApiKeys(file)
    assert keys.principal(key)
    file.write_text(file.read_text()[:-20])
    os.utime(file, ns=(1, 1))
    with pytest.raises(UnusableApiKeys):
        keys.principal(key)
    file.unlink()
    with pytest.raises(UnusableApiKeys):
        keys.principal(key)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"keys": [{"name": "a", "sha256": "00", "scopes": []}]}',
        f'{{"keys": [{{"name": "a", "sha256": "{"0" * 64}", "scopes": ["system/X"]}}]}}',
        f'{{"keys": [{{"name": "a\\n", "sha256": "{"0" * 64}", "scopes": []}}]}}',
        f'{{"keys": [{{"name": "a", "sha256": "{"A" * 64}", "scopes": []}}]}}',
        f'{{"keys": [{{"name": "a", "sha256": "{"٣" * 64}", "scopes": []}}]}}',
    ],
)
def test_a_file_with_a_mistake_is_refused(file: Path, text: str) -> None:
    """A scope that is misspelt, or a hash that is none, is told when the server starts."""
    file.parent.mkdir()
    file.write_text(text)
    with pytest.raises(UnusableApiKeys):
        read(file)


def test_a_name_is_used_once(file: Path) -> None:
    """The audit log tells keys apart by their names."""
    add(file, "a", [SCOPE])
    with pytest.raises(UnusableApiKeys, match="of this name"):
        add(file, "a", [SCOPE])
