"""One epoch of training for ten digits, and the validation that says how good the model has become.

The chapter's loop stays as it is: predictions, loss, gradient, step, and the gradient forgotten. What is new with ten
classes is the loss, cross-entropy, which has the softmax in it and so takes the model's scores as they are. What is new
with deeper models is the mode: dropout and batch norm do one thing while the model learns, another one when it answers.

None of this shows in the scores alone. A training with two softmaxes, with gradients that add up or with a learning
rate a hundred times too low learns as well, only worse; a validation in the wrong mode gives a number, only not the
right one. Whoever wants to know looks at the parameters after a few steps, and calculates them again.

Source: fast.ai book, chapter 4, "Further Research"; the loss is explained in chapter 5, "Cross-Entropy Loss".
"""

from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def digit_epoch(model: nn.Module, batches: Iterable[tuple[Tensor, Tensor]], lr: float) -> float:
    """One step of plain SGD for each mini-batch, in training mode; changes the model's parameters in place.

    model: (n, 784) float, 0 to 1, to scores (n, 10). batches: at least one pair (xb, yb) of such inputs and right
    digits (n,) int64; any sizes. lr: the learning rate.
    Returns the mean cross-entropy over all items, each as the model was before the step of its mini-batch: what a
    training's progress shows, and a little behind the model that comes out.
    Source: fast.ai book, chapter 4, "Putting It All Together" (`train_epoch`, there for two classes).
    """
    optimizer = torch.optim.SGD(model.parameters(), lr)
    model.train()
    total = 0.0
    items = 0
    for xb, yb in batches:
        loss = F.cross_entropy(model(xb), yb)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item() * len(yb)
        items += len(yb)
    return total / items


def digit_validate(model: nn.Module, batches: Iterable[tuple[Tensor, Tensor]]) -> tuple[float, float]:
    """The mean cross-entropy and the accuracy over all items; leaves the model as it was, but in evaluation mode.

    model and batches: as for digit_epoch. Returns the loss and the share, 0 to 1, of items whose right digit has the
    highest score. Both add up over the items first and are divided once: the mean of the mini-batches' means would
    count an item of a short last mini-batch for more than the others.
    Source: fast.ai book, chapter 4, "Putting It All Together" (`validate_epoch`, there the mean of means).
    """
    model.eval()
    total = 0.0
    right = items = 0
    with torch.no_grad():
        for xb, yb in batches:
            scores = model(xb)
            total += F.cross_entropy(scores, yb, reduction="sum").item()
            right += (scores.argmax(dim=1) == yb).sum().item()
            items += len(yb)
    return total / items, right / items
