"""The baseline: how far is an image from the ideal 3, pixel by pixel?

The ideal 3 is the mean of all 3s: each pixel is as dark as it is on the average. A digit is a 3 if it is nearer to
the ideal 3 than to the ideal 7. That needs no learning and gets about 95 % right, which is the number to beat.

How far two images are apart is a mean over their pixels: of the absolute differences (L1), or of their squares,
of which the root is taken at the end (L2). Without a mean or root the two are norms in the mathematical sense.

Source: fast.ai book, chapter 4, "First Try: Pixel Similarity" and "Computing Metrics Using Broadcasting".
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def stack_digits(images: list[Tensor]) -> Tensor:
    """Images as one tensor that can be calculated with.

    images: n >= 1 tensors (h, w), uint8, 0 to 255. Returns (n, h, w), float32, 0 to 1.
    Raises RuntimeError if there are none, or if their sizes differ.
    Source: fast.ai book, chapter 4, "First Try: Pixel Similarity" (`torch.stack(seven_tensors).float()/255`).
    """
    return torch.stack(images).float() / 255


def mean_digit(stack: Tensor) -> Tensor:
    """The mean image: the ideal digit, if all images show the same one.

    stack: (n, h, w), float. Returns (h, w): for each pixel its mean over the images, in the units of the stack.
    Source: fast.ai book, chapter 4, "First Try: Pixel Similarity" (`stacked_threes.mean(0)`).
    """
    return stack.mean(0)


def l1_distance(a: Tensor, b: Tensor) -> Tensor:
    """Mean absolute difference of two images.

    a, b: the same shape, float. Returns a tensor of rank 0, in their units.
    Source: fast.ai book, chapter 4, "First Try: Pixel Similarity" (`dist_3_abs`).
    """
    return (a - b).abs().mean()


def mean_squared_error(a: Tensor, b: Tensor) -> Tensor:
    """Mean squared error of two images: large differences count more than many small ones.

    a, b: the same shape, float. Returns a tensor of rank 0, in their units squared.
    Source: fast.ai book, chapter 4, "First Try: Pixel Similarity".
    """
    return ((a - b) ** 2).mean()


def rmse(a: Tensor, b: Tensor) -> Tensor:
    """Root of the mean squared error: the square comes first, then the mean, and the root last.

    a, b: the same shape, float. Returns a tensor of rank 0, in their units. It is never less than the L1 distance.
    Source: fast.ai book, chapter 4, "First Try: Pixel Similarity" (`dist_3_sqr`).
    """
    return mean_squared_error(a, b).sqrt()


def torch_l1(a: Tensor, b: Tensor) -> Tensor:
    """`l1_distance`, as PyTorch has it.

    Source: fast.ai book, chapter 4, "First Try: Pixel Similarity" (`F.l1_loss`).
    """
    return F.l1_loss(a, b)


def torch_rmse(a: Tensor, b: Tensor) -> Tensor:
    """`rmse`, with PyTorch's mean squared error, which leaves the root to you.

    Source: fast.ai book, chapter 4, "First Try: Pixel Similarity" (`F.mse_loss(a_3, mean7).sqrt()`).
    """
    return F.mse_loss(a, b).sqrt()


def mnist_distance(a: Tensor, b: Tensor) -> Tensor:
    """Mean absolute difference of images over their last two axes (the chapter's L1 distance).

    a: (..., h, w) and b: (..., h, w), any shapes that broadcast; float, same units.
    Returns (...): one distance per image, in those units. Raises RuntimeError if they don't broadcast.
    Source: fast.ai book, chapter 4, "Computing Metrics Using Broadcasting".
    """
    return (a - b).abs().mean((-1, -2))


def is_3(x: Tensor, mean3: Tensor, mean7: Tensor) -> Tensor:
    """Whether images are nearer to the ideal 3 than to the ideal 7.

    x: (..., h, w), one image or many; mean3, mean7: (h, w); float, same units.
    Returns booleans (...): one for each image; False where both are equally near.
    Source: fast.ai book, chapter 4, "Computing Metrics Using Broadcasting".
    """
    return mnist_distance(x, mean3) < mnist_distance(x, mean7)


def baseline_accuracy(threes: Tensor, sevens: Tensor, mean3: Tensor, mean7: Tensor) -> Tensor:
    """The mean of two shares: of the 3s that are taken for 3s, and of the 7s that are not.

    threes: (n, h, w); sevens: (m, h, w), n and m may differ; mean3, mean7: (h, w). Returns a tensor of rank 0,
    from 0 to 1. Both digits count alike, however many images of each there are.
    Source: fast.ai book, chapter 4, "Computing Metrics Using Broadcasting" (0.9511 on the validation set).
    """
    accuracy_3s = is_3(threes, mean3, mean7).float().mean()
    accuracy_7s = 1 - is_3(sevens, mean3, mean7).float().mean()
    return (accuracy_3s + accuracy_7s) / 2
