import pytest
import torch

from reference.tensors import double_corner, flatten_images, nine, rank, shape_of

SHAPES = [(), (4,), (2, 3), (5, 28, 28), (0, 2)]


@pytest.mark.parametrize("shape", SHAPES)
def test_rank_counts_the_axes(shape: tuple[int, ...]) -> None:
    assert rank(torch.zeros(shape)) == len(shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_shape_is_a_plain_tuple_of_the_sizes(shape: tuple[int, ...]) -> None:
    result = shape_of(torch.zeros(shape))
    assert result == shape
    assert type(result) is tuple


def test_flattened_images_are_rows_of_their_pixels() -> None:
    images = torch.arange(12).view(2, 2, 3)
    assert flatten_images(images).tolist() == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]


def test_flattening_shares_the_memory_of_the_images() -> None:
    images = torch.zeros(2, 3, 3)
    flatten_images(images)[1, 8] = 7
    assert images[1, 2, 2] == 7


def test_transposed_images_are_flattened_in_the_order_seen() -> None:
    images = torch.arange(4).view(1, 2, 2).transpose(1, 2)
    assert flatten_images(images).tolist() == [[0, 2, 1, 3]]


def test_no_images_flatten_to_no_rows_of_the_same_width() -> None:
    assert flatten_images(torch.zeros(0, 28, 28)).shape == (0, 784)


def test_nine_holds_one_to_nine_row_by_row() -> None:
    assert nine.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


def test_the_bottom_right_corner_of_nine_is_doubled() -> None:
    assert double_corner(nine).tolist() == [[10, 12], [16, 18]]


def test_the_corner_of_a_wide_matrix_is_its_last_rows_and_columns() -> None:
    assert double_corner(torch.arange(20).view(4, 5)).tolist() == [[26, 28], [36, 38]]


def test_doubling_the_corner_leaves_the_matrix_as_it_was() -> None:
    matrix = torch.ones(3, 3)
    double_corner(matrix)
    assert torch.equal(matrix, torch.ones(3, 3))
