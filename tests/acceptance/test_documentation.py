"""The commands of the README and of the three users' pages, typed as they stand."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from gateway.cli.main import app
from gateway.cli.process_commands import GRACE_SECONDS
from gateway.demo.processes import free_port
from models.ner.checkpoint.files import checkpoint_sha256
from models.ner.checkpoint.label_schemes import SCHEMES
from models.ner.checkpoint.loading import BUNDLED, DEFAULT
from tests.acceptance.cli import PATIENCE_SECONDS, ROOT
from worker.settings import Settings

PAGES = ["README.md", "docs/integration-engineer.md", "docs/analyst.md", "docs/auditor.md"]

OTHERS = [
    "SECURITY.md", "docs/architecture.md", "docs/celery.md", "docs/fhir.md", "docs/ml-engineer.md",
    "docs/operations.md", "docs/reliability.md", "docs/training.md",
]  # fmt: skip

NAMED = r"`((?:models|fhir_mapping|worker|gateway|migrations|tests|docs)/[\w./-]*)`"
"""A file or folder of the checkout, as pages write it."""

FENCE = re.MULTILINE | re.DOTALL

START = r"""set -eu
trap 'kill $(jobs -p); wait' EXIT
"""
# What a reader does between two pages: wait until the note is read.
WAIT = r"""
until curl --silent --fail "http://127.0.0.1:8080/fhir/Condition?patient=Patient/7" \
  | grep -q '"total":[1-9]'
do sleep 0.5; done
"""


def _commands(page: str) -> str:
    """Return the `sh` blocks of a page, in order."""
    text = (ROOT / page).read_text("utf-8")
    return "\n".join(re.findall(r"^```sh\n(.*?)^```", text, FENCE))


@pytest.fixture
def checkout() -> Iterator[Path]:
    """A folder that looks like the checkout, with a short name since socket paths are limited."""
    with tempfile.TemporaryDirectory(prefix="r-") as name:
        folder = Path(name)
        (folder / ".venv").symlink_to(Path(sys.executable).parents[1])
        (folder / "docs").symlink_to(ROOT / "docs")
        yield folder


def test_every_command_of_the_pages_works(checkout: Path) -> None:
    """From a file read without a database to an audit trail: each command ends well."""
    port = str(free_port())
    blocks = [*map(_commands, PAGES[:2]), WAIT, *map(_commands, PAGES[2:])]
    script = (START + "\n".join(blocks)).replace("8080", port)
    own = {name: value for name, value in os.environ.items() if not name.startswith("BIOMED_")}
    ended = subprocess.run(  # noqa: S603  # our own pages
        ["bash", "-c", script],  # noqa: S607  # the reader's own shell
        cwd=checkout,
        env={**own, "BIOMED_PORT": port, "XDG_DATA_HOME": str(checkout)},
        capture_output=True,
        check=False,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert ended.returncode == 0, ended.stderr
    assert '"text":"metformin"' in ended.stdout
    assert "»" in ended.stdout
    assert f"{checkpoint_sha256(BUNDLED / DEFAULT)}  -" in ended.stdout
    assert (checkout / "resources.ndjson").stat().st_size > 0


def test_the_python_of_the_readme_works(capsys: pytest.CaptureFixture[str]) -> None:
    """The example prints the drug, and the pain as denied."""
    [block] = re.findall(r"^```python\n(.*?)^```", (ROOT / PAGES[0]).read_text("utf-8"), FENCE)
    exec(compile(block, PAGES[0], "exec"), {})  # noqa: S102  # our own page
    printed = capsys.readouterr().out
    assert "Medication metformin False" in printed
    assert "pain True" in printed


def test_every_setting_is_documented() -> None:
    """The table of settings says what the code says."""
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `BIOMED_")]
    assert rows == [
        f"| `BIOMED_{name.upper()}` | {_shown(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]


def test_every_label_scheme_is_documented() -> None:
    """The page says of each scheme what the code says."""
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    for name, scheme in SCHEMES.items():
        meant = ", ".join(f"{label}={kind}" for label, kind in scheme.items())
        assert f"| `{name}` | {meant} |" in page


def _shown(default: object) -> str:
    return "–" if default is None else f"`{default}`"


def test_every_link_leads_somewhere() -> None:
    """No page links to a file that is not there."""
    for page in [*PAGES, "CONTRIBUTING.md", *OTHERS]:
        links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text("utf-8"))
        missing = [link for link in links if not ((ROOT / page).parent / link).exists()]
        assert missing == [], page


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", *PAGES, *OTHERS])
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    """Who is told where something is decided, or is to be added, finds it."""
    named = re.findall(NAMED, (ROOT / page).read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_where_to_add_what_is_said_by_path() -> None:
    """CONTRIBUTING names files of every package, so that the test before this one has work."""
    named = re.findall(NAMED, (ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    assert {name.partition("/")[0] for name in named} >= {
        "models", "fhir_mapping", "worker", "gateway", "migrations", "tests", "docs",
    }  # fmt: skip


def test_every_option_on_the_page_for_ml_engineers_exists() -> None:
    """What takes hours is not run here, but each command takes the options that the page gives."""
    page = (ROOT / "docs" / "ml-engineer.md").read_text("utf-8")
    commands = get_command(app).commands  # type: ignore[attr-defined]  # of a group
    called = re.findall(r"^biomed-ner (\w+) ([^#\n]*)", page, re.MULTILINE)
    assert {name for name, _ in called} == {"train", "evaluate", "calibrate"}
    for name, words in called:
        known = {option for one in commands[name].params for option in one.opts}
        assert set(re.findall(r"--[\w-]+", words)) <= known, name


@pytest.mark.parametrize("profile", ["cpu", "gpu"])
def test_docker_compose_accepts_both_profiles(profile: str) -> None:
    """`docker compose config` passes for the default profile and for the GPU."""
    command = _compose()
    ended = subprocess.run(  # noqa: S603  # the tool found on this machine
        [*command, "--env-file", ".env.example", "config", "--quiet"],
        cwd=ROOT,
        env={**os.environ, "COMPOSE_PROFILES": profile, "POSTGRES_PASSWORD": "chosen"},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr


def _compose() -> list[str]:
    docker = shutil.which("docker")
    if docker and b"Compose" in _output([docker, "compose", "version"]):
        return [docker, "compose"]
    alone = shutil.which("docker-compose")
    if not alone:
        pytest.skip("neither `docker compose` nor `docker-compose` is installed")
    return [alone]


def _output(command: list[str]) -> bytes:
    return subprocess.run(command, capture_output=True, check=False, timeout=60).stdout  # noqa: S603


def test_compose_runs_one_reader_per_profile_on_a_redis_that_remembers() -> None:
    """Exactly one of the two workers belongs to each profile, and Redis keeps its queue."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    workers = {
        name: service.get("profiles")
        for name, service in services.items()
        if service.get("command") == "worker"
    }
    assert workers == {"worker": ["cpu"], "worker-gpu": ["gpu"]}
    assert services["worker-gpu"]["environment"]["BIOMED_MODEL"] == "venkatd/BIOMed_NER"
    assert "--appendonly yes" in services["redis"]["command"]
    assert services["migrate"]["command"] == "db upgrade"


