"""A recipe followed: from the images to the record of what came out.

The 60,000 training images are trained with; the 10,000 of the test set are what the model is measured on, after every
epoch. That decides nothing: how to train, and for how long, was settled by the recipe.

Source: fast.ai book, chapter 4, "Further Research".
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from reference import mnist
from reference.devices import described, peak_bytes
from reference.fast_training import WARM_UP_STEPS, Plan, Step, make_step, plan_training, predict, recorded
from reference.inspection import confusion, first_weights, worst_misread
from reference.phases import timed
from reference.recipes import Recipe
from reference.training_record import Epoch, Training

Tell = Callable[[int, int, float, float], None]
Labelled = tuple[Tensor, Tensor]

TELL_EVERY = 20  # steps: to ask a GPU for a loss is to wait for it


def train_by_recipe(
    recipe: Recipe,
    device: torch.device,
    seed: int,
    tell: Tell,
    load: Callable[[mnist.Split], Labelled] = mnist.load,
) -> Training:
    """What is left of a training by a recipe on a device that is there.

    tell: as in course_training.train. load: gives the images and labels of "train" and of "test".
    """
    phases: dict[str, float] = {}
    with timed("load", phases, device):
        train_set, test_set = ((x.to(device), y.to(device)) for x, y in (load("train"), load("test")))
    with timed("prepare", phases, device):
        model = new_model(recipe, device, seed)
        plan = plan_training(recipe, len(train_set[0]), seed, device)
        step = make_step(model, *train_set, plan, recipe)
    epochs, logits = fit(model, step, plan, recipe.epochs, test_set, tell, phases)
    images, labels = (tensor.cpu() for tensor in test_set)
    return Training(
        title=recipe.title,
        classes=tuple(str(digit) for digit in range(10)),
        device=described(device),
        seed=seed,
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        settings=settings_of(recipe),
        losses=plan.losses.tolist(),
        epochs=epochs,
        confusion=confusion(logits, labels),
        misread=worst_misread(images, labels, logits),
        weights=first_weights(model),
        phases=phases,
        peak_device_bytes=peak_bytes(device),
    )


def new_model(recipe: Recipe, device: torch.device, seed: int) -> nn.Module:
    """The recipe's network with the seed's weights, in train mode on the device.

    Its convolutions' channels lie next to each other in memory (channels_last): a CPU then needs about three quarters
    of the time for a step, and it is what a GPU's tensor cores compute with.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return recipe.make().to(device).to(memory_format=torch.channels_last)


def fit(
    model: nn.Module, step: Step, plan: Plan, epochs: int, test_set: Labelled, tell: Tell, phases: dict[str, float]
) -> tuple[list[Epoch], Tensor]:
    """Take all steps of the plan, and add to phases what took how long.

    Returns each epoch's figures, and the logits (n, classes) of the test images after the last.
    """
    device, steps, taken, accuracy = plan.losses.device, len(plan.losses), 0, math.nan
    if device.type == "cuda" and steps > WARM_UP_STEPS:
        with timed("record the step", phases, device):
            step, taken = recorded(step), WARM_UP_STEPS
    done: list[Epoch] = []
    for losses in plan.losses.split(steps // epochs):
        phase: dict[str, float] = {}
        with timed("train", phase, device):
            while taken < len(losses) * (len(done) + 1):
                step()
                taken += 1
                if taken % TELL_EVERY == 0:
                    tell(taken, steps, plan.losses[taken - 1].item(), accuracy)
        with timed("evaluate", phase, device):
            logits = predict(model, test_set[0])
            accuracy = (logits.argmax(dim=1) == test_set[1]).float().mean().item()
        tell(taken, steps, losses[-1].item(), accuracy)
        done.append(Epoch(losses.mean().item(), accuracy, phase["train"]))
        for name, seconds in phase.items():
            phases[name] = phases.get(name, 0.0) + seconds
    return done, logits.cpu()


def settings_of(recipe: Recipe) -> dict[str, str]:
    """What a reader wants to know of a recipe, by name."""
    slow, fast = recipe.momentum
    return {
        "epochs": f"{recipe.epochs}",
        "images in a mini-batch": f"{recipe.batch_size}",
        "optimizer": "Adam",
        "learning rate": f"one cycle up to {recipe.lr:g}",
        "momentum": f"{slow:g}, down to {fast:g} and back",
        "random shifts": f"up to {recipe.shift} pixel{'s' * (recipe.shift > 1)}" if recipe.shift else "none",
        "label smoothing": f"{recipe.smoothing:g}",
    }
