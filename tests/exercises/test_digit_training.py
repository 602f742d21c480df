"""What the check of an epoch's loss takes for the loss after the step."""

import torch

from exercises.digit_training import is_from_before, small_model, whole
from reference.digit_training import digit_epoch, digit_validate

BATCHES = [(torch.ones(2, 2), torch.tensor([3, 3]))]
BIAS = torch.zeros(10)


def losses(weights: torch.Tensor) -> tuple[float, float]:
    """The loss before and after a step."""
    model = small_model(weights, BIAS)
    return digit_epoch(model, whole(BATCHES), 0.5), digit_validate(model, whole(BATCHES))[0]


def test_the_loss_after_the_step_is_told_from_the_one_before() -> None:
    weights = torch.zeros(10, 2)
    before, after = (torch.tensor(loss) for loss in losses(weights))
    assert is_from_before([before, False], BATCHES, weights, BIAS, 0.5) is None
    assert is_from_before([after, False], BATCHES, weights, BIAS, 0.5)


def test_where_a_step_changes_nothing_the_right_loss_is_not_taken_for_the_one_after_it() -> None:
    weights = torch.zeros(10, 2)
    weights[3] = 20.0
    before, after = losses(weights)
    assert before == after
    assert is_from_before([torch.tensor(before), False], BATCHES, weights, BIAS, 0.5) is None
