"""Loss, gradient, step: the chapter's training loop."""

import inspect

import torch
from hypothesis import strategies as st

from exercises.wrong import changed
from grader.exercise import Exercise, Misconception, Scenario
from grader.inputs import Dim, tensors

N = Dim("n", 1, 3)
rates = st.sampled_from([0.5, 0.25, 1.0, 2.0, 0.0])
six_inputs = tensors(6, 2)
six_targets = st.lists(st.integers(0, 1), min_size=6, max_size=6).map(lambda ys: torch.tensor(ys)[:, None])


def stepped(sgd_step, weights, bias, weights_grad, bias_grad, lr):
    """Two parameters and their gradients after one step."""
    params = [weights.requires_grad_(), bias.requires_grad_()]
    weights.grad, bias.grad = weights_grad, bias_grad
    sgd_step(params, lr)
    return params, [torch.zeros_like(p) if p.grad is None else p.grad for p in params]


def step(sgd_step, weights, bias, weights_grad, bias_grad, lr):
    """The parameters after one step."""
    return stepped(sgd_step, weights, bias, weights_grad, bias_grad, lr)[0]


def gradients_left(sgd_step, weights, bias, weights_grad, bias_grad, lr):
    """The gradients after one step, 0 where there is none any more."""
    return stepped(sgd_step, weights, bias, weights_grad, bias_grad, lr)[1]


def mnist_loss(predictions, targets):
    """The chapter's loss."""
    predictions = predictions.sigmoid()
    return torch.where(targets == 1, 1 - predictions, predictions).mean()


def calc_grad(xb, yb, model):
    """The chapter's gradient of one mini-batch."""
    mnist_loss(model(xb), yb).backward()


def after_epochs(train_epoch, batches, weights, bias, lr, epochs):
    """The parameters of a linear model after some epochs over these mini-batches."""
    notebook = inspect.unwrap(train_epoch).__globals__
    before = {name: notebook.get(name) for name in ("dl", "mnist_loss", "calc_grad")}
    notebook.update(dl=batches, mnist_loss=mnist_loss, calc_grad=calc_grad)
    params = weights.requires_grad_(), bias.requires_grad_()
    try:
        for _ in range(epochs):
            train_epoch(lambda xb: xb @ weights + bias, lr, params)
    finally:
        notebook.update(before)
    return params


def one_batch(train_epoch, x, y, weights, bias, lr):
    """The parameters after an epoch of a single mini-batch."""
    return after_epochs(train_epoch, [(x, y)], weights, bias, lr, 1)


def three_batches(train_epoch, x, y, weights, bias, lr):
    """The parameters after an epoch of three mini-batches."""
    return after_epochs(train_epoch, list(zip(x.split(2), y.split(2))), weights, bias, lr, 1)  # noqa: B905


def two_epochs(train_epoch, x, y, weights, bias, lr):
    """The parameters after two epochs of three mini-batches each."""
    return after_epochs(train_epoch, list(zip(x.split(2), y.split(2))), weights, bias, lr, 2)  # noqa: B905


linear = (six_inputs, six_targets, tensors(2, 1), tensors(1), st.sampled_from([1.0, 4.0, 16.0]))
parameters_and_gradients = (tensors(N, 2), tensors(1), tensors(N, 2), tensors(1), rates)

SOLUTION = """\
def sgd_step(params, lr):
    for p in params:
        p.data -= p.grad * lr
        p.grad.zero_()


def train_epoch(model, lr, params):
    for xb, yb in dl:
        calc_grad(xb, yb, model)
        sgd_step(params, lr)
"""


