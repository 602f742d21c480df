import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from reference.broadcasting import broadcast_shape, repeat_without_copy, subtract_image

# Few sizes, 1 the most likely, so that about half of the pairs broadcast.
shapes = st.lists(st.sampled_from([1, 1, 1, 0, 2, 3]), max_size=4).map(tuple)


@given(shapes, shapes)
def test_broadcast_shape_agrees_with_torch(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    try:
        expected = tuple(torch.broadcast_shapes(a, b))
    except RuntimeError:
        with pytest.raises(ValueError, match="do not broadcast"):
            broadcast_shape(a, b)
    else:
        assert broadcast_shape(a, b) == expected


@given(shapes, shapes)
def test_tensors_that_meet_have_the_broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    try:
        expected = broadcast_shape(a, b)
    except ValueError:
        return
    assert (torch.zeros(a) + torch.zeros(b)).shape == expected


def test_sizes_that_clash_are_named() -> None:
    with pytest.raises(ValueError, match=r"\(2, 3\) and \(2,\) do not broadcast: 3 against 2"):
        broadcast_shape((2, 3), (2,))


def test_the_image_is_subtracted_from_each_of_the_batch() -> None:
    batch, image = torch.rand(3, 4, 5), torch.rand(4, 5)
    assert torch.equal(subtract_image(batch, image), torch.stack([one - image for one in batch]))


def test_an_image_of_another_size_cannot_be_subtracted() -> None:
    with pytest.raises(RuntimeError):
        subtract_image(torch.zeros(3, 4, 5), torch.zeros(5, 4))


def test_the_repeated_tensor_is_the_same_n_times() -> None:
    t = torch.rand(2, 3)
    assert torch.equal(repeat_without_copy(t, 4), torch.stack([t, t, t, t]))


def test_repeating_takes_no_memory() -> None:
    t = torch.rand(2, 3)
    repeated = repeat_without_copy(t, 4)
    assert repeated.stride(0) == 0
    assert repeated.data_ptr() == t.data_ptr()


def test_a_single_number_can_be_repeated() -> None:
    assert repeat_without_copy(torch.tensor(5), 3).tolist() == [5, 5, 5]
