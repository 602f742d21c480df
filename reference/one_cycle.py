"""The one-cycle schedule: the learning rate climbs, then falls to nothing; the momentum goes the other way.

A training with a constant learning rate wastes time twice: in the beginning the rate is too high for weights that
are still random, in the end too high to settle. One cycle starts low, climbs to a rate that could not be kept up for
long, so that the weights get far in few steps, and falls along a cosine to almost zero, where they settle. While the
rate is high, the momentum is low: what was rolling before would only add to steps that are large enough already.

Source: Smith, "Super-Convergence", 2017; fast.ai book, chapter 13, "1cycle Training"; torch's OneCycleLR gives the
same numbers.
"""

import math

import torch
from torch import Tensor


def one_cycle(start: float, top: float, end: float, steps: int, warm_up: float = 0.25) -> Tensor:
    """The values of one cycle, one for each step: along half a cosine from start to top, along another from top to end.

    steps: at least 1. warm_up: the share of the steps that lead to the top, above 0 to below 1.
    Returns (steps,) float32; the first is start and the last is end, if there are so many steps.
    A learning rate goes up and down, a momentum down and up: its top is its lowest value.
    Source: fast.ai book, chapter 13, "1cycle Training".
    """
    peak, last = warm_up * steps - 1, steps - 1
    at = torch.arange(steps, dtype=torch.float64)
    up = _half_cosine(start, top, (at / peak).clamp(0, 1) if peak > 0 else torch.ones(steps, dtype=torch.float64))
    down = _half_cosine(top, end, ((at - peak) / (last - peak)).clamp(0, 1))
    return torch.where(at <= peak, up, down).float()


def _half_cosine(start: float, end: float, share: Tensor) -> Tensor:
    """From start to end as share goes from 0 to 1: slowly at both ends, quickly between them."""
    return end + (start - end) * (1 + torch.cos(math.pi * share)) / 2
