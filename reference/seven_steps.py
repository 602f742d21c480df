"""The seven steps of learning: the same for three numbers, for a digit classifier, and for the largest model.

    init -> predict -> loss -> gradient -> step -> stop
               ^                             |
               +---------- repeat -----------+

What the parts are differs from model to model; the order never does. Each part gets what the one before it made.
When to stop is the one decision: after a number of epochs, or once the loss on the validation set, which no step has
looked at, no longer gets better.

Source: fast.ai book, chapter 4, "Stochastic Gradient Descent (SGD)", figure "The gradient descent process".
"""

from collections.abc import Callable
from typing import TypeVar

Params = TypeVar("Params")
Preds = TypeVar("Preds")
Loss = TypeVar("Loss")
Grad = TypeVar("Grad")

steps = ["init", "predict", "loss", "gradient", "step", "repeat", "stop"]


def train(
    init: Callable[[], Params],
    predict: Callable[[Params], Preds],
    loss: Callable[[Preds], Loss],
    gradient: Callable[[Loss], Grad],
    step: Callable[[Params, Grad], Params],
    validate: Callable[[Params], float],
    epochs: int,
    patience: int,
) -> list[float]:
    """The seven steps: init once, the next four in every epoch, until it is time to stop.

    init gives the first parameters; step gives new ones from the present ones and the gradient. validate says how
    well parameters do on the validation set: lower is better. epochs: at most so many, at least 1.
    patience: stop after so many epochs in a row without a new lowest validation loss, at least 1.
    Returns the validation loss after each epoch that ran.
    Source: fast.ai book, chapter 4, "Stochastic Gradient Descent (SGD)".
    """
    params = init()
    losses: list[float] = []
    for _ in range(epochs):
        params = step(params, gradient(loss(predict(params))))
        losses.append(validate(params))
        epochs_since_lowest = len(losses) - 1 - losses.index(min(losses))
        if epochs_since_lowest == patience:
            break
    return losses
