"""How well assertions agree with the POLARITY attributes of MACCROBAT, given the gold mentions.

    python -m tests.benchmarks.assertion_polarity

The rule is that of `biomed-ner evaluate`; both splits are read here, and no model is needed.
"""

import sys

import pytest

from models.ner.brat import read_folder
from models.ner.evaluation.assertion import given_gold, score
from models.ner.evaluation.counts import Counts
from tests.data import corpus


def measure(split: str) -> dict[str, Counts]:
    """Score a split ("train", "dev") of MACCROBAT; skip where the corpus is absent."""
    texts = read_folder(corpus(f"maccrobat/{split}"))
    return score(pair for text in texts for pair in given_gold(text))


def main() -> None:
    """Print precision, recall and F1 of both splits."""
    for split in ("train", "dev"):
        try:
            scores = measure(split)
        except pytest.skip.Exception as absent:
            sys.stdout.write(f"{split}: SKIPPED: {absent.msg}\n")
            continue
        for name, counts in scores.items():
            sys.stdout.write(f"{split:6}{name:17}{counts}\n")


if __name__ == "__main__":
    main()
