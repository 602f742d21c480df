import copy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from reference.optimizer import BasicOptim, linear_model, train_model
from reference.sgd import calc_grad


@given(st.integers(0, 99), st.sampled_from([0.0, 0.1, 1.0, 5.0]), st.integers(1, 3))
def test_it_agrees_with_pytorchs(seed: int, lr: float, steps: int) -> None:
    x, y = batch(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        ours = nn.Linear(3, 1)
    theirs = copy.deepcopy(ours)
    for model, opt in ((ours, BasicOptim(ours.parameters(), lr)), (theirs, torch.optim.SGD(theirs.parameters(), lr))):
        for _ in range(steps):
            calc_grad(x, y, model)
            opt.step()
            opt.zero_grad()
    torch.testing.assert_close(ours.state_dict(), theirs.state_dict())


def test_a_step_leaves_the_gradient() -> None:
    p = parameter([1.0, 2.0], grad=[10.0, -10.0])
    opt = BasicOptim([p], lr=0.1)
    opt.step()
    assert p.grad is not None
    assert p.grad.tolist() == [10.0, -10.0]
    opt.step()
    assert p.tolist() == [-1.0, 4.0]


def test_a_step_changes_the_parameter_in_place() -> None:
    p = parameter([1.0], grad=[10.0])
    address = p.data_ptr()
    BasicOptim([p], lr=0.1).step()
    assert (p.data_ptr(), p.is_leaf, p.requires_grad) == (address, True, True)


def test_gradients_are_forgotten_and_parameters_are_not() -> None:
    p = parameter([1.0], grad=[10.0])
    opt = BasicOptim([p], lr=0.1)
    opt.zero_grad()
    opt.zero_grad()
    assert p.grad is None
    assert p.tolist() == [1.0]


def test_parameters_from_a_generator_are_kept() -> None:
    ps = [parameter([1.0], grad=[1.0]), parameter([2.0], grad=[1.0])]
    opt = BasicOptim((p for p in ps), lr=1.0)
    opt.step()
    opt.step()
    opt.zero_grad()
    assert [p.item() for p in ps] == [-1.0, 0.0]
    assert [p.grad for p in ps] == [None, None]


def test_a_parameter_without_a_gradient_is_refused() -> None:
    with pytest.raises(TypeError):
        BasicOptim([torch.ones(1, requires_grad=True)], lr=1.0).step()


def test_the_linear_model_has_a_weight_for_each_pixel_and_a_bias() -> None:
    assert [tuple(p.shape) for p in linear_model.parameters()] == [(1, 784), (1,)]


def test_a_training_is_a_step_for_each_batch_of_each_epoch() -> None:
    batches = [batch(seed) for seed in range(3)]
    model = nn.Linear(3, 1)
    expected = copy.deepcopy(model)

    train_model(model, batches, BasicOptim(model.parameters(), 0.5), epochs=2)

    optimizer = torch.optim.SGD(expected.parameters(), lr=0.5)
    for x, y in batches * 2:
        optimizer.zero_grad()
        calc_grad(x, y, expected)
        optimizer.step()
    torch.testing.assert_close(model.state_dict(), expected.state_dict())


def test_a_training_finds_the_sum_above_0() -> None:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        x, model = torch.randn(200, 2), nn.Linear(2, 1)
    y = (x.sum(1, keepdim=True) > 0).long()
    train_model(model, list(zip(x.split(20), y.split(20), strict=True)), BasicOptim(model.parameters(), 1.0), epochs=20)
    assert ((model(x) > 0) == y).float().mean() > 0.95


def batch(seed: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(4, 3, generator=generator), torch.randint(0, 2, (4, 1), generator=generator)


def parameter(values: list[float], grad: list[float]) -> Tensor:
    p = torch.tensor(values, requires_grad=True)
    p.grad = torch.tensor(grad)
    return p
