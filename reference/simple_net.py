"""A neural network: two linear layers with a nonlinearity between them.

    28 * 28 pixels -> linear -> 30 hidden activations -> ReLU -> linear -> 1 activation

The hidden layer makes 30 features of the pixels, the last layer an answer of the features. Without something that is
not linear between them there would be no point in it: two linear layers in a row are one, as `merge_linear` shows.

Source: fast.ai book, chapter 4, "Adding a Nonlinearity".
"""

import torch
from torch import Tensor, nn

from reference.linear_model import init_params

# The notebook's parameters: 30 hidden activations for an image of 28 * 28 pixels, and one for the answer.
w1 = init_params((28 * 28, 30))
b1 = init_params(30)
w2 = init_params((30, 1))
b2 = init_params(1)


def relu(x: Tensor) -> Tensor:
    """The rectified linear unit: 0 for every negative number, all others as they are.

    x: any shape, float. Returns the same shape. The gradient is 1 above 0, and 0 below.
    PyTorch has it as a function, `F.relu(x)`, and as a module, `nn.ReLU()(x)`.
    Source: fast.ai book, chapter 4, "Adding a Nonlinearity".
    """
    return x.max(torch.tensor(0.0))


def simple_net(xb: Tensor) -> Tensor:
    """The network's activations for a batch, under the global parameters.

    xb: (n, features) float; w1 is (features, hidden), b1 (hidden,), w2 (hidden, 1), b2 (1,).
    Returns (n, 1). Raises RuntimeError for another number of features.
    Source: fast.ai book, chapter 4, "Adding a Nonlinearity".
    """
    res = xb @ w1 + b1
    res = relu(res)
    return res @ w2 + b2


def make_net(inputs: int, hidden: int, outputs: int) -> nn.Sequential:
    """The same network as PyTorch's modules, with random parameters of their own.

    Returns a module from (n, inputs) to (n, outputs), with inputs * hidden + hidden + hidden * outputs + outputs
    parameters. nn.Linear keeps its weights as (to, from), the transpose of what `@` takes above.
    Source: fast.ai book, chapter 4, "Adding a Nonlinearity".
    """
    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs))


def merge_linear(w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> tuple[Tensor, Tensor]:
    """The single linear layer that does the same as two in a row, with nothing between them.

    w1: (features, hidden), b1: (hidden,), w2: (hidden, outputs), b2: (outputs,).
    Returns w (features, outputs) and b (outputs,): (x @ w1 + b1) @ w2 + b2 is x @ w + b for every x.
    Source: fast.ai book, chapter 4, "Adding a Nonlinearity".
    """
    return w1 @ w2, b1 @ w2 + b2
