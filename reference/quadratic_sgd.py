"""Gradient descent from beginning to end: a curve through the measured speeds of a roller coaster.

The speed is high, falls towards the top of a hump, and grows again: about a quadratic a*t**2 + b*t + c of the time
t. Nobody tells us a, b and c. They begin anywhere, and every step makes the loss a little smaller:

    params.data -= lr * params.grad

The learning rate lr decides what becomes of it. Too low, and hundreds of steps change hardly anything; too high, and
every step jumps over the valley and lands higher on the other side, until the loss is no number any more.

Source: fast.ai book, chapter 4, "An End-to-End SGD Example".
"""

import torch
from torch import Tensor

# What the chapter's notebook holds under these names, and apply_step reads when it is called: the measurements (here
# without their errors), and the learning rate. To use others, set them: `quadratic_sgd.lr = ...`.
time = torch.arange(0, 20).float()
speed = 0.75 * (time - 9.5) ** 2 + 1
lr = 1e-5

# From params = (1, 1, 1), ten steps with these rates leave 99 % of the loss, 2 % of it, and 10**13 times as much.
lr_too_low = 1e-8
lr_good = 1e-5
lr_too_high = 1e-4


def f(t: Tensor, params: Tensor) -> Tensor:
    """The quadratic a*t**2 + b*t + c.

    t: (...), the times; params: (3,), namely a, b and c. Returns (...): a speed for each time.
    Source: fast.ai book, chapter 4, "An End-to-End SGD Example".
    """
    a, b, c = params
    return a * t**2 + b * t + c


def mse(preds: Tensor, targets: Tensor) -> Tensor:
    """Mean squared error: the loss.

    preds, targets: same shape, same units. Returns a single number, rank 0, in those units squared.
    Source: fast.ai book, chapter 4, "An End-to-End SGD Example", step 3 (there is no root in it).
    """
    return ((preds - targets) ** 2).mean()


def apply_step(params: Tensor) -> Tensor:
    """One step: predict, loss, gradient, and params moved against it, in place, by the notebook's lr.

    params: (3,), float, requires gradients; its gradient is None afterwards, since `backward` would add to it.
    Returns the predictions from before the step, the shape of `time`.
    Source: fast.ai book, chapter 4, "An End-to-End SGD Example", step 6.
    """
    preds = f(time, params)
    mse(preds, speed).backward()
    params.data -= lr * params.grad
    params.grad = None
    return preds


def fit(params: Tensor, n: int) -> list[float]:
    """n steps, and the loss before each of them.

    params: (3,), float, requires gradients; changed in place. n: how many steps, at least 0.
    Returns n losses, in the units of `speed` squared.
    Source: fast.ai book, chapter 4, "An End-to-End SGD Example", steps 6 and 7.
    """
    return [mse(apply_step(params), speed).item() for _ in range(n)]
