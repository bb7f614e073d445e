"""Every log event of the code is on the page for operators, and the other way round."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("worker", "gateway", "migrations", "fhir_mapping")
LEVELS = frozenset({"debug", "info", "warning", "error", "critical"})
EVENT = re.compile(r"`([a-z0-9_.]+)`")


def calls(path: Path) -> Iterator[ast.Call]:
    """Yield the calls of a logger's methods."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(attr=level, value=ast.Name(id="log"))) if (
                level in LEVELS
            ):
                yield node
            case ast.Call(func=ast.Attribute(attr=level, value=ast.Call())) if level in LEVELS:
                yield node
            case ast.Call(func=ast.IfExp()):
                yield node


def logged() -> set[str]:
    """Return the events that the code logs; each is a literal, so that it can be looked up."""
    found = [
        call for name in PACKAGES for path in (ROOT / name).rglob("*.py") for call in calls(path)
    ]
    assert all(isinstance(call.args[0], ast.Constant) for call in found)
    return {call.args[0].value for call in found if isinstance(call.args[0], ast.Constant)}  # type: ignore[misc]


def test_the_page_has_every_event_and_no_other() -> None:
    """Whoever looks for a line finds what it says."""
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    table = page.partition("| event | level | says |")[2].partition("\n\n")[0]
    first = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {name for cell in first for name in EVENT.findall(cell)} == logged()


def test_every_metric_is_on_the_page() -> None:
    """Its table has what the processes tell, and no more."""
    from tests.unit.deploy.test_monitoring import names_there_are  # noqa: PLC0415

    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    table = page.partition("| metric | labels | is |")[2].partition("\n\n")[0]
    first = "".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    told = {re.sub("_(bucket|sum|count)$", "", name) for name in names_there_are()}
    assert set(re.findall(r"`(biomed_\w+)`", first)) == {
        name for name in told if name.startswith("biomed_") and "_process_" not in name
    }
