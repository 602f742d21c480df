"""What can be seen of a model: what it takes for what, its worst mistakes, and what its first layer looks for.

One number, the accuracy, says how many mistakes there are. Which ones tells more: a 4 that is taken for a 9 is a
matter of one stroke, and many of the worst mistakes are images over which people would argue as well.

Source: fast.ai book, chapter 2, "Using the Model to Clean the Data" (the confusion matrix and the top losses).
"""

import torch
from torch import Tensor, nn

from reference.training_record import Misread


def confusion(logits: Tensor, labels: Tensor) -> Tensor:
    """How many images of each right class, the row, are taken for each class, the column: (classes, classes) int64."""
    classes = logits.shape[1]
    return torch.bincount(labels * classes + logits.argmax(dim=1), minlength=classes**2).view(classes, classes)


def worst_misread(images: Tensor, labels: Tensor, logits: Tensor, most: int = 24) -> list[Misread]:
    """The misread images to whose right class the model gives the lowest probability, that one first."""
    predicted = logits.argmax(dim=1)
    probabilities = logits.softmax(dim=1).gather(1, labels[:, None])[:, 0]
    wrong = (predicted != labels).nonzero()[:, 0]
    worst = wrong[probabilities[wrong].argsort()[:most]]
    return [Misread(images[i], int(labels[i]), int(predicted[i]), probabilities[i].item()) for i in worst]


def first_weights(model: nn.Module, most: int = 64) -> Tensor:
    """What the first layer looks for, as images: (k, h, w) float32, at most `most` of its features.

    The first layer is linear over 28 x 28 pixels, or a convolution over one channel.
    """
    weights = next(parameter for parameter in model.parameters() if parameter.dim() > 1).detach().cpu()[:most]
    return weights.reshape(-1, 28, 28).clone() if weights.dim() == 2 else weights[:, 0].clone()
