"""Training in seconds: where the time goes, and how not to spend it.

The chapter's loop takes each image from a list, turns it into a tensor, and stacks the tensors of a mini-batch. Most
of its time goes there, not into learning. Here

- the whole data set lives on the device, as one tensor of bytes (47 MB): nothing is read, converted or moved twice;
- what is random is drawn beforehand: an order for each epoch, a shift for each image;
- a mini-batch is an index, and the bytes become numbers only then;
- a step reads its learning rate and its images from tensors, by a counter that is a tensor too. It needs nothing
  from Python, so that a GPU can record it once and replay it.

Source: fast.ai book, chapter 4, "SGD and Mini-Batches".
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from reference.adam import FlatAdam
from reference.one_cycle import one_cycle
from reference.recipes import Recipe

SIDE = 28


@dataclass(frozen=True)
class Plan:
    """Everything that a training will do, drawn before its first step.

    order: (steps, b) int64, the images of each step. shifts: (steps, b, 2) int64, how far from its upper left end a
    window starts, 0 to 2 * shift. lr, momentum: (steps,) float32. losses: (steps,) float32, filled in by the steps.
    """

    order: Tensor
    shifts: Tensor
    lr: Tensor
    momentum: Tensor
    losses: Tensor


def plan_training(recipe: Recipe, n: int, seed: int, device: torch.device) -> Plan:
    """The plan for n images, the same for the same seed on every device.

    A mini-batch has recipe.batch_size images, n if there are fewer; those of an epoch's order that don't fill one
    are left for the next epoch's, which is another.
    """
    generator = torch.Generator().manual_seed(seed)
    size = min(recipe.batch_size, n)
    each = n // size
    orders = [torch.randperm(n, generator=generator)[: each * size] for _ in range(recipe.epochs)]
    order = torch.cat(orders).view(-1, size)
    steps = len(order)
    high, low = recipe.momentum
    return Plan(
        order.to(device),
        torch.randint(2 * recipe.shift + 1, (steps, size, 2), generator=generator).to(device),
        one_cycle(recipe.lr / 25, recipe.lr, recipe.lr / 1e5, steps).to(device),
        one_cycle(high, low, high, steps).to(device),
        torch.zeros(steps, device=device),
    )


def windows(images: Tensor, shift: int) -> Tensor:
    """Every view of each image through a window of its own size, moved by up to shift pixels: a view, not a copy.

    images: (n, h, w). Returns (n, 2 * shift + 1, 2 * shift + 1, h, w): [i, shift + y, shift + x] is image i seen
    through a window y pixels lower and x to the right, that is, moved up and left; what comes in is background.
    """
    h, w = images.shape[1:]
    padded = nn.functional.pad(images, (shift, shift, shift, shift))
    return padded.unfold(1, h, 1).unfold(2, w, 1)


def smooth_loss(logits: Tensor, targets: Tensor, smoothing: float = 0.0) -> Tensor:
    """Cross-entropy against targets of which a share is spread over all classes.

    logits: (n, classes); targets: (n,) int64; smoothing: the share, 0 to 1. Returns a single number, rank 0.
    A model that is never asked to be quite sure doesn't drive its weights up for an image that it reads already.
    Source: fast.ai book, chapter 7, "Label Smoothing".
    """
    log_probabilities = logits.log_softmax(dim=1)
    right = log_probabilities.gather(1, targets[:, None]).mean()
    return -(1 - smoothing) * right - smoothing * log_probabilities.mean()


def make_step(model: nn.Module, images: Tensor, labels: Tensor, plan: Plan, recipe: Recipe) -> Callable[[], None]:
    """The training's next step, as a function without arguments.

    images: (n, 28, 28) uint8 and labels: (n,) int64, on the model's device. How many steps were taken is counted
    in a tensor on the device: whatever changes from step to step is looked up with it.
    """
    seen = windows(images, recipe.shift)
    optimizer = FlatAdam(model)
    at = torch.zeros(1, dtype=torch.int64, device=images.device)
    is_gpu = images.is_cuda

    def step() -> None:
        batch, shifts = plan.order[at][0], plan.shifts[at][0]
        inputs = seen[batch, shifts[:, 0], shifts[:, 1]].float() / 255
        with torch.autocast(images.device.type, torch.bfloat16, enabled=is_gpu, cache_enabled=False):
            logits = model(inputs)
        loss = smooth_loss(logits.float(), labels[batch], recipe.smoothing)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step(plan.lr[at], plan.momentum[at])
        plan.losses.index_copy_(0, at, loss.detach()[None])
        at.add_(1)

    return step


def predict(model: nn.Module, images: Tensor, batch_size: int = 1000) -> Tensor:
    """The logits (n, classes) of all images (n, 28, 28) uint8, by the model as it is in eval mode."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(batch.float() / 255) for batch in images.split(batch_size)])
    model.train(was_training)
    return logits
