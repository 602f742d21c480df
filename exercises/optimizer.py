"""An optimizer, PyTorch's linear layer, and the loop that goes with any of them."""

import inspect

import torch
from hypothesis import strategies as st
from torch import nn

from exercises.wrong import changed
from grader.exercise import Exercise, Misconception, Scenario
from grader.inputs import Dim, tensors

N = Dim("n", 1, 3)
rates = st.sampled_from([0.5, 0.25, 2.0, 0.0, 1.0])
parameters_and_gradients = (tensors(N, 2), tensors(1), tensors(N, 2), tensors(1))
six_targets = st.lists(st.integers(0, 1), min_size=6, max_size=6).map(lambda ys: torch.tensor(ys)[:, None])
problem = (tensors(6, 2), six_targets, tensors(1, 2), tensors(1), st.sampled_from([1.0, 4.0, 16.0]))


def optimized(BasicOptim, params, weights_grad, bias_grad, lr, steps):  # noqa: N803
    """An optimizer of these two parameters, and the parameters, after some steps with the same gradients."""
    weights, bias = params
    opt = BasicOptim((p for p in (weights.requires_grad_(), bias.requires_grad_())), lr)
    weights.grad, bias.grad = weights_grad.clone(), bias_grad.clone()
    for _ in range(steps):
        opt.step()
    return opt, [weights, bias]


def gradients_of(params):
    """The gradients, 0 where there is none."""
    return [torch.zeros_like(p) if p.grad is None else p.grad for p in params]


def one_step(BasicOptim, weights, bias, weights_grad, bias_grad, lr):  # noqa: N803
    """The parameters after a step."""
    return optimized(BasicOptim, (weights, bias), weights_grad, bias_grad, lr, 1)[1]


def two_steps(BasicOptim, weights, bias, weights_grad, bias_grad, lr):  # noqa: N803
    """The parameters after two steps with the same gradients, which are there afterwards, too."""
    params = optimized(BasicOptim, (weights, bias), weights_grad, bias_grad, lr, 2)[1]
    return {"parameters": params, "gradients": gradients_of(params)}


def two_at_once(BasicOptim, weights, bias, weights_grad, bias_grad, lr):  # noqa: N803
    """Two parameters after each was moved by an optimizer of its own, when both optimizers were made before."""
    params = weights.requires_grad_(), bias.requires_grad_()
    first, second = BasicOptim([weights], lr), BasicOptim([bias], 2 * lr)
    weights.grad, bias.grad = weights_grad, bias_grad
    first.step()
    after_first = [p.detach().clone() for p in params]
    second.step()
    return {"after the first one's step": after_first, "after both steps": list(params)}


def zeroed(BasicOptim, weights, bias, weights_grad, bias_grad, lr):  # noqa: N803
    """Parameters and gradients after a step and `zero_grad`."""
    opt, params = optimized(BasicOptim, (weights, bias), weights_grad, bias_grad, lr, 1)
    opt.zero_grad()
    return {"parameters": params, "gradients": gradients_of(params)}


def zeroed_first(BasicOptim, weights, bias, weights_grad, bias_grad, lr):  # noqa: N803
    """The parameters after `zero_grad`, when there were no gradients, and a step with some."""
    params = [weights.requires_grad_(), bias.requires_grad_()]
    opt = BasicOptim(params, lr)
    opt.zero_grad()
    weights.grad, bias.grad = weights_grad, bias_grad
    opt.step()
    return params


# A training


def mnist_loss(predictions, targets):
    """The chapter's loss."""
    predictions = predictions.sigmoid()
    return torch.where(targets == 1, 1 - predictions, predictions).mean()


def calc_grad(xb, yb, model):
    """The chapter's gradient of one mini-batch."""
    mnist_loss(model(xb), yb).backward()


class Descent:
    """An optimizer that is none of the notebook's: parameters move by the learning rate, up or down."""

    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self, *_, **__):
        for p in self.params:
            if p.grad is not None:
                p.data -= self.lr * p.grad.sign()

    def zero_grad(self, *_, **__):
        for p in self.params:
            p.grad = None


