"""The loop, its optimizer and its records, put together: what `Learner.fit` of fastai does at heart.

The parts know little of each other, so each can be exchanged: any loader that gives pairs, any nn.Module, any
loss, any optimizer with `step` and `zero_grad`, any metrics.

Source: fast.ai book, chapter 4, "Creating an Optimizer" and "Adding a Nonlinearity".
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from reference.optimizer import Optimizer

Batches = Iterable[tuple[Tensor, Tensor]]


@dataclass
class DataLoaders:
    """The mini-batches to learn from and those to measure with, both gone through once in every epoch.

    Source: fast.ai book, chapter 4, "Creating an Optimizer".
    """

    train: Batches
    valid: Batches


@dataclass
class Recorder:
    """What happened in a training.

    losses: the loss of each training mini-batch, before the step that it led to.
    values: a row for each epoch: [train_loss, valid_loss, *metrics], means over the items.
    Source: fast.ai book, chapter 4, "Adding a Nonlinearity" (`learn.recorder`).
    """

    losses: list[float] = field(default_factory=list)
    values: list[list[float]] = field(default_factory=list)


class Learner:
    """A model together with all that it takes to train it.

    dls: loaders with at least one item each. loss_func and metrics: functions of (predictions, targets) that
    give the mean over a mini-batch as one number. opt_func: makes an optimizer of parameters and a learning
    rate. After `fit`, `recorder` holds its records and the model is in eval mode.
    Source: fast.ai book, chapter 4, "Creating an Optimizer".
    """

    def __init__(
        self,
        dls: DataLoaders,
        model: nn.Module,
        loss_func: Callable[[Tensor, Tensor], Tensor],
        opt_func: Callable[[Iterable[Tensor], float], Optimizer],
        metrics: Sequence[Callable[[Tensor, Tensor], Tensor | float]] = (),
    ) -> None:
        self.dls = dls
        self.model = model
        self.loss_func = loss_func
        self.opt_func = opt_func
        self.metrics = metrics
        self.recorder = Recorder()

    def fit(self, epochs: int, lr: float) -> None:
        """Train for some epochs with a new optimizer; the model and the records go on from where they are."""
        optimizer = self.opt_func(self.model.parameters(), lr)
        for _ in range(epochs):
            train_loss = self._train(optimizer)
            self.recorder.values.append([train_loss, *self._validate()])

    def _train(self, optimizer: Optimizer) -> float:
        """A step for each mini-batch; gives the mean loss of the epoch."""
        self.model.train()
        losses, sizes = [], []
        for xb, yb in self.dls.train:
            loss = self.loss_func(self.model(xb), yb)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.item())
            sizes.append(len(xb))
        self.recorder.losses += losses
        return _mean(losses, sizes)

    @torch.no_grad()
    def _validate(self) -> list[float]:
        """The mean loss and metrics over the validation set; the model does not change."""
        self.model.eval()
        rows, sizes = [], []
        for xb, yb in self.dls.valid:
            predictions = self.model(xb)
            rows.append([float(measure(predictions, yb)) for measure in (self.loss_func, *self.metrics)])
            sizes.append(len(xb))
        return [_mean(column, sizes) for column in zip(*rows, strict=True)]


def _mean(values: Sequence[float], sizes: Sequence[int]) -> float:
    """The mean over the items from means over mini-batches: a short last one counts for less."""
    return sum(value * size for value, size in zip(values, sizes, strict=True)) / sum(sizes)
