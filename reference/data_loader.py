"""Mini-batches from a dataset.

One item gives a gradient that points anywhere, all items one that takes long to compute. A mini-batch is the
compromise, and another order in every epoch keeps the model from learning the order.

Source: fast.ai book, chapter 4, "SGD and Mini-Batches".
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from reference.datasets import Dataset


class DataLoader:
    """Goes through a dataset in mini-batches, from the start each time that it is iterated.

    dataset: anything with a length and an index that gives pairs (x, y); x and y are numbers, or tensors of
    the same shape in every pair.
    batch_size: items in a mini-batch, at least 1; the last mini-batch holds the rest.
    shuffle: whether every epoch has a new order, drawn from torch's random numbers (`torch.manual_seed`).
    Yields (xb, yb), both with a new first axis of the mini-batch's size.
    Source: fast.ai book, chapter 4, "SGD and Mini-Batches".
    """

    def __init__(self, dataset: Dataset, batch_size: int, shuffle: bool = False) -> None:
        self.dataset = dataset
        self.batch_size = batch_size
        self.shuffle = shuffle

    def __len__(self) -> int:
        """The number of mini-batches, a short last one among them."""
        return len(range(0, len(self.dataset), self.batch_size))

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        n = len(self.dataset)
        order = torch.randperm(n).tolist() if self.shuffle else list(range(n))
        for start in range(0, n, self.batch_size):
            pairs = [self.dataset[index] for index in order[start : start + self.batch_size]]
            yield _stack([x for x, _ in pairs]), _stack([y for _, y in pairs])


def _stack(values: list[Tensor] | list[float]) -> Tensor:
    """k tensors of shape (...) or k numbers as one tensor (k, ...) or (k,)."""
    return torch.stack(values) if isinstance(values[0], Tensor) else torch.tensor(values)
