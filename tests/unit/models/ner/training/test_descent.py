"""Gradient descent: rates by layer, a schedule that ends at nothing, averaged weights."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from models.ner.training.dataset import IGNORED
from models.ner.training.descent import Descent, groups, labelled_loss, share_of_rate
from models.ner.training.recipe import Recipe


class Layered(nn.Module):
    """Parameters named as those of an encoder of two layers with a head."""

    def __init__(self) -> None:
        super().__init__()
        self.embeddings = nn.Linear(2, 2)
        self.layer = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)])
        self.classifier = nn.Linear(2, 2)


def test_lower_layers_change_less_and_heads_more() -> None:
    """Each step down multiplies the rate; the head has its own; biases do not decay."""
    recipe = Recipe(layer_decay=0.5, head_rate=10.0, weight_decay=0.1)
    module = Layered()
    name_of = {id(value): name for name, value in module.named_parameters()}
    rates = {
        name_of[id(value)]: (group["lr"], group["weight_decay"])
        for group in groups(module, recipe, 1.0)
        for value in group["params"]  # type: ignore[attr-defined]
    }
    assert rates == {
        "embeddings.weight": (0.25, 0.1),
        "embeddings.bias": (0.25, 0.0),
        "layer.0.weight": (0.5, 0.1),
        "layer.0.bias": (0.5, 0.0),
        "layer.1.weight": (1.0, 0.1),
        "layer.1.bias": (1.0, 0.0),
        "classifier.weight": (10.0, 0.1),
        "classifier.bias": (10.0, 0.0),
    }


def test_the_rate_rises_and_falls() -> None:
    """A linear rise to nearly the highest rate, then down to nothing."""
    shares = [share_of_rate(step, warmup=10, steps=100) for step in range(101)]
    assert shares[0] == pytest.approx(0.1)
    assert max(shares) == shares[9] > 0.97
    assert shares[9:] == sorted(shares[9:], reverse=True)
    assert shares[100] == pytest.approx(0.0)


@pytest.mark.parametrize(("average", "expected"), [(0.0, "last"), (0.9, "between")])
def test_the_averaged_weights_are_kept(average: float, expected: str) -> None:
    """Without averaging the last weights stay; with it they trail behind."""
    module = nn.Linear(1, 1, bias=False)
    start = float(module.weight.detach())
    descent = Descent(module, replace(Recipe(warmup=0.0), average=average), 0.1, steps=10)
    for _ in range(5):
        module(torch.ones(1, 1)).sum().backward()
        descent.step()
    last = float(module.weight.detach())
    descent.finish()
    kept = float(module.weight.detach())
    assert last < start
    assert (kept == last) if expected == "last" else (last < kept < start)


def test_the_loss_is_the_mean_of_the_labelled_pieces() -> None:
    """Ignored pieces do not count; with none labelled the loss is 0, not a NaN."""
    logits = torch.tensor([[[0.0, 0.0], [5.0, -5.0]]])
    assert float(labelled_loss(logits, torch.tensor([[1, IGNORED]]), 0.0)) == pytest.approx(
        0.6931, abs=1e-4
    )
    assert float(labelled_loss(logits, torch.full((1, 2), IGNORED), 0.1)) == 0.0