def after_training(train_model, make_opt, batches, weights, bias, lr, epochs):
    """The parameters of a linear model after a training."""
    model = nn.Linear(2, 1)
    model.weight.data, model.bias.data = weights.clone(), bias.clone()
    notebook = getattr(inspect.unwrap(train_model), "__globals__", {})
    # The book's train_model shows the accuracy of each epoch, and the notebook's data may be for other models.
    replaced = {"mnist_loss": mnist_loss, "calc_grad": calc_grad, "validate_epoch": lambda _: 0.0}
    before = {name: notebook[name] for name in replaced if name in notebook}
    notebook.update(replaced)
    try:
        train_model(model, batches, make_opt(model.parameters(), lr), epochs)
    finally:
        for name in replaced:
            notebook.pop(name, None)
        notebook.update(before)
    return list(model.parameters())


def in_batches(x, y):
    """Three mini-batches of six items."""
    return list(zip(x.split(2), y.split(2)))  # noqa: B905  the notebook's Python may be older than strict


def one_epoch(train_model, x, y, weights, bias, lr):
    """The parameters after an epoch of three mini-batches."""
    return after_training(train_model, torch.optim.SGD, in_batches(x, y), weights, bias, lr, 1)


def some_epochs(train_model, x, y, weights, bias, lr, epochs):
    """The parameters after some epochs of three mini-batches."""
    return after_training(train_model, torch.optim.SGD, in_batches(x, y), weights, bias, lr, epochs)


def other_optimizer(train_model, x, y, weights, bias, lr):
    """The parameters after two epochs with an optimizer that steps in another way."""
    return after_training(train_model, Descent, in_batches(x, y), weights, bias, lr, 2)


def both_parts(BasicOptim, train_model, x, y, weights, bias, lr):  # noqa: N803
    """The parameters after two epochs with the notebook's own optimizer."""
    return after_training(train_model, BasicOptim, in_batches(x, y), weights, bias, lr, 2)


def two_models(train_model, x, y, weights, bias, lr):
    """The parameters of two models that were trained one after the other."""
    batches = in_batches(x, y)
    return [
        after_training(train_model, torch.optim.SGD, batches, start, bias, lr, 1) for start in (weights, 1 - weights)
    ]


# The model


def make_up(linear_model):
    """A model's parameters by their shapes and sums, whether they take gradients, and what it gives for 3 images."""
    params = list(linear_model.parameters())
    shades = torch.tensor([[0.0], [4.0], [-4.0]]).expand(3, 28 * 28)
    return {
        "parameters": sorted(list(p.shape) for p in params),
        "require gradients": all(p.requires_grad for p in params),
        "output": list(linear_model(shades).shape),
        "sums": {len(p.shape): p.sum().item() for p in params},
        "activations": linear_model(shades).flatten().tolist(),
    }


def is_linear_model(result: dict[str, object]) -> str | None:
    """Whether it has a weight for each pixel and a bias, and gives one activation for each image."""
    shapes = result["parameters"]
    assert isinstance(shapes, list | tuple)
    if result["output"] != [3, 1]:
        return f"For 3 images it gives the shape {tuple(result['output'])}, and (3, 1) is meant."  # type: ignore[arg-type]  # a list
    if sorted(shapes) != [[1], [1, 28 * 28]]:
        listed = " and ".join(str(tuple(shape)) for shape in shapes) or "none"
        return (
            f"Its parameters have the shapes {listed}; a weight for each pixel, (1, 784), and a bias, (1,), are meant."
        )
    if not result["require gradients"]:
        return "Its parameters require no gradients, so it can't learn."
    sums, activations = result["sums"], result["activations"]
    assert isinstance(sums, dict)
    assert isinstance(activations, list | tuple)
    right = [sums[1] + shade * sums[2] for shade in (0, 4, -4)]
    if all(abs(got - meant) < 1e-3 for got, meant in zip(activations, right, strict=True)):
        return None
    return "What it gives is not the sum of weights times pixels plus the bias: something else happens to it."