def test_compose_looks_after_every_service_and_lets_each_finish() -> None:
    """Each has a health check; a worker has the time of its lists, the others of a request."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    unwatched = [name for name, one in services.items() if "test" not in one["healthcheck"]]
    assert unwatched == ["migrate"]  # it ends by itself
    usual = Settings()
    least = {
        "worker": usual.lease_seconds,
        "worker-gpu": usual.lease_seconds,
        "deliverer": usual.deliver_timeout_seconds,
        "gateway": GRACE_SECONDS,
    }
    grace = {name: int(services[name]["stop_grace_period"].rstrip("s")) for name in least}
    assert usual.forward_seconds < usual.lease_seconds
    assert [name for name in least if grace[name] < least[name]] == []


def test_git_takes_no_password() -> None:
    """What compose reads is the user's own; the example names no secret."""
    example = (ROOT / ".env.example").read_text("utf-8").splitlines()
    assert {"POSTGRES_PASSWORD=", "BIOMED_DELIVER_TOKEN="} <= set(example)
    assert ".env" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert ".env" in (ROOT / ".dockerignore").read_text("utf-8").splitlines()


def test_the_image_installs_dependencies_before_it_copies_sources() -> None:
    """And it runs as a user that owns its data folder."""
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    place = {line: number for number, line in enumerate(lines)}
    installed = next(n for n, line in enumerate(lines) if "--requirement" in line)
    assert place["COPY pyproject.toml constraints.txt ./"] < installed
    assert installed < place["COPY models models"] < place["USER biomed"] < place["WORKDIR /data"]
    assert any("--owner biomed /data" in line for line in lines)
