import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from reference import simple_net as module
from reference.simple_net import make_net, merge_linear, relu, simple_net

seeds, sizes = st.integers(0, 99), st.integers(1, 5)


@given(seeds, st.lists(sizes, max_size=3))
def test_relu_is_pytorchs(seed: int, shape: list[int]) -> None:
    (x,) = random(seed, tuple(shape))
    assert torch.equal(relu(x), F.relu(x))


def test_relu_leaves_its_argument_alone() -> None:
    x = torch.tensor([-1.0, 2.0])
    assert relu(x).tolist() == [0.0, 2.0]
    assert x.tolist() == [-1.0, 2.0]


def test_gradients_go_through_relu_above_0_only() -> None:
    x = torch.tensor([-1.0, 2.0, 0.5], requires_grad=True)
    relu(x).sum().backward()
    assert x.grad is not None
    assert x.grad.tolist() == [0.0, 1.0, 1.0]


def test_the_notebooks_parameters_are_those_of_the_chapter() -> None:
    parameters = (module.w1, module.b1, module.w2, module.b2)
    assert [tuple(p.shape) for p in parameters] == [(784, 30), (30,), (30, 1), (1,)]
    assert all(p.requires_grad and p.is_leaf for p in parameters)
    assert simple_net(torch.rand(5, 784)).shape == (5, 1)


@given(seeds, sizes, sizes, sizes)
def test_the_modules_compute_the_same_network(seed: int, n: int, features: int, hidden: int) -> None:
    xb, w1, b1, w2, b2 = random(seed, (n, features), (features, hidden), (hidden,), (hidden, 1), (1,))
    net = make_net(features, hidden, 1)
    for p, values in zip(net.parameters(), (w1.T, b1, w2.T, b2), strict=True):
        p.data = values
    with pytest.MonkeyPatch.context() as patch:
        for name, values in {"w1": w1, "b1": b1, "w2": w2, "b2": b2}.items():
            patch.setattr(module, name, values)
        torch.testing.assert_close(simple_net(xb), net(xb))


def test_the_chapters_network_has_23_581_parameters() -> None:
    assert sum(p.numel() for p in make_net(28 * 28, 30, 1).parameters()) == 784 * 30 + 30 + 30 + 1 == 23_581


@given(seeds, sizes, sizes, sizes, sizes)
def test_two_linear_layers_are_one(seed: int, n: int, features: int, hidden: int, outputs: int) -> None:
    x, w1, b1, w2, b2 = random(seed, (n, features), (features, hidden), (hidden,), (hidden, outputs), (outputs,))
    w, b = merge_linear(w1, b1, w2, b2)
    assert (w.shape, b.shape) == ((features, outputs), (outputs,))
    torch.testing.assert_close(x @ w + b, (x @ w1 + b1) @ w2 + b2)


def test_with_relu_between_them_they_are_not() -> None:
    # The absolute value, which no linear layer computes: |x| is relu(x) + relu(-x).
    w1, b1, w2, b2 = torch.tensor([[1.0, -1.0]]), torch.zeros(2), torch.ones(2, 1), torch.zeros(1)
    x = torch.tensor([[-2.0], [3.0]])
    w, b = merge_linear(w1, b1, w2, b2)
    assert (relu(x @ w1 + b1) @ w2 + b2).tolist() == [[2.0], [3.0]]
    assert (x @ w + b).tolist() == [[0.0], [0.0]]


def random(seed: int, *shapes: tuple[int, ...]) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator) for shape in shapes]
