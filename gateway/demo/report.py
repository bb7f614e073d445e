"""What the demo prints."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.json import JSON
from rich.table import Table
from rich.text import Text

from gateway.demo.document_result import DocumentResult
from gateway.demo.resource_summary import LEGEND, cell
from gateway.demo.results import TYPES
from models.db.audit.audit import Audit

MOST_ROWS = 40
COLUMNS = {
    "note": 4,
    "state": 2,
    "conditions": 6,
    "medications": 4,
    "allergies": 3,
    "procedures": 4,
    "family": 3,
}
STYLES = {"done": "green", "failed": "red", "refused": "yellow"}


def table(results: Sequence[DocumentResult]) -> Table:
    """Return the resources of each document; of many documents the first ones."""
    shown = results[:MOST_ROWS]
    left = len(results) - len(shown)
    more = f"the first {len(shown)} of {len(results)} notes    " if left else ""
    found = Table(title="What was read", caption=more + LEGEND, show_lines=True, expand=True)
    for name, ratio in COLUMNS.items():
        found.add_column(name, ratio=ratio, overflow="fold")
    for result in shown:
        found.add_row(*row(result))
    return found


def row(result: DocumentResult) -> list[Text]:
    """Return one document's cells; everything as plain text, since notes can hold brackets."""
    cells = [cell(kind, result.resources) for kind in TYPES]
    state = Text(f"{result.state} {result.code}".strip(), STYLES[result.state])
    return [Text(result.sent.letter.title), state, *map(Text, cells)]


def origins(results: Sequence[DocumentResult], audit: Audit, console: Console) -> None:
    """Print where the original of each converted document has the words of a resource."""
    console.print("\nFrom a resource back into what was sent:")
    for result in results:
        for resource in result.resources:
            trail = audit.trail(resource["resourceType"], resource["id"])
            proof = trail.evidence[0] if trail and trail.evidence else None
            if proof and proof.places:
                words, places = proof.mention.text, "; ".join(proof.places)
                console.print(Text(f"  {result.sent.letter.title}: {words} is at {places}"))
                break
    console.print()


def total(results: Sequence[DocumentResult]) -> str:
    """Return how many documents ended how, and how many resources there are of each type."""
    states = Counter(result.state for result in results)
    types = Counter(one["resourceType"] for result in results for one in result.resources)
    return f"{listed(states)}; {listed(types)}"


def listed(counts: Counter[str]) -> str:
    """Return counts as `12 done, 1 failed`."""
    return ", ".join(f"{number} {name}" for name, number in sorted(counts.items()))


def remarks(results: Sequence[DocumentResult], console: Console) -> None:
    """Say what happened to the documents in which nothing was found, and why."""
    for result in results:
        if result.state != "done":
            console.print(Text(f"{result.sent.letter.title}: {result.state}. {result.reason}"))
        if result.state == "refused":
            console.print(f"HTTP {result.sent.status}", JSON(result.sent.body, indent=None))
    silent = [one for one in results if one.state == "done" and not one.resources]
    for result in silent[:MOST_ROWS]:
        console.print(Text(f"{result.sent.letter.title}: done. Nothing was found in it."))
