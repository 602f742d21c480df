"""Broadcasting: how two shapes become one, and what it does not cost.

Write the two shapes under each other, flushed right:

    batch   1010 x 28 x 28
    image          28 x 28
    result  1010 x 28 x 28

In each column the sizes are equal, or one of them is 1 (or missing, which counts as 1) and acts as if it were
repeated. Only as if: the repeated axis is read with a step of 0 in memory, so nothing is copied.

Source: fast.ai book, chapter 4, "Computing Metrics Using Broadcasting".
"""

from itertools import zip_longest

from torch import Tensor


def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of the result when tensors of shapes a and b meet, in an addition for example.

    a, b: sizes of the axes, first to last; the empty tuple is the shape of a single number.
    Returns the common shape. Raises ValueError if there is none.
    Source: fast.ai book, chapter 4, "Computing Metrics Using Broadcasting"; the rule is PyTorch's.
    """
    shape: list[int] = []
    for size_a, size_b in zip_longest(reversed(a), reversed(b), fillvalue=1):
        if size_a != size_b and 1 not in (size_a, size_b):
            raise ValueError(f"{a} and {b} do not broadcast: {size_a} against {size_b}")
        shape.append(size_b if size_a == 1 else size_a)  # not the larger one: 1 against 0 is 0
    return tuple(reversed(shape))


def subtract_image(batch: Tensor, image: Tensor) -> Tensor:
    """Each image of a batch minus the same one image, without a loop.

    batch: (n, h, w) and image: (h, w); float, same units (uint8 has no number below 0 and would wrap around).
    Returns (n, h, w), in those units. Raises RuntimeError if the images' sizes differ.
    Source: fast.ai book, chapter 4, "Computing Metrics Using Broadcasting" (`valid_3_tens - mean3`).
    """
    return batch - image


def repeat_without_copy(t: Tensor, n: int) -> Tensor:
    """What broadcasting makes of a tensor: n times the same, in the memory of one.

    t: (...), any dtype; n: how often, at least 0. Returns (n, ...), a view of t whose first axis has stride 0
    (for n above 1): every row is the same memory, so it is for reading. Raises RuntimeError for a negative n.
    Source: fast.ai book, chapter 4, "Computing Metrics Using Broadcasting" ("PyTorch doesn't actually copy").
    """
    return t.expand(n, *t.shape)
