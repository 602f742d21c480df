import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from reference.gradients import gradient_of, numeric_gradient

values = st.lists(st.floats(-4, 4, width=32), min_size=1, max_size=5)


def square(x: Tensor) -> Tensor:
    return x**2


def test_the_book_s_quadratic_has_the_gradient_6_at_3() -> None:
    assert gradient_of(square, torch.tensor(3.0)).item() == 6


def test_a_vector_has_a_gradient_for_each_value() -> None:
    assert gradient_of(square, torch.tensor([3.0, 4.0, 10.0])).tolist() == [6, 8, 20]


@given(values)
def test_a_sum_makes_no_difference(numbers: list[float]) -> None:
    x = torch.tensor(numbers)
    assert torch.equal(gradient_of(square, x), gradient_of(lambda x: square(x).sum(), x))


@given(values)
def test_x_stays_as_it_is(numbers: list[float]) -> None:
    x = torch.tensor(numbers)
    gradient_of(square, x)
    numeric_gradient(square, x, 0.5)
    assert (x.tolist(), x.requires_grad, x.grad) == (numbers, False, None)


def test_a_tensor_of_any_rank_has_a_gradient_for_each_element() -> None:
    x = torch.rand(2, 3)
    torch.testing.assert_close(gradient_of(square, x), 2 * x)


def test_a_function_that_ignores_x_has_no_gradient() -> None:
    with pytest.raises(RuntimeError):
        gradient_of(lambda x: torch.ones(2), torch.ones(2))


@given(values)
def test_both_sides_are_exact_for_a_quadratic(numbers: list[float]) -> None:
    x = torch.tensor(numbers)
    torch.testing.assert_close(numeric_gradient(square, x, 0.5), gradient_of(square, x), atol=1e-4, rtol=1e-4)


@given(values)
def test_on_a_cubic_both_sides_are_off_by_h_squared(numbers: list[float]) -> None:
    x = torch.tensor(numbers)
    found = numeric_gradient(lambda x: x**3, x, 0.5)
    torch.testing.assert_close(found, gradient_of(lambda x: x**3, x) + 0.25, atol=1e-3, rtol=1e-4)


@pytest.mark.parametrize("shape", [(), (1,), (3,)])
def test_gradients_have_the_shape_of_x(shape: tuple[int, ...]) -> None:
    x = torch.rand(shape)
    assert gradient_of(torch.sin, x).shape == numeric_gradient(torch.sin, x, 0.1).shape == shape


def test_values_that_depend_on_each_other_are_moved_one_by_one() -> None:
    x = torch.tensor([1.0, 2.0, 4.0])
    assert numeric_gradient(torch.prod, x, 1.0).tolist() == gradient_of(torch.prod, x).tolist() == [8, 4, 2]
