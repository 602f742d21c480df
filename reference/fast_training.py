"""Training in seconds: where the time goes, and how not to spend it.

The chapter's loop takes each image from a list, makes a tensor of it, and stacks the tensors of a mini-batch. Most of
its time goes there, not into learning. Here

- the whole data set lives on the device, as one tensor of bytes (47 MB): nothing is read, converted or moved twice;
- what is random is drawn beforehand: an order for each epoch, a shift for each image;
- a mini-batch is an index into the tensor, and its bytes become numbers only then;
- a step looks up its images, its learning rate and its momentum with a counter that is a tensor on the device, too.

Such a step needs nothing from Python. On a GPU, where launching a step's many small operations takes longer than
computing them, that allows to record them once, as a *CUDA graph*, and to replay them all by one call. torch.compile
would join some of them as well, but compiling takes tens of seconds, and the whole training takes few.

Source: fast.ai book, chapter 4, "SGD and Mini-Batches"; PyTorch's "CUDA semantics", "CUDA Graphs".
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from reference.adam import FlatAdam
from reference.one_cycle import one_cycle
from reference.recipes import Recipe

Step = Callable[[], object]

WARM_UP_STEPS = 3  # before a GPU records one: libraries choose their algorithms in the first


@dataclass(frozen=True)
class Plan:
    """Everything that a training will do, drawn before its first step, on its device.

    order: (steps, b) int64, the images of each step. shifts: (steps, b, 2) int64, where in `windows` each is looked
    at, 0 to 2 * shift. lr, momentum: (steps,) float32. losses: (steps,) float32, for the steps to fill in.
    """

    order: Tensor
    shifts: Tensor
    lr: Tensor
    momentum: Tensor
    losses: Tensor


def plan_training(recipe: Recipe, n: int, seed: int, device: torch.device) -> Plan:
    """The plan for n images, at least 1: the same for the same seed, whatever the device.

    A mini-batch has recipe.batch_size images, or n if there are fewer. All have the same size, as a recorded step
    needs it: those at the end of an epoch's order that don't fill one are left out of this epoch.
    """
    generator = torch.Generator().manual_seed(seed)
    size = min(recipe.batch_size, n)
    orders = [torch.randperm(n, generator=generator)[: n // size * size] for _ in range(recipe.epochs)]
    order = torch.cat(orders).view(-1, size)
    steps = len(order)
    slow, fast = recipe.momentum
    return Plan(
        order.to(device),
        torch.randint(2 * recipe.shift + 1, (steps, size, 2), generator=generator).to(device),
        one_cycle(recipe.lr / 25, recipe.lr, recipe.lr / 1e5, steps).to(device),
        one_cycle(slow, fast, slow, steps).to(device),
        torch.zeros(steps, device=device),
    )


def windows(images: Tensor, shift: int) -> Tensor:
    """Each image as seen through a window of its own size that is moved by up to shift pixels, background around it.

    images: (n, h, w). Returns (n, 2 * shift + 1, 2 * shift + 1, h, w), a view of one padded copy: at
    [i, shift + y, shift + x] the window is y pixels lower and x to the right, and image i is seen that much higher
    and more to the left.
    """
    h, w = images.shape[1:]
    padded = nn.functional.pad(images, (shift, shift, shift, shift))
    return padded.unfold(1, h, 1).unfold(2, w, 1)


def smooth_loss(logits: Tensor, targets: Tensor, smoothing: float = 0.0) -> Tensor:
    """Cross-entropy against targets of which a share is spread evenly over all classes.

    logits: (n, classes); targets: (n,) int64; smoothing: the share, 0 to 1. Returns a single number, rank 0.
    A model that shall never be quite sure has no reason to let its weights grow for an image that it reads already.
    Source: fast.ai book, chapter 7, "Label Smoothing".
    """
    log_probabilities = logits.log_softmax(dim=1)
    right = log_probabilities.gather(1, targets[:, None]).mean()
    return -(1 - smoothing) * right - smoothing * log_probabilities.mean()


def make_step(model: nn.Module, images: Tensor, labels: Tensor, plan: Plan, recipe: Recipe) -> Step:
    """The training's next step, as a function without arguments: each call trains with one mini-batch of the plan.

    model: in train mode; images: (n, h, w) uint8 and labels: (n,) int64; all and the plan on one device. The model's
    parameters become views of one vector. On a GPU, the layers compute in bfloat16: half the bytes, and an exponent as
    large as float32's, so that no loss has to be scaled.
    """
    seen = windows(images, recipe.shift)
    optimizer = FlatAdam(model)
    at = torch.zeros(1, dtype=torch.int64, device=images.device)  # how many steps were taken

    def step() -> None:
        batch, (down, right) = plan.order[at][0], plan.shifts[at][0].unbind(1)
        inputs = as_numbers(seen[batch, down, right])
        # Without the cache: in a recorded step, a cached weight would be that of the recording for ever.
        with torch.autocast("cuda", torch.bfloat16, enabled=images.is_cuda, cache_enabled=False):
            logits = model(inputs)
        loss = smooth_loss(logits.float(), labels[batch], recipe.smoothing)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step(plan.lr[at], plan.momentum[at])
        plan.losses[at] = loss.detach()
        at.add_(1)

    return step


def recorded(step: Step) -> Step:
    """The same step, recorded on the current GPU: a function that replays it. WARM_UP_STEPS steps are taken before.

    The recording takes none. What the step reads and writes must stay where it is, for a replay goes to the same
    addresses; what it computes in Python would be the same in every replay.
    Source: PyTorch's "CUDA semantics", "CUDA Graphs", whole-network capture.
    """
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(WARM_UP_STEPS):
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay


def predict(model: nn.Module, images: Tensor, batch_size: int = 1000) -> Tensor:
    """The logits (n, classes) float32 of all images (n, h, w) uint8, with the model in eval mode meanwhile."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(as_numbers(batch)) for batch in images.split(batch_size)])
    model.train(was_training)
    return logits


def as_numbers(images: Tensor) -> Tensor:
    """Ink as 0 to 1: (..., h, w) float32 of uint8, 0 to 255."""
    return images.float() / 255
