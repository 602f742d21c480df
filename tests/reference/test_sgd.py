import pytest
import torch
from torch import Tensor, nn

from reference import sgd
from reference.sgd import calc_grad, mnist_loss, sgd_step, train_epoch


def test_gradients_are_those_of_the_loss() -> None:
    model, x, y = nn.Linear(3, 1), torch.rand(5, 3), torch.tensor([0, 1, 1, 0, 1])[:, None]
    expected = torch.autograd.grad(mnist_loss(model(x), y), model.weight)[0]
    calc_grad(x, y, model)
    assert torch.equal(gradient(model.weight), expected)


def test_gradients_add_up_until_they_are_zeroed() -> None:
    model, x, y = nn.Linear(3, 1), torch.rand(5, 3), torch.ones(5, 1)
    calc_grad(x, y, model)
    once = gradient(model.weight).clone()
    calc_grad(x, y, model)
    torch.testing.assert_close(model.weight.grad, 2 * once)


def test_a_step_goes_against_the_gradient() -> None:
    p = parameter([1.0, 2.0], grad=[10.0, -10.0])
    sgd_step([p], lr=0.1)
    assert p.tolist() == [0.0, 3.0]


def test_a_step_sets_the_gradient_to_zero() -> None:
    p = parameter([1.0], grad=[10.0])
    sgd_step([p], lr=0.1)
    assert gradient(p).tolist() == [0.0]


def test_a_step_changes_the_parameter_in_place() -> None:
    p = parameter([1.0], grad=[10.0])
    address = p.data_ptr()
    sgd_step([p], lr=0.1)
    assert (p.data_ptr(), p.is_leaf, p.requires_grad) == (address, True, True)


def test_a_step_goes_through_a_generator() -> None:
    ps = [parameter([1.0], grad=[1.0]), parameter([2.0], grad=[1.0])]
    sgd_step((p for p in ps), lr=1.0)
    assert [p.item() for p in ps] == [0.0, 1.0]


def test_a_parameter_without_a_gradient_is_refused() -> None:
    with pytest.raises(TypeError):
        sgd_step([torch.tensor([1.0], requires_grad=True)], lr=1.0)


def test_an_epoch_is_a_step_for_each_batch_of_the_global_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    batches = [(torch.rand(4, 3), torch.ones(4, 1)), (torch.rand(2, 3), torch.zeros(2, 1))]
    model, expected = nn.Linear(3, 1), nn.Linear(3, 1)
    expected.load_state_dict(model.state_dict())
    monkeypatch.setattr(sgd, "dl", batches)

    train_epoch(model, 0.5, list(model.parameters()))

    optimizer = torch.optim.SGD(expected.parameters(), lr=0.5)
    for x, y in batches:
        optimizer.zero_grad()
        mnist_loss(expected(x), y).backward()
        optimizer.step()
    torch.testing.assert_close(model.state_dict(), expected.state_dict())


def parameter(values: list[float], grad: list[float]) -> Tensor:
    p = torch.tensor(values, requires_grad=True)
    p.grad = torch.tensor(grad)
    return p


def gradient(p: Tensor) -> Tensor:
    assert p.grad is not None
    return p.grad
