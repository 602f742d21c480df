import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from reference.salt import make_salt
from reference.segmentation import blur, dice, iou, rle_decode, rle_encode, train_predictor

sizes = st.shared(st.tuples(st.integers(1, 5), st.integers(1, 5)), key="size")
masks = sizes.flatmap(
    lambda size: st.lists(st.booleans(), min_size=size[0] * size[1], max_size=size[0] * size[1]).map(
        lambda pixels: torch.tensor(pixels).view(size)
    )
)


@given(masks)
def test_decoding_is_the_inverse_of_encoding(mask: Tensor) -> None:
    height, width = mask.shape
    assert torch.equal(rle_decode(rle_encode(mask), (height, width)), mask)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([[0, 1], [1, 1], [1, 0]], "2 4"),
        ([[1, 0, 0], [0, 0, 1]], "1 1 6 1"),
        ([[0, 0]], ""),
        ([[1, 1], [1, 1]], "1 4"),
    ],
)
def test_pixels_are_counted_from_1_down_the_columns(rows: list[list[int]], text: str) -> None:
    mask = torch.tensor(rows).bool()
    assert rle_encode(mask) == text
    assert torch.equal(rle_decode(text, (len(rows), len(rows[0]))), mask)


def test_a_mask_has_101_rows_and_columns_if_nothing_else_is_said() -> None:
    mask = rle_decode("1 3 10 5")
    assert mask.shape == (101, 101)
    assert mask[:, 0].nonzero().flatten().tolist() == [0, 1, 2, 9, 10, 11, 12, 13]
    assert not mask[:, 1:].any()


def test_an_odd_number_of_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        rle_decode("1 3 10")


def test_the_measures_of_a_known_pair() -> None:
    a, b = torch.tensor([True, True, True, False]), torch.tensor([False, True, True, True])
    assert iou(a, b) == 2 / 4
    assert dice(a, b) == pytest.approx(4 / 6)


@given(masks, masks)
def test_the_measures_go_from_0_to_1_and_back_and_forth(a: Tensor, b: Tensor) -> None:
    for measure in (iou, dice):
        assert 0 <= measure(a, b) == measure(b, a) <= 1
        assert measure(a, a) == 1
        assert (measure(a, b) == 1) == torch.equal(a, b)


@given(masks, masks)
def test_each_measure_follows_from_the_other(a: Tensor, b: Tensor) -> None:
    assert dice(a, b) == pytest.approx(2 * iou(a, b) / (1 + iou(a, b)))


def test_two_empty_masks_are_equal_and_an_empty_one_shares_nothing_with_another() -> None:
    empty, full = torch.zeros(2, 2).bool(), torch.ones(2, 2).bool()
    assert (iou(empty, empty), dice(empty, empty)) == (1, 1)
    assert (iou(empty, full), dice(empty, full)) == (0, 0)


def test_blurring_keeps_size_and_brightness_and_takes_most_of_the_noise() -> None:
    image = torch.randint(0, 256, (30, 20), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    blurred = blur(image)
    assert blurred.shape == image.shape
    assert blurred.mean() == pytest.approx(image.float().mean().item(), abs=3)
    assert blurred.std() < image.float().std() / 5


def test_the_predictor_finds_salt_in_images_that_it_has_not_seen() -> None:
    predict_mask = train_predictor(*make_salt(80, 0))
    images, right = make_salt(30, 1)
    reached = sum(iou(predict_mask(image), mask) for image, mask in zip(images, right, strict=True)) / 30
    assert reached > 0.75
