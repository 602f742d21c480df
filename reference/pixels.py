"""Pixels: an image is an array of numbers, and what can be done to an image is arithmetic.

A grey image has one number for each pixel and two axes: rows from the top, columns from the left. A colour image
has three numbers for each pixel, for red, green and blue; as Pillow gives it they are the last axis, as
PyTorch's layers take it they are the first. The numbers are bytes, `uint8`: whole, from 0 to 255.

What 0 and 255 look like is a convention. For a screen 255 is full light, white. In MNIST's files 0 is the
background and 255 the ink: Pillow shows them as white ink on black, and the book, which colours its tables and
plots with the reversed map "Greys", as black ink on white. The numbers are the same.

Source: fast.ai book, chapter 4, "Pixels: The Foundations of Computer Vision".
"""

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor


def as_array(image: Image.Image) -> npt.NDArray[np.uint8]:
    """The pixels of a Pillow image as a numpy array.

    image: of mode "L" (grey) or "RGB", w pixels wide and h high: its `size` is (w, h).
    Returns (h, w) for a grey image and (h, w, 3) for a colour image; uint8, 0 to 255; a copy of its own.
    Source: fast.ai book, chapter 4, "Pixels: The Foundations of Computer Vision".
    """
    return np.array(image)


def as_tensor(image: Image.Image) -> Tensor:
    """The pixels of a Pillow image as a tensor: shape and numbers as `as_array` gives them.

    Source: fast.ai book, chapter 4, "Pixels: The Foundations of Computer Vision".
    """
    return torch.from_numpy(as_array(image))


def channels_first(pixels: Tensor) -> Tensor:
    """A colour image with its channels as the first axis: a red, a green and a blue image.

    pixels: (h, w, 3), any dtype. Returns (3, h, w): a view, the axes are only read in another order.
    Source: fast.ai book, chapter 4, questionnaire ("How about a color image?"); the order is that of nn.Conv2d.
    """
    return pixels.permute(2, 0, 1)


def crop(pixels: Tensor, top: int, bottom: int, left: int, right: int) -> Tensor:
    """The rows from `top` and the columns from `left`, up to `bottom` and `right`, which don't belong to it.

    pixels: (h, w), or (h, w, channels). Returns (bottom - top, right - left), with the channels if there are any:
    a view. A limit beyond the edge is taken for the edge.
    Source: fast.ai book, chapter 4, "Pixels: The Foundations of Computer Vision" (`[4:10, 4:10]`).
    """
    return pixels[top:bottom, left:right]


def invert(pixels: Tensor) -> Tensor:
    """The negative of an image: light becomes dark.

    pixels: any shape, uint8, 0 to 255. Returns the same shape and dtype: 255 becomes 0, and 0 becomes 255.
    Source: fast.ai book, chapter 4, "Pixels: The Foundations of Computer Vision" (0 white, 255 black).
    """
    return 255 - pixels


def pixel_difference(a: Tensor, b: Tensor) -> Tensor:
    """By how much each pixel of `a` is lighter than the one of `b`.

    a, b: the same shape, uint8. Returns int32, -255 to 255. Bytes have no negative numbers: subtracted as they
    are, 0 - 1 would be 255. So they become another type first; the chapter makes floats of them.
    Source: fast.ai book, chapter 4, "First Try: Pixel Similarity" (`.float()` before any arithmetic).
    """
    return a.int() - b
