"""The loss for 3s and 7s: the sigmoid, the distance from the truth, and why it is not the accuracy."""

import inspect

import torch
from hypothesis import strategies as st
from torch import Tensor

from grader.exercise import Calls, Exercise, Keeps, Misconception, Scenario
from grader.inputs import Dim, tensors

N, W = Dim("n", 3, 6), Dim("w", 1, 3)
raw = tensors(N, 1, low=-4, high=4)
far_out = st.permutations([-100.0, -90.0, -20.0, 0.0, 20.0, 90.0, 100.0]).map(torch.tensor)
sizes = st.sampled_from([1 / 16, 1 / 8, 0.5])  # none so small that rounding errors show in the slope
weights = st.sampled_from([1.0, -0.5, 0.25, 2.0, -1.5, 0.0])


def mixed(drawn: list[int]) -> Tensor:
    """Targets (n, 1) of both kinds, whatever was drawn."""
    return torch.tensor([1, 0, *drawn[2:]])[:, None]


targets = N.strategy().flatmap(lambda n: st.lists(st.integers(0, 1), min_size=n, max_size=n)).map(mixed)
inputs = tensors(N, 1, low=0.25, high=4)  # above 0, so that all predictions change sides together


def loss_of(mnist_loss, predictions, targets):
    """The loss, which may come in a tensor of one element; if it calls the notebook's sigmoid, a right one."""
    notebook = getattr(inspect.unwrap(mnist_loss), "__globals__", {})
    before = notebook.get("sigmoid")
    notebook["sigmoid"] = torch.sigmoid
    try:
        loss = mnist_loss(predictions, targets)
    finally:
        notebook["sigmoid"] = before
    return loss.sum() if isinstance(loss, torch.Tensor) and loss.numel() == 1 else loss


def gradient_of_loss(mnist_loss, predictions, targets):
    """How the loss changes with each prediction."""
    loss_of(mnist_loss, predictions.requires_grad_(), targets).backward()
    return predictions.grad


def gradient_of_sigmoid(sigmoid, x):
    """How the sigmoid changes with each of its inputs."""
    sigmoid(x.requires_grad_()).sum().backward()
    return x.grad


def share_right(predictions, targets):
    """The accuracy."""
    return ((predictions > 0) == (targets == 1)).float().mean()


def loss(predictions, targets):
    """The chapter's loss."""
    confidence = predictions.sigmoid()
    return torch.where(targets == 1, 1 - confidence, confidence).mean()


def squares(predictions, targets):
    """A measure that bends, so that it shows where the slope was taken."""
    return ((predictions - targets) ** 2).sum()


def slope_of_squares(slope, weight, x, targets, h):
    """The slope of the sum of the squared differences."""
    return slope(squares, weight, x, targets, h)


def slope_of_loss(slope, weight, x, targets, h):
    """The slope of the chapter's loss."""
    return slope(loss, weight, x, targets, h)


def slope_of_accuracy(slope, weight, x, targets, h):
    """The slope of the accuracy."""
    return slope(share_right, weight, x, targets, h)


def with_confidence(line):
    """mnist_loss with another end."""
    return f"def mnist_loss(predictions, targets):\n    p = predictions.sigmoid()\n    return {line}\n"


def slope_by(line):
    """slope with another body."""
    return (
        "def slope(measure, weight, x, targets, h):\n"
        "    old, new = measure(x * weight, targets), measure(x * (weight + h), targets)\n"
        f"    return {line}\n"
    )


