"""All ten digits: the chapter's "further research", with the same ideas.

What changes: the model has ten outputs instead of one, and the loss compares the right one with all others.
What stays: mini-batches, gradient, step; and a validation set, held out of the training set, to decide by.
What helps: a learning rate that begins low, rises, and falls again (one-cycle). At first large steps would go
astray, in the middle they bring the model far, and at the end small ones let it settle.
The test set decides nothing, so that what it measures is what a stranger's digits would show.

Source: fast.ai book, chapter 4, "Further Research"; the loss is explained in chapter 5, "Cross-Entropy Loss", the
learning rate in chapter 13, "1cycle Training".
"""

from collections.abc import Iterator
from copy import deepcopy
from math import ceil

import torch
from torch import Tensor, nn


def train_digits(
    images: Tensor,
    labels: Tensor,
    epochs: int = 5,
    lr: float = 0.005,
    batch_size: int = 256,
    hidden: int = 512,
    seed: int = 42,
    device: torch.device | str | None = None,
) -> nn.Module:
    """A digit_net trained on four fifths of the images, as it was after its best epoch on the other fifth.

    images: (n, 28, 28) uint8, 0 background to 255 ink; labels: (n,) int64, 0 to 9; n at least 5.
    lr: Adam's learning rate where it is highest. device: where to train; the GPU if there is one.
    Returns the model in eval mode, on the images' device; what it takes is as_input(images).
    The same seed gives the same model on the same machine; torch's own random state stays as it was.
    Source: fast.ai book, chapter 4, "Further Research".
    """
    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    train, valid = split_indices(len(images), seed=seed)
    x, y = (tensor.to(device) for tensor in digit_tensors(images, labels))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = digit_net(hidden).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr, betas=(0.8, 0.95))
    steps = epochs * ceil(len(train) / batch_size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=steps, cycle_momentum=False)

    best_accuracy, best = -1.0, model
    for batches in shuffled_epochs(train, epochs, batch_size, seed):
        model.train()
        for batch in batches:
            loss = digit_loss(model(x[batch]), y[batch])
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
        model.eval()
        with torch.no_grad():
            accuracy = digit_accuracy(model(x[valid]), y[valid]).item()
        if accuracy > best_accuracy:
            best_accuracy, best = accuracy, deepcopy(model)
    return best.eval().to(images.device)


def split_indices(n: int, valid_fraction: float = 0.2, seed: int = 42) -> tuple[Tensor, Tensor]:
    """The indices 0 to n - 1, shuffled and divided into those to train with and those to validate with.

    valid_fraction: the validation set's share, 0 to 1; its size is int(n * valid_fraction).
    Returns two int64 tensors without a common index. The same seed gives the same split; torch's own random
    state stays as it was. Shuffled because data often come sorted: the last fifth might be all 8s and 9s.
    Source: fast.ai book, chapter 1, "Validation Sets and Test Sets".
    """
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    valid_size = int(n * valid_fraction)
    return order[valid_size:], order[:valid_size]


def digit_tensors(images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """What the model takes, and the right digits as the loss takes them: their positions among the ten scores.

    images: (n, 28, 28) uint8, 0 to 255; labels: (n,) int64, 0 to 9.
    Returns (n, 784) float32, 0 to 1, and the labels as they are. The chapter's column (n, 1) would broadcast
    against predictions (n,) to all pairs.
    Source: fast.ai book, chapter 4, "The MNIST Loss Function" (there with targets (n, 1), for two classes).
    """
    return as_input(images), labels


def as_input(images: Tensor) -> Tensor:
    """Images as the model takes them: one row each, ink as 0 to 1.

    images: (n, 28, 28) uint8, 0 to 255. Returns (n, 784) float32.
    Source: fast.ai book, chapter 4, "First Try: Pixel Similarity" and "The MNIST Loss Function".
    """
    return images.flatten(start_dim=1) / 255


def digit_net(hidden: int = 128) -> nn.Module:
    """A new network of two linear layers with a ReLU between them, with random weights.

    hidden: features between the layers. The network takes images as float 0 to 1, (n, 784) or (n, 28, 28),
    and gives logits (n, 10): a score for each digit, not yet a probability.
    Source: fast.ai book, chapter 4, "Adding a Nonlinearity" (`simple_net`, there with one output).
    """
    return nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, hidden), nn.ReLU(), nn.Linear(hidden, 10))


def digit_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy: minus the logarithm of the probability given to the right digit, on average.

    logits: (n, 10) float, any number of classes in fact; targets: (n,) int64, the right class of each.
    Returns a single number, rank 0: 0 if all are surely right, log(10) if undecided, no upper limit.
    The softmax's logarithm is taken at once, by logsumexp: exp first would overflow for a logit of 100.
    Source: fast.ai book, chapter 5, "Cross-Entropy Loss".
    """
    log_probabilities = logits - logits.logsumexp(dim=1, keepdim=True)
    return -log_probabilities.gather(1, targets[:, None]).mean()


def digit_accuracy(logits: Tensor, targets: Tensor) -> Tensor:
    """The share of images whose right digit has the highest score.

    logits: (n, 10); targets: (n,) int64. Returns a single float, rank 0, 0 to 1.
    Source: fast.ai book, chapter 4, "SGD and Mini-Batches" (`batch_accuracy`, there for two classes).
    """
    return (logits.argmax(dim=1) == targets).float().mean()


def shuffled_epochs(indices: Tensor, epochs: int, batch_size: int, seed: int) -> Iterator[tuple[Tensor, ...]]:
    """For each epoch its mini-batches of indices, in a new order.

    indices: (n,) int64. Gives, `epochs` times, ceil(n / batch_size) tensors of at most batch_size of them.
    Indexing a tensor with a whole mini-batch is much faster than stacking its items one by one.
    Source: fast.ai book, chapter 4, "SGD and Mini-Batches".
    """
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(indices), generator=generator)
        yield indices[order].split(batch_size)
