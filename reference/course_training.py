"""The trainings of this course, by the models' names: what `grader train` runs and reports."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from reference import mnist
from reference.fast_training import make_step, plan_training, predict
from reference.recipes import RECIPES, Recipe, quickest
from reference.training_record import Epoch, Misread, Training

Tell = Callable[[int, int, float, float], None]

MODELS = {recipe.model: f"{recipe.title}; all ten digits" for recipe in RECIPES}
WORST = 24  # misread images that a training shows
TELL_EVERY = 20  # steps: to ask a GPU for a loss is to wait for it


def train(
    model: str = "", *, device: str = "cpu", target: float = 0.0, seed: int = 42, tell: Tell = lambda *_: None
) -> Training:
    """A model trained on the 60,000 training images and measured on the 10,000 of the test set.

    model: one of MODELS, or "" for the quickest that reaches target. device: "cpu" or "cuda". target: an accuracy,
    0 to 1; 0 asks for the model's usual recipe. tell(step, steps, loss, accuracy) is called now and then; the accuracy
    is nan until it was measured once. The same seed gives the same model on the same machine; torch's own random
    state stays as it was.
    Raises ValueError for an unknown model, a target that no recipe reaches or a device that isn't there, and
    MemoryError if the device's memory is full.
    """
    if model and model not in MODELS:
        raise ValueError(f"{model}: no such model. There are: {', '.join(MODELS)}.")
    recipe = quickest(target, model)
    place = found_device(device)
    with one_thread():
        try:
            return train_by_recipe(recipe, place, seed, tell)
        except (torch.cuda.OutOfMemoryError, RuntimeError) as error:
            if isinstance(error, torch.cuda.OutOfMemoryError) or "can't allocate memory" in str(error):
                raise MemoryError(
                    f"The memory of {device} is full with mini-batches of {recipe.batch_size} images and the whole "
                    "data set. Free some of it, or train on the CPU."
                ) from error
            raise


def train_by_recipe(recipe: Recipe, device: torch.device, seed: int, tell: Tell) -> Training:
    """The same for one recipe, on a device that is there."""
    phases: dict[str, float] = {}
    with timed(phases, "load", device):
        digits = {split: mnist.load(split) for split in ("train", "test")}
    with timed(phases, "prepare", device):
        (images, labels), (test_images, test_labels) = (
            (x.to(device), y.to(device)) for x, y in (digits["train"], digits["test"])
        )
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = recipe.make().to(device).to(memory_format=torch.channels_last)
        plan = plan_training(recipe, len(images), seed, device)
        step = make_step(model, images, labels, plan, recipe)
    steps = len(plan.order)
    epochs: list[Epoch] = []
    accuracy, logits = math.nan, torch.empty(0)
    for epoch in plan.losses.split(steps // recipe.epochs):
        done = len(epochs) * len(epoch)
        before = phases.get("train", 0.0)
        with timed(phases, "train", device):
            for count in range(done + 1, done + len(epoch) + 1):
                step()
                if count % TELL_EVERY == 0 or count == steps:
                    tell(count, steps, plan.losses[count - 1].item(), accuracy)
        with timed(phases, "evaluate", device):
            logits = predict(model, test_images)
            accuracy = (logits.argmax(1) == test_labels).float().mean().item()
        epochs.append(Epoch(epoch.mean().item(), accuracy, phases["train"] - before))
    tell(steps, steps, plan.losses[-1].item(), accuracy)
    return Training(
        title=recipe.title,
        classes=tuple("0123456789"),
        device=named(device),
        seed=seed,
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        settings=settings_of(recipe),
        losses=plan.losses.tolist(),
        epochs=epochs,
        confusion=confusion(logits.cpu(), test_labels.cpu()),
        misread=worst_misread(digits["test"][0], logits.float().cpu(), digits["test"][1]),
        weights=first_weights(model),
        phases=phases,
        peak_device_bytes=torch.cuda.max_memory_allocated(device) if device.type == "cuda" else 0,
    )


def settings_of(recipe: Recipe) -> dict[str, str]:
    """What a reader wants to know of a recipe, by name."""
    return {
        "epochs": str(recipe.epochs),
        "batch size": str(recipe.batch_size),
        "optimizer": "Adam",
        "peak learning rate": f"{recipe.lr:g}",
        "momentum": f"{recipe.momentum[0]:g} to {recipe.momentum[1]:g} and back",
        "label smoothing": f"{recipe.smoothing:g}",
        "random shifts": f"up to {recipe.shift} pixels" if recipe.shift else "none",
    }


def confusion(logits: Tensor, labels: Tensor) -> Tensor:
    """(classes, classes) int64: how many images of each right class, the row, were taken for each class."""
    classes = logits.shape[1]
    return torch.bincount(labels * classes + logits.argmax(1), minlength=classes**2).view(classes, classes)


def worst_misread(images: Tensor, logits: Tensor, labels: Tensor) -> list[Misread]:
    """The images to whose right class the model gives the least, of those that it takes for another."""
    probabilities, predicted = logits.softmax(1), logits.argmax(1)
    right = probabilities.gather(1, labels[:, None])[:, 0]
    wrong = (predicted != labels).nonzero()[:, 0]
    return [
        Misread(images[i], int(labels[i]), int(predicted[i]), right[i].item())
        for i in wrong[right[wrong].argsort()[:WORST]].tolist()
    ]


def first_weights(model: nn.Module, most: int = 64) -> Tensor:
    """What the first layer looks for: (k, h, w) float32, at most `most` of its features, as images."""
    first = next(parameter for parameter in model.parameters() if parameter.dim() > 1).detach().cpu()[:most]
    return first.reshape(len(first), 28, 28) if first.dim() == 2 else first[:, 0].contiguous()


def found_device(name: str) -> torch.device:
    """The device of that name. Raises ValueError, with what torch sees, if it isn't there."""
    if name.startswith("cuda") and not torch.cuda.is_available():
        built = f"was built for CUDA {torch.version.cuda}" if torch.version.cuda else "was built without CUDA"
        raise ValueError(f"There is no GPU that PyTorch could use: torch {torch.__version__} {built}. Ask for cpu.")
    return torch.device(name)


def named(device: torch.device) -> str:
    """What the device is called in a report."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU, 1 thread"


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch use one thread: with others at work on the same cores, a second makes a small training slower."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def timed(phases: dict[str, float], name: str, device: torch.device) -> Iterator[None]:
    """Add the block's wall time to phases[name], and wait for the GPU before looking at the clock."""
    started = time.perf_counter()
    yield
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    phases[name] = phases.get(name, 0.0) + time.perf_counter() - started
