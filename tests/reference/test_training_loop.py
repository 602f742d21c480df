import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from reference import training_loop
from reference.sgd import mnist_loss
from reference.training_loop import batch_accuracy, calc_fresh_grad, calc_grad, validate_epoch

X, Y = torch.tensor([[1.0, -2.0, 0.5], [0.25, 1.0, -1.0]]), torch.tensor([[1], [0]])


def test_the_gradient_is_doubled_after_two_equal_batches() -> None:
    model = nn.Linear(3, 1)
    calc_grad(X, Y, model)
    once = gradients(model)
    calc_grad(X, Y, model)
    torch.testing.assert_close(gradients(model), [2 * gradient for gradient in once])


def test_the_fresh_gradient_is_that_of_the_last_batch_alone() -> None:
    model = nn.Linear(3, 1)
    params = list(model.parameters())
    expected = torch.autograd.grad(mnist_loss(model(X), Y), params)
    for xb, yb in [(X + 1, 1 - Y), (X, Y), (X, Y)]:
        calc_fresh_grad(xb, yb, model, params)
    torch.testing.assert_close(gradients(model), list(expected))


@given(st.lists(st.tuples(st.floats(-30, 30, width=32), st.integers(0, 1)), min_size=1))
def test_accuracy_is_the_share_of_activations_on_their_side_of_0(pairs: list[tuple[float, int]]) -> None:
    # Smaller ones have a sigmoid that float32 can't tell from 0.5.
    pairs = [(x if abs(x) > 1e-3 else 0.0, target) for x, target in pairs]
    xb, yb = (torch.tensor(column)[:, None] for column in zip(*pairs, strict=True))
    right = sum((x > 0) == bool(target) for x, target in pairs)
    assert batch_accuracy(xb, yb).item() == pytest.approx(right / len(pairs), abs=1e-6)


def test_a_small_positive_activation_counts_as_a_1() -> None:
    assert batch_accuracy(torch.tensor([[0.3], [0.0], [-0.3]]), torch.tensor([[1], [0], [0]])) == 1


def test_targets_in_a_row_are_compared_with_all_activations() -> None:
    xb = torch.tensor([[1.0], [-1.0]])
    assert batch_accuracy(xb, torch.tensor([[1], [0]])) == 1
    assert batch_accuracy(xb, torch.tensor([1, 0])) == 0.5


def test_validation_gives_the_mean_of_the_batches_rounded(monkeypatch: pytest.MonkeyPatch) -> None:
    ones = torch.ones(3, 1)
    batches = [(ones, torch.tensor([[1], [1], [0]])), (ones, torch.tensor([[1], [1], [0]])), (ones[:1], ones[:1])]
    monkeypatch.setattr(training_loop, "valid_dl", batches)
    assert validate_epoch(lambda xb: xb) == 0.7778
    assert validate_epoch(lambda xb: -xb) == 0.2222


def test_validation_takes_the_order_of_the_items_as_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    model, x, y = nn.Linear(3, 1), torch.randn(8, 3), torch.tensor([0, 1] * 4)[:, None]
    order = torch.randperm(8)
    accuracies = []
    for xs, ys in [(x, y), (x[order], y[order])]:
        monkeypatch.setattr(training_loop, "valid_dl", list(zip(xs.split(4), ys.split(4), strict=True)))
        accuracies.append(validate_epoch(model))
    assert accuracies[0] == accuracies[1]


def gradients(model: nn.Module) -> list[Tensor]:
    return [p.grad.clone() for p in model.parameters() if p.grad is not None]
