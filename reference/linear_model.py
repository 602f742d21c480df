"""The linear model: one weight for each pixel, and a bias.

    activation = pixel 1 * weight 1 + pixel 2 * weight 2 + ... + bias

`*` multiplies elements that stand at the same place. `@` multiplies matrices: a row of the first with a column of
the second, and adds up. With a batch of images in rows and the weights in a column, one `@` gives all activations.

Source: fast.ai book, chapter 4, "The MNIST Loss Function".
"""

import torch
from torch import Tensor


def init_params(size: int | tuple[int, ...], std: float = 1.0) -> Tensor:
    """New parameters: random numbers from the normal distribution with mean 0 and this standard deviation.

    size: the shape; a single number for rank 1. Drawn from torch's random numbers (`torch.manual_seed`).
    Returns a float tensor that requires gradients. It is a leaf: made, not computed from what requires them, so that
    `backward` puts a gradient into it.
    Source: fast.ai book, chapter 4, "The MNIST Loss Function".
    """
    return (torch.randn(size) * std).requires_grad_()


# The notebook's parameters: those of an image of 28 * 28 pixels.
weights = init_params((28 * 28, 1))
bias = init_params(1)


def linear1(xb: Tensor) -> Tensor:
    """The activations of a batch under the global `weights` and `bias`.

    xb: (n, features) float, with as many features as the weights (features, 1) have rows.
    Returns (n, 1): one activation for each row. Raises RuntimeError for another number of features.
    Source: fast.ai book, chapter 4, "The MNIST Loss Function".
    """
    return xb @ weights + bias


def predict_three(xb: Tensor) -> Tensor:
    """Which rows of a batch the linear model takes for a 3: those with an activation above 0.

    xb: (n, features) float. Returns (n, 1) bool.
    Source: fast.ai book, chapter 4, "The MNIST Loss Function".
    """
    return linear1(xb) > 0.0


def scale_first_weight(p: Tensor, factor: float) -> None:
    """Multiply the first row of a parameter by a factor, in place, and without a trace for `backward`.

    p: (n, ...) float, at least one row; it may require gradients, and then still does, as a leaf.
    With a factor of 1.0001 all activations change a little, and the accuracy does not: it has no gradient to follow.
    Source: fast.ai book, chapter 4, "The MNIST Loss Function" (there `weights[0] *= 1.0001`).
    """
    p.data[0] *= factor
