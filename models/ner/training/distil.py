"""Distillation: a model learns what several others think on average, also of text nobody labelled.

Hinton, Vinyals, Dean: Distilling the Knowledge in a Neural Network, 2015. The mean of models that
differ by their seed reads better than any of them; one that learns it is as small as one of them.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from models.ner.inference.forward import Forward
from models.ner.training.dataset import IGNORED, UNLISTED, Example, Labels
from models.ner.training.recipe import Recipe

STRIDE, MARGIN = 190, 32  # pieces that teachers label at a time, and those read on both sides
AT_ONCE = 8  # windows in a forward pass
ALONE = 2  # the last epochs, which see annotated texts alone

Soft = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class SoftTargets:
    """What a model learns, epoch by epoch, and the labels of it.

    `epochs` has the texts of each epoch; in the place of a label each piece has a row of the tables
    `hard`, shape [rows], a label or IGNORED where nobody gave one, and `soft`, the teachers' mean
    probabilities, shape [rows, labels].
    """

    epochs: list[list[Example]]
    hard: torch.Tensor
    soft: torch.Tensor
    recipe: Recipe

    def loss(self, logits: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        """Return the mean cross entropy to what the teachers think, and to what was annotated.

        Args:
            logits: shape [windows, pieces, labels].
            rows: the rows of the tables, or IGNORED, shape [windows, pieces].
        """
        row = rows[rows != IGNORED]
        thought = logits[rows != IGNORED].float()
        hard, share = self.hard[row], self.recipe.annotated_share
        soft = torch.nn.functional.cross_entropy(thought, self.soft[row].float(), reduction="none")
        taught = torch.nn.functional.cross_entropy(
            thought,
            hard,
            label_smoothing=self.recipe.label_smoothing,
            ignore_index=IGNORED,
            reduction="none",
        )
        both = torch.where(hard == IGNORED, soft, share * taught + (1 - share) * soft)
        return both.sum() / max(1, len(row))


def soft_targets(
    annotated: Sequence[Example],
    unlabelled: Sequence[Example],
    teachers: Sequence[Forward],
    recipe: Recipe,
) -> SoftTargets:
    """Ask the teachers about every labelled piece of all texts.

    Args:
        annotated: texts with labels, which every epoch sees.
        unlabelled: texts of which only the places of the labels count; each is seen once.
        teachers: models of the same labels.
        recipe: how many epochs there are, and the seed that deals the texts out to them.
    """
    asked = [_asked(each, teachers) for each in (*annotated, *unlabelled)]
    starts = np.cumsum([0, *map(len, asked)])
    texts = [
        _numbered(each, int(start))
        for each, start in zip((*annotated, *unlabelled), starts, strict=False)
    ]
    hard = [_annotated(each.labels[each.labels != IGNORED]) for each in annotated]
    nobody = np.full(starts[-1] - starts[len(annotated)], IGNORED)
    return SoftTargets(
        _dealt(texts[: len(annotated)], texts[len(annotated) :], recipe),
        torch.from_numpy(np.concatenate([*hard, nobody])),
        torch.from_numpy(np.concatenate(asked)),
        recipe,
    )


def _annotated(labels: Labels) -> Labels:
    """Return what was annotated; for words that may be more, the teachers alone are heard."""
    return np.where(labels == UNLISTED, IGNORED, labels)


def _asked(text: Example, teachers: Sequence[Forward]) -> Soft:
    """Return the teachers' mean probabilities of the labelled pieces, shape [labelled, labels]."""
    labelled = np.flatnonzero(text.labels != IGNORED)
    cuts = [(start, labelled[_within(labelled, start)]) for start in _starts(text)]
    found = [
        np.mean([np.exp(scores) for scores in opinions], axis=0)
        for first in range(0, len(cuts), AT_ONCE)
        for opinions in zip(
            *(_read(text, cuts[first : first + AT_ONCE], each) for each in teachers), strict=True
        )
    ]
    return np.concatenate(found).astype(np.float16)


def _read(
    text: Example, cuts: Sequence[tuple[int, Labels]], teacher: Forward
) -> Iterator[NDArray[np.float32]]:
    begins = [max(0, start - MARGIN) for start, _ in cuts]
    ids = [text.ids[b : s + STRIDE + MARGIN] for b, (s, _) in zip(begins, cuts, strict=True)]
    wanted = [(places - b).astype(np.int32) for b, (_, places) in zip(begins, cuts, strict=True)]
    yield from teacher(ids, wanted)


def _starts(text: Example) -> range:
    return range(0, len(text.ids), STRIDE)


def _within(labelled: Labels, start: int) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (labelled >= start) & (labelled < start + STRIDE)
    return inside


def _numbered(text: Example, start: int) -> Example:
    """Put the rows of the tables in the place of a text's labels."""
    labelled = text.labels != IGNORED
    rows = np.full(len(text.labels), IGNORED)
    rows[labelled] = start + np.arange(labelled.sum())
    return Example(text.ids, rows)


def _dealt(
    annotated: list[Example], unlabelled: Sequence[Example], recipe: Recipe
) -> list[list[Example]]:
    """Deal the texts that nobody labelled out to the epochs but the last ones."""
    rng = random.Random(recipe.seed)  # noqa: S311  # repeatable, not secret
    mixed = rng.sample(unlabelled, len(unlabelled))
    parts = max(1, recipe.epochs - ALONE)
    dealt = [mixed[part::parts] for part in range(parts)] + [[]] * (recipe.epochs - parts)
    return [[*annotated, *part] for part in dealt]