exercise = Exercise(
    title="A loss for threes and sevens",
    section="The MNIST Loss Function",
    provides=("sigmoid", "mnist_loss", "slope"),
    oracle="mnist_loss",
    given="""\
# The accuracy: a raw prediction above 0 says "a three" (target 1), any other one "a seven" (target 0).
def share_right(predictions, targets):
    return ((predictions > 0) == (targets == 1)).float().mean()
""",
    statement="""\
A model says with one number for each image whether it is a 3 or a 7: any number, from far below 0 (surely a 7) to far
above (surely a 3). The *sigmoid*, `1 / (1 + exp(-x))`, squeezes it between 0 and 1. The *loss* is how far that is from
the target, which is 1 for a 3 and 0 for a 7.

- `sigmoid(x)` gives the sigmoid of each element of a float tensor of any shape, also far out: 1 for 100, 0 for -100.
- `mnist_loss(predictions, targets)` gets the raw predictions of a model and the targets (0 or 1), in tensors of the
  same shape, such as `(n, 1)`. It applies the sigmoid to the predictions; then each image counts `1 - p` if its
  target is 1, and `p` otherwise; and the loss is the mean of that, a single number.
- `slope(measure, weight, x, targets, h)` shows what the accuracy lacks. A model with a single weight predicts `x *
  weight`, and `measure(predictions, targets)` says how good it is. Give the slope of this measure, rise over run:
  how much it changes from `weight` to `weight + h`, divided by `h`.

The sigmoid and the loss are made of PyTorch's operations, so that gradients flow through them. For example:

    sigmoid(tensor([-1., 0., 1.]))                      # tensor([0.2689, 0.5000, 0.7311])
    mnist_loss(tensor([[0.], [1.]]), tensor([[1], [0]]))    # (0.5 + 0.7311) / 2 = tensor(0.6155)

Then try it out. The next cell defines the accuracy, `share_right`:

    x, targets = tensor([[-3.], [-1.], [2.], [4.]]), tensor([[0], [1], [1], [1]])
    slope(mnist_loss, 0.5, x, targets, 0.01)      # tensor(-0.2534): a larger weight makes the loss smaller
    slope(share_right, 0.5, x, targets, 0.01)     # tensor(0.): the accuracy says nothing

No prediction has crossed the 0, so the accuracy is what it was: its gradient is 0 almost everywhere, and no step can
be taken by it.
""",
    starter="""\
def sigmoid(x):
    ...


def mnist_loss(predictions, targets):
    ...


def slope(measure, weight, x, targets, h):
    ...
""",
    hints=[
        (
            "`sigmoid`: the formula can be written as it stands in the statement. `torch.exp` takes a whole tensor "
            "at once, and so do `+` and `/`. Check it with a tensor that holds a 0: that must become one half."
        ),
        (
            "`mnist_loss`: say the sigmoid makes 0.9 of an image's prediction. How far is that from the target if "
            "the image shows a 3, and how far if it shows a 7? Each image has two possible distances, and its target "
            "says which one counts."
        ),
        (
            "`mnist_loss`: three steps. Your `sigmoid` makes confidences of the predictions; `torch.where` picks one "
            "of the two distances for each image, by whether its target is 1; and `mean()` makes the loss of them."
        ),
        (
            "`slope`: `measure` is a function that you are given, to be called twice: for the model as it is, and "
            "for the one with the larger weight. What does each of these two models predict for `x`?"
        ),
    ],
    checks=[
        Calls(
            "the sigmoid of each element",
            st.one_of(tensors(), tensors(N), tensors(N, W)),
            of="sigmoid",
            hint="For 0 it has to be 0.5, and the larger x is, the nearer to 1.",
        ),
        Calls(
            "the sigmoid of very large and very small numbers",
            far_out,
            of="sigmoid",
            cases=4,
            hint="`exp(100)` is infinite for the computer. Which formula divides *by* it, and never two infinities?",
        ),
        Scenario(
            "gradients flow through the sigmoid",
            gradient_of_sigmoid,
            raw,
            of="sigmoid",
            cases=8,
            hint="Use PyTorch's operations only, such as `torch.exp`.",
        ),
        Scenario(
            "the mean distance from the target",
            loss_of,
            raw,
            targets,
            of="mnist_loss",
            points=2,
            hint="`torch.where(condition, a, b)` takes a where the condition holds, and b elsewhere.",
        ),
        Scenario(
            "gradients flow through the loss",
            gradient_of_loss,
            raw,
            targets,
            of="mnist_loss",
            hint="A loss has to answer to the smallest change of a prediction.",
        ),
        Keeps("leaves predictions and targets alone", raw, targets, of="mnist_loss", cases=8),
        Scenario(
            "rise over run, for a measure that bends (the sum of the squared differences)",
            slope_of_squares,
            weights,
            raw,
            targets,
            sizes,
            of="slope",
            hint="The measure at the new weight, minus the measure at the old one, divided by how far it was moved.",
        ),
        Scenario(
            "the loss has a slope",
            slope_of_loss,
            weights,
            raw,
            targets,
            sizes,
            of="slope",
            cases=8,
        ),
        Scenario(
            "the accuracy is flat, or jumps",
            slope_of_accuracy,
            st.sampled_from([1.0, -1 / 32, -0.25, 0.0, 2.0]),
            inputs,
            targets,
            sizes,
            of="slope",
            cases=8,
        ),
    ],
    accepts={
        "the book's": """\
def sigmoid(x): return 1/(1+torch.exp(-x))

def mnist_loss(predictions, targets):
    predictions = predictions.sigmoid()
    return torch.where(targets==1, 1-predictions, predictions).mean()

def slope(measure, weight, x, targets, h):
    y_old = measure(x*weight, targets)
    x_new = weight + h
    y_new = measure(x*x_new, targets)
    return (y_new - y_old) / (x_new - weight)
""",
        "PyTorch's sigmoid, and arithmetic": """\
sigmoid = torch.sigmoid

def mnist_loss(predictions, targets):
    p = sigmoid(predictions)
    return (targets * (1 - p) + (1 - targets) * p).sum() / p.numel()

def slope(measure, weight, x, targets, h):
    return measure(x * (weight + h), targets).item() / h - measure(x * weight, targets).item() / h
""",
        "a module, an absolute difference, and keyword arguments": """\
sigmoid = nn.Sigmoid()

class Loss(nn.Module):
    def forward(self, out, y):
        return F.l1_loss(torch.sigmoid(out), y.float())

mnist_loss = Loss()

def slope(f, w, x, y, dx):
    rise = f(predictions=x.double() * (w + dx), targets=y) - f(predictions=x.double() * w, targets=y)
    return float(rise) / dx
""",
        "tanh, and a loop over the items": """\
def sigmoid(x):
    return (torch.tanh(x / 2) + 1) / 2

def mnist_loss(predictions, targets):
    total = 0
    for out, target in zip(predictions, targets):
        p = sigmoid(out)
        total = total + (1 - p if target == 1 else p)
    return total / len(targets)
""",
    },
    aliases={"mnist_loss": ("a_mnist_loss", "binary_loss")},
    misconceptions=[
        Misconception(
            "has the sign wrong in the sigmoid",
            {"sigmoid": lambda x: 1 / (1 + torch.exp(x))},
            hint="`exp(-x)`, with a minus: otherwise it falls where it should rise, and a sure 3 becomes a sure 7.",
        ),
        Misconception(
            "forgets the parentheses in the sigmoid",
            {"sigmoid": lambda x: 1 / 1 + torch.exp(-x)},
            hint="`1 / 1 + exp(-x)` divides 1 by 1, and then adds. Put `1 + exp(-x)` in parentheses.",
        ),
        Misconception(
            "divides infinity by infinity",
            {"sigmoid": lambda x: torch.exp(x) / (1 + torch.exp(x))},
            hint="`exp(x) / (1 + exp(x))` is the same on paper, but for 100 it is infinity by infinity, which is nan. "
            "`1 / (1 + exp(-x))` has no such trouble.",
        ),
        Misconception(
            "takes another curve for the sigmoid",
            {"sigmoid": torch.tanh},
            hint="`tanh` has the same form, but goes from -1 to 1. The sigmoid goes from 0 to 1.",
        ),
        Misconception(
            "decides in the sigmoid",
            {"sigmoid": lambda x: (x > 0).float()},
            hint="That jumps from 0 to 1, and has no slope at all. The sigmoid rises smoothly between them.",
        ),
        Misconception(
            "cuts the numbers off instead of squeezing them",
            {"sigmoid": lambda x: x.clamp(0, 1)},
            hint="All that is above 1 becomes the same there. The sigmoid keeps the order of all numbers.",
        ),
        Misconception(
            "shares 1 among the elements",
            {"sigmoid": lambda x: torch.softmax(x, 0)},
            hint="That is the softmax, in which each element depends on all the others. The sigmoid takes each "
            "on its own.",
        ),
        Misconception(
            "cuts the gradient in the sigmoid",
            {"sigmoid": lambda x: torch.sigmoid(x.detach())},
            hint="The numbers are right, but the way back is cut off: `.detach()`, `.item()`, `tensor(...)` and numpy "
            "give plain numbers. Use `torch.exp`.",
        ),
        Misconception(
            "leaves the sigmoid to numpy",
            "import numpy as np\n\n\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n",
            hint="The numbers are right, but PyTorch can't find a gradient through numpy. Use `torch.exp`.",
        ),
        Misconception(
            "forgets the sigmoid in the loss",
            {"mnist_loss": lambda predictions, targets: torch.where(targets == 1, 1 - predictions, predictions).mean()},
            hint="Raw predictions lie anywhere, and `1 - p` makes sense only between 0 and 1: first the sigmoid.",
        ),
        Misconception(
            "applies the sigmoid twice",
            with_confidence("torch.where(targets == 1, 1 - p.sigmoid(), p.sigmoid()).mean()"),
            hint="After the first sigmoid the numbers lie between 0 and 1 already.",
        ),
        Misconception(
            "rewards wrong answers",
            with_confidence("torch.where(targets == 1, p, 1 - p).mean()"),
            hint="A confident and right prediction has to have a small loss. For a target of 1 and a p of 0.9, which "
            "is smaller: p or 1 - p?",
        ),
        Misconception(
            "adds up the distances without a mean",
            with_confidence("torch.where(targets == 1, 1 - p, p).sum()"),
            hint="The sum grows with the number of images. Take the mean.",
        ),
        Misconception(
            "gives a loss for each image",
            with_confidence("torch.where(targets == 1, 1 - p, p)"),
            hint="A loss is a single number, or `backward` could not start from it: take the mean.",
        ),
        Misconception(
            "gives the accuracy",
            with_confidence("((p > 0.5) == targets).float().mean()"),
            hint="That is how often it is right. It is larger for better models, and has no gradient.",
        ),
        Misconception(
            "counts the mistakes",
            with_confidence("torch.where(targets == 1, 1 - (p > 0.5).float(), (p > 0.5).float()).mean()"),
            hint="Once p is made 0 or 1, small changes of it make no difference. Keep the confidence itself.",
        ),
        Misconception(
            "asks the predictions for the truth",
            with_confidence("torch.where(p > 0.5, 1 - p, p).mean()"),
            hint="Whether it is a 3 is not for the model to say. The targets know it.",
        ),
        Misconception(
            "looks for targets of 3",
            with_confidence("torch.where(targets == 3, 1 - p, p).mean()"),
            hint="The target of a 3 is 1. No target is 3, so every image counts as a 7 here.",
        ),
        Misconception(
            "leaves the 7s out",
            with_confidence("torch.where(targets == 1, 1 - p, torch.zeros_like(p)).mean()"),
            hint="What always says 3 would be perfect then. A 7 counts p.",
        ),
        Misconception(
            "gives a Python number for the loss",
            with_confidence("torch.where(targets == 1, 1 - p, p).mean().item()"),
            hint="`.item()` makes a plain number of a tensor, and `backward` can't start from that. Leave the tensor "
            "as it is.",
        ),
        Misconception(
            "compares all predictions with all targets",
            with_confidence("torch.where(targets.flatten() == 1, 1 - p, p).mean()"),
            hint="Shapes (n, 1) and (n,) meet here, and broadcast to (n, n): every prediction is compared with every "
            "target. Leave both in the same shape.",
        ),
        Misconception(
            "takes the squared distance",
            with_confidence("((p - targets) ** 2).mean()"),
            hint="That is a loss as well, but another one: here the distance counts as it is, without a square.",
        ),
        Misconception(
            "takes the cross-entropy",
            with_confidence("torch.nn.functional.binary_cross_entropy(p, targets.float())"),
            hint="That is a loss as well, with a logarithm, and comes later in the book. Here the distance counts as "
            "it is.",
        ),
        Misconception(
            "cuts the gradient in the loss",
            with_confidence("torch.where(targets == 1, 1 - p, p).mean().detach()"),
            hint="The number is right, but the way back is cut off: `.detach()`, `.item()`, `tensor(...)` and numpy "
            "give plain numbers.",
        ),
        Misconception(
            "changes the predictions in place",
            {
                "mnist_loss": lambda predictions, targets: torch.where(
                    targets == 1, 1 - predictions.sigmoid_(), predictions
                ).mean()
            },
            hint="`sigmoid_()`, with the underscore, writes into the tensor that was passed in. `sigmoid()` makes "
            "a new one.",
        ),
        Misconception(
            "gives the rise without the run",
            slope_by("new - old"),
            hint="That is how much the measure changes. Divide it by how far the weight was moved.",
        ),
        Misconception(
            "takes the old minus the new",
            slope_by("(old - new) / h"),
            hint="The sign is reversed: a measure that grows has a positive slope.",
        ),
        Misconception(
            "divides by the new weight",
            slope_by("(new - old) / (weight + h)"),
            hint="The run is how far the weight was moved, not where it got to.",
        ),
        Misconception(
            "takes the absolute value of the rise",
            slope_by("abs(new - old) / h"),
            hint="A slope has a sign: below 0 where it goes down. A loss is to go down.",
        ),
        Misconception(
            "divides by the weight",
            slope_by("(new - old) / weight if weight else new - old"),
            hint="The run is how far the weight was moved, not where it was.",
        ),
        Misconception(
            "has an h of its own",
            """\
def slope(measure, weight, x, targets, h):
    return (measure(x * (weight + 0.01), targets) - measure(x * weight, targets)) / 0.01
""",
            hint="How far the weight is moved, the argument `h` says.",
        ),
        Misconception(
            "measures the loss, whatever it is to measure",
            """\
def slope(measure, weight, x, targets, h):
    return (mnist_loss(x * (weight + h), targets) - mnist_loss(x * weight, targets)) / h
""",
            hint="`slope` works for any measure, also for the accuracy: call the `measure` that was passed in.",
        ),
        Misconception(
            "looks to both sides",
            {
                "slope": lambda measure, weight, x, targets, h: (
                    (measure(x * (weight + h), targets) - measure(x * (weight - h), targets)) / (2 * h)
                )
            },
            hint="From weight - h to weight + h is more exact, and not what is asked for here: from weight to "
            "weight + h.",
        ),
        Misconception(
            "asks autograd for the slope",
            """\
def slope(measure, weight, x, targets, h):
    w = torch.tensor(weight, requires_grad=True)
    measure(x * w, targets).backward()
    return w.grad
""",
            hint="The accuracy has no gradient that `backward` could find. Here the slope is tried out: the measure at "
            "two weights, and the difference divided by h.",
        ),
        Misconception(
            "moves the inputs instead of the weight",
            {
                "slope": lambda measure, weight, x, targets, h: (
                    (measure((x + h) * weight, targets) - measure(x * weight, targets)) / h
                )
            },
            hint="The inputs are what they are. It is the weight that training changes.",
        ),
        Misconception(
            "moves the predictions instead of the weight",
            {
                "slope": lambda measure, weight, x, targets, h: (
                    (measure(x * weight + h, targets) - measure(x * weight, targets)) / h
                )
            },
            hint="`x * weight + h` moves every prediction by the same. Put `weight + h` in parentheses.",
        ),
    ],
)
