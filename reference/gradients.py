"""Gradients: how fast a function changes, exactly and by trying it out.

The gradient of f at x is rise over run: how much f(x) changes when x changes by a little, divided by that little.
For f(x) = x**2 it is 2*x, so 6 at the value 3. PyTorch finds it in three moves:

    xt = tensor(3.).requires_grad_()    tag x: remember what is calculated from it (nothing is calculated yet)
    yt = f(xt)                          calculate the function
    yt.backward()                       go back from the result: now xt.grad is 6

With many values there is one gradient for each: how fast the (one) result changes with this value, all the others
held still. `backward` needs that one result, hence the `sum`. And it adds to the `grad` that is there.

Source: fast.ai book, chapter 4, "Calculating Gradients".
"""

from collections.abc import Callable

import torch
from torch import Tensor


def gradient_of(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """The gradient of f at x, by PyTorch: of the sum of f's results, if they are several.

    f: made of PyTorch's operations, from a tensor like x to a tensor of any shape; x: (...), float.
    Returns (...): for each value of x how fast the result grows with it, in f's units per unit of x.
    x stays as it is: it is a copy that is tagged. Raises RuntimeError if f does not depend on x.
    Source: fast.ai book, chapter 4, "Calculating Gradients".
    """
    tagged = x.clone().requires_grad_()
    f(tagged).sum().backward()
    return tagged.grad


def numeric_gradient(f: Callable[[Tensor], Tensor], x: Tensor, h: float) -> Tensor:
    """The gradient of f at x, nearly, by trying both sides of each value: rise over run from x - h to x + h.

    f: from a vector to a tensor of any shape, which is summed; x: () or (n,), float; h: above 0.
    Returns () or (n,), as x. For polynomials up to the second degree it is exact; otherwise the error is about
    h squared, where one-sided differences err by about h. Too small an h drowns in rounding errors.
    Source: fast.ai book, chapter 4, "The MNIST Loss Function" ("rise over run"), here to both sides.
    """
    steps = h * torch.eye(x.numel())  # each row moves one value
    slopes = [(f(x + step) - f(x - step)).sum() / (2 * h) for step in steps]
    return torch.stack(slopes).reshape(x.shape)
