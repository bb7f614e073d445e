"""Gradient descent as every stage of training does it."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator

import torch
from torch.nn import Module, Parameter
from torch.optim.lr_scheduler import LambdaLR

from models.ner.training.dataset import IGNORED, UNLISTED
from models.ner.training.recipe import Recipe

_LAYER = re.compile(r"\blayer\.(\d+)\.")
_HEADS = ("classifier", "heads")  # what is new, and no part of the pretrained encoder


class Descent:
    """AdamW, a rate that warms up and falls as a cosine, clipped gradients, averaged weights."""

    def __init__(self, module: Module, recipe: Recipe, rate: float, steps: int) -> None:
        self._parameters = list(module.parameters())
        self._recipe = recipe
        self._optimiser = torch.optim.AdamW(
            list(groups(module, recipe, rate)),
            betas=(recipe.beta1, recipe.beta2),
            eps=recipe.epsilon,
            fused=True,
        )
        warmup = max(1, round(recipe.warmup * steps))
        self._schedule = LambdaLR(self._optimiser, lambda step: share_of_rate(step, warmup, steps))
        self._average = [each.detach().clone() for each in self._parameters]
        self._done = 0

    def step(self) -> None:
        """Follow the gradients that were accumulated, and forget them."""
        torch.nn.utils.clip_grad_norm_(self._parameters, self._recipe.clip)
        self._optimiser.step()
        self._schedule.step()
        self._optimiser.zero_grad()
        self._update_average()

    def _update_average(self) -> None:
        """Average over few steps at first: the start is not worth remembering."""
        self._done += 1
        decay = min(self._recipe.average, self._done / (self._done + 9))
        with torch.no_grad():
            for average, parameter in zip(self._average, self._parameters, strict=True):
                average.lerp_(parameter, 1 - decay)

    def finish(self) -> None:
        """Put the averaged weights into the module."""
        with torch.no_grad():
            for parameter, average in zip(self._parameters, self._average, strict=True):
                parameter.copy_(average)


def share_of_rate(step: int, warmup: int, steps: int) -> float:
    """Return the share of the highest rate at a step: a linear rise, then half a cosine."""
    rise = min(1.0, (step + 1) / warmup)
    return rise * (1 + math.cos(math.pi * min(1.0, step / steps))) / 2


def groups(module: Module, recipe: Recipe, rate: float) -> Iterator[dict[str, object]]:
    """Group the parameters by their rate and their decay.

    Lower layers change less (`layer_decay` a layer), heads more (`head_rate`); biases and norms
    are not decayed.
    """
    named = list(module.named_parameters())
    layers = 1 + max(_layer(name) for name, _ in named)
    alike: dict[tuple[float, float], list[Parameter]] = defaultdict(list)
    for name, parameter in named:
        below = layers - 1 - _layer(name)
        share = recipe.head_rate if name.startswith(_HEADS) else recipe.layer_decay**below
        decay = recipe.weight_decay if parameter.ndim > 1 else 0.0
        alike[rate * share, decay].append(parameter)
    for (rate_here, decay), parameters in alike.items():
        yield {"params": parameters, "lr": rate_here, "weight_decay": decay}


def _layer(name: str) -> int:
    """Return a parameter's layer; what lies below the layers counts as one below the first."""
    found = _LAYER.search(name)
    return int(found.group(1)) if found else -1


def labelled_loss(
    logits: torch.Tensor,
    labels: torch.Tensor,
    smoothing: float,
    unlisted: torch.Tensor | None = None,
) -> torch.Tensor:
    """Return the mean loss of the labelled pieces, in nats; 0 where there is none.

    Args:
        logits: shape [windows, pieces, labels].
        labels: a label, UNLISTED or IGNORED, shape [windows, pieces].
        smoothing: probability shared among the other labels.
        unlisted: the labels that UNLISTED may stand for; the loss of such a piece is the negative
            log of their sum.
    """
    scores, known = logits.float().flatten(0, 1), labels.flatten()
    total = torch.nn.functional.cross_entropy(
        scores,
        known.masked_fill(known == UNLISTED, IGNORED),
        label_smoothing=smoothing,
        ignore_index=IGNORED,
        reduction="sum",
    )
    if unlisted is not None:
        open_ones = torch.log_softmax(scores[known == UNLISTED], dim=-1)[:, unlisted]
        total = total - torch.logsumexp(open_ones, dim=-1).sum()
    return total / (labels != IGNORED).sum().clamp(min=1)
