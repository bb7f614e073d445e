"""Learn the weights of links from annotated notes: `python -m models.ner.links.fitting FOLDER…`."""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.ner.links.arrays import TextArrays
from models.ner.links.candidates import Candidates, candidates
from models.ner.links.corpus import LinkedText, read_folder
from models.ner.links.feature_codes import NO_FEATURE, Codes, Places
from models.ner.links.features import Features
from models.ner.links.link_bounds import stretches
from models.ner.links.scorer import FILE, Scorer

Reals = NDArray[np.float64]
Pairs = frozenset[tuple[str, str]]

RAREST_SOURCE = 5  # linked mentions of a type, below which it is taken to begin no links
LEAST_BEGUN = 0.15  # and their part of all of that type; 5 % of Sign_symptom and 1 % of Medication
RAREST_FEATURE = 5
RAREST_PAIR = 8  # relations of two types in a corpus, below which it is taken to link them not
PENALTY = 5.0  # L2; 2 to 5 do equally well on notes left out, and this keeps the fewest weights
SMALLEST = 0.1  # weights nearer to 0 are not kept
STEPS, RATE = 200, 0.1


@dataclass(frozen=True, slots=True)
class Choices:
    """Attributes with their options: no link, then each candidate, `sizes` of them.

    `rows` and `features` say which option has which feature, `truth` how much of each option is
    true, what is true of an attribute being 1 in all.
    """

    rows: Places
    features: Codes
    sizes: Places
    truth: Reals


def fit(corpora: Sequence[Sequence[LinkedText]]) -> Scorer:
    """Learn a scorer from corpora of texts whose links are known."""
    sources = _sources([text for texts in corpora for text in texts])
    linked = [_annotated(texts) for texts in corpora]
    every = frozenset().union(*linked)
    parts = [
        part
        for texts, known in zip(corpora, linked, strict=True)
        for part in _parts(texts, sources, every - known)
    ]
    choices = _joined([part.choices for part in parts])
    codes, counts = np.unique(choices.features, return_counts=True)
    kept = codes[(counts >= RAREST_FEATURE) & (codes != NO_FEATURE)]
    weights = _learned(choices, kept)
    strong = np.abs(weights) >= SMALLEST
    names = _names(parts, kept[strong])
    learned = zip(kept[strong].tolist(), weights[strong].tolist(), strict=True)
    return Scorer(sources, {names[code]: round(weight, 2) for code, weight in learned})


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


@dataclass(frozen=True, slots=True)
class Part:
    """The choices of some attributes of one text, and what can name their features."""

    named: Features
    of_none: Codes
    of_links: Codes
    choices: Choices


def _parts(
    texts: Sequence[LinkedText], sources: frozenset[str], unannotated: Pairs
) -> Iterator[Part]:
    """Yield what the texts of one corpus show; `unannotated` are pairs that it leaves out."""
    for text in texts:
        found = stretches(text.text, text.mentions)
        arrays = TextArrays(found)
        for which in candidates(found, sources):
            features = Features(arrays, which)
            of_none, of_links = features.of_none(), features.of_links()
            choices = _choices(text, which, unannotated, of_none, of_links)
            yield Part(features, of_none, of_links, choices)


def _annotated(texts: Sequence[LinkedText]) -> Pairs:
    """Return the pairs of types that a corpus links."""
    pairs = Counter(
        (text.mentions[s].label, text.mentions[h].label) for text in texts for s, h in text.links
    )
    return frozenset(pair for pair, count in pairs.items() if count >= RAREST_PAIR)


def _choices(
    text: LinkedText,
    which: Candidates,
    unannotated: Pairs,
    of_none: Codes,
    of_links: Codes,
) -> Choices:
    """Return the choices of a text's attributes.

    One without a link beside a candidate that only another corpus would link to it shows nothing.
    """
    labels = [mention.label for mention in text.mentions]
    ends = np.cumsum(which.counts).tolist()
    targets = which.targets.tolist()
    features: list[Codes] = []
    sizes: list[int] = []
    truth: list[float] = []
    for i, source in enumerate(which.sources.tolist()):
        some = range(ends[i] - int(which.counts[i]), ends[i])
        right = [(source, targets[row]) in text.links for row in some]
        complete = all((labels[source], labels[targets[row]]) not in unannotated for row in some)
        if any(right) or complete:
            features += [of_none[i], *(of_links[row] for row in some)]
            sizes.append(len(some) + 1)
            share = 1 / (sum(right) or 1)
            truth += [float(not any(right)), *(share * one for one in right)]
    rows = np.repeat(np.arange(len(features)), [len(one) for one in features])
    flat = np.concatenate(features) if features else np.zeros(0, dtype=np.uint64)
    return Choices(rows, flat, np.array(sizes, dtype=np.int64), np.array(truth))


def _joined(parts: Sequence[Choices]) -> Choices:
    """Return all choices, their options numbered on."""
    firsts = np.cumsum([0, *(len(one.truth) for one in parts)])
    return Choices(
        np.concatenate([one.rows + first for one, first in zip(parts, firsts, strict=False)]),
        np.concatenate([one.features for one in parts]),
        np.concatenate([one.sizes for one in parts]),
        np.concatenate([one.truth for one in parts]),
    )


def _names(parts: Sequence[Part], wanted: Codes) -> dict[int, str]:
    """Return the names of some features by their codes."""
    names: dict[int, str] = {}
    for part in parts:
        for codes, say in (
            (part.of_none, part.named.name_of_none),
            (part.of_links, part.named.name_of_link),
        ):
            keys, places = np.unique(codes, return_index=True)
            fresh = np.isin(keys, wanted)
            for key, place in zip(keys[fresh].tolist(), places[fresh].tolist(), strict=True):
                if key not in names:
                    names[key] = say(*divmod(place, codes.shape[1]))
    return names


def _learned(choices: Choices, kept: Codes) -> Reals:
    """Minimise cross-entropy, the truth shared out among several right heads (Adam, full batch)."""
    places = np.searchsorted(kept, choices.features)
    places = np.minimum(places, len(kept) - 1)
    known = kept[places] == choices.features
    rows, columns, options = choices.rows[known], places[known], len(choices.truth)
    weights, mean, square = (np.zeros(len(kept)) for _ in range(3))
    for step in range(1, STEPS + 1):
        wrong = _shares(_sums(rows, weights[columns], options), choices.sizes) - choices.truth
        slope = _sums(columns, wrong[rows], len(kept)) + PENALTY * weights
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
    """Learn from folders of brat files, a corpus each, and replace the weights beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("train", type=Path, nargs="+", help="folders of .txt and .ann")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name(FILE))
    asked = parser.parse_args()
    write(fit([read_folder(folder) for folder in asked.train]), asked.out)


if __name__ == "__main__":
    main()
