"""A loss for two classes, and why it is not the accuracy.

A linear model gives any number; the sigmoid squeezes it between 0 and 1, so that it can be read as confidence:

    very sure of a 7   undecided   very sure of a 3
         0.0 ............ 0.5 ............ 1.0

The loss is how far this is from the truth. A little more confidence in the right answer makes it a little smaller, so
it has a slope that says where to go. The accuracy has not: a tiny change of a weight hardly ever carries a prediction
across the middle, so it is flat nearly everywhere, and where it is not, it jumps.

Source: fast.ai book, chapter 4, "The MNIST Loss Function" and "Sigmoid".
"""

from collections.abc import Callable

import torch
from torch import Tensor


def sigmoid(x: Tensor) -> Tensor:
    """Any number squeezed between 0 and 1: 0.5 for 0, and rising everywhere.

    x: (...), float. Returns (...). It stays finite far out, where exp is infinite: 1 / inf is 0. (Its gradient does
    not, below -88 in float32: for training take PyTorch's own `x.sigmoid()`.)
    Source: fast.ai book, chapter 4, "Sigmoid".
    """
    return 1 / (1 + torch.exp(-x))


def mnist_loss(predictions: Tensor, targets: Tensor) -> Tensor:
    """How far the confidence is from the truth, on average.

    predictions: raw outputs of the model, any float; targets: 1 (a three) or 0 (a seven), **the same shape**: (n, 1)
    against (n,) would broadcast to all pairs, without an error.
    Returns a single number, rank 0: 0 if all are surely right, 1 if surely wrong, 0.5 if undecided.
    Source: fast.ai book, chapter 4, "Sigmoid".
    """
    confidence = sigmoid(predictions)
    return torch.where(targets == 1, 1 - confidence, confidence).mean()


def slope(measure: Callable[[Tensor, Tensor], Tensor], weight: float, x: Tensor, targets: Tensor, h: float) -> Tensor:
    """Rise over run: how fast a measure of the model x * weight changes as the weight grows by h.

    measure: from predictions and targets to a single number, such as the loss or the accuracy; x, targets: same
    shape; h: how far the weight is moved, not 0. Returns a single number, in units of the measure per unit of weight.
    Source: fast.ai book, chapter 4, "The MNIST Loss Function" ("(y_new - y_old) / (x_new - x_old)").
    """
    return (measure(x * (weight + h), targets) - measure(x * weight, targets)) / h
