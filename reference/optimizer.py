"""An optimizer: the step, and the forgetting of gradients, as an object.

The training loop does not need to know how a step is made. It asks the optimizer, which holds the parameters and the
learning rate, and so another one can take its place: PyTorch's `torch.optim.SGD` has the same two methods. The model
becomes an object as well: `nn.Linear` holds the weights and the bias, and makes their first random numbers itself.

Source: fast.ai book, chapter 4, "Creating an Optimizer".
"""

from collections.abc import Callable, Iterable
from typing import Protocol

from torch import Tensor, nn

from reference.sgd import calc_grad

# What the chapter trains with it: one weight for each pixel of an image of 28 * 28, and a bias.
linear_model = nn.Linear(28 * 28, 1)


class Optimizer(Protocol):
    """What the loop asks of an optimizer; torch.optim's have it too."""

    def step(self) -> object: ...

    def zero_grad(self) -> object: ...


class BasicOptim:
    """Stochastic gradient descent.

    params: the tensors to change, each with a gradient when `step` is called; in anything that can be iterated once,
    such as `model.parameters()`. lr: the learning rate.
    Source: fast.ai book, chapter 4, "Creating an Optimizer".
    """

    def __init__(self, params: Iterable[Tensor], lr: float) -> None:
        self.params = list(params)  # model.parameters() is a generator: a second loop would find nothing
        self.lr = lr

    def step(self) -> None:
        """Move every parameter against its gradient, in place; the gradients stay. Raises TypeError without one."""
        for p in self.params:
            p.data -= p.grad * self.lr

    def zero_grad(self) -> None:
        """Forget the gradients, so that those of the next mini-batch are not added to them."""
        for p in self.params:
            p.grad = None


def train_model(
    model: Callable[[Tensor], Tensor], dl: Iterable[tuple[Tensor, Tensor]], opt: Optimizer, epochs: int
) -> None:
    """Train a model for some epochs: a step of the optimizer for each mini-batch.

    model: inputs (n, features) to raw outputs (n, 1). dl: gives the mini-batches (xb, yb), the targets (n, 1), anew for
    each epoch. opt: holds the model's parameters, and changes them in place.
    Source: fast.ai book, chapter 4, "Creating an Optimizer".
    """
    for _ in range(epochs):
        for xb, yb in dl:
            calc_grad(xb, yb, model)
            opt.step()
            opt.zero_grad()
