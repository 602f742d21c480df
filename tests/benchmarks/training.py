"""Measures how fast the ten digits are learned, and prints the table: python -m tests.benchmarks.training

    --device cuda   the recipes on a GPU (the usual way, and the floors, stay the CPU's)
    --seeds 3       fewer seeds for each recipe than ten
    --recipes-only  without the usual way, which takes minutes

On a CPU all of it runs in one thread, and times are that thread's CPU time, which other work on the machine changes
less than the wall time; on a GPU they are wall times. Compare within one run.

The usual way is what a first notebook does: for each item, PIL and transforms, as torchvision's MNIST has it; torch's
DataLoader with 64 in a mini-batch; Adam with its constant learning rate of 0.001. What the usual way takes to an
accuracy is computed, and marked so: the epochs that it needs, counted in one training on ready tensors, times the time
that was measured for one epoch.
"""

import argparse
import datetime
import gzip
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, TensorDataset
from torch.utils.flop_counter import FlopCounterMode

from reference import mnist
from reference.fast_training import as_numbers
from reference.full_mnist import digit_net
from reference.recipe_training import train_by_recipe
from reference.recipes import RECIPES, Recipe
from reference.training_record import Training

USUAL_BATCH = 64
USUAL_MOST_EPOCHS = 15
MEAN, DEVIATION = 0.1307, 0.3081  # of MNIST's pixels, 0 to 1, as everybody's transforms have them


def main() -> None:
    """Prints the tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--recipes-only", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    speed = matmul_speed()
    print(f"{described(options.device)}\nOne matrix product: {speed / 1e9:.0f} GFLOP/s.\n")
    print_recipes(torch.device(options.device), options.seeds, speed)
    if not options.recipes_only:
        with tempfile.TemporaryDirectory() as folder:
            mnist.prepare(Path(folder), parts=["mnist_png"])
            print_ways(speed, Path(folder) / "mnist_png")
            print_loading(Path(folder))
    print(f"\nLoad of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")


def print_recipes(device: torch.device, seeds: int, speed: float) -> None:
    """How long each recipe takes, and how good its model becomes over the seeds."""
    for split in ("train", "test"):
        mnist.load(split)  # and keep it: the phases tell what that costs the first time
    print("| recipe | accuracy: min, median, max | to reach | by so many seeds | time | floor | ratio |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    phases = []
    for recipe in RECIPES:
        runs = [measured_training(recipe, device, seed) for seed in range(seeds)]
        accuracies = sorted(training.accuracy for training, _ in runs)
        spread = ", ".join(f"{x:.2%}" for x in (accuracies[0], statistics.median(accuracies), accuracies[-1]))
        reached = sum(accuracy >= recipe.reaches for accuracy in accuracies)
        seconds = statistics.median(seconds for _, seconds in runs)
        on_floor = "| |"
        if device.type == "cpu":
            floor = flops_of(recipe.make(), recipe.batch_size) * len(runs[0][0].losses) / speed
            on_floor = f"{floor:.2f} s | {seconds / floor:.1f} |"
        print(
            f"| {recipe.model}: {recipe.title}, epochs: {recipe.epochs} | {spread} | {recipe.reaches:.1%} "
            f"| {reached} of {seeds} | {seconds:.2f} s | {on_floor}",
            flush=True,
        )
        medians = {name: statistics.median(run.phases[name] for run, _ in runs) for name in runs[0][0].phases}
        peak = max(run.peak_device_bytes for run, _ in runs)
        phases.append(
            f"{recipe.model} to {recipe.reaches:.1%}: "
            + ", ".join(f"{name} {seconds:.3f}" for name, seconds in medians.items())
            + (f"; peak {peak / 2**20:.0f} MiB on the device" if peak else "")
        )
    print("\nWall seconds of the phases, medians: " + ". ".join(phases) + ".\n", flush=True)


def measured_training(recipe: Recipe, device: torch.device, seed: int) -> tuple[Training, float]:
    """A whole training from images in memory, and its seconds: of CPU time on a CPU, of wall time on a GPU."""
    clock = time.process_time if device.type == "cpu" else time.perf_counter
    started = clock()
    training = train_by_recipe(recipe, device, seed, lambda *_: None)
    return training, clock() - started


def flops_of(model: nn.Module, batch_size: int) -> int:
    """The floating point operations of one step's matrix products and convolutions, forward and backward."""
    with FlopCounterMode(display=False) as counter:
        model(torch.rand(batch_size, 28, 28)).sum().backward()
    return counter.get_total_flops()


def matmul_speed(size: int = 1024, runs: int = 20) -> float:
    """The floating point operations that one thread does in a second of CPU time in a large matrix product, at best."""
    a, b = torch.rand(size, size), torch.rand(size, size)
    return 2 * size**3 / min(cpu_seconds(lambda: a @ b) for _ in range(runs))


def cpu_seconds(action: Callable[[], object]) -> float:
    """The CPU time that an action takes."""
    started = time.process_time()
    action()
    return time.process_time() - started