exercise = Exercise(
    title="A step of gradient descent",
    section="Putting It All Together",
    provides=("sgd_step", "train_epoch"),
    oracle="sgd",
    aliases={"train_epoch": ("_train_epoch", "new_train_epoch", "one_epoch")},
    given="""\
# How far the predictions for a mini-batch are from their targets; the gradient of that goes to the parameters.
def calc_grad(xb, yb, model):
    F.l1_loss(model(xb).sigmoid(), yb.float()).backward()


# A small model and its data: is the sum of two numbers above 0? dl gives four mini-batches (xb, yb).
small_model = nn.Linear(2, 1)
train_x = torch.randn(32, 2)
train_y = (train_x.sum(1, keepdim=True) > 0).long()
dl = list(zip(train_x.split(8), train_y.split(8)))
""",
    statement="""\
The *gradient* of a parameter says how the loss changes when the parameter grows. Stochastic gradient descent
(SGD) moves each parameter a little **against** its gradient, mini-batch by mini-batch; the *learning rate*
`lr` says how far. The next cell defines a `calc_grad(xb, yb, model)`, which computes the loss of
a mini-batch and adds its gradient to the `grad` of each parameter, and a loader `dl` of mini-batches `(xb,
yb)`.

- `sgd_step(params, lr)` moves each parameter in a list or tuple by `lr` times its gradient, in place, and
  sets its gradient to zero (or to `None`). A parameter of 5 with a gradient of 2 becomes 4.8 if `lr` is 0.1.
- `train_epoch(model, lr, params)` goes through `dl` once, with one step for each mini-batch. To try it:
  `train_epoch(small_model, 1., list(small_model.parameters()))`.
""",
    starter="""\
def sgd_step(params, lr):
    ...


def train_epoch(model, lr, params):
    ...
""",
    hints=[
        (
            "`sgd_step`: take one parameter and its numbers: 5, with a gradient of 2 and a rate of 0.1. How does the "
            "4.8 come about? The same holds for every number in it, and for every parameter in the list."
        ),
        (
            "`sgd_step`: go through `params` in a loop. For a parameter `p`, `p.grad` is its gradient, and `p.data` "
            "are its numbers without a record for `backward`: change these with `-=`. Only after that comes what "
            "makes the gradient zero."
        ),
        (
            "`train_epoch`: you need not calculate anything. One function fills the gradients and the other one uses "
            "them up; both are there already. How often is each of them called if `dl` has four mini-batches?"
        ),
        (
            "`train_epoch`: a `for` loop over `dl` gives an `xb` and a `yb` in each round. Both calls stand inside "
            "it, the gradient first, with the arguments of your function; there is nothing to return."
        ),
    ],
    checks=[
        Scenario(
            "moves each parameter against its gradient",
            step,
            *parameters_and_gradients,
            cases=8,
            of="sgd_step",
            points=2,
            hint="New value: the old one minus the learning rate times the gradient.",
        ),
        Scenario(
            "sets the gradients to zero after the step",
            gradients_left,
            *parameters_and_gradients,
            cases=8,
            of="sgd_step",
            hint="`backward` adds to the gradient that is there. What has to happen before the next mini-batch?",
        ),
        Scenario(
            "trains with one mini-batch",
            one_batch,
            *linear,
            cases=8,
            of="train_epoch",
            hint="For a mini-batch: the gradient of the model that was passed in, then a step.",
        ),
        Scenario(
            "takes one step for each mini-batch",
            three_batches,
            *linear,
            cases=8,
            of="train_epoch",
            points=2,
            hint="Every mini-batch has a gradient of its own, and its own step.",
        ),
        Scenario("goes on in the next epoch", two_epochs, *linear, of="train_epoch", cases=8),
    ],
    accepts={
        "an optimizer of PyTorch": """\
def sgd_step(params, lr):
    opt = torch.optim.SGD(params, lr=lr)
    opt.step()
    opt.zero_grad()

def train_epoch(model, lr, params):
    for batch in dl:
        calc_grad(*batch, model)
        sgd_step(params, lr)
""",
        "no_grad, and everything in the loop": """\
@torch.no_grad()
def sgd_step(params, lr):
    for i in range(len(params)):
        params[i].sub_(params[i].grad, alpha=lr)
        params[i].grad = None

def train_epoch(model, lr, params):
    for xb, yb in dl:
        for p in params:
            p.grad = None
        mnist_loss(model(xb), yb).backward()
        with torch.no_grad():
            for p in params:
                p -= lr * p.grad
""",
        "the book's": """\
def sgd_step(params, lr):
    for p in params:
        p.data = p.data - p.grad.data * lr
        p.grad.zero_()

def train_epoch(model, lr, params):
    for xb,yb in dl:
        calc_grad(xb, yb, model)
        for p in params:
            p.data -= p.grad*lr
            p.grad.zero_()
""",
    },
    misconceptions=[
        Misconception(
            "never steps",
            changed(SOLUTION, "        sgd_step(params, lr)\n", ""),
            hint="The gradients are computed, and nothing is done with them: the parameters stay as they are.",
        ),
        Misconception(
            "moves nothing",
            changed(SOLUTION, "p.data -= p.grad * lr", "p.grad.data -= p.grad.data * lr"),
            hint="The parameters stay where they are. Is the gradient set to zero before the step? Does the "
            "step change `p.grad` instead of `p.data`? Or does `p = p - ...` make a new tensor, which "
            "nobody keeps?",
        ),
        Misconception(
            "never sets the gradients to zero",
            changed(SOLUTION, "p.grad.zero_()", "p.grad.zero_"),
            hint="`backward` adds to the gradients that are there, so each step also repeats those before. "
            "Set them to zero after each step; the parentheses of `zero_()` are what calls it.",
        ),
        Misconception(
            "adds the gradient",
            changed(SOLUTION, "p.data -= p.grad", "p.data += p.grad"),
            hint="The gradient points to where the loss grows. A step goes the other way: subtract it.",
        ),
        Misconception(
            "ignores the learning rate",
            changed(SOLUTION, "p.grad * lr", "p.grad"),
            hint="The step is the gradient **times the learning rate**: with a rate of 0 nothing may move.",
        ),
        Misconception(
            "divides by the learning rate",
            changed(SOLUTION, "p.grad * lr", "p.grad / (lr + 1e-9)"),
            hint="A small learning rate has to make small steps: multiply by it.",
        ),
        Misconception(
            "multiplies the parameter by the learning rate",
            changed(SOLUTION, "p.grad * lr", "p.data * lr"),
            hint="`w -= w * lr` makes every weight smaller, whatever the loss. The step is the **gradient** "
            "times the learning rate.",
        ),
        Misconception(
            "writes a dot for times",
            changed(SOLUTION, "p.grad * lr", "p.grad.lr"),
            hint="`p.grad.lr` looks for something named `lr` inside the gradient. Times is `*`.",
        ),
        Misconception(
            "puts the gradient in the parameter's place",
            changed(SOLUTION, "p.data -= p.grad * lr", "p.data = -p.grad * lr"),
            hint="With `=` the old value is lost. `-=` moves it.",
        ),
        Misconception(
            "changes a parameter while gradients are recorded",
            changed(SOLUTION, "p.data -=", "p -="),
            hint="PyTorch would record the step itself for the next `backward`, and refuses. Change "
            "`p.data`, or step within `with torch.no_grad():`.",
        ),
        Misconception(
            "stops after the first parameter",
            changed(SOLUTION, "p.grad.zero_()", "p.grad.zero_()\n        return"),
            hint="A `return` inside the loop ends it: the other parameters get no step.",
        ),
        Misconception(
            "steps once, after the loop",
            changed(SOLUTION, "        sgd_step(params, lr)\n", "    sgd_step(params, lr)\n"),
            hint="The step stands behind the loop, where the gradients of all mini-batches have added up. "
            "Indent it: one step for each mini-batch.",
        ),
        Misconception(
            "stops after the first mini-batch",
            changed(SOLUTION, "        sgd_step(params, lr)\n", "        sgd_step(params, lr)\n        return\n"),
            hint="A `return` inside the loop ends the epoch with the first mini-batch.",
        ),
        Misconception(
            "computes no gradient for its model",
            "weights = torch.ones(2, 1).requires_grad_()\nbias = torch.zeros(1).requires_grad_()\n\n\n"
            "def linear1(xb):\n    return xb @ weights + bias\n\n\n"
            + changed(SOLUTION, "calc_grad(xb, yb, model)", "calc_grad(xb, yb, linear1)"),
            hint="The parameters that were passed in have no gradient (`grad` is None). Is `calc_grad` "
            "called before the step, and with the argument `model`? `linear1` is another model: the "
            "notebook's.",
        ),
        Misconception(
            "starts anew for each mini-batch",
            changed(
                SOLUTION,
                "        calc_grad(",
                "        for p in params:\n            p.data = torch.zeros_like(p)\n        calc_grad(",
            ),
            hint="The parameters are set back inside the loop, so what was learned is lost. They are "
            "initialised once, before the training.",
        ),
    ],
)
