"""Rank, shape, view and slices: how to say which numbers of a tensor you mean.

A tensor is a row of numbers in memory and a shape to read them by. So most of what is done here moves no
number at all: a view and a slice are other ways to read the same memory, and writing to them writes there.

Source: fast.ai book, chapter 4, "NumPy Arrays and PyTorch Tensors" and the questionnaire.
"""

import torch
from torch import Tensor

# tensor([[1, 2, 3],
#         [4, 5, 6],
#         [7, 8, 9]])
nine: Tensor = torch.arange(1, 10).view(3, 3)


def rank(t: Tensor) -> int:
    """The number of axes: 0 for a single number, 1 for a vector, 2 for a matrix or a grey image.

    t: any shape. Returns the length of its shape, which is not the length of any of its axes.
    Source: fast.ai book, chapter 4, "First Try: Pixel Similarity" ("Rank is the number of axes").
    """
    return len(t.shape)


def shape_of(t: Tensor) -> tuple[int, ...]:
    """The size of each axis, from the first (the slowest in memory) to the last.

    t: any shape. Returns plain ints; the empty tuple for a single number.
    Source: fast.ai book, chapter 4, "First Try: Pixel Similarity" ("shape is the size of each axis").
    """
    return tuple(t.shape)


def flatten_images(images: Tensor) -> Tensor:
    """Each image as one row of pixels, the form that a linear layer takes.

    images: (n, h, w), any dtype. Returns (n, h * w): a view where the memory allows one, otherwise a copy.
    Unlike `images.view(-1, h * w)` it needs no h and w, and no memory in order: a transposed batch will do.
    Raises IndexError for a tensor of rank 0.
    Source: fast.ai book, chapter 4, "The MNIST Loss Function".
    """
    return images.flatten(start_dim=1)


def double_corner(t: Tensor) -> Tensor:
    """The bottom-right 2x2 of a matrix, doubled.

    t: (h, w). Negative indices count from the end, so the size needs not be known.
    Returns a new (2, 2), smaller if t is; t is left as it was. Raises IndexError for a rank below 2.
    Source: fast.ai book, chapter 4, questionnaire ("Double it. Select the bottom-right four numbers.").
    """
    return t[-2:, -2:] * 2
