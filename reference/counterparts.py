"""Counterparts: what the chapter makes by hand, as PyTorch has it.

The chapter builds each piece once, and then replaces it by the library's. Nothing is lost: given the same numbers,
both give the same. What the library adds is speed, care about rounding, and answers to cases that nobody thought of.

    made by hand                              in the library
    1 / (1 + exp(-x))                         torch.sigmoid
    x.max(tensor(0.0))                        F.relu, a function; nn.ReLU(), the same as a layer
    (a - b).abs().mean()                      F.l1_loss
    ((a - b) ** 2).mean()                     F.mse_loss
    xb @ weights + bias                       nn.Linear, which keeps both as parameters
    BasicOptim(params, lr)                    torch.optim.SGD
    mnist_loss                                F.l1_loss of the sigmoids: |p - 1| is 1 - p, and |p - 0| is p
    list(zip(xs, ys)), cut into mini-batches  TensorDataset and DataLoader
    train_epoch(model, lr, params)            the same loop with the optimizer's step() and zero_grad()

Source: fast.ai book, chapter 4, from "First Try: Pixel Similarity" to "Adding a Nonlinearity".
"""

from collections.abc import Callable, Iterable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

counterparts: dict[str, Callable[..., Any]] = {
    "sigmoid": torch.sigmoid,
    "relu": F.relu,
    "relu_layer": nn.ReLU(),
    "mean_absolute_difference": F.l1_loss,
    "mean_squared_difference": F.mse_loss,
    "BasicOptim": torch.optim.SGD,
}


def library_rmse(a: Tensor, b: Tensor) -> Tensor:
    """The root of the mean squared difference of two tensors of the same shape: one number, in their units.

    Source: fast.ai book, chapter 4, "First Try: Pixel Similarity".
    """
    return F.mse_loss(a, b).sqrt()


def library_linear(weights: Tensor, bias: Tensor) -> nn.Linear:
    """A linear layer that gives xb @ weights + bias.

    weights: (features, outputs), bias: (outputs,). nn.Linear has a row of weights for each output, so its own are
    the transposed ones: (outputs, features). They are copies, and learn on their own.
    Source: fast.ai book, chapter 4, "Creating an Optimizer".
    """
    linear = nn.Linear(*weights.shape)
    with torch.no_grad():
        linear.weight.copy_(weights.T)
        linear.bias.copy_(bias)
    return linear


def library_batches(xs: Tensor, ys: Tensor, batch_size: int) -> Iterable[tuple[Tensor, Tensor]]:
    """The mini-batches (xb, yb) of two tensors of the same length, in their order; the last may be shorter.

    Source: fast.ai book, chapter 4, "SGD and Mini-Batches".
    """
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(xs, ys), batch_size)


def library_loss(predictions: Tensor, targets: Tensor) -> Tensor:
    """The chapter's mnist_loss: how far the sigmoids of the predictions are from their targets, on average.

    predictions: raw outputs, float; targets: 0 or 1, the same shape. Returns a single number, 0 to 1.
    Source: fast.ai book, chapter 4, "Sigmoid" (`mnist_loss`, there by `torch.where`).
    """
    return F.l1_loss(predictions.sigmoid(), targets)


def library_epoch(model: nn.Module, dl: Iterable[tuple[Tensor, Tensor]], lr: float) -> None:
    """One step of plain SGD for each mini-batch (xb, yb): the chapter's train_epoch, by PyTorch's optimizer.

    Changes the model's parameters in place. Raises ValueError for a model without any.
    Source: fast.ai book, chapter 4, "Putting It All Together" and "Creating an Optimizer".
    """
    opt = torch.optim.SGD(model.parameters(), lr)
    for xb, yb in dl:
        library_loss(model(xb), yb).backward()
        opt.step()
        opt.zero_grad()
