"""What it saves to score all candidates at once: `python -m tests.benchmarks.links_speed DIR`.

DIR holds notes with their annotations (.txt, .ann). The links of their annotated mentions are found
with all candidates in one product, and attribute by attribute; both must give the same links.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from models.ner.links import candidates
from models.ner.links.corpus import LinkedText, read_folder
from models.ner.links.link_attributes import link_all
from models.ner.text.layout.layout_of_text import layout

TRIES = 5


def seconds(work: Callable[[], object]) -> float:
    """Return the least processor time of several tries."""
    best = float("inf")
    for _ in range(TRIES):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


def main() -> None:
    """Print the time of both, the ratio, and how much of it reading the layout would take."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    texts = read_folder(parser.parse_args().folder)
    made = [layout(text.text) for text in texts]

    def links() -> list[object]:
        return [_links(text, i) for i, text in enumerate(texts)]

    def _links(text: LinkedText, i: int) -> object:
        return link_all(text.text, text.mentions, made[i])

    at_once, together = links(), seconds(links)
    usual, candidates.AT_ONCE = candidates.AT_ONCE, 1  # type: ignore[misc]  # one attribute a time
    one_by_one, apart = links(), seconds(links)
    candidates.AT_ONCE = usual  # type: ignore[misc]
    if at_once != one_by_one:
        raise SystemExit("the links differ")
    laid_out = seconds(lambda: [layout(text.text) for text in texts])
    per_note = [1000 * each / len(texts) for each in (together, apart, laid_out)]
    sys.stdout.write(
        "{:.2f} ms a note at once, {:.2f} ms attribute by attribute; layout {:.2f} ms\n".format(
            *per_note
        )
    )
    sys.stdout.write(f"ratio {apart / together:.1f}\n")


if __name__ == "__main__":
    main()
