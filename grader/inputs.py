"""What a check's cases are drawn from: Hypothesis strategies for the values of this subject.

Numbers are small multiples of a power of two, so that they are exact in every dtype and readable in a report.
Anything else that Hypothesis offers (integers, lists, sampled_from) goes as well.
"""

from dataclasses import dataclass

import torch
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from torch import Tensor

ELEMENTWISE_LIMIT = 16


@dataclass(frozen=True)
class Dim:
    """A size that all inputs of a case share by its name; from `low` to `high`."""

    name: str
    low: int = 1
    high: int = 4

    def strategy(self) -> SearchStrategy[int]:
        """The size, the same wherever it is drawn within a case."""
        return st.shared(st.integers(self.low, self.high), key=f"dim {self.name}")


def tensors(
    *dims: int | Dim, low: float = -2, high: float = 2, step: float = 0.25, dtype: torch.dtype = torch.float32
) -> SearchStrategy[Tensor]:
    """Tensors of this shape with elements `low`, `low + step`, ... up to `high`.

    Up to 16 elements are drawn one by one, so that Hypothesis can make each of them simpler; more come from a seed.
    """
    sizes = st.tuples(*(dim.strategy() if isinstance(dim, Dim) else st.just(dim) for dim in dims))
    steps = round((high - low) / step)
    zero = max(0, min(steps, round(-low / step)))

    def elements(shape: tuple[int, ...]) -> SearchStrategy[Tensor]:
        count = torch.Size(shape).numel()

        def scaled(levels: Tensor) -> Tensor:
            return (levels * step + low).to(dtype).reshape(shape)

        if count <= ELEMENTWISE_LIMIT:
            levels = st.integers(-zero, steps - zero).map(lambda level: float(level + zero))
            return st.lists(levels, min_size=count, max_size=count).map(lambda drawn: scaled(torch.tensor(drawn)))
        return st.integers(0, 2**20).map(
            lambda seed: scaled(
                torch.randint(0, steps + 1, (count,), generator=torch.Generator().manual_seed(seed)).float()
            )
        )

    return sizes.flatmap(elements)


def images(*dims: int | Dim) -> SearchStrategy[Tensor]:
    """Grey images: tensors with elements from 0 to 1."""
    return tensors(*dims, low=0, high=1, step=0.125)


def whole_numbers(low: int = -9, high: int = 9, *, least: int = 0, most: int = 6) -> SearchStrategy[list[int]]:
    """Lists of `least` to `most` integers from `low` to `high`."""
    return st.lists(st.integers(low, high), min_size=least, max_size=most)
