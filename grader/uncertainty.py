"""How well a share is known that was counted on a sample: 95 of 100 images right is not 95% of all images right."""

import math

SURE = 1.959964  # standard deviations to each side of the mean within which 95% of a normal distribution lies


def wilson_interval(right: int, total: int, deviations: float = SURE) -> tuple[float, float]:
    """The interval in which the true share lies, in 95% of all samples, if `right` of `total` have been right.

    Both ends are from 0 to 1; they are (0, 1) if nothing was counted. Unlike the usual "plus or minus", it holds for
    few examples, and for shares next to 0 and 1. Raises ValueError unless 0 <= right <= total.
    Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (1927).
    """
    if not 0 <= right <= total:
        raise ValueError(f"{right} of {total} can't be right")
    if total == 0:
        return 0.0, 1.0
    share, weight = right / total, deviations**2 / total
    middle = (share + weight / 2) / (1 + weight)
    half = deviations * math.sqrt(share * (1 - share) / total + weight / total / 4) / (1 + weight)
    return (0.0 if right == 0 else middle - half), (1.0 if right == total else middle + half)
