"""Segmentation: not what an image shows, but where. The answer is a mask, true or false for each pixel.

A mask has long runs of equal pixels, so it is kept as runs. Two masks are compared by what they share: the share of
equal pixels would say that an empty mask is nearly right wherever there is little to find.

Source: fast.ai book, chapter 1, "Deep Learning Is Not Just for Image Classification" (segmentation); the measures
and the format are those of the TGS salt data set (kaggle.com/c/tgs-salt-identification-challenge, "Evaluation").
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

SIDE_OF_NEIGHBOURHOOD = 11


def rle_decode(text: str, shape: tuple[int, int] = (101, 101)) -> Tensor:
    """The mask (height, width) bool that a run-length encoding describes.

    text: pairs "start length" with spaces between all numbers; empty for an empty mask. Pixels are counted from 1,
    down the first column, then down the second, and so on. Raises ValueError for half a pair, or what is no number.
    Source: kaggle.com/c/tgs-salt-identification-challenge, "Evaluation".
    """
    height, width = shape
    numbers = [int(number) for number in text.split()]
    pixels = torch.zeros(height * width, dtype=torch.bool)
    for start, length in zip(numbers[::2], numbers[1::2], strict=True):
        pixels[start - 1 : start - 1 + length] = True
    return pixels.view(width, height).T


def rle_encode(mask: Tensor) -> str:
    """The run-length encoding of a mask (height, width) bool: rle_decode's inverse, each run as long as possible.

    Source: kaggle.com/c/tgs-salt-identification-challenge, "Evaluation".
    """
    pixels = F.pad(mask.T.flatten(), (1, 1))
    changes = pixels.diff().nonzero() + 1  # where a run starts, where it has ended, where the next one starts, ...
    return " ".join(f"{start} {end - start}" for start, end in changes.view(-1, 2))


def iou(pred: Tensor, target: Tensor) -> float:
    """Intersection over union of two masks of the same shape: 0 without a common pixel, 1 if they are equal.

    pred, target: bool. Two empty masks are equal.
    Source: kaggle.com/c/tgs-salt-identification-challenge, "Evaluation".
    """
    union = (pred | target).sum()
    return ((pred & target).sum() / union).item() if union else 1.0


def dice(pred: Tensor, target: Tensor) -> float:
    """Twice the intersection, divided by the sizes of both masks together: 0 to 1, and 1 if both are empty.

    pred, target: bool, the same shape. Never less than iou: it counts a common pixel twice, as the sum of the
    sizes does.
    Source: Dice, "Measures of the Amount of Ecologic Association Between Species", Ecology 26 (1945).
    """
    sizes = pred.sum() + target.sum()
    return (2 * (pred & target).sum() / sizes).item() if sizes else 1.0


def train_predictor(images: Tensor, masks: Tensor) -> Callable[[Tensor], Tensor]:
    """A function from an image (height, width) uint8 to a mask (height, width) bool.

    images: (n, height, width) uint8 and masks: (n, height, width) bool, to learn from. All that is learned is one
    number: from which brightness on the neighbourhood of a pixel is salt, by the mean IoU.
    Source: fast.ai book, chapter 4, "Further Research": a baseline, as pixel similarity is one for digits.
    """
    blurred = [blur(image) for image in images]

    def mean_iou(threshold: int) -> float:
        return sum(iou(image > threshold, mask) for image, mask in zip(blurred, masks, strict=True)) / len(masks)

    best = max(range(0, 256, 5), key=mean_iou)

    def predict_mask(image: Tensor) -> Tensor:
        return blur(image) > best

    return predict_mask


def blur(image: Tensor) -> Tensor:
    """Each pixel's neighbourhood of 11 by 11 pixels on average; a pixel by itself is mostly noise.

    image: (height, width), any number type. Returns the same shape as float; the image is mirrored at its edges.
    """
    margin = SIDE_OF_NEIGHBOURHOOD // 2
    padded = F.pad(image[None, None].float(), (margin,) * 4, mode="reflect")
    return F.avg_pool2d(padded, SIDE_OF_NEIGHBOURHOOD, stride=1)[0, 0]
