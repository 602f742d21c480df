"""The baseline: how far is an image from the ideal 3, pixel by pixel?

A digit is a 3 if it is nearer to the mean of all 3s than to the mean of all 7s. That needs no learning and
gets about 95 % right, which is the number to beat.

Source: fast.ai book, chapter 4, "First Try: Pixel Similarity".
"""

from torch import Tensor


def mnist_distance(a: Tensor, b: Tensor) -> Tensor:
    """Mean absolute difference of images over their last two axes (the chapter's L1 distance).

    a: (..., h, w) and b: (..., h, w), any shapes that broadcast; float, same units.
    Returns (...): one distance per image, in those units. Raises RuntimeError if they don't broadcast.
    Source: fast.ai book, chapter 4, "Computing Metrics Using Broadcasting".
    """
    return (a - b).abs().mean((-1, -2))