SOLUTION = """\
import torch
from torch import nn


dl = []
linear_model = nn.Linear(28 * 28, 1)
opt = torch.optim.SGD(linear_model.parameters(), 1.0)


def mnist_loss(predictions, targets):
    predictions = predictions.sigmoid()
    return torch.where(targets == 1, 1 - predictions, predictions).mean()


def calc_grad(xb, yb, model):
    loss = mnist_loss(model(xb), yb)
    loss.backward()


class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self):
        for p in self.params:
            p.data -= p.grad.data * self.lr

    def zero_grad(self):
        for p in self.params:
            p.grad = None


def train_model(model, dl, opt, epochs):
    for i in range(epochs):
        for xb, yb in dl:
            calc_grad(xb, yb, model)
            opt.step()
            opt.zero_grad()
"""


def mistaken(right: str, wrong: str) -> str:
    """The solution with one mistake."""
    return changed(SOLUTION, right, wrong)


exercise = Exercise(
    title="An optimizer",
    section="Putting It All Together",
    provides=("BasicOptim", "linear_model", "train_model"),
    oracle="optimizer",
    statement="""\
An *optimizer* is an object that holds a model's parameters and knows how to make a step, so that the training loop
need not. It has two methods:

    opt = BasicOptim(model.parameters(), lr)
    opt.step()         # after the gradients were computed: change the parameters
    opt.zero_grad()    # forget the gradients

- Write the class `BasicOptim(params, lr)`, which does the same as `torch.optim.SGD(params, lr)`. `step()` moves each
  parameter in place by the learning rate times its gradient, **against** the gradient, and leaves the gradient alone.
  `zero_grad()` sets each gradient to zero (or to `None`), and may also be called when there is none yet. Mind that
  `model.parameters()` is a *generator*: it can be gone through only **once**.
- `linear_model`: PyTorch's `nn.Linear` holds weights and bias, makes their random numbers, and applies them.
  Make one for images of `28 * 28` pixels, which are rows of a batch `(n, 784)`: it gives one activation for each,
  `(n, 1)`.
- `train_model(model, dl, opt, epochs)` goes through the mini-batches `(xb, yb)` of `dl` `epochs` times. For each it
  computes the gradient of the loss, with `calc_grad(xb, yb, model)` from the exercises above, and lets the optimizer
  take a step. All that it needs is among its arguments: it must work with any model and any optimizer. It may print
  what it likes, such as the accuracy after each epoch.

To try it with the small data set `dl` from above: `model = nn.Linear(2, 1)`, and then
`train_model(model, dl, BasicOptim(model.parameters(), 1.), 5)`.
""",
    starter="""\
class BasicOptim:
    def __init__(self, params, lr):
        ...

    def step(self):
        ...

    def zero_grad(self):
        ...


linear_model = ...


def train_model(model, dl, opt, epochs):
    ...
""",
    hints=[
        (
            "`linear_model`: `nn.Linear` wants to know two things: how many numbers there are in an image, and how "
            "many it should make of them. It draws weights and a bias by itself."
        ),
        (
            "`BasicOptim`: `step` has no arguments but `self`, and yet it needs the parameters and the rate. So "
            "`__init__` has to keep both. In what form can the parameters be gone through as often as you like?"
        ),
        (
            "`BasicOptim`: `step` and `zero_grad` are two loops over the same parameters. For each `p` the first one "
            "reads `p.grad` and changes `p.data`; the second one changes `p.grad` only. Your `sgd_step` did both at "
            "once."
        ),
        (
            "`train_model`: two loops, one inside the other: the outer one counts the epochs, the inner one goes "
            "through `dl`. Innermost are three calls: one fills the gradients, one uses them, one forgets them. Two "
            "of these are methods of `opt`."
        ),
    ],
    checks=[
        Scenario(
            "moves each parameter against its gradient",
            one_step,
            *parameters_and_gradients,
            rates,
            of="BasicOptim",
            cases=8,
            points=2,
            hint="New value: the old one minus the learning rate times the gradient, for each parameter.",
        ),
        Scenario(
            "leaves the gradients to zero_grad",
            two_steps,
            *parameters_and_gradients,
            rates,
            of="BasicOptim",
            cases=8,
            hint="Two steps with the same gradients go twice as far. `step` changes the parameters, and nothing else.",
        ),
        Scenario(
            "sets the gradients of a generator's parameters to zero",
            zeroed,
            *parameters_and_gradients,
            rates,
            of="BasicOptim",
            cases=8,
            points=2,
            hint="`zero_grad` has to go through the same parameters as `step`, and leave their values alone.",
        ),
        Scenario(
            "takes zero_grad before there are gradients",
            zeroed_first,
            *parameters_and_gradients,
            rates,
            of="BasicOptim",
            cases=4,
            hint="Before the first `backward`, `p.grad` is None, which has no `zero_()`.",
        ),
        Scenario(
            "keeps apart from other optimizers",
            two_at_once,
            *parameters_and_gradients,
            st.sampled_from([0.5, 0.25, 2.0]),
            of="BasicOptim",
            cases=4,
            hint="An optimizer moves the parameters that were passed in when it was made, at its own learning rate.",
        ),
        Scenario(
            "nn.Linear for images",
            make_up,
            of="linear_model",
            holds=is_linear_model,
            hint="`nn.Linear(number of inputs, number of outputs)`.",
        ),
        Scenario(
            "takes one step for each mini-batch",
            one_epoch,
            *problem,
            of="train_model",
            cases=6,
            points=2,
            hint="For each mini-batch: gradient, step, gradients to zero.",
        ),
        Scenario(
            "trains for several epochs",
            some_epochs,
            *problem,
            st.integers(2, 4),
            of="train_model",
            cases=6,
            hint="Each epoch goes through all of `dl` again.",
        ),
        Scenario(
            "works with any optimizer",
            other_optimizer,
            *problem,
            of="train_model",
            cases=6,
            hint="How a step is made is the business of `opt`.",
        ),
        Scenario(
            "trains one model after another",
            two_models,
            *problem,
            of="train_model",
            cases=4,
            hint="The model, the loader and the optimizer are those that are passed in.",
        ),
        Scenario("trains with your optimizer", both_parts, *problem, of=("BasicOptim", "train_model"), cases=6),
    ],
    accepts={
        "the book's": """\
class BasicOptim:
    def __init__(self,params,lr): self.params,self.lr = list(params),lr

    def step(self, *args, **kwargs):
        for p in self.params: p.data -= p.grad.data * self.lr

    def zero_grad(self, *args, **kwargs):
        for p in self.params: p.grad = None

linear_model = nn.Linear(28*28,1)

def train_model(model, dl, opt, epochs):
    def train_epoch():
        for xb,yb in dl:
            calc_grad(xb, yb, model)
            opt.step()
            opt.zero_grad()
    for i in range(epochs):
        train_epoch()
        print(validate_epoch(model), end=' ')
""",
        "PyTorch's, zero_grad first": """\
class BasicOptim(torch.optim.SGD):
    pass

linear_model = nn.Sequential(nn.Flatten(), nn.Linear(in_features=784, out_features=1))

def train_model(net, loader, optimizer, n):
    net.train()
    while n > 0:
        for batch in loader:
            optimizer.zero_grad()
            x, y = batch
            mnist_loss(net(x), y).backward()
            optimizer.step()
        n -= 1
    return net
""",
        "no_grad, a tuple and zero_": """\
class BasicOptim:
    def __init__(self, parameters, learning_rate=0.1):
        self.parameters = tuple(parameters)
        self.learning_rate = learning_rate

    @torch.no_grad()
    def step(self):
        for p in self.parameters:
            p.copy_(p - self.learning_rate * p.grad)

    def zero_grad(self):
        [p.grad.zero_() for p in self.parameters if p.grad is not None]

class LinearModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.weights = nn.Parameter(torch.randn(1, 28*28))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, xb):
        return F.linear(xb, self.weights, self.bias)

linear_model = LinearModel()

def train_model(model, dl, opt, epochs):
    losses = []
    for epoch in range(epochs):
        opt.zero_grad()
        for xb, yb in dl:
            preds = model(xb).sigmoid()
            loss = torch.where(yb==1, 1-preds, preds).mean()
            loss.backward()
            losses.append(loss.item())
            opt.step(); opt.zero_grad()
    return losses
""",
    },
    aliases={
        "BasicOptim": (
            "BasicOptimizer",
            "BasicOptimiser",
            "BasicOptimzer",
            "BasicOpt",
            "SGDOptimizer",
            "SGDOpt",
            "ModelOptimizer",
        ),
    },
    misconceptions=[
        Misconception(
            "uses the generator up",
            mistaken("list(params)", "params"),
            hint="`model.parameters()` is a generator: after the first loop there is nothing left in it. The step "
            "finds the parameters, and `zero_grad` or the next step finds none. Keep them in a list: `list(params)`.",
        ),
        Misconception(
            "keeps its parameters in the class",
            mistaken(
                "        self.params, self.lr = list(params), lr",
                "        BasicOptim.params, BasicOptim.lr = list(params), lr",
            ),
            hint="What is assigned to the class belongs to all optimizers, and the last one made wins. What belongs to "
            "one of them is assigned to `self`: `self.params`, `self.lr`.",
        ),
        Misconception(
            "applies the sigmoid in the model",
            mistaken(
                "linear_model = nn.Linear(28 * 28, 1)",
                "linear_model = nn.Sequential(nn.Linear(28 * 28, 1), nn.Sigmoid())",
            ),
            hint="The model gives the activations as they are, any number. The sigmoid comes with the loss.",
        ),
        Misconception(
            "moves nothing",
            mistaken("p.data -= p.grad.data * self.lr", "p.grad.data -= p.grad.data * self.lr"),
            hint="The gradient is changed, and the parameters stay where they are: the step goes to `p.data`.",
        ),
        Misconception(
            "makes new tensors",
            mistaken("p.data -= p.grad.data * self.lr", "p = p - p.grad * self.lr"),
            hint="`p = p - ...` makes a new tensor, which nobody keeps. Change the parameter itself: `p.data -= ...`.",
        ),
        Misconception(
            "ignores the learning rate",
            mistaken("p.grad.data * self.lr", "p.grad.data"),
            hint="The step is the gradient **times the learning rate**: with a rate of 0 nothing may move.",
        ),
        Misconception(
            "adds the gradient",
            mistaken("p.data -=", "p.data +="),
            hint="The gradient points to where the loss grows. A step goes the other way: subtract it.",
        ),
        Misconception(
            "multiplies the parameter by the learning rate",
            mistaken("p.grad.data * self.lr", "p.data * self.lr"),
            hint="`w -= w * lr` makes every weight smaller, whatever the loss. The step is the **gradient** times the "
            "learning rate.",
        ),
        Misconception(
            "forgets self",
            mistaken("* self.lr", "* lr"),
            hint="`lr` was an argument of `__init__`, and is gone when `step` runs. What a method keeps for the "
            "others belongs to `self`.",
        ),
        Misconception(
            "writes a dot for times",
            mistaken("p.grad.data * self.lr", "p.grad.lr"),
            hint="`p.grad.lr` looks for something named `lr` inside the gradient. Times is `*`.",
        ),
        Misconception(
            "changes a parameter while gradients are recorded",
            mistaken("p.data -=", "p -="),
            hint="PyTorch would record the step itself for the next `backward`, and refuses. Change `p.data`, or step "
            "within `with torch.no_grad():`.",
        ),
        Misconception(
            "stops after the first parameter",
            mistaken("* self.lr\n", "* self.lr\n            return\n"),
            hint="A `return` inside the loop ends it: the other parameters get no step.",
        ),
        Misconception(
            "forgets the gradients in the step",
            mistaken("* self.lr\n", "* self.lr\n            p.grad = None\n").replace(
                "p.data -=", "if p.grad is not None: p.data -="
            ),
            hint="`step` only steps. It is `zero_grad` that forgets the gradients, when it is asked to.",
        ),
        Misconception(
            "does nothing in zero_grad",
            mistaken("            p.grad = None\n", "            p.grad.zero_ if p.grad is not None else None\n"),
            hint="The gradients are still there after `zero_grad`, so the next ones are added to them. "
            "It is the parentheses of `zero_()` that call it, and `p.grad = None` that forgets.",
        ),
        Misconception(
            "sets the parameters to zero",
            mistaken("            p.grad = None\n", "            p.data.zero_()\n            p.grad = None\n"),
            hint="The gradients become zero, not the parameters: those are what the model has learned.",
        ),
        Misconception(
            "takes it that there is a gradient already",
            mistaken("p.grad = None", "p.grad.zero_()"),
            hint="Before the first `backward` a parameter's gradient is `None`. Ask before you call `zero_()`, or put "
            "None into `p.grad`.",
        ),
        Misconception(
            "calls zero_grad by another name",
            mistaken("def zero_grad", "def _zero_grad"),
            hint="The training loop asks the optimizer for its `zero_grad`: the method needs exactly this name.",
        ),
        Misconception(
            "exchanges inputs and outputs of nn.Linear",
            mistaken("nn.Linear(28 * 28, 1)", "nn.Linear(1, 28 * 28)"),
            hint="`nn.Linear(inputs, outputs)`: an image has 784 numbers, and gets one activation.",
        ),
        Misconception(
            "has ten outputs",
            mistaken("nn.Linear(28 * 28, 1)", "nn.Linear(28 * 28, 10)"),
            hint="One output is enough to tell a 3 from a 7: its sigmoid is the confidence in a 3.",
        ),
        Misconception(
            "has no bias",
            mistaken("nn.Linear(28 * 28, 1)", "nn.Linear(28 * 28, 1, bias=False)"),
            hint="The bias was switched off. `nn.Linear` has one by itself.",
        ),
        Misconception(
            "takes an image for a table",
            mistaken("nn.Linear(28 * 28, 1)", "nn.Linear(28, 28)"),
            hint="The image's pixels are in one row of 28 * 28 numbers, which all count for the one activation.",
        ),
        Misconception(
            "makes the class the model",
            mistaken("nn.Linear(28 * 28, 1)\nopt = torch.optim.SGD(linear_model.parameters(), 1.0)", "nn.Linear"),
            hint="`nn.Linear` is the class. Called with the numbers of inputs and outputs, it makes a model.",
        ),
        Misconception(
            "trains a model of the notebook",
            mistaken("            calc_grad(xb, yb, model)", "            calc_grad(xb, yb, linear_model)"),
            hint="It is the argument `model` that is to be trained. `linear_model` is another one, the notebook's, and "
            "these mini-batches don't even fit it.",
        ),
        Misconception(
            "leaves the model as it was",
            mistaken("            opt.step()\n", ""),
            hint="Nothing moves. Is `step()` called on the `opt` that was passed in, not on another one? While the "
            "gradients are there: after `calc_grad`, and before `zero_grad`?",
        ),
        Misconception(
            "makes its own steps",
            mistaken(
                "            opt.step()\n            opt.zero_grad()\n",
                "            lr = opt.lr if hasattr(opt, 'lr') else opt.param_groups[0]['lr']\n"
                "            for p in model.parameters():\n"
                "                p.data -= lr * p.grad\n"
                "                p.grad = None\n",
            ),
            hint="The optimizer that was passed in may step in another way: call its `step()`.",
        ),
        Misconception(
            "never sets the gradients to zero",
            mistaken("            opt.zero_grad()\n", ""),
            hint="`backward` adds to the gradients that are there. Call the optimizer's `zero_grad()` for each "
            "mini-batch.",
        ),
        Misconception(
            "steps once in an epoch",
            mistaken(
                "            opt.step()\n            opt.zero_grad()\n", "        opt.step()\n        opt.zero_grad()\n"
            ),
            hint="The step stands behind the loop over the mini-batches, where all of their gradients have added up. "
            "Take one for each mini-batch.",
        ),
        Misconception(
            "trains for one epoch only",
            mistaken("for i in range(epochs):", "for i in range(1):"),
            hint="`epochs` says how many times to go through the mini-batches.",
        ),
        Misconception(
            "takes the first mini-batch only",
            mistaken("for xb, yb in dl:", "for xb, yb in [next(iter(dl))]:"),
            hint="An epoch is all of `dl`. Is there a `return` in the loop?",
        ),
        Misconception(
            "trains with single items",
            mistaken(
                "for xb, yb in dl:", "for xb, yb in [(x[None], y[None]) for xb, yb in dl for x, y in zip(xb, yb)]:"
            ),
            hint="Each item gets its own step. The loader gives mini-batches: one step for each of these.",
        ),
    ],
)
