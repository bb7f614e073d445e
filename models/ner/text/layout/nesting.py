"""How deep an item is nested: by the indents of the marks above it."""

from collections.abc import Iterator, Sequence

from models.ner.text.layout.paragraphs import Paragraph


def depths(paragraphs: Sequence[Paragraph]) -> Iterator[int]:
    """Yield the depth of each paragraph: 0 for what is no item, 1 for an item in no other."""
    above: list[int] = []
    for paragraph in paragraphs:
        column = paragraph.opening.column
        if not paragraph.opening.marked:
            above = [one for one in above if one < column] if column else []
            yield len(above) if above else 0
            continue
        above = [one for one in above if one < column]
        above.append(column)
        yield len(above)
