"""A dataset is a list of pairs: what goes into the model, and what should come out.

Nothing more is asked of one than a length and an item for each index, so a list will do.

Source: fast.ai book, chapter 4, "The MNIST Loss Function" and "SGD and Mini-Batches".
"""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from torch import Tensor

X = TypeVar("X")
Y = TypeVar("Y")


class Dataset(Protocol):
    """Anything with a length and, for each index below it, a pair (x, y): a list, or a class of your own."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> tuple[Tensor | float, Tensor | float]: ...


def make_dataset(xs: Iterable[X], ys: Iterable[Y]) -> list[tuple[X, Y]]:
    """The pairs (x, y) of what has the same index in xs and in ys.

    xs: n inputs and ys: n targets, such as tensors (n, features) and (n, 1), which are read row by row.
    Returns a list of n pairs; if one is longer, its rest is left out.
    Source: fast.ai book, chapter 4, "The MNIST Loss Function" (`dset = list(zip(train_x, train_y))`).
    """
    return list(zip(xs, ys))  # noqa: B905 - the chapter's line, as it stands
