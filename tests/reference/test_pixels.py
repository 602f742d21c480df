import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from reference.pixels import as_array, as_tensor, channels_first, crop, invert, pixel_difference

COLOUR = torch.arange(24, dtype=torch.uint8).view(2, 4, 3)


@pytest.mark.parametrize(("mode", "shape"), [("L", (2, 5)), ("RGB", (2, 5, 3))])
def test_rows_come_first_and_channels_last(mode: str, shape: tuple[int, ...]) -> None:
    image = Image.new(mode, size=(5, 2))
    assert as_array(image).shape == tuple(as_tensor(image).shape) == shape
    assert (as_array(image).dtype, as_tensor(image).dtype) == ("uint8", torch.uint8)


def test_a_pixel_is_found_at_its_row_and_column() -> None:
    image = Image.new("L", (5, 2))
    image.putpixel((3, 1), 200)
    assert as_array(image)[1, 3] == as_tensor(image)[1, 3] == as_array(image).sum() == 200


def test_pixels_can_be_changed_without_the_image() -> None:
    image = Image.new("L", (1, 1))
    as_array(image)[0, 0] = 7
    as_tensor(image)[0, 0] = 7
    assert image.getpixel((0, 0)) == 0


def test_each_channel_becomes_an_image_of_its_own() -> None:
    assert channels_first(COLOUR).tolist() == [COLOUR[:, :, channel].tolist() for channel in range(3)]


def test_the_books_crop_has_six_rows_and_columns() -> None:
    image = torch.arange(28 * 28).view(28, 28)
    assert crop(image, 4, 10, 4, 10).shape == (6, 6)
    assert crop(image, 4, 10, 5, 7)[0].tolist() == [4 * 28 + 5, 4 * 28 + 6]


def test_a_crop_of_a_colour_image_keeps_its_channels() -> None:
    assert crop(COLOUR, 1, 2, 1, 3).tolist() == [COLOUR[1, 1:3].tolist()]


@given(st.lists(st.integers(0, 255), min_size=1))
def test_the_negative_of_the_negative_is_the_image(pixels: list[int]) -> None:
    image = torch.tensor(pixels, dtype=torch.uint8)
    assert invert(image).tolist() == [255 - pixel for pixel in pixels]
    assert invert(image).dtype == torch.uint8
    assert torch.equal(invert(invert(image)), image)


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 255)), min_size=1))
def test_a_difference_of_bytes_does_not_go_round(pairs: list[tuple[int, int]]) -> None:
    a, b = torch.tensor(pairs, dtype=torch.uint8).unbind(1)
    assert pixel_difference(a, b).tolist() == [x - y for x, y in pairs]
