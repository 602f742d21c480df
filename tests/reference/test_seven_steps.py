import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from reference.seven_steps import steps, train


def epochs_run(losses: list[float], patience: int) -> int:
    """How many epochs are run if validation gives these losses, one after another."""
    coming = iter(losses)
    given_back = train(
        lambda: 0, lambda p: p, lambda p: p, lambda p: p, lambda p, g: p, lambda p: next(coming), len(losses), patience
    )
    assert given_back == losses[: len(given_back)]
    return len(given_back)


def test_the_steps_are_the_seven_of_the_book() -> None:
    assert steps == ["init", "predict", "loss", "gradient", "step", "repeat", "stop"]


def test_each_part_gets_what_the_one_before_it_made() -> None:
    seen = []
    train(
        lambda: "w",
        lambda params: params + "p",
        lambda preds: preds + "l",
        lambda loss: loss + "g",
        lambda params, grad: f"{params}|{grad}|",
        lambda params: seen.append(params) or 0.0,
        2,
        2,
    )
    assert seen == ["w|wplg|", "w|wplg||w|wplg|plg|"]


@given(st.lists(st.floats(-4, 4), min_size=1, max_size=9), st.integers(1, 4))
def test_it_stops_as_soon_as_so_many_epochs_in_a_row_are_no_better_than_the_best_before(
    losses: list[float], patience: int
) -> None:
    def is_over(n: int) -> bool:
        return n > patience and min(losses[n - patience : n]) >= min(losses[: n - patience])

    expected = next((n for n in range(1, len(losses)) if is_over(n)), len(losses))
    assert epochs_run(losses, patience) == expected


@pytest.mark.parametrize(
    ("losses", "patience", "expected"),
    [([5, 3, 4, 3, 1], 2, 4), ([3, 2, 1], 1, 3), ([1, 1, 0], 1, 2), ([5, 4, 6, 3, 7, 2], 2, 6)],
)
def test_examples_of_when_to_stop(losses: list[float], patience: int, expected: int) -> None:
    assert epochs_run(losses, patience) == expected


def test_it_trains_a_model_of_pytorch() -> None:
    x, y = torch.linspace(-1, 1, 20), 3 * torch.linspace(-1, 1, 20) + 2

    def loss_of(params: torch.Tensor) -> torch.Tensor:
        return ((params[0] * x + params[1] - y) ** 2).mean()

    def gradient(made: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        return torch.autograd.grad(made[1], made[0])[0]

    losses = train(
        lambda: torch.zeros(2, requires_grad=True),
        lambda params: params,
        lambda params: (params, loss_of(params)),
        gradient,
        lambda params, grad: (params - 0.5 * grad).detach().requires_grad_(),
        lambda params: loss_of(params).item(),
        100,
        3,
    )
    assert losses[-1] < 1e-6 < losses[0]
