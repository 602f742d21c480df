import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from reference.mnist import load
from reference.pixel_similarity import (
    baseline_accuracy,
    is_3,
    l1_distance,
    mean_digit,
    mean_squared_error,
    mnist_distance,
    rmse,
    stack_digits,
    torch_l1,
    torch_rmse,
)

BYTES = [torch.tensor([[0, 51], [255, 0]], dtype=torch.uint8), torch.tensor([[255, 0], [255, 0]], dtype=torch.uint8)]


def test_bytes_become_floats_from_0_to_1() -> None:
    stack = stack_digits(BYTES)
    assert stack.dtype == torch.float32
    assert stack.tolist() == [[[0, pytest.approx(0.2)], [1, 0]], [[1, 0], [1, 0]]]


def test_images_of_different_sizes_are_not_stacked() -> None:
    with pytest.raises(RuntimeError):
        stack_digits([torch.zeros(2, 2), torch.zeros(2, 3)])


def test_the_mean_image_has_the_mean_of_each_pixel() -> None:
    assert mean_digit(stack_digits(BYTES)).tolist() == [[0.5, pytest.approx(0.1)], [1, 0]]


@given(pixels=st.lists(st.tuples(st.integers(-8, 8), st.integers(-8, 8)), min_size=1, max_size=12))
def test_distances_agree_with_plain_loops_and_with_pytorch(pixels: list[tuple[int, int]]) -> None:
    a, b = torch.tensor(pixels).float().unbind(1)
    absolute = sum(abs(x - y) for x, y in pixels) / len(pixels)
    square = sum((x - y) ** 2 for x, y in pixels) / len(pixels)
    assert float(l1_distance(a, b)) == float(torch_l1(a, b)) == pytest.approx(absolute)
    assert float(mean_squared_error(a, b)) == pytest.approx(square)
    assert float(rmse(a, b)) == float(torch_rmse(a, b)) == pytest.approx(square**0.5)
    assert float(rmse(a, b)) >= float(l1_distance(a, b)) - 1e-5


@given(n=st.integers(1, 3), h=st.integers(1, 4), w=st.integers(1, 4), seed=st.integers(0, 2**32))
def test_distance_agrees_with_plain_loops(n: int, h: int, w: int, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    batch, image = torch.randn(n, h, w, generator=generator), torch.randn(h, w, generator=generator)
    pixels = [(row, column) for row in range(h) for column in range(w)]
    expected = [sum(abs(float(one[p]) - float(image[p])) for p in pixels) / (h * w) for one in batch]
    assert mnist_distance(batch, image).tolist() == pytest.approx(expected, abs=1e-5)


def test_two_images_have_one_distance() -> None:
    assert mnist_distance(torch.zeros(28, 28), torch.ones(28, 28)).shape == ()


def test_the_distance_is_the_same_in_both_directions() -> None:
    a, b = torch.rand(3, 28, 28), torch.rand(3, 28, 28)
    assert torch.equal(mnist_distance(a, b), mnist_distance(b, a))


def test_images_that_do_not_broadcast_are_refused() -> None:
    with pytest.raises(RuntimeError):
        mnist_distance(torch.zeros(2, 28, 28), torch.zeros(3, 28, 28))


def test_an_image_as_near_to_both_is_no_3() -> None:
    assert is_3(torch.tensor([[[0.5]], [[0.25]]]), torch.zeros(1, 1), torch.ones(1, 1)).tolist() == [False, True]


def test_both_digits_count_alike_in_the_accuracy() -> None:
    mean3, mean7 = torch.zeros(1, 1), torch.ones(1, 1)
    threes, sevens = torch.tensor([0.0]).view(1, 1, 1), torch.tensor([0.0, 1.0, 1.0, 1.0]).view(4, 1, 1)
    assert float(baseline_accuracy(threes, sevens, mean3, mean7)) == (1 + 0.75) / 2


def test_nearest_mean_tells_threes_from_sevens_as_well_as_in_the_book() -> None:
    images, labels = load("train")
    means = [mean_digit(stack_digits(list(images[labels == digit]))) for digit in (3, 7)]
    images, labels = load("test")
    threes, sevens = (stack_digits(list(images[labels == digit])) for digit in (3, 7))

    accuracies = (is_3(threes, *means).float().mean().item(), 1 - is_3(sevens, *means).float().mean().item())

    assert accuracies == pytest.approx((0.9168, 0.9854), abs=5e-5)  # printed in the chapter
    assert float(baseline_accuracy(threes, sevens, *means)) == pytest.approx(0.9511, abs=5e-5)


def test_distances_of_the_chapters_3_are_those_that_it_prints() -> None:
    images, labels = load("train")
    mean3, mean7 = (mean_digit(stack_digits(list(images[labels == digit]))) for digit in (3, 7))
    a_3 = images[10_000].float() / 255  # the second of the sorted files, 3/10000.png
    assert (float(l1_distance(a_3, mean3)), float(rmse(a_3, mean3))) == pytest.approx((0.1114, 0.2021), abs=5e-5)
    assert (float(torch_l1(a_3, mean7)), float(torch_rmse(a_3, mean7))) == pytest.approx((0.1586, 0.3021), abs=5e-5)
