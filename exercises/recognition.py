"""How many digits a model recognises among images that it can't have seen, and how sure that number is."""

from math import sqrt

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]

SURE = 4.0  # standard deviations: by chance one of 30,000 honest models would look so


def fair_accuracy(is_right: Flags, is_staged: Flags) -> float:
    """The share of the test images that a model recognises, of which some could be had, with their labels.

    is_right: for each image, whether the model recognises it. is_staged: whether it lies in the data of the course.

    The book validates its 3s and 7s with those of the official test set, so these 2,038 images lie in
    mnist_sample/valid; the 7,962 of the other eight digits are nowhere. A model that was trained with the 3s and 7s as
    well, in good faith or by a list of them, would recognise all of them, which says nothing about new ones. So they
    count at most as well as the others do. An honest model loses little by that: it recognises both about equally.
    """
    unseen = is_right[~is_staged].mean()
    staged = min(is_right[is_staged].mean(), unseen) if is_staged.any() else unseen
    return float(unseen + (staged - unseen) * is_staged.mean())


def is_surely_above(high: Flags, low: Flags) -> bool:
    """Whether a larger share is true of the first than of the second, by more than chance may do."""
    together = np.concatenate([high, low]).mean()
    deviation = sqrt(together * (1 - together) * (1 / len(high) + 1 / len(low)))
    return bool(high.mean() - low.mean() > SURE * deviation)


def other_order(predicted: npt.NDArray[np.int64], digits: npt.NDArray[np.int64]) -> bool:
    """Whether most images of each digit get the same wrong answer, another one for each digit."""
    counts = np.zeros((10, 10), np.int64)
    np.add.at(counts, (digits, predicted), 1)
    usual = counts.argmax(1)
    is_one_to_one = len(set(usual.tolist())) == 10 and bool((usual != np.arange(10)).any())
    return is_one_to_one and bool((counts.max(1) > 0.5 * counts.sum(1)).all())
