"""Notes whose links are known, from brat files."""

from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from models.clinical import Mention
from models.ner import brat
from models.ner.links.candidates import MODIFY, OVERLAP, TEMPORAL


@dataclass(frozen=True, slots=True)
class LinkedText:
    """A text, its mentions in text order, and the links among them as (source, target).

    `modify` are the MODIFY relations of the file, `overlap` those of a Date, Duration or Time to
    what the file puts into one OVERLAP group with it.
    """

    id: str
    text: str
    mentions: tuple[Mention, ...]
    modify: frozenset[tuple[int, int]]
    overlap: frozenset[tuple[int, int]]

    @property
    def links(self) -> frozenset[tuple[int, int]]:
        """The links of both kinds."""
        return self.modify | self.overlap


def read_folder(folder: Path) -> list[LinkedText]:
    """Read every `.ann` of a folder with its `.txt`, ordered by name.

    Raises:
        AnnotationError: a file is not brat.
    """
    return [_read(path) for path in sorted(folder.glob("*.ann"))]


def _read(path: Path) -> LinkedText:
    """Keep the longest of overlapping mentions, and the links whose ends are both kept."""
    note = brat.read(path)
    entities = brat.flat(note.entities)
    number = {entity.id: i for i, entity in enumerate(entities)}
    pairs = [(r.source, r.target) for r in note.relations if r.type == MODIFY]
    groups = _groups(path)
    temporal = {entity.id for entity in entities if entity.label in TEMPORAL}
    times = [p for group in groups for p in permutations(group, 2) if p[0] in temporal]
    return LinkedText(
        note.id,
        note.text,
        tuple(_mention(note.text, entity) for entity in entities),
        _numbered(pairs, number),
        _numbered([p for p in times if p[1] not in temporal], number),
    )


def _mention(text: str, entity: brat.Entity) -> Mention:
    start, end = entity.span.start, entity.span.end
    return Mention(start, end, text[start:end], entity.label, 1.0)


def _numbered(pairs: list[tuple[str, str]], number: dict[str, int]) -> frozenset[tuple[int, int]]:
    return frozenset(
        (number[source], number[target])
        for source, target in pairs
        if source in number and target in number
    )


def _groups(path: Path) -> list[list[str]]:
    """Return the entities of each OVERLAP group, events replaced by their triggers."""
    rows = [line.split("\t") for line in path.read_text("utf-8").split("\n")]
    triggers = {r[0]: r[1].split()[0].partition(":")[2] for r in rows if r[0].startswith("E")}
    groups = (row[1].split() for row in rows if row[0] == "*")
    return [[triggers.get(one, one) for one in ids] for kind, *ids in groups if kind == OVERLAP]
