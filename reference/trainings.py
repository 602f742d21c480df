"""Four trainings, each put together from the parts that the chapter makes itself.

    train_linear      3 or 7: one weight for each pixel, and a bias        785 parameters
    train_simple_net  3 or 7: 30 hidden features, one output            23,581
    train_digit_net   all ten digits: 128 hidden features              101,770
    train_conv_net    all ten digits: features of small windows         80,242

They differ in the data, the model, the loss and the metric, and in nothing else: `train` is the same for all. This
project's DataLoader makes the mini-batches, its Learner goes through them, and its BasicOptim takes the steps.

What to expect of them: the accuracy on images that they have not learned from. It was measured with ten seeds, that of
train_conv_net with three.

    pixel similarity, no learning at all    0.9511 (L1), 0.9661 (L2)
    train_linear                            0.975 to 0.985
    train_simple_net                        0.980 to 0.985
    train_digit_net                         0.970 to 0.980
    train_conv_net                          0.980 to 0.990

What they cost: the DataLoader takes one item after another out of its dataset and stacks them, because the lesson is
what a mini-batch is. Of an epoch of train_digit_net, with 60,000 items, that is more than a third. Whoever wants to be
fast keeps all images in one tensor and takes each mini-batch out of it with one index, as `full_mnist` does.

Source: fast.ai book, chapter 4, "Creating an Optimizer", "Adding a Nonlinearity" and "Further Research".
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from reference import mnist
from reference.data_loader import DataLoader
from reference.datasets import make_dataset
from reference.full_mnist import as_input, digit_accuracy, digit_loss, digit_net
from reference.learner import DataLoaders, Learner
from reference.mnist_loss import mnist_loss
from reference.optimizer import BasicOptim
from reference.simple_net import make_net
from reference.training_loop import batch_accuracy

PIXELS = 28 * 28
THREE, SEVEN = 3, 7


@dataclass(frozen=True)
class Data:
    """What to learn from, and what to measure with.

    train_x, valid_x: (n, 784) float32, 0 background to 1 ink. train_y, valid_y: their targets, as the loss takes them.
    """

    train_x: Tensor
    train_y: Tensor
    valid_x: Tensor
    valid_y: Tensor

    def part(self, n: int) -> "Data":
        """The same with only the first n images to learn from, and the first n to measure with."""
        return Data(self.train_x[:n], self.train_y[:n], self.valid_x[:n], self.valid_y[:n])

    def double(self) -> "Data":
        """The same with pixels as float64, in which the model is trained then as well."""
        return Data(self.train_x.double(), self.train_y, self.valid_x.double(), self.valid_y)


def threes_and_sevens() -> Data:
    """MNIST's 3s and 7s: 12,396 training images and 2,038 validation images, all the 3s before the 7s.

    Targets: (n, 1) float32, 1 for a 3 and 0 for a 7. The validation images are those of MNIST's test set, as in
    fastai's MNIST_SAMPLE. Source: fast.ai book, chapter 4, "The MNIST Loss Function".
    """
    return Data(*_threes_and_sevens("train"), *_threes_and_sevens("test"))


def _threes_and_sevens(split: mnist.Split) -> tuple[Tensor, Tensor]:
    images, labels = mnist.load(split)
    threes, sevens = images[labels == THREE], images[labels == SEVEN]
    targets = torch.tensor([1.0] * len(threes) + [0.0] * len(sevens)).unsqueeze(1)
    return as_input(torch.cat([threes, sevens])), targets


def ten_digits() -> Data:
    """All of MNIST: 60,000 training images, and the 10,000 of the test set to measure with, which decide nothing here.

    Targets: (n,) int64, 0 to 9. Source: fast.ai book, chapter 4, "Further Research".
    """
    (train, train_y), (valid, valid_y) = mnist.load("train"), mnist.load("test")
    return Data(as_input(train), train_y, as_input(valid), valid_y)


def similarity_accuracy(data: Data, power: int) -> float:
    """What the trainings have to beat: an image is a 3 if it is nearer to the mean of the training 3s than of the 7s.

    data: `threes_and_sevens()`, or others with their targets. power: of the differences that are averaged, 1 for the
    mean absolute one (L1) and 2 for the mean squared one (L2). Returns the mean of two shares of the validation
    images, 0 to 1: of the 3s that are recognised, and of the 7s.
    Source: fast.ai book, chapter 4, "Computing Metrics Using Broadcasting".
    """
    is_three = data.train_y.flatten() == 1
    to_3s, to_7s = (
        (data.valid_x - data.train_x[chosen].mean(0)).abs().pow(power).mean(1) for chosen in (is_three, ~is_three)
    )
    is_right = (to_3s < to_7s) == (data.valid_y.flatten() == 1)
    return sum(is_right[data.valid_y.flatten() == digit].double().mean().item() for digit in (0, 1)) / 2


def train_linear(
    data: Data | None = None, *, seed: int = 42, epochs: int = 20, lr: float = 1.0, batch_size: int = 256
) -> Learner:
    """The linear model, trained to tell 3s from 7s; `threes_and_sevens()` if no data are given.

    nn.Linear begins with small weights. From the larger ones of `init_params`, of deviation 1, the same 20 epochs end
    at 0.965 to 0.973: first it has to unlearn them.
    Source: fast.ai book, chapter 4, "Creating an Optimizer" (20 epochs, learning rate 1, mini-batches of 256).
    """
    parts = Parts(lambda: nn.Linear(PIXELS, 1), mnist_loss, batch_accuracy)
    return train(parts, data or threes_and_sevens(), seed, epochs, lr, batch_size)


def train_simple_net(
    data: Data | None = None, *, seed: int = 42, epochs: int = 40, lr: float = 0.1, batch_size: int = 256
) -> Learner:
    """The network with one hidden layer, trained to tell 3s from 7s; `threes_and_sevens()` if no data are given.

    Source: fast.ai book, chapter 4, "Adding a Nonlinearity" (40 epochs, learning rate 0.1, mini-batches of 256).
    """
    parts = Parts(lambda: make_net(PIXELS, 30, 1), mnist_loss, batch_accuracy)
    return train(parts, data or threes_and_sevens(), seed, epochs, lr, batch_size)


def train_digit_net(
    data: Data | None = None, *, seed: int = 42, epochs: int = 5, lr: float = 0.2, batch_size: int = 64
) -> Learner:
    """The network with one hidden layer, trained to read all ten digits; `ten_digits()` if no data are given.

    Source: fast.ai book, chapter 4, "Further Research", which leaves epochs, learning rate and batch size open.
    """
    parts = Parts(digit_net, digit_loss, digit_accuracy)
    return train(parts, data or ten_digits(), seed, epochs, lr, batch_size)


def train_conv_net(
    data: Data | None = None, *, seed: int = 42, epochs: int = 3, lr: float = 0.1, batch_size: int = 64
) -> Learner:
    """The convolutional network, trained to read all ten digits; `ten_digits()` if no data are given.

    Source: fast.ai book, chapter 13, "Convolutional Neural Networks", which trains one on the same digits.
    """
    parts = Parts(conv_net, digit_loss, digit_accuracy)
    return train(parts, data or ten_digits(), seed, epochs, lr, batch_size)


def conv_net() -> nn.Module:
    """A new network that looks for 8 features in windows of 5 * 5 pixels, and for 24 in windows of 3 * 3 of those.

    A feature is looked for everywhere with the same weights, and of four neighbours the strongest is kept: where in
    the image a stroke stands matters less than in a linear layer. Batch normalisation gives every feature
    mean 0 and deviation 1 over the mini-batch; in eval mode those of the training, so that an image's company no
    longer counts. Takes images (n, 784), 0 to 1, and gives logits (n, 10).
    Source: fast.ai book, chapter 13, "Creating the CNN" and "Batch Normalization".
    """
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        *(nn.Conv2d(1, 8, 5), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2)),  # (n, 8, 12, 12)
        *(nn.Conv2d(8, 24, 3), nn.BatchNorm2d(24), nn.ReLU(), nn.MaxPool2d(2)),  # (n, 24, 5, 5)
        *(nn.Flatten(), nn.Linear(24 * 5 * 5, 128), nn.ReLU(), nn.Linear(128, 10)),
    )


@dataclass(frozen=True)
class Parts:
    """What differs from training to training, besides the data: how a new model is made, its loss, its metric."""

    make_model: Callable[[], nn.Module]
    loss_func: Callable[[Tensor, Tensor], Tensor]
    metric: Callable[[Tensor, Tensor], Tensor]


def train(parts: Parts, data: Data, seed: int, epochs: int, lr: float, batch_size: int) -> Learner:
    """A new model trained on data, in its Learner: `model`, and `recorder` with the records of every epoch.

    The seed decides the first parameters and the order of the images, so that the same seed gives the same model on
    the same machine; torch's own random state stays as it was. Raises ValueError for a batch size or a number of epochs
    below 1.
    Source: fast.ai book, chapter 4, "Creating an Optimizer".
    """
    if batch_size < 1 or epochs < 1:
        raise ValueError(f"batch_size ({batch_size}) and epochs ({epochs}) must be at least 1.")
    train_dl = DataLoader(make_dataset(data.train_x, data.train_y), batch_size, shuffle=True)
    valid_dl = DataLoader(make_dataset(data.valid_x, data.valid_y), batch_size)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = parts.make_model().to(data.train_x.dtype)
        learner = Learner(DataLoaders(train_dl, valid_dl), model, parts.loss_func, BasicOptim, [parts.metric])
        learner.fit(epochs, lr)
    return learner
