"""The same four trainings with PyTorch's own classes: what you would write, once you know what they do.

    made by hand                        PyTorch
    DataLoader, make_dataset            torch.utils.data.DataLoader, TensorDataset
    BasicOptim                          torch.optim.SGD
    mnist_loss                          F.l1_loss of the sigmoid: how far the confidence is from 1 or 0
    digit_loss                          F.cross_entropy
    Learner.fit                         the loop that stands in `train`; PyTorch has none

They give the same numbers: from the same seed and the same mini-batches the same parameters, to 1e-6 after an epoch.
Not to the last digit, because a sum that is taken in another order is rounded in another way. With 3s and 7s this is
so in float32. With ten digits, which take more steps, a difference of one rounding may grow there: where an activation
is so near to 0 that the rounding decides whether its ReLU is on, two trainings part. Neither is the wrong one; with
five of ten seeds the parameters of train_digit_net are more than 1e-6 apart after an epoch, by 0.01 at most. In float64
(see `Data.double`) that is so much less likely that they agree to 1e-14. The loss and the step are all that is rounded
in another way: with `digit_loss` here too, and a power of 2 as the learning rate, not a bit differs in float32.

The same mini-batches need care. Left to itself, PyTorch's DataLoader draws two numbers from the global random state
in each epoch: a base seed for its workers, even where it has none, and a seed for the generator that shuffles. Both
orders are random and neither is better, but they are not the same. So the order comes from a sampler of our own here,
`Shuffled`, and the base seed from a generator that nobody else uses.

Source: fast.ai book, chapter 4, "Creating an Optimizer" and "Adding a Nonlinearity".
"""

from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, Sampler, TensorDataset

from reference.trainings import Data, conv_net, ten_digits, threes_and_sevens

Loss = Callable[[Tensor, Tensor], Tensor]


class Shuffled(Sampler[int]):
    """The indices 0 to n - 1 in a new order for each epoch: one permutation from torch's random numbers."""

    def __init__(self, n: int) -> None:
        self.n = n

    def __len__(self) -> int:
        return self.n

    def __iter__(self) -> Iterator[int]:
        return iter(torch.randperm(self.n).tolist())


def train_linear(
    data: Data | None = None, *, seed: int = 42, epochs: int = 20, lr: float = 1.0, batch_size: int = 256
) -> nn.Module:
    """`trainings.train_linear`: the linear model, trained to tell 3s from 7s."""
    return train(lambda: nn.Linear(784, 1), confidence_loss, data or threes_and_sevens(), seed, epochs, lr, batch_size)


def train_simple_net(
    data: Data | None = None, *, seed: int = 42, epochs: int = 40, lr: float = 0.1, batch_size: int = 256
) -> nn.Module:
    """`trainings.train_simple_net`: one hidden layer, trained to tell 3s from 7s."""

    def make_model() -> nn.Module:
        return nn.Sequential(nn.Linear(784, 30), nn.ReLU(), nn.Linear(30, 1))

    return train(make_model, confidence_loss, data or threes_and_sevens(), seed, epochs, lr, batch_size)


def train_digit_net(
    data: Data | None = None, *, seed: int = 42, epochs: int = 5, lr: float = 0.2, batch_size: int = 64
) -> nn.Module:
    """`trainings.train_digit_net`: one hidden layer, trained to read all ten digits."""

    def make_model() -> nn.Module:
        return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))

    return train(make_model, F.cross_entropy, data or ten_digits(), seed, epochs, lr, batch_size)


def train_conv_net(
    data: Data | None = None, *, seed: int = 42, epochs: int = 3, lr: float = 0.1, batch_size: int = 64
) -> nn.Module:
    """`trainings.train_conv_net`: the convolutional network, trained to read all ten digits."""
    return train(conv_net, F.cross_entropy, data or ten_digits(), seed, epochs, lr, batch_size)


def confidence_loss(predictions: Tensor, targets: Tensor) -> Tensor:
    """`mnist_loss`, as PyTorch has it: predictions and targets (n, 1), targets 0 or 1; gives a single number."""
    return F.l1_loss(predictions.sigmoid(), targets)


def train(
    make_model: Callable[[], nn.Module], loss_func: Loss, data: Data, seed: int, epochs: int, lr: float, batch_size: int
) -> nn.Module:
    """A new model, trained on data; in eval mode. The seed decides its parameters and the order of the images.

    It is not measured on the way: see `trainings.train`, which is. torch's own random state stays as it was.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = make_model().to(data.train_x.dtype)
        optimizer = torch.optim.SGD(model.parameters(), lr)
        for _ in range(epochs):
            for xb, yb in loader(data, batch_size):
                optimizer.zero_grad()
                loss_func(model(xb), yb).backward()
                optimizer.step()
    return model.eval()


def loader(data: Data, batch_size: int) -> DataLoader[tuple[Tensor, ...]]:
    """Shuffled mini-batches of the training images, the same as this project's own DataLoader gives from this seed."""
    dataset = TensorDataset(data.train_x, data.train_y)
    unshared = torch.Generator()  # for the base seed, which would come out of the global random state otherwise
    return DataLoader(dataset, batch_size, sampler=Shuffled(len(dataset)), generator=unshared)
