import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from reference.digit_nets import digit_mlp, small_cnn
from reference.inspection import confusion, first_weights, worst_misread


def test_confusion_has_a_row_for_each_right_class() -> None:
    logits = F.one_hot(torch.tensor([2, 2, 0, 1]), 3).float()

    table = confusion(logits, torch.tensor([2, 1, 0, 1]))

    assert table.tolist() == [[1, 0, 0], [0, 1, 1], [0, 0, 1]]


def test_only_misread_images_are_shown_and_no_more_than_asked_for() -> None:
    images = torch.arange(4, dtype=torch.uint8).view(4, 1, 1)
    logits = torch.tensor([[0.0, 1.0], [5.0, 0.0], [0.0, 9.0], [9.0, 0.0]])
    labels = torch.tensor([0, 1, 0, 0])

    worst = worst_misread(images, labels, logits, most=2)

    assert [one.image.item() for one in worst] == [2, 1]
    assert [(one.right, one.predicted) for one in worst] == [(0, 1), (1, 0)]
    assert worst[0].probability == pytest.approx(1 / (1 + math.exp(9)))


@pytest.mark.parametrize(("model", "shape"), [(digit_mlp(8), (8, 28, 28)), (small_cnn(4, 5, 6), (4, 5, 5))])
def test_first_weights_are_images(model: nn.Module, shape: tuple[int, ...]) -> None:
    weights = first_weights(model)
    assert weights.shape == shape
    assert torch.equal(weights.flatten(), next(p for p in model.parameters() if p.dim() > 1).flatten())
