import math
from copy import deepcopy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn, tensor

from exercises.counterparts import exercise
from reference import sgd
from reference.counterparts import (
    counterparts,
    library_batches,
    library_epoch,
    library_linear,
    library_loss,
    library_rmse,
)
from reference.data_loader import DataLoader
from reference.mnist_loss import mnist_loss
from reference.optimizer import BasicOptim

numbers = st.lists(st.floats(-30, 30, width=16), min_size=1, max_size=6)
pairs = st.lists(st.tuples(st.floats(-30, 30, width=16), st.floats(-30, 30, width=16)), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def by_hand() -> dict:
    """The hand-made pieces, as the notebook has them."""
    namespace: dict = {"torch": torch, "tensor": tensor}
    exec(exercise.given, namespace)
    return namespace["by_hand"]


@pytest.mark.parametrize("name", ["sigmoid", "relu"])
@given(numbers=numbers)
def test_a_nonlinearity_agrees_with_the_one_made_by_hand(by_hand: dict, name: str, numbers: list[float]) -> None:
    x = tensor(numbers)
    torch.testing.assert_close(counterparts[name](x), by_hand[name](x))


@given(numbers)
def test_the_layer_agrees_with_the_function(numbers: list[float]) -> None:
    x = tensor(numbers)
    assert torch.equal(nn.Sequential(counterparts["relu_layer"])(x), counterparts["relu"](x))


@pytest.mark.parametrize("name", ["mean_absolute_difference", "mean_squared_difference"])
@given(pairs=pairs)
def test_a_distance_agrees_with_the_one_made_by_hand(
    by_hand: dict, name: str, pairs: list[tuple[float, float]]
) -> None:
    a, b = tensor(pairs).T
    torch.testing.assert_close(counterparts[name](a, b), by_hand[name](a, b))


@given(pairs)
def test_the_root_agrees_with_the_one_made_by_hand(by_hand: dict, pairs: list[tuple[float, float]]) -> None:
    a, b = tensor(pairs).T
    torch.testing.assert_close(library_rmse(a, b), by_hand["root_mean_squared_difference"](a, b))


def test_one_difference_of_3_and_one_of_4_have_the_root_mean_square_5_over_root_2() -> None:
    assert library_rmse(tensor([3.0, 4.0]), torch.zeros(2)).item() == pytest.approx(5 / math.sqrt(2))


def test_the_optimizers_steps_are_those_of_the_one_made_by_hand() -> None:
    model = nn.Linear(3, 2)
    twin = deepcopy(model)
    optimizers = [counterparts["BasicOptim"](model.parameters(), 0.1), BasicOptim(twin.parameters(), 0.1)]
    for _ in range(3):
        x = torch.randn(4, 3)
        for network, optimizer in zip((model, twin), optimizers, strict=True):
            network(x).square().mean().backward()
            optimizer.step()
            optimizer.zero_grad()
    torch.testing.assert_close(model.state_dict(), twin.state_dict())


@given(n=st.integers(1, 4), features=st.integers(1, 4), outputs=st.integers(1, 4))
def test_the_linear_layer_agrees_with_the_one_made_by_hand(by_hand: dict, n: int, features: int, outputs: int) -> None:
    xb, weights, bias = torch.randn(n, features), torch.randn(features, outputs), torch.randn(outputs)
    layer = library_linear(weights, bias)
    torch.testing.assert_close(layer(xb), by_hand["linear"](xb, weights, bias))
    assert layer.weight.shape == (outputs, features)


def test_the_linear_layer_learns_on_its_own() -> None:
    weights, bias = torch.ones(2, 1), torch.ones(1)
    layer = library_linear(weights, bias)
    assert all(p.requires_grad for p in layer.parameters())
    with torch.no_grad():
        for p in layer.parameters():
            p += 1
    assert (weights == 1).all()
    assert (bias == 1).all()


@given(n=st.integers(1, 7), batch_size=st.integers(1, 4))
def test_the_mini_batches_are_those_of_the_loader_made_by_hand(n: int, batch_size: int) -> None:
    xs, ys = torch.randn(n, 2), torch.randn(n, 1)
    dataset: list[tuple[Tensor, Tensor]] = list(zip(xs, ys, strict=True))
    for (xb, yb), (xh, yh) in zip(library_batches(xs, ys, batch_size), DataLoader(dataset, batch_size), strict=True):
        assert torch.equal(xb, xh)
        assert torch.equal(yb, yh)


@given(seed=st.integers(0, 2**32), lr=st.sampled_from([0.5, 2.0]))
def test_the_epoch_is_that_of_the_loop_made_by_hand(seed: int, lr: float) -> None:
    torch.manual_seed(seed)
    x, y = torch.randn(7, 3), torch.randint(2, (7, 1)).float()
    model = nn.Linear(3, 1)
    twin = deepcopy(model)
    before, sgd.dl = sgd.dl, list(zip(x.split(2), y.split(2), strict=True))
    try:
        sgd.train_epoch(twin, lr, list(twin.parameters()))
    finally:
        batches, sgd.dl = sgd.dl, before
    library_epoch(model, batches, lr)
    torch.testing.assert_close(model.state_dict(), twin.state_dict())


@given(n=st.integers(1, 5))
def test_the_loss_is_the_one_made_by_hand(n: int) -> None:
    predictions, targets = 5 * torch.randn(n, 1), torch.randint(2, (n, 1)).float()
    torch.testing.assert_close(library_loss(predictions, targets), mnist_loss(predictions, targets))
