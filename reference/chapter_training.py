"""The chapter's models for two digits, trained with the chapter's own parts, to the record of what came out.

Nothing is made fast here: the DataLoader takes one item after another, and the Learner goes through the mini-batches.
With 12,396 images, that is a matter of seconds.

Source: fast.ai book, chapter 4, "Creating an Optimizer" and "Adding a Nonlinearity".
"""

import time
from dataclasses import dataclass

import torch
from torch import nn

from reference.data_loader import DataLoader
from reference.datasets import make_dataset
from reference.devices import described, peak_bytes
from reference.inspection import confusion, first_weights, worst_misread
from reference.learner import DataLoaders, Learner
from reference.mnist_loss import mnist_loss
from reference.optimizer import BasicOptim
from reference.phases import timed
from reference.recipe_training import Tell
from reference.simple_net import make_net
from reference.training_loop import batch_accuracy
from reference.training_record import Epoch, Training
from reference.trainings import PIXELS, Data, Parts, threes_and_sevens


@dataclass(frozen=True)
class ChapterRecipe:
    """How one model of the chapter is trained. reaches: the accuracy, 0 to 1, that it had with every seed tried."""

    model: str
    title: str
    parts: Parts
    reaches: float
    epochs: int
    lr: float
    batch_size: int = 256


CHAPTER_RECIPES = (
    ChapterRecipe(
        "linear", "a linear model for 3 or 7", Parts(lambda: nn.Linear(PIXELS, 1), mnist_loss, batch_accuracy),
        reaches=0.975, epochs=20, lr=1.0,
    ),
    ChapterRecipe(
        "simple_net", "a net for 3 or 7", Parts(lambda: make_net(PIXELS, 30, 1), mnist_loss, batch_accuracy),
        reaches=0.98, epochs=40, lr=0.1,
    ),
)  # fmt: skip


def train_as_in_the_chapter(
    recipe: ChapterRecipe, device: torch.device, seed: int, tell: Tell, data: Data | None = None
) -> Training:
    """What is left of a training by one of the chapter's recipes, on a device that is there.

    tell: as in course_training.train, after every epoch. data: to learn from and to measure with;
    `threes_and_sevens()` if none are given.
    """
    phases: dict[str, float] = {}
    with timed("load", phases, device):
        data = data or threes_and_sevens()
        data = Data(*(x.to(device) for x in (data.train_x, data.train_y, data.valid_x, data.valid_y)))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        with timed("prepare", phases, device):
            learner = new_learner(recipe, data, device)
        with timed("train and validate", phases, device):
            epochs = fit(learner, recipe, tell)
    with timed("evaluate", phases, device), torch.no_grad():
        scores = learner.model(data.valid_x).cpu()
    logits = torch.cat([scores, 0 * scores], dim=1)  # softmax makes of them what sigmoid makes of the score
    labels = (data.valid_y.cpu() == 0).long()[:, 0]  # the target is 1 for a 3, which is the first class
    images = (data.valid_x.cpu() * 255).round().byte().view(-1, 28, 28)
    return Training(
        title=recipe.title,
        classes=("3", "7"),
        device=described(device),
        seed=seed,
        parameters=sum(parameter.numel() for parameter in learner.model.parameters()),
        settings={
            "epochs": f"{recipe.epochs}",
            "images in a mini-batch": f"{recipe.batch_size}",
            "optimizer": "SGD",
            "learning rate": f"{recipe.lr:g}",
        },
        losses=learner.recorder.losses,
        epochs=epochs,
        confusion=confusion(logits, labels),
        misread=worst_misread(images, labels, logits),
        weights=first_weights(learner.model),
        phases=phases,
        peak_device_bytes=peak_bytes(device),
    )


def new_learner(recipe: ChapterRecipe, data: Data, device: torch.device) -> Learner:
    """A new model in its Learner, with the mini-batches to learn from and to validate with."""
    loaders = DataLoaders(
        DataLoader(make_dataset(data.train_x, data.train_y), recipe.batch_size, shuffle=True),
        DataLoader(make_dataset(data.valid_x, data.valid_y), recipe.batch_size),
    )
    parts = recipe.parts
    return Learner(loaders, parts.make_model().to(device), parts.loss_func, BasicOptim, [parts.metric])


def fit(learner: Learner, recipe: ChapterRecipe, tell: Tell) -> list[Epoch]:
    """Train for the recipe's epochs, one after the other, and tell after each; gives their figures."""
    epochs: list[Epoch] = []
    for _ in range(recipe.epochs):
        started = time.perf_counter()
        learner.fit(1, recipe.lr)  # BasicOptim remembers nothing, so that a new one goes on where the last one was
        train_loss, _, accuracy = learner.recorder.values[-1]
        epochs.append(Epoch(train_loss, accuracy, time.perf_counter() - started))
        losses = learner.recorder.losses
        tell(len(losses), len(losses) // len(epochs) * recipe.epochs, losses[-1], accuracy)
    return epochs
