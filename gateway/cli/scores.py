"""How `evaluate` shows its scores: tables that fit into 80 columns, or those of a model card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

if TYPE_CHECKING:  # --help must not load torch
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from models.ner.evaluation.counts import Counts
    from models.ner.evaluation.entities import Evaluation
    from models.ner.evaluation.reliability import Bin, Reliability
    from models.ner.evaluation.report import Report

WIDTH = 20  # characters of the reliability diagram
CARD_WIDTH = 100
PAIRS = 12  # pairs of types among the links; all of them are in the JSON
HOW = {"gold_mentions": "given the annotated mentions", "end_to_end": "end to end"}


def print_report(report: Report, console: Console, *, markdown: bool) -> None:
    """Print everything that was scored, one table a subject."""
    style = box.MARKDOWN if markdown else box.SIMPLE_HEAD
    _title(console, "Entities, strict (span and type) and by overlap", markdown=markdown)
    console.print(_entities(report.entities, style))
    _title(console, "Calibration", markdown=markdown)
    print_reliability(report.calibration, console, style)
    for name, tables in (("Assertion", report.assertion), ("MODIFY links", report.links)):
        for how, table in tables.items():
            _title(console, f"{name}, {HOW[how]}", markdown=markdown)
            console.print(_counts(table, style))


def print_reliability(
    found: Reliability, console: Console, style: box.Box = box.SIMPLE_HEAD
) -> None:
    """Print calibration errors and the reliability diagram."""
    one, other = found.each_half_error
    console.print(f"expected calibration error {found.error:.3f}, {found.mentions} mentions")
    console.print(f"before calibration {found.decoded_error:.3f}")
    console.print(f"fitted on half of the notes, measured on the others {found.halves_error:.3f}")
    console.print(f"each half alone {one:.3f} and {other:.3f}")
    console.print(_diagram(found.bins, style))


def _title(console: Console, name: str, *, markdown: bool) -> None:
    console.print(f"\n### {name}\n" if markdown else f"\n[bold]{name}[/bold]")


def _entities(found: Evaluation, style: box.Box) -> Table:
    table = _table(("type", "gold", "found", "P", "R", "F1", "overlap F1"), style)
    for name, strict in found.strict.items():
        rates = (strict.precision, strict.recall, strict.f1, found.overlap[name].f1)
        table.add_row(name, str(strict.gold), str(strict.found), *_rates(rates))
    return table


def _counts(counts: dict[str, Counts], style: box.Box) -> Table:
    table = _table(("what", "due", "given", "P", "R", "F1"), style)
    for name, each in [*counts.items()][:PAIRS]:
        rates = _rates((each.precision, each.recall, each.f1))
        table.add_row(name.replace("->", "→"), str(each.due), str(each.given), *rates)
    return table


def _diagram(bins: Sequence[Bin], style: box.Box) -> Table:
    table = _table(("from", "mentions", "score", "right"), style)
    table.add_column("█ right, ┃ score", justify="left")
    for each in bins:
        rates = _rates((each.score, each.right))
        table.add_row(f"{each.low:.1f}", str(each.count), *rates, _bar(each))
    return table


def _bar(each: Bin) -> str:
    """Draw the share of right ones, and where the score says that it should end."""
    cells = [*("█" * round(each.right * WIDTH)).ljust(WIDTH + 1, "·")]
    cells[round(each.score * WIDTH)] = "┃"
    return "".join(cells)


def _table(columns: Iterable[str], style: box.Box) -> Table:
    first, *numbers = columns
    edges = style is box.MARKDOWN
    table = Table(box=style, show_edge=edges, pad_edge=edges, padding=(0, 1, 0, int(edges)))
    table.add_column(first, no_wrap=True)
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _rates(values: Iterable[float]) -> list[str]:
    return [f"{value:.3f}" for value in values]