class PerItem(Dataset[tuple[Tensor, Tensor]]):
    """The training set with PIL and transforms for each item: an image, a tensor, 0 to 1, normalised.

    folder: of mnist_png, to open each item's file there; None to make the image from the bytes in memory.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.images, self.labels = mnist.load("train")
        names = (f"training/{digit}/{index}.png" for index, digit in enumerate(self.labels.tolist()))
        self.files = [folder / name for name in names] if folder else []

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        image = Image.open(self.files[index]) if self.files else Image.fromarray(self.images[index].numpy())
        x = torch.from_numpy(np.array(image, copy=True)).float().div(255)
        return (x - MEAN) / DEVIATION, self.labels[index]


def print_ways(speed: float, pngs: Path) -> None:
    """What an epoch costs by the way in which its mini-batches are made, and what the usual way takes to the aims."""
    images, labels = mnist.load("train")
    ready = (as_numbers(images) - MEAN) / DEVIATION
    ways: dict[str, Iterable[tuple[Tensor, Tensor]]] = {
        "a PNG file, PIL and transforms per item, DataLoader": DataLoader(PerItem(pngs), USUAL_BATCH, shuffle=True),
        "PIL and transforms per item, DataLoader": DataLoader(PerItem(), USUAL_BATCH, shuffle=True),
        "ready tensors, DataLoader": DataLoader(TensorDataset(ready, labels), USUAL_BATCH, shuffle=True),
        "ready tensors, a permutation and an index": Permuted(ready, labels),
    }
    aims = {recipe.model: recipe for recipe in reversed(RECIPES)}
    makers = {"mlp, plain 784-128-10": (digit_net, "mlp"), "cnn, the recipe's": (aims["cnn"].make, "cnn")}
    print("| model, mini-batches of 64, usual Adam | way | an epoch | ratio | epochs to the aim | time to the aim |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for title, (make, name) in makers.items():
        seconds = {way: epoch_seconds(make(), batches) for way, batches in ways.items()}
        best = min(seconds.values())
        aim = aims[name].reaches
        epochs = epochs_to(aim, make, Permuted(ready, labels))
        for way, each in seconds.items():
            more = "" if epochs else "more than "
            counted = epochs or USUAL_MOST_EPOCHS
            to_aim, needed = f"{more}{counted * each:.1f} s (computed)", f"{more}{counted} to {aim:.0%}"
            print(f"| {title} | {way} | {each:.2f} s | {each / best:.2f} | {needed} | {to_aim} |", flush=True)
        floor = flops_of(make(), USUAL_BATCH) * len(labels) / USUAL_BATCH / speed
        print(f"| {title} | floor | {floor:.2f} s | {floor / best:.2f} | | |", flush=True)


class Permuted:
    """Mini-batches by one permutation of the images for each epoch, and an index."""

    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.x, self.y = x, y

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        for batch in torch.randperm(len(self.x)).split(USUAL_BATCH):
            yield self.x[batch], self.y[batch]


def train_usually(model: nn.Module, optimizer: torch.optim.Optimizer, batches: Iterable[tuple[Tensor, Tensor]]) -> None:
    """An epoch as most notebooks have it."""
    for x, y in batches:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def epoch_seconds(model: nn.Module, batches: Iterable[tuple[Tensor, Tensor]]) -> float:
    """The CPU time of the first epoch."""
    return cpu_seconds(lambda: train_usually(model, torch.optim.Adam(model.parameters()), batches))


def epochs_to(aim: float, make: Callable[[], nn.Module], batches: Iterable[tuple[Tensor, Tensor]]) -> int:
    """After how many epochs the test set's accuracy is first at the aim, with seed 0; 0 if not within the most."""
    torch.manual_seed(0)
    model = make()
    optimizer = torch.optim.Adam(model.parameters())
    images, labels = mnist.load("test")
    for epoch in range(1, USUAL_MOST_EPOCHS + 1):
        model.train()
        train_usually(model, optimizer, batches)
        model.eval()
        with torch.no_grad():
            accuracy = (model((as_numbers(images) - MEAN) / DEVIATION).argmax(1) == labels).float().mean().item()
        if accuracy >= aim:
            return epoch
    return 0


def print_loading(folder: Path) -> None:
    """What it costs to have all 70,000 images in memory, by the form in which they lie on the disk, in its cache."""
    files = sorted((folder / "mnist_png").rglob("*.png"))
    idx = [mnist.FOLDER / names[0] for names in mnist.FILES.values()]
    raw = [folder / path.name.removesuffix(".gz") for path in idx]
    for packed, unpacked in zip(idx, raw, strict=True):
        unpacked.write_bytes(gzip.decompress(packed.read_bytes()))
    np.save(folder / "digits.npy", np.concatenate([mnist.read_idx(file) for file in raw]))
    ways: dict[str, Callable[[], object]] = {
        "PNG files": lambda: np.stack([np.asarray(Image.open(file)) for file in files]),
        "IDX, gzipped": lambda: [mnist.read_idx(file) for file in idx],
        "IDX, raw": lambda: [mnist.read_idx(file) for file in raw],
        "npy": lambda: np.load(folder / "digits.npy"),
    }
    print("\n| load 70,000 images from | time |\n| --- | ---: |")
    for name, load in ways.items():
        runs = 1 if name == "PNG files" else 5
        print(f"| {name} | {statistics.median(cpu_seconds(load) for _ in range(runs)):.3f} s |", flush=True)


def described(device: str) -> str:
    """The date, the machine and the versions, for the record."""
    today = datetime.datetime.now(datetime.UTC).date()
    gpu = f"{torch.cuda.get_device_name(device)}, CUDA {torch.version.cuda}, " if device.startswith("cuda") else ""
    return (
        f"{today}: {gpu}{processor()}, {os.cpu_count()} cores of which one is used, {platform.system()}, "
        f"Python {platform.python_version()}, torch {torch.__version__}."
    )


def processor() -> str:
    """The processor's name, where Linux tells it."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    main()
