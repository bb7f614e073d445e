"""Write a layout as lines, so that an example shows what is expected of it."""

from models.ner.text.layout.layout_model import Layout, Unit
from models.ner.text.layout.layout_of_text import layout


def blocks(text: str) -> list[str]:
    """Return the blocks of a text but its space: "heading PMH:", "text HTN"."""
    return [
        f"{b.kind} {flat(text[b.start : b.end])}" for b in layout(text).blocks if b.kind != "space"
    ]


def units(text: str) -> list[str]:
    """Return the units of a text: kind, depth or state where there is one, and words."""
    return [_unit(text, unit) for unit in layout(text).units]


def _unit(text: str, unit: Unit) -> str:
    about = [str(unit.depth)] if unit.depth > 1 else []
    about += [unit.state] if unit.state else []
    return " ".join([unit.kind, *about, flat(text[unit.start : unit.end])])


def sections(text: str) -> list[str]:
    """Return the sections of a text: kind, system, and the words that stand in it alone."""
    found = layout(text)
    return [
        " ".join([s.kind, *([s.system] if s.system else []), "|", flat(_own(found, i))])
        for i, s in enumerate(found.sections)
    ]


def _own(found: Layout, i: int) -> str:
    section = found.sections[i]
    inner = found.sections[i + 1].start if i + 1 < len(found.sections) else section.end
    return found.text[section.body : min(section.end, inner)]


def flat(words: str) -> str:
    """Return words with single spaces, line ends shown as "/"."""
    return " ".join(words.replace("\n", " / ").split()).strip("/ ,")
