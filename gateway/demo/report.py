"""What the demo prints."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.json import JSON
from rich.table import Table
from rich.text import Text

from gateway.demo.outcome import Outcome
from gateway.demo.results import TYPES
from gateway.demo.words import LEGEND, cell

MOST_ROWS = 40
COLUMNS = {"note": 4, "state": 2, "conditions": 6, "medications": 4, "procedures": 4, "family": 4}
STYLES = {"done": "green", "failed": "red", "refused": "yellow"}


def table(outcomes: Sequence[Outcome]) -> Table:
    """Return the resources of each document; of many documents the first ones."""
    shown = outcomes[:MOST_ROWS]
    left = len(outcomes) - len(shown)
    more = f"the first {len(shown)} of {len(outcomes)} notes    " if left else ""
    found = Table(title="What was read", caption=more + LEGEND, show_lines=True, expand=True)
    for name, ratio in COLUMNS.items():
        found.add_column(name, ratio=ratio, overflow="fold")
    for outcome in shown:
        found.add_row(*row(outcome))
    return found


def row(outcome: Outcome) -> list[Text]:
    """Return one document's cells; everything as plain text, since notes can hold brackets."""
    cells = [cell(kind, outcome.resources) for kind in TYPES]
    state = Text(f"{outcome.state} {outcome.code}".strip(), STYLES[outcome.state])
    return [Text(outcome.sent.letter.title), state, *map(Text, cells)]


def total(outcomes: Sequence[Outcome]) -> str:
    """Return how many documents ended how, and how many resources there are of each type."""
    states = Counter(outcome.state for outcome in outcomes)
    types = Counter(one["resourceType"] for outcome in outcomes for one in outcome.resources)
    return f"{listed(states)}; {listed(types)}"


def listed(counts: Counter[str]) -> str:
    """Return counts as `12 done, 1 failed`."""
    return ", ".join(f"{number} {name}" for name, number in sorted(counts.items()))


def remarks(outcomes: Sequence[Outcome], console: Console) -> None:
    """Say what happened to the documents in which nothing was found, and why."""
    for outcome in outcomes:
        if outcome.state != "done":
            console.print(Text(f"{outcome.sent.letter.title}: {outcome.state}. {outcome.reason}"))
        if outcome.state == "refused":
            console.print(f"HTTP {outcome.sent.status}", JSON(outcome.sent.body, indent=None))
    silent = [one for one in outcomes if one.state == "done" and not one.resources]
    for outcome in silent[:MOST_ROWS]:
        console.print(Text(f"{outcome.sent.letter.title}: done. Nothing was found in it."))
