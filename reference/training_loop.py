"""Gradients batch by batch, and how good the model is: what surrounds the step.

A training changes the parameters with the gradients of the training set. Then it looks at data that the model has not
learned from, the validation set, and asks how often it is right there: the accuracy is the number for people.

Source: fast.ai book, chapter 4, "Putting It All Together".
"""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from reference.sgd import calc_grad

# The notebook's validation set: what validate_epoch goes through, as pairs of mini-batches (x, y). In the chapter it
# is a global name of the notebook; set it before, with `training_loop.valid_dl = ...`.
valid_dl: Iterable[tuple[Tensor, Tensor]] = []


def calc_fresh_grad(
    xb: Tensor, yb: Tensor, model: Callable[[Tensor], Tensor], params: list[Tensor] | tuple[Tensor, ...]
) -> None:
    """Put the gradient of this mini-batch alone into the `grad` of every parameter.

    xb: (n, features) float; yb: (n, 1), 0 or 1; model: xb to raw outputs (n, 1); params: its parameters.
    `backward` adds to the gradients that are there: whatever mini-batches came before are forgotten first. A
    parameter without a gradient has `grad` None, and PyTorch makes one.
    Source: fast.ai book, chapter 4, "Putting It All Together".
    """
    for p in params:
        p.grad = None
    calc_grad(xb, yb, model)


def batch_accuracy(xb: Tensor, yb: Tensor) -> Tensor:
    """The share of right predictions in a mini-batch.

    xb: activations of the model (n, 1), not its inputs: above 0 is a 1, since sigmoid(0) is 0.5.
    yb: targets (n, 1), 0 or 1; a shape of (n,) would be compared with all n activations each, without an error.
    Returns a single number, rank 0, from 0 to 1.
    Source: fast.ai book, chapter 4, "Putting It All Together".
    """
    predictions = xb.sigmoid()
    correct = (predictions > 0.5) == yb
    return correct.float().mean()


def validate_epoch(model: Callable[[Tensor], Tensor]) -> float:
    """The accuracy on the global `valid_dl`, which holds at least one mini-batch.

    model: inputs to activations (n, 1). Returns the mean of the mini-batches' accuracies, rounded to four digits; a
    short last mini-batch counts as much as the others, so that it may be a little beside the mean over the items.
    Source: fast.ai book, chapter 4, "Putting It All Together".
    """
    accuracies = [batch_accuracy(model(xb), yb) for xb, yb in valid_dl]
    return round(torch.stack(accuracies).mean().item(), 4)
