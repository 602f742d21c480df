"""The trainings that a course offers: what the engine asks of them, and what it reads from the one that came back.

The engine can't import a course's classes. It asks for these attributes, and takes arrays of any library.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from grader.errors import UserError
from grader.telling import TellStep
from grader.uncertainty import wilson_interval


class Epoch(Protocol):
    """One pass over the training data; accuracy is nan where it was not measured."""

    @property
    def train_loss(self) -> float: ...
    @property
    def accuracy(self) -> float: ...
    @property
    def seconds(self) -> float: ...


class Misread(Protocol):
    """An image (h, w) of bytes that was taken for another class, and the probability that the right one got."""

    @property
    def image(self) -> npt.ArrayLike: ...
    @property
    def right(self) -> int: ...
    @property
    def predicted(self) -> int: ...
    @property
    def probability(self) -> float: ...


class Training(Protocol):
    """A finished training.

    settings: by name, for readers. losses: one a step. confusion: counts of test images, a row for each right class
    and a column for each predicted one. misread: the worst first. weights: (k, h, w), of the first layer. phases:
    seconds by name. peak_device_bytes: 0 where the device has no memory of its own.
    """

    @property
    def title(self) -> str: ...
    @property
    def classes(self) -> Sequence[str]: ...
    @property
    def device(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def parameters(self) -> int: ...
    @property
    def settings(self) -> Mapping[str, str]: ...
    @property
    def losses(self) -> Sequence[float]: ...
    @property
    def epochs(self) -> Sequence[Epoch]: ...
    @property
    def confusion(self) -> npt.ArrayLike: ...
    @property
    def misread(self) -> Sequence[Misread]: ...
    @property
    def weights(self) -> npt.ArrayLike: ...
    @property
    def phases(self) -> Mapping[str, float]: ...
    @property
    def peak_device_bytes(self) -> int: ...


class Trainer(Protocol):
    """What the module that a course names has: its models, each with a line about it, and how they are trained.

    train: with no model, takes the quickest recipe that reaches the target; with no target (0), the model's usual
    one. Raises ValueError, with a sentence for people, for a model that it doesn't have or a target that no recipe
    reaches, and MemoryError, naming the batch, if the device's memory is full.
    """

    @property
    def MODELS(self) -> Mapping[str, str]: ...  # noqa: N802  a constant of the module

    def train(self, model: str = "", *, device: str, target: float, seed: int, tell: TellStep) -> Training:
        """A finished training."""


@dataclass(frozen=True)
class Score:
    """How many of the test images were read right, and in which interval the share of all images lies (95%)."""

    right: int
    total: int

    @property
    def share(self) -> float:
        """0 to 1; 0 if there was no image."""
        return self.right / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's, both ends from 0 to 1."""
        return wilson_interval(self.right, self.total)


# What is asked for


def check_wish(model: str, target: float, models: Mapping[str, str]) -> None:
    """Raises UserError for a model that is not among `models`, or a target that is no share."""
    if model and model not in models:
        near = difflib.get_close_matches(model, models, n=2, cutoff=0.4)
        meant = f" Did you mean {' or '.join(near)}?" if near else ""
        raise UserError(f"--model {model}: no such model.{meant} There are: {', '.join(models)}.")
    if not 0 <= target <= 1:
        meant = f"; {target:g}% is {target / 100:g}" if 1 < target <= 100 else ""
        raise UserError(f"--target {target:g}: give a share of the test images, from 0 to 1{meant}.")


# What came back


def score_of(training: Training) -> Score:
    """How good the model became."""
    confusion = np.asarray(training.confusion)
    return Score(int(confusion.trace()), int(confusion.sum()))
