import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from reference.mnist_loss import mnist_loss, sigmoid, slope

images = st.lists(st.tuples(st.floats(-20, 20, width=32), st.integers(0, 1)), min_size=1)


def tensors_of(pairs: list[tuple[float, int]]) -> tuple[Tensor, Tensor]:
    predictions, targets = (torch.tensor(column)[:, None] for column in zip(*pairs, strict=True))
    return predictions, targets


def accuracy(predictions: Tensor, targets: Tensor) -> Tensor:
    return ((predictions > 0) == (targets == 1)).float().mean()


@given(st.lists(st.floats(-200, 200, width=32)))
def test_sigmoid_agrees_with_torch_and_stays_finite(numbers: list[float]) -> None:
    torch.testing.assert_close(sigmoid(torch.tensor(numbers)), torch.tensor(numbers).sigmoid())


@given(st.floats(-15, 15, width=32))
def test_sigmoid_of_the_opposite_number_is_the_rest_to_one(number: float) -> None:
    there, back = sigmoid(torch.tensor([number, -number]))
    assert (there + back).item() == pytest.approx(1)


def test_sigmoid_rises_from_0_to_1_through_a_half() -> None:
    values = sigmoid(torch.linspace(-8, 8, 101))
    assert (values.diff() > 0).all()
    assert values[50].item() == pytest.approx(0.5)
    assert 0 < values[0] < 0.001 < 0.999 < values[-1] < 1


@given(images)
def test_loss_is_the_mean_distance_of_the_confidence_from_the_target(pairs: list[tuple[float, int]]) -> None:
    expected = sum(abs(1 / (1 + math.exp(-x)) - target) for x, target in pairs) / len(pairs)
    assert mnist_loss(*tensors_of(pairs)).item() == pytest.approx(expected, abs=1e-5)


def test_loss_is_the_book_s_for_its_example_of_sure_and_unsure_predictions() -> None:
    targets, confidence = torch.tensor([1, 0, 1]), torch.tensor([0.9, 0.4, 0.2])
    assert mnist_loss(confidence.logit(), targets).item() == pytest.approx(0.4333, abs=1e-4)
    better = torch.tensor([0.9, 0.4, 0.8])
    assert mnist_loss(better.logit(), targets).item() == pytest.approx(0.2333, abs=1e-4)


@given(images)
def test_every_prediction_gets_a_gradient_towards_its_target(pairs: list[tuple[float, int]]) -> None:
    predictions, targets = tensors_of(pairs)
    leaf = predictions.clamp(-8, 8).requires_grad_()
    (gradient,) = torch.autograd.grad(mnist_loss(leaf, targets), leaf)
    assert torch.equal(gradient < 0, targets == 1)


def test_slope_is_rise_over_run() -> None:
    x, targets = torch.ones(2, 1), torch.zeros(2, 1)
    assert slope(lambda p, t: ((p - t) ** 2).mean(), 3.0, x, targets, 0.5).item() == 6.5


def test_the_accuracy_is_flat_where_the_loss_has_a_slope() -> None:
    x, targets = torch.tensor([[-3.0], [-1.0], [2.0], [4.0]]), torch.tensor([[0], [1], [1], [1]])
    assert slope(accuracy, 0.5, x, targets, 0.01).item() == 0
    assert slope(mnist_loss, 0.5, x, targets, 0.01).item() == pytest.approx(-0.2534, abs=1e-4)


def test_the_accuracy_jumps_where_a_prediction_changes_sides() -> None:
    x, targets = torch.ones(2, 1), torch.ones(2, 1)
    assert slope(accuracy, 0.0, x, targets, 0.001).item() == pytest.approx(1000)
