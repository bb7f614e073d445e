"""brat standoff: the annotation files that the model learns from, and is scored on.

Format: https://brat.nlplab.org/standoff.html. Offsets count Unicode code points.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from models.clinical import Span
from models.errors import AnnotationError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entity:
    """A text-bound annotation; `spans` has more than one piece where it is discontinuous."""

    id: str
    label: str
    spans: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """The first piece, which is what the NER training set keeps."""
        return self.spans[0]


@dataclass(frozen=True, slots=True)
class Relation:
    """A typed relation between two entities, events replaced by their triggers."""

    type: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of an entity, such as POLARITY = NEG; events replaced by their triggers."""

    type: str
    entity: str
    value: str


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """A text with its annotations; `id` is the stem of its files."""

    id: str
    text: str
    entities: tuple[Entity, ...]
    relations: tuple[Relation, ...]
    attributes: tuple[Attribute, ...]


def read_folder(folder: Path) -> list[AnnotatedText]:
    """Read every `.ann` of a folder with its `.txt`, ordered by name."""
    return [read(path) for path in sorted(folder.glob("*.ann"))]


def read(ann: Path) -> AnnotatedText:
    """Read one `.ann` and the `.txt` beside it.

    Raises:
        AnnotationError: a line is not brat, or an offset lies outside the text.
    """
    text = ann.with_suffix(".txt").read_bytes().decode("utf-8")
    rows = [line.split("\t") for line in ann.read_text("utf-8").split("\n")]

    def each(kind: str, parse: Callable[[list[str]], T]) -> tuple[T, ...]:
        return tuple(
            _checked(parse, fields, ann, number)
            for number, fields in enumerate(rows, start=1)
            if fields[0].startswith(kind)
        )

    triggers = dict(each("E", _trigger))
    return AnnotatedText(
        ann.stem,
        text,
        each("T", lambda fields: _entity(fields, len(text))),
        each("R", lambda fields: _relation(fields, triggers)),
        each("A", lambda fields: _attribute(fields, triggers)),
    )


def _checked(parse: Callable[[list[str]], T], fields: list[str], path: Path, line: int) -> T:
    try:
        return parse(fields)
    except (ValueError, IndexError) as error:
        raise AnnotationError(path=path, line=line, reason=error) from error


def _entity(fields: list[str], size: int) -> Entity:
    label, _, offsets = fields[1].partition(" ")
    spans = tuple(Span(*map(int, piece.split())) for piece in offsets.split(";"))
    if any(not 0 <= span.start < span.end <= size for span in spans):
        raise ValueError("offsets outside the text")
    return Entity(fields[0], label, spans)


def _trigger(fields: list[str]) -> tuple[str, str]:
    return fields[0], fields[1].split()[0].partition(":")[2]


def _relation(fields: list[str], triggers: dict[str, str]) -> Relation:
    kind, source, target = fields[1].split()
    ends = (end.partition(":")[2] for end in (source, target))
    return Relation(kind, *(triggers.get(end, end) for end in ends))


def _attribute(fields: list[str], triggers: dict[str, str]) -> Attribute:
    kind, entity, *value = fields[1].split()
    return Attribute(kind, triggers.get(entity, entity), " ".join(value))


def flat(entities: Sequence[Entity]) -> list[Entity]:
    """Keep the longest of overlapping entities, in text order: what a BIO tagger can learn."""
    kept: list[Entity] = []
    for entity in sorted(entities, key=lambda e: (e.span.start - e.span.end, e.span.start, e.id)):
        if all(_apart(entity.span, other.span) for other in kept):
            kept.append(entity)
    return sorted(kept, key=lambda e: e.span.start)


def _apart(one: Span, other: Span) -> bool:
    return one.end <= other.start or other.end <= one.start
