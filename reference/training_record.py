"""What a training leaves behind: its losses, how good the model became, and what it still gets wrong.

Whoever reads it sees numbers and images only; the model itself is not needed any more.
"""

from dataclasses import dataclass, field

from torch import Tensor


@dataclass(frozen=True)
class Epoch:
    """One pass over the training images.

    train_loss: the mean over the mini-batches. accuracy: on images that were not trained with, 0 to 1; nan if it was
    not measured after this epoch. seconds: for the training alone.
    """

    train_loss: float
    accuracy: float
    seconds: float


@dataclass(frozen=True)
class Misread:
    """An image of the test set that the model takes for something else.

    image: (h, w) uint8, 0 background to 255 ink. right, predicted: positions in the training's classes.
    probability: what the model gives to the right class, 0 to 1.
    """

    image: Tensor
    right: int
    predicted: int
    probability: float


@dataclass(frozen=True)
class Training:
    """A finished training.

    title: the model in a few words. classes: what it tells apart. device: where it ran, such as "CPU, 1 thread".
    settings: what a reader wants to know of how it was trained, by name. losses: one for each step. confusion:
    (classes, classes) int64 counts of test images, a row for each right class and a column for each predicted one.
    misread: the worst first. weights: (k, h, w) float, what the first layer looks for. phases: seconds by name, in
    their order. peak_device_bytes: of a GPU's memory; 0 on a CPU.
    """

    title: str
    classes: tuple[str, ...]
    device: str
    seed: int
    parameters: int
    settings: dict[str, str]
    losses: list[float]
    epochs: list[Epoch]
    confusion: Tensor
    misread: list[Misread]
    weights: Tensor
    phases: dict[str, float] = field(default_factory=dict)
    peak_device_bytes: int = 0

    @property
    def accuracy(self) -> float:
        """The share of test images whose class is predicted right, 0 to 1."""
        return float(self.confusion.diagonal().sum() / self.confusion.sum())
