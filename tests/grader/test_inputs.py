"""What a check's cases are drawn from."""

import pytest
import torch
from hypothesis import find, given
from hypothesis import strategies as st

from grader.inputs import Dim, images, tensors, whole_numbers

N, M = Dim("n"), Dim("m", 2, 9)


@given(tensors(N, 3), tensors(3, M), tensors(N, M))
def test_a_size_is_the_same_wherever_its_name_stands(a, b, c):
    assert (a @ b).shape == c.shape
    assert 1 <= len(a) <= 4
    assert 2 <= b.shape[1] <= 9


@pytest.mark.parametrize("size", [2, 9])
def test_both_ends_of_a_size_are_drawn(size):
    assert find(tensors(M), lambda t: len(t) == size).shape == (size,)


def test_sizes_of_other_names_are_drawn_apart():
    strategy = st.tuples(tensors(N), tensors(Dim("other")))

    assert find(strategy, lambda pair: len(pair[0]) != len(pair[1]))


@pytest.mark.parametrize("dims", [(4,), (20,)], ids=["drawn one by one", "drawn from a seed"])
@pytest.mark.parametrize(("low", "high", "step"), [(-2, 2, 0.25), (0, 1, 0.125), (3, 9, 1), (-9, -3, 0.5)])
def test_elements_are_exact_multiples_within_the_range(dims, low, high, step):
    @given(tensors(*dims, low=low, high=high, step=step))
    def check(tensor):
        levels = (tensor.double() - low) / step

        assert torch.equal(levels, levels.round())
        assert tensor.min() >= low
        assert tensor.max() <= high

    check()


@pytest.mark.parametrize("dims", [(2,), (50,)], ids=["drawn one by one", "drawn from a seed"])
def test_both_ends_of_the_range_are_drawn(dims):
    assert find(tensors(*dims), lambda t: (t == -2).any()).min() == -2
    assert find(tensors(*dims), lambda t: (t == 2).any()).max() == 2


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.uint8])
@pytest.mark.parametrize("size", [3, 30])
def test_elements_are_the_same_numbers_in_every_dtype(dtype, size):
    @given(tensors(size, low=0, high=8, step=1, dtype=dtype))
    def check(tensor):
        assert tensor.dtype == dtype
        assert set(tensor.tolist()) <= set(range(9))

    check()


@pytest.mark.parametrize(
    ("low", "high", "simplest"), [(-2, 2, 0), (0, 1, 0), (1, 3, 1), (-3, -1, -1)], ids=lambda bound: str(bound)
)
def test_the_simplest_element_is_the_one_next_to_zero(low, high, simplest):
    assert find(tensors(2, low=low, high=high), lambda _: True).tolist() == [simplest, simplest]


def test_counterexamples_shrink_to_one_odd_element():
    assert find(tensors(2, 3), lambda t: (t > 1).any()).flatten().tolist() == [0, 0, 0, 0, 0, 1.25]


@given(images(N, 28, 28))
def test_images_are_grey(batch):
    assert batch.shape[1:] == (28, 28)
    assert batch.min() >= 0
    assert batch.max() <= 1
    assert batch.dtype == torch.float32


@given(tensors(0, 3))
def test_a_size_may_be_zero(tensor):
    assert tensor.shape == (0, 3)


@given(tensors())
def test_without_a_size_it_is_a_single_number(tensor):
    assert tensor.shape == ()


@given(whole_numbers(-3, 5, least=1, most=4))
def test_whole_numbers_keep_to_their_limits(numbers):
    assert 1 <= len(numbers) <= 4
    assert all(isinstance(number, int) and -3 <= number <= 5 for number in numbers)


@pytest.mark.parametrize("length", [0, 6])
def test_lists_of_whole_numbers_have_any_length_up_to_the_most(length):
    assert len(find(whole_numbers(), lambda numbers: len(numbers) == length)) == length
