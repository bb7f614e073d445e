"""The walks in docs/architecture.md name functions that are there."""

import re
from importlib import import_module
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"
ROOMS = ("gateway", "worker", "fhir_mapping", "models")
NAME = re.compile(rf"`((?:{'|'.join(ROOMS)})\.[\w.]+)`")
AS_ONE = ("fhir_mapping", "models.ner")
MOST_FILES = 12


def walks() -> dict[str, list[str]]:
    """Return the names of functions that each walk lists, in order."""
    [section] = re.findall(
        r"^## Seven walks\n(.*?)^## ", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    titled = re.split(r"^### (.+)\n", section, flags=re.MULTILINE)[1:]
    return {
        title: NAME.findall(text) for title, text in zip(titled[::2], titled[1::2], strict=True)
    }


WALKS = walks()


def module_of(name: str) -> tuple[str, list[str]]:
    """Return the module of a dotted name, and what stands in it: function, or class and method."""
    module, *rest = re.split(r"\.(?=[A-Z])", name, maxsplit=1)
    if rest:
        return module, rest[0].split(".")
    module, _, function = name.rpartition(".")
    return module, [function]


def test_there_are_seven_walks_of_some_length() -> None:
    """A note, a query, a replacement, a delivery, a denial, a status and a death."""
    assert len(WALKS) == 7
    assert min(map(len, WALKS.values())) >= 7


@pytest.mark.parametrize("name", sorted({name for names in WALKS.values() for name in names}))
def test_every_function_of_a_walk_is_there(name: str) -> None:
    """Who renames a function is told where it is named."""
    module, path = module_of(name)
    found: object = import_module(module)
    for part in path:
        found = getattr(found, part)
    assert callable(found)


def test_a_note_becomes_resources_within_twelve_files() -> None:
    """From POST to the stored resource; the reader and the mapping are one each."""
    modules = {module_of(name)[0] for name in WALKS["A note to its resources"]}
    rooms = {next((one for one in AS_ONE if name.startswith(one)), name) for name in modules}
    assert len(rooms) <= MOST_FILES
