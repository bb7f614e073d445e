"""The name of the code changes with what decides a reading, and with nothing else."""

import shutil
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from fhir_mapping.resources.device import device, device_id
from models.code_version import DECISIVE, LEFT_OUT, PACKAGE, ROOT, code_version, decisive_files
from models.code_version import source_sha256 as sha256
from tests.memory import MODEL

MARKER = "py.typed"  # of the package, for type checkers


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with all packages but the models: no git, other times, another order on disk."""
    for name in ("gateway", "models", "fhir_mapping"):
        ignored = shutil.ignore_patterns("__pycache__", "*.safetensors")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    return tmp_path


def test_a_copy_has_the_same_name(copy: Path) -> None:
    """Neither the place of the files nor their line ends nor compiled files beside them count."""
    for path in decisive_files(copy):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    cache = copy / "fhir_mapping" / "__pycache__"
    cache.mkdir()
    (cache / "device.cpython-311.pyc").write_bytes(b"\0")
    assert sha256(copy) == sha256(ROOT)


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("models/clinical.py", True),
        ("models/ner/assertion/cues/negated.py", True),
        ("models/ner/links/weights.json", True),
        ("fhir_mapping/findings/status_tables.py", True),
        ("gateway/cli/annotate.py", False),
        ("models/errors.py", False),
        ("models/ner/training/recipe.py", False),
        ("models/ner/bundled/biomed-ner-bert12/config.json", False),
    ],
)
def test_a_byte_in_a_rule_changes_it(copy: Path, path: str, *, changes: bool) -> None:
    """One more byte in a rule or table is another code; in a door, recipe or model it is not."""
    (copy / path).write_bytes((copy / path).read_bytes() + b"\n")
    assert (sha256(copy) != sha256(ROOT)) is changes


def test_a_rule_that_moves_changes_it(copy: Path) -> None:
    """The same bytes under another name are another code."""
    findings = copy / "fhir_mapping" / "findings"
    (findings / "policy.py").rename(findings / "policies.py")
    assert sha256(copy) != sha256(ROOT)


def test_every_table_is_hashed() -> None:
    """No file of a kind that the hash would leave out lies among the rules."""
    hashed = set(decisive_files(ROOT))
    for path in (path for name in DECISIVE for path in (ROOT / name).rglob("*")):
        inside = path.relative_to(ROOT).as_posix()
        decides = path.name != MARKER and not inside.startswith(LEFT_OUT)
        if path.is_file() and "__pycache__" not in path.parts and decides:
            assert path in hashed, inside


def test_another_code_is_another_device() -> None:
    """The Device of a model names the package's version and the hash, and is one of its own."""
    model = replace(MODEL, code_version=code_version())
    assert code_version() == f"{version(PACKAGE)}+{sha256(ROOT)[:12]}"
    assert code_version() in str(device(model))
    assert device_id(model) != device_id(MODEL)
