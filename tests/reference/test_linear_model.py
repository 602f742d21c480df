import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from reference import linear_model
from reference.linear_model import init_params, linear1, predict_three, scale_first_weight


@pytest.mark.parametrize(("size", "shape"), [(1, (1,)), ((3,), (3,)), ((28 * 28, 1), (784, 1)), ((2, 3, 4), (2, 3, 4))])
def test_parameters_have_their_shape_and_require_gradients(size: int | tuple[int, ...], shape: tuple[int, ...]) -> None:
    p = init_params(size)
    assert (tuple(p.shape), p.requires_grad, p.is_leaf) == (shape, True, True)


@pytest.mark.parametrize("std", [0.25, 1.0, 3.0])
def test_parameters_are_normal_with_their_deviation(std: float) -> None:
    p = init_params(10_000, std).detach()
    assert p.mean().abs() < 0.1 * std
    assert p.std() == pytest.approx(std, rel=0.1)
    assert 0.63 < (p.abs() < std).float().mean() < 0.73


def test_the_deviation_is_1_unless_told_otherwise() -> None:
    assert init_params(10_000).std().item() == pytest.approx(1, rel=0.1)


def test_parameters_can_be_drawn_again_with_the_seed() -> None:
    draws = []
    for _ in range(2):
        with torch.random.fork_rng():
            torch.manual_seed(3)
            draws.append(init_params((4, 2)))
    assert torch.equal(*draws)
    assert not torch.equal(init_params((4, 2)), init_params((4, 2)))


def test_the_notebooks_parameters_fit_an_image() -> None:
    assert linear1(torch.rand(5, 28 * 28)).shape == (5, 1)


@given(st.integers(1, 5), st.integers(1, 6), st.integers(0, 99))
def test_an_activation_is_the_sum_of_products_and_the_bias(n: int, features: int, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    xb, weights, bias = (
        torch.randint(-4, 5, size, generator=generator) / 2 for size in ((n, features), (features,), (1,))
    )
    expected = [[float(sum(x * w for x, w in zip(row, weights, strict=True)) + bias[0])] for row in xb]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linear_model, "weights", weights[:, None])
        patch.setattr(linear_model, "bias", bias)
        assert linear1(xb).tolist() == expected
        assert predict_three(xb).tolist() == [[a > 0] for (a,) in expected]


def test_another_number_of_features_is_refused() -> None:
    with pytest.raises(RuntimeError):
        linear1(torch.rand(5, 3))


def test_the_books_line_is_refused_where_this_is_not() -> None:
    p = torch.tensor([[2.0], [3.0]], requires_grad=True)
    with pytest.raises(RuntimeError, match="in-place"):
        p[0] *= 1.5
    scale_first_weight(p, 1.5)
    assert p.tolist() == [[3.0], [3.0]]
    assert (p.requires_grad, p.is_leaf) == (True, True)


def test_a_tiny_change_of_a_weight_changes_activations_and_no_prediction(monkeypatch: pytest.MonkeyPatch) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        xb, weights = torch.rand(200, 28 * 28), init_params((28 * 28, 1))
    monkeypatch.setattr(linear_model, "weights", weights)
    before, predicted = linear1(xb), predict_three(xb)

    scale_first_weight(weights, 1.0001)

    assert not torch.equal(linear1(xb), before)
    assert torch.equal(predict_three(xb), predicted)
