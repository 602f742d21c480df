"""Recipes: how to train a network for all ten digits, and how good it becomes.

The settings were chosen by the accuracy on 10,000 images of the training set that were not trained with. Only then
was each recipe tried on the test set, with ten seeds and all 60,000 images to train with: what it `reaches` there, it
reached with nine of the ten. Whoever chooses settings by the test set's accuracy has let it into the training.

Source: fast.ai book, chapter 1, "Validation Sets and Test Sets".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from torch import nn

from reference.digit_nets import digit_mlp, small_cnn


@dataclass(frozen=True)
class Recipe:
    """How one network is trained.

    model: the network's name; title: it in a few words; make: gives a new one, with random weights. reaches: the
    accuracy on the test set, 0 to 1, that nine of ten seeds reached at least. lr: the highest learning rate of the
    cycle; momentum: at the cycle's ends and where lr is highest. shift: by how many pixels, at most, an image is moved
    before it is trained with. smoothing: the share of the target that is spread over all classes.
    """

    model: str
    title: str
    make: Callable[[], nn.Module]
    reaches: float
    epochs: int
    batch_size: int
    lr: float
    momentum: tuple[float, float]
    shift: int = 0
    smoothing: float = 0.0


# The quickest first.
RECIPES = (
    Recipe(
        model="mlp",
        title="a multilayer perceptron, 784-128-10",
        make=digit_mlp,
        reaches=0.98,
        epochs=2,
        batch_size=128,
        lr=0.03,
        momentum=(0.95, 0.8),
        shift=1,
        smoothing=0.05,
    ),
    Recipe(
        model="cnn",
        title="a small convolutional network",
        make=small_cnn,
        reaches=0.99,
        epochs=1,
        batch_size=128,
        lr=0.03,
        momentum=(0.9, 0.7),
        smoothing=0.1,
    ),
    Recipe(
        model="cnn",
        title="a small convolutional network",
        make=small_cnn,
        reaches=0.995,
        epochs=16,
        batch_size=128,
        lr=0.03,
        momentum=(0.9, 0.7),
        shift=2,
        smoothing=0.1,
    ),
)


class Known(Protocol):
    """What a choice among recipes needs to know of each."""

    @property
    def model(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def reaches(self) -> float: ...


KnownT = TypeVar("KnownT", bound=Known)


def quickest(target: float, recipes: Sequence[KnownT], model: str = "") -> KnownT:
    """The first of recipes, the quickest first, that reaches target: of one model, or of any for "".

    target: an accuracy, 0 to 1. Raises ValueError, with a sentence for people, if none reaches it.
    """
    mine = [recipe for recipe in recipes if model in ("", recipe.model)]
    for recipe in mine:
        if recipe.reaches >= target:
            return recipe
    best = max(mine, key=lambda recipe: recipe.reaches)
    raise ValueError(
        f"No recipe{f' of {model}' if model else ''} reaches an accuracy of {target:g}. "
        f"The best one, {best.title}, reaches {best.reaches:g}."
    )
