import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from reference.data_loader import DataLoader
from reference.datasets import make_dataset

sizes, batch_sizes = st.integers(0, 40), st.integers(1, 15)


class Squares:
    """A dataset that is no list: 0 to n - 1, each with its square."""

    def __init__(self, n: int) -> None:
        self.n = n

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, index: int) -> tuple[int, int]:
        return index, index**2


@given(sizes, batch_sizes, st.booleans())
def test_an_epoch_holds_each_item_once(n: int, batch_size: int, shuffle: bool) -> None:
    batches = list(DataLoader(Squares(n), batch_size, shuffle))
    items = [pair for x, y in batches for pair in zip(x.tolist(), y.tolist(), strict=True)]
    assert sorted(items) == [(i, i**2) for i in range(n)]


@given(sizes, batch_sizes)
def test_every_batch_is_full_but_the_last(n: int, batch_size: int) -> None:
    lengths = [len(x) for x, _ in DataLoader(Squares(n), batch_size)]
    rest = [n % batch_size] if n % batch_size else []
    assert lengths == [batch_size] * (n // batch_size) + rest


@given(sizes, batch_sizes)
def test_the_length_is_the_number_of_batches(n: int, batch_size: int) -> None:
    loader = DataLoader(Squares(n), batch_size)
    assert len(loader) == len(list(loader))


def test_without_shuffling_the_order_is_the_datasets() -> None:
    assert [x.tolist() for x, _ in DataLoader(Squares(5), batch_size=2)] == [[0, 1], [2, 3], [4]]


def test_every_epoch_has_a_new_order_when_shuffled() -> None:
    loader = DataLoader(Squares(100), batch_size=100, shuffle=True)
    ((first, _),), ((second, _),) = list(loader), list(loader)
    assert not torch.equal(first, second)


def test_the_same_seed_gives_the_same_order() -> None:
    loader = DataLoader(Squares(100), batch_size=100, shuffle=True)
    orders = []
    for _ in range(2):
        with torch.random.fork_rng():
            torch.manual_seed(3)
            orders.append(next(iter(loader))[0])
    assert torch.equal(*orders)


@pytest.mark.parametrize("kind", [list, tuple])
def test_tensors_are_stacked(kind: type) -> None:
    x, y = torch.rand(6, 28, 28), torch.rand(6, 1)
    ((xb, yb),) = DataLoader(kind(make_dataset(x, y)), batch_size=6)
    assert torch.equal(xb, x)
    assert torch.equal(yb, y)


def test_numbers_become_a_tensor_of_rank_1() -> None:
    ((xb, yb),) = DataLoader([(0.5, 1), (1.5, 0)], batch_size=2)
    assert torch.equal(xb, torch.tensor([0.5, 1.5]))
    assert torch.equal(yb, torch.tensor([1, 0]))
