"""One note in each format that is read: an invented history and physical."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from textwrap import wrap
from typing import Final, NamedTuple

from tests.pdfs import Page, pdf


class Section(NamedTuple):
    """A heading with prose, items, or the rows of a table, cells parted by tabs."""

    heading: str
    prose: str = ""
    items: Sequence[str] = ()
    rows: Sequence[str] = ()


WIDTH: Final = 90
LINES: Final = 48
"""How a page is printed."""

TITLE: Final = "History and Physical"
NOTE: Final = (
    Section("Chief Complaint", "Chest pain."),
    Section(
        "History of Present Illness",
        "The patient is a 62-year-old man with chest pain since yesterday. He denies fever, cough "
        "and hemoptysis.",
    ),
    Section("Past Medical History", items=("Hypertension", "Type 2 diabetes mellitus", "Gout")),
    Section(
        "Medications",
        rows=("Drug\tDose\tFrequency", "Metformin\t500 mg\ttwice daily", "Aspirin\t81 mg\tdaily"),
    ),
    Section("Family History", "His mother had breast cancer."),
    Section("Assessment and Plan", items=("Possible pneumonia", "Start ceftriaxone 1 g daily")),
)


def as_text(title: str = TITLE, note: Sequence[Section] = NOTE) -> str:
    """Return the note as it is typed."""
    lines = [title.upper(), ""]
    for one in note:
        lines += [f"{one.heading}:", *filter(None, [one.prose])]
        lines += [f"- {item}" for item in one.items]
        lines += one.rows
        lines.append("")
    return "\n".join(lines)


def as_html(title: str = TITLE, note: Sequence[Section] = NOTE) -> bytes:
    """Return the note as a page."""
    body = [f"<h1>{escape(title)}</h1>"]
    for one in note:
        body.append(f"<h2>{escape(one.heading)}</h2>")
        body.append(f"<p>{escape(one.prose)}</p>" if one.prose else "")
        items = "".join(f"<li>{escape(item)}</li>" for item in one.items)
        body.append(f"<ul>{items}</ul>" if items else "")
        body.append(_table(one.rows))
    page = f"<!DOCTYPE html><html><head><title>x</title></head><body>{''.join(body)}</body></html>"
    return page.encode()


def _table(rows: Sequence[str]) -> str:
    cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row.split("\t")) for row in rows)
    inner = "".join(f"<tr>{row}</tr>" for row in cells)
    return f"<table><tbody>{inner}</tbody></table>" if inner else ""


def as_cda(title: str = TITLE, note: Sequence[Section] = NOTE) -> bytes:
    """Return the note as a CDA document."""
    sections = "".join(_cda_section(one) for one in note)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><ClinicalDocument xmlns="urn:hl7-org:v3">'
        f"<title>{escape(title)}</title><component><structuredBody>{sections}</structuredBody>"
        "</component></ClinicalDocument>"
    ).encode()


def _cda_section(one: Section) -> str:
    items = "".join(f"<item>{escape(item)}</item>" for item in one.items)
    narrative = (
        (f"<paragraph>{escape(one.prose)}</paragraph>" if one.prose else "")
        + (f"<list>{items}</list>" if items else "")
        + _table(one.rows)
    )
    return (
        f"<component><section><title>{escape(one.heading)}</title><text>{narrative}</text>"
        "</section></component>"
    )


def as_rtf(title: str = TITLE, note: Sequence[Section] = NOTE) -> bytes:
    """Return the note as a word processor writes it."""
    body = [rf"\pard\b {title}\b0\par"]
    for one in note:
        body.append(rf"\pard{{\b {one.heading}:}}\par")
        body.append(rf"\pard {one.prose}\par" if one.prose else "")
        body += [rf"\pard{{\listtext\'b7\tab}}{item}\par" for item in one.items]
        for row in one.rows:
            cells = "".join(rf"\pard\intbl {cell}\cell" for cell in row.split("\t"))
            body.append(rf"\trowd\cellx1000{cells}\row")
        body.append(r"\pard\par")
    return (r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}" + "\n".join(body) + "}").encode()


def as_pdf(title: str = TITLE, note: Sequence[Section] = NOTE) -> bytes:
    """Return the note as it is printed."""
    lines = [title.upper(), ""]
    for one in note:
        lines += [f"{one.heading}:", *wrap(one.prose, WIDTH)]
        lines += [*(f"- {item}" for item in one.items), *one.rows, ""]
    return pdf([Page(lines[i : i + LINES]) for i in range(0, len(lines), LINES)])


FORMATS: Final[Mapping[str, Callable[..., bytes]]] = {
    "text/html": as_html,
    "application/rtf": as_rtf,
    "application/hl7-cda+xml": as_cda,
    "application/pdf": as_pdf,
}
"""The note in each format, by its media type."""
