"""The course's trainings, by their models' names: what `grader train` runs and shows.

A training takes the 60,000 training images and is measured on the 10,000 of the test set after every epoch.
That decides nothing: how to train, and for how long, is settled beforehand by a recipe.

Source: fast.ai book, chapter 4, "Further Research".
"""

import math
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from reference import mnist
from reference.fast_training import WARM_UP_STEPS, Plan, Step, make_step, plan_training, predict, recorded
from reference.recipes import Recipe, quickest
from reference.training_record import Epoch, Misread, Training

Tell = Callable[[int, int, float, float], None]
Labelled = tuple[Tensor, Tensor]

MODELS = {
    "mlp": "two linear layers for all ten digits",
    "cnn": "two convolutions before them, for all ten digits",
}
WORST = 24  # misread images that a training shows
FEATURES = 64  # features of the first layer that it shows at most
TELL_EVERY = 20  # steps: to ask a GPU for a loss is to wait for it
NO_MEMORY = ("can't allocate memory", "not enough memory")  # as torch says it on a CPU, by system


def train(
    model: str = "", *, device: str = "cpu", target: float = 0.0, seed: int = 42, tell: Tell = lambda *_: None
) -> Training:
    """What is left of a model's training: how it went and what it reads.

    model: one of MODELS, or "" for the quickest that reaches target. device: "cpu", "cuda" or "cuda:1". target: the
    accuracy on the test set to reach, 0 to 1; with 0, the model's usual recipe is followed. tell(step, steps, loss,
    accuracy) is called now and then; the accuracy is nan until it was measured once.
    On a CPU it runs in one thread, and the same seed gives the same model on the same machine. torch's own random state
    and number of threads are afterwards what they were before.
    Raises ValueError for an unknown model, a target that no recipe reaches or a device that isn't there, and
    MemoryError if the device's memory is full.
    """
    if model and model not in MODELS:
        raise ValueError(f"{model}: no such model. There are: {', '.join(MODELS)}.")
    recipe = quickest(target, model)
    place = existing_device(device)
    with one_thread(), memory_error_for(recipe, place):
        return train_by_recipe(recipe, place, seed, tell)


def train_by_recipe(
    recipe: Recipe,
    device: torch.device,
    seed: int,
    tell: Tell,
    load: Callable[[mnist.Split], Labelled] = mnist.load,
) -> Training:
    """The same for one recipe and a device that is there. load: gives the images and labels of "train" and "test"."""
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
        peak_device_bytes=torch.cuda.max_memory_allocated(device) if device.type == "cuda" else 0,
    )


def new_model(recipe: Recipe, device: torch.device, seed: int) -> nn.Module:
    """The recipe's network with the seed's weights, in train mode on the device.

    Its convolutions' channels lie next to each other in memory: a CPU then computes the first of them about three
    times as fast, and a GPU's tensor cores want it so.
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
        with torch.cuda.device(device), timed("record the step", phases, device):
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


def confusion(logits: Tensor, labels: Tensor) -> Tensor:
    """How many images of each right class, the row, are taken for each class, the column: (classes, classes) int64."""
    classes = logits.shape[1]
    return torch.bincount(labels * classes + logits.argmax(dim=1), minlength=classes**2).view(classes, classes)


def worst_misread(images: Tensor, labels: Tensor, logits: Tensor, most: int = WORST) -> list[Misread]:
    """The misread images to whose right class the model gives the lowest probability, that one first."""
    predicted = logits.argmax(dim=1)
    probabilities = logits.softmax(dim=1).gather(1, labels[:, None])[:, 0]
    wrong = (predicted != labels).nonzero()[:, 0]
    worst = wrong[probabilities[wrong].argsort()[:most]]
    return [Misread(images[i], int(labels[i]), int(predicted[i]), probabilities[i].item()) for i in worst]


def first_weights(model: nn.Module, most: int = FEATURES) -> Tensor:
    """What the first layer looks for, as images: (k, h, w) float32, at most `most` of its features.

    The first layer is linear over 28 x 28 pixels, or a convolution over one channel.
    """
    weights = next(parameter for parameter in model.parameters() if parameter.dim() > 1).detach().cpu()[:most]
    return weights.reshape(-1, 28, 28).clone() if weights.dim() == 2 else weights[:, 0].clone()


def existing_device(name: str) -> torch.device:
    """The device of that name. Raises ValueError, with what torch sees, if it isn't there."""
    if not re.fullmatch(r"cpu|cuda(:\d+)?", name):
        raise ValueError(
            f"{name!r} is no device to train on. Those are cpu, cuda (the first GPU) and cuda:1, cuda:2..."
        )
    device = torch.device(name)
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        build = f"for CUDA {torch.version.cuda}" if torch.version.cuda else "without CUDA"
        raise ValueError(
            f"{name}: not there. torch {torch.__version__}, built {build}, sees {torch.cuda.device_count()} GPUs. "
            "Train on the CPU, or install a build of torch that fits the GPU and its driver."
        )
    return device


def described(device: torch.device) -> str:
    """What a report calls the device."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU, 1 thread"


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch compute in one thread: as soon as other programs want the cores, a second makes this slower."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def memory_error_for(recipe: Recipe, device: torch.device) -> Iterator[None]:
    """Turn torch's errors of a full memory into one MemoryError that says what filled it."""
    try:
        yield
    except RuntimeError as error:
        if isinstance(error, torch.cuda.OutOfMemoryError) or any(words in str(error) for words in NO_MEMORY):
            raise MemoryError(
                f"{described(device)}: its memory is full, with all images and mini-batches of {recipe.batch_size}. "
                "See what else uses it, or train on another device."
            ) from error
        raise


@contextmanager
def timed(name: str, phases: dict[str, float], device: torch.device) -> Iterator[None]:
    """Note the block's wall time as phases[name], or add it; a GPU's work is waited for."""
    started = time.perf_counter()
    yield
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    phases[name] = phases.get(name, 0.0) + time.perf_counter() - started
