import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from reference.mnist import load
from reference.pixel_similarity import mnist_distance


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


def test_nearest_mean_tells_threes_from_sevens_as_well_as_in_the_book() -> None:
    images, labels = load("train")
    mean_3, mean_7 = ((images[labels == digit] / 255).mean(0) for digit in (3, 7))
    images, labels = load("test")
    threes, sevens = (images[labels == digit] / 255 for digit in (3, 7))

    def is_3(x: torch.Tensor) -> torch.Tensor:
        return mnist_distance(x, mean_3) < mnist_distance(x, mean_7)

    accuracies = (is_3(threes).float().mean().item(), 1 - is_3(sevens).float().mean().item())
    assert accuracies == pytest.approx((0.9168, 0.9854), abs=5e-5)  # printed in the chapter
