"""Learn the weights of links from annotated notes: `python -m models.ner.links.fitting TRAIN`."""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.ner.links.corpus import LinkedText, read_folder
from models.ner.links.features import of_link, of_none
from models.ner.links.scorer import FILE, Scorer
from models.ner.links.stretches import stretches

Reals = NDArray[np.float64]
Places = NDArray[np.int64]

RAREST_SOURCE = 5  # linked mentions of a type, below which it is taken to begin no links
LEAST_BEGUN = 0.15  # and their part of all of that type; 5 % of Sign_symptom and 1 % of Medication
RAREST_FEATURE = 5
PENALTY = 3.0  # L2, by cross-validation on train
SMALLEST = 0.1  # weights nearer to 0 are not kept
STEPS, RATE = 200, 0.1


@dataclass(frozen=True, slots=True)
class Choice:
    """A mention's possible heads: the features of none, then of each; `right` is what is true."""

    features: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]


def fit(texts: Sequence[LinkedText]) -> Scorer:
    """Learn a scorer from texts whose links are known."""
    sources = _sources(texts)
    choices = [choice for text in texts for choice in _choices(text, sources)]
    names = _names(choices)
    weights = _learned(choices, {name: i for i, name in enumerate(names)})
    kept = zip(names, weights.tolist(), strict=True)
    return Scorer(sources, {name: round(w, 2) for name, w in kept if abs(w) >= SMALLEST})


def _sources(texts: Sequence[LinkedText]) -> frozenset[str]:
    """Return the types of mention that belong to another often enough to be worth asking."""
    all_of = Counter(mention.label for text in texts for mention in text.mentions)
    begun = {(text.id, text.mentions[s].label, s) for text in texts for s, _ in text.links}
    counts = Counter(label for _, label, _ in begun)
    return frozenset(
        label
        for label, count in counts.items()
        if count >= RAREST_SOURCE and count >= LEAST_BEGUN * all_of[label]
    )


def _choices(text: LinkedText, sources: frozenset[str]) -> Iterable[Choice]:
    found = stretches(text.text, text.mentions)
    for source, mention in enumerate(text.mentions):
        candidates = found.candidates(source)
        if mention.label in sources and candidates:
            right = [(source, target) in text.links for target in candidates]
            linked = (tuple(of_link(found, source, target)) for target in candidates)
            yield Choice((tuple(of_none(found, source)), *linked), (not any(right), *right))


def _names(choices: Iterable[Choice]) -> list[str]:
    counts = Counter(name for choice in choices for one in choice.features for name in one)
    return sorted(name for name, count in counts.items() if count >= RAREST_FEATURE)


def _learned(choices: Sequence[Choice], number: dict[str, int]) -> Reals:
    """Minimise cross-entropy, the truth shared out among several right heads (Adam, full batch)."""
    options = [one for choice in choices for one in choice.features]
    known = [[number[name] for name in one if name in number] for one in options]
    rows = np.repeat(np.arange(len(known)), [len(one) for one in known])
    columns = np.array([i for one in known for i in one], dtype=np.int64)
    sizes = np.array([len(choice.right) for choice in choices])
    truth = np.concatenate([np.divide(c.right, sum(c.right)) for c in choices])
    weights, mean, square = (np.zeros(len(number)) for _ in range(3))
    for step in range(1, STEPS + 1):
        wrong = _shares(_sums(rows, weights[columns], len(known)), sizes) - truth
        slope = _sums(columns, wrong[rows], len(number)) + PENALTY * weights
        mean += 0.1 * (slope - mean)
        square += 0.01 * (slope**2 - square)
        rate = RATE * (1 - step / (STEPS + 1))
        scale = np.sqrt(square / (1 - 0.99**step)) + 1e-8
        weights -= rate * mean / (1 - 0.9**step) / scale
    return weights


def _sums(places: Places, values: Reals, size: int) -> Reals:
    """Return the sum of the values at each place."""
    sums: Reals = np.bincount(places, weights=values, minlength=size).astype(np.float64)
    return sums


def _shares(sums: Reals, sizes: Places) -> Reals:
    """Return the softmax of each choice's sums."""
    starts = np.cumsum(sizes) - sizes
    powers = np.exp(sums - np.repeat(np.maximum.reduceat(sums, starts), sizes))
    shares: Reals = powers / np.repeat(np.add.reduceat(powers, starts), sizes)
    return shares


def write(learned: Scorer, path: Path) -> None:
    """Write a scorer, one weight a line in the order of their names."""
    kept = {"sources": sorted(learned.sources), "weights": dict(sorted(learned.weights.items()))}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=0) + "\n", "utf-8")


def main() -> None:
    """Learn from a folder of brat files and replace the weights beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("train", type=Path, help="folder of .txt and .ann")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name(FILE))
    asked = parser.parse_args()
    write(fit(read_folder(asked.train)), asked.out)


if __name__ == "__main__":
    main()
