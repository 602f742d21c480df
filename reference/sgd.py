"""Loss, gradient, step: the chapter's training loop.

    predict -> loss -> gradient -> step -> predict -> ...

The loss says how wrong the model is, as one number that changes smoothly with every weight. Its gradient says
for each weight which way is up. A step goes a little way down. An epoch does so for every mini-batch.

Source: fast.ai book, chapter 4, "The MNIST Loss Function" to "Putting It All Together".
"""

from collections.abc import Callable, Iterable

from torch import Tensor

from reference.mnist_loss import mnist_loss

# The notebook's loader: what train_epoch goes through once, as pairs of mini-batches (x, y). In the chapter
# it is a global name of the notebook; set it before training, with `sgd.dl = ...`.
dl: Iterable[tuple[Tensor, Tensor]] = []


def calc_grad(xb: Tensor, yb: Tensor, model: Callable[[Tensor], Tensor]) -> None:
    """Add the gradient of one mini-batch's loss to the `grad` of every parameter of the model.

    xb: (n, features) float; yb: (n, 1), 0 or 1; model: xb to raw outputs (n, 1).
    Adds, as `backward` does: whoever steps has to set the gradients to zero for the next mini-batch.
    Source: fast.ai book, chapter 4, "Putting It All Together".
    """
    loss = mnist_loss(model(xb), yb)
    loss.backward()


def sgd_step(params: Iterable[Tensor], lr: float) -> None:
    """Move every parameter against its gradient, in place, and set the gradient to zero.

    params: tensors that have gradients, in anything that can be iterated once. lr: the learning rate, by which
    the gradient is multiplied. Raises TypeError for a tensor without a gradient: `backward` comes first.
    Works on `data`, since the step itself must not become a part of what is differentiated.
    Source: fast.ai book, chapter 4, "Putting It All Together".
    """
    for p in params:
        p.data -= p.grad * lr
        p.grad.zero_()


def train_epoch(model: Callable[[Tensor], Tensor], lr: float, params: list[Tensor] | tuple[Tensor, ...]) -> None:
    """One step for each mini-batch of the global loader `dl`.

    model: see calc_grad; lr: the learning rate; params: the model's parameters, changed in place. It is gone
    through once for each mini-batch: a generator (`model.parameters()`) would be empty after the first.
    Source: fast.ai book, chapter 4, "Putting It All Together".
    """
    for xb, yb in dl:
        calc_grad(xb, yb, model)
        sgd_step(params, lr)
