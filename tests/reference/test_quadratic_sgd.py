import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from reference import quadratic_sgd
from reference.quadratic_sgd import apply_step, f, fit, lr_good, lr_too_high, lr_too_low, mse

numbers = st.floats(-8, 8, width=32)


@pytest.fixture
def params() -> Tensor:
    return torch.ones(3).requires_grad_()


@given(st.lists(numbers, min_size=1), numbers, numbers, numbers)
def test_the_quadratic_is_that_of_each_time(times: list[float], a: float, b: float, c: float) -> None:
    expected = [a * t**2 + b * t + c for t in times]
    torch.testing.assert_close(f(torch.tensor(times), torch.tensor([a, b, c])), torch.tensor(expected))


def test_the_loss_is_the_mean_of_the_squares() -> None:
    assert mse(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 2.0, 0.0])).item() == pytest.approx(10 / 3)


@given(st.lists(numbers, min_size=1))
def test_perfect_predictions_have_no_loss(speeds: list[float]) -> None:
    assert mse(torch.tensor(speeds), torch.tensor(speeds)).item() == 0


def test_a_step_is_the_learning_rate_times_the_gradient(params: Tensor) -> None:
    loss = mse(f(quadratic_sgd.time, params), quadratic_sgd.speed)
    (gradient,) = torch.autograd.grad(loss, params)
    apply_step(params)
    torch.testing.assert_close(params.detach(), 1 - quadratic_sgd.lr * gradient)


def test_a_step_gives_the_predictions_that_it_began_with(params: Tensor) -> None:
    before = f(quadratic_sgd.time, params).detach()
    assert torch.equal(apply_step(params), before)


def test_steps_do_not_share_their_gradients(params: Tensor) -> None:
    apply_step(params)
    again = params.detach().clone().requires_grad_()
    apply_step(params)
    apply_step(again)
    assert torch.equal(params, again)


def test_the_parameters_stay_the_same_tensor(params: Tensor) -> None:
    address = params.data_ptr()
    apply_step(params)
    assert (params.data_ptr(), params.is_leaf, params.requires_grad, params.grad) == (address, True, True, None)


def test_the_first_loss_is_that_of_the_parameters_as_they_came(params: Tensor) -> None:
    first = mse(f(quadratic_sgd.time, params), quadratic_sgd.speed).item()
    losses = fit(params, 3)
    assert losses[0] == first
    assert len(losses) == 3


def test_no_steps_change_nothing(params: Tensor) -> None:
    assert fit(params, 0) == []
    assert params.tolist() == [1, 1, 1]


def test_the_notebook_s_measurements_and_rate_are_read_when_it_steps(
    params: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quadratic_sgd, "time", torch.zeros(2))
    monkeypatch.setattr(quadratic_sgd, "speed", torch.tensor([3.0, 5.0]))
    monkeypatch.setattr(quadratic_sgd, "lr", 0.5)
    apply_step(params)
    assert params.tolist() == [1, 1, 4]  # at t = 0 only c counts, and half of its gradient leads to the mean


@pytest.mark.parametrize(("rate", "least", "most"), [(lr_too_low, 0.98, 0.999), (lr_good, 0.0, 0.03)])
def test_rates_leave_what_the_lesson_says(
    rate: float, least: float, most: float, params: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quadratic_sgd, "lr", rate)
    losses = fit(params, 11)
    assert least < losses[-1] / losses[0] < most


def test_too_high_a_rate_diverges(params: Tensor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quadratic_sgd, "lr", lr_too_high)
    losses = fit(params, 100)
    assert losses[10] / losses[0] == pytest.approx(2e13, rel=0.2)
    assert not math.isfinite(losses[-1])
