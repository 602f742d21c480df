"""The linear model: parameters, matrix multiplication, bias, and predictions."""

import inspect

import torch
from hypothesis import strategies as st
from torch import Tensor

from exercises.wrong import changed
from grader.exercise import Exercise, Misconception, Scenario
from grader.inputs import Dim, tensors

N, FEATURES = Dim("n", 1, 3), Dim("features", 2, 4)
MANY = 4000

deviations = st.sampled_from([0.5, 2.0, 4.0])
factors = st.sampled_from([1.0001, 0.5, 2.0, -1.0])
shapes = st.one_of(
    st.integers(1, 4),
    st.tuples(st.integers(1, 4)),
    st.tuples(st.integers(1, 4), st.integers(1, 3)),
    st.just((28 * 28, 1)),
)
large_shapes = st.sampled_from([MANY, (MANY, 1), (40, MANY // 40)])
model = (tensors(FEATURES, 1), tensors(1), tensors(N, FEATURES))


def near_the_limit(drawn: tuple[Tensor, Tensor, Tensor, float]) -> tuple[Tensor, Tensor, Tensor]:
    """Weights, bias and a batch to which rows with the activations 0.25, 0 and -0.25 are added."""
    weights, bias, xb, first = drawn
    weights = torch.cat([torch.tensor([[first]]), weights[1:]])
    rows = torch.zeros(3, len(weights))
    rows[:, 0] = (torch.tensor([0.25, 0.0, -0.25]) - bias) / first
    return weights, bias, torch.cat([rows, xb])


limits = st.shared(st.tuples(*model, st.sampled_from([1.0, 0.5, 2.0, -1.0])), key="limits").map(near_the_limit)
model_at_the_limit = [limits.map(lambda drawn, part=part: drawn[part]) for part in range(3)]


# Parameters


def described(p):
    """What a parameter is, besides its numbers."""
    return {"shape": list(p.shape), "requires_grad": p.requires_grad, "is_leaf": p.is_leaf, "float": str(p.dtype)}


def new_parameter(init_params, size):
    """What is known of new parameters of this size."""
    return described(init_params(size))


def two_draws(init_params, size):
    """New parameters twice, with the standard deviation as it is if nothing is said."""
    return [init_params(size), init_params(size)]


def draw_with_deviation(init_params, size, std):
    """New parameters with this standard deviation."""
    return init_params(size, std)


def both_parameters(weights, bias):
    """What the model's two parameters are, and whether the weights differ from each other."""
    return [described(weights), described(bias), bool((weights == weights.flatten()[0]).all())]


def shape_of(size: int | tuple[int, ...]) -> list[int]:
    """A size as a shape."""
    return [size] if isinstance(size, int) else list(size)


def problem_of(parameter: dict[str, object], shape: list[int], name: str) -> str | None:
    """What is wrong with a parameter's description."""
    if parameter["shape"] != shape:
        return f"{name} of shape {tuple(parameter['shape'])}, and {tuple(shape)} is meant."  # type: ignore[arg-type]  # a list
    if "float" not in str(parameter["float"]):
        return f"{name} of {parameter['float']}, where floating-point numbers are meant."
    if not parameter["requires_grad"]:
        return f"{name} that require no gradient: `requires_grad` is False."
    if not parameter["is_leaf"]:
        return (
            f"{name} that are the result of a computation (`is_leaf` is False): `backward` puts no gradient into them."
        )
    return None


def is_parameter(result: dict[str, object], size: int | tuple[int, ...]) -> str | None:
    """Whether it has its shape and takes a gradient."""
    return problem_of(result, shape_of(size), "It gives parameters")


def are_parameters(result: tuple[dict[str, object], dict[str, object], bool]) -> str | None:
    """Whether weights and bias fit an image of 28 * 28 pixels, and the weights are random."""
    weights, bias, is_constant = result
    problem = problem_of(weights, [28 * 28, 1], "`weights` are parameters")
    problem = problem or problem_of(bias, [1], "`bias` are parameters")
    return problem or ("All of `weights` are the same number." if is_constant else None)


def not_normal(values: Tensor, std: float) -> str | None:
    """Whether 4,000 numbers look drawn from the normal distribution with mean 0; limits at 6 or more deviations."""
    mean, deviation = values.double().mean().item(), values.double().std().item()
    if deviation == 0:
        return "All numbers are the same."
    if abs(mean) > 0.1 * max(std, deviation):
        return f"The mean of {MANY:,} of its numbers is {mean:.2f}, and 0 is meant."
    if not 0.9 < deviation / std < 1.1:
        return f"The standard deviation of {MANY:,} of its numbers is {deviation:.2f}, and {std:g} is meant."
    within = (values.double().abs() < std).double().mean().item()
    if not 0.63 < within < 0.73:
        return f"{within:.0%} of its numbers are nearer to 0 than {std:g}. In the normal distribution 68% are."
    return None


def is_standard_normal(result: tuple[Tensor, Tensor], size: int | tuple[int, ...]) -> str | None:
    """Whether the numbers are normal with deviation 1, and new ones each time."""
    first, second = (torch.as_tensor(draw).detach() for draw in result)
    if list(first.shape) != shape_of(size):
        return f"The shape is {tuple(first.shape)}, and {tuple(shape_of(size))} is meant."
    problem = not_normal(first, 1.0)
    return problem or ("It gives the same numbers each time." if torch.equal(first, second) else None)


def has_deviation(result: Tensor, size: int | tuple[int, ...], std: float) -> str | None:
    """Whether the numbers are normal with this deviation."""
    if list(result.shape) != shape_of(size):
        return f"The shape is {tuple(result.shape)}, and {tuple(shape_of(size))} is meant."
    return not_normal(torch.as_tensor(result).detach(), std)


# The model


def with_parameters(function, weights, bias, new_weights, new_bias):
    """What a function gives while the notebook's parameters have these numbers."""
    before = weights.data, bias.data
    weights.data, bias.data = new_weights.to(weights.dtype), new_bias.to(bias.dtype)
    try:
        return function()
    finally:
        weights.data, bias.data = before


def activations(linear1, weights, bias, new_weights, new_bias, xb):
    """The activations of a batch."""
    return with_parameters(lambda: linear1(xb), weights, bias, new_weights, new_bias)


def gradients(linear1, weights, bias, new_weights, new_bias, xb):
    """How the sum of the activations changes with the weights and with the bias."""

    def compute():
        return list(torch.autograd.grad(linear1(xb).sum(), [weights, bias]))

    return with_parameters(compute, weights, bias, new_weights, new_bias)


def threes(predict_three, weights, bias, new_weights, new_bias, xb):
    """The predictions for a batch, where `linear1` is as it should be."""
    notebook = getattr(inspect.unwrap(predict_three), "__globals__", {})
    before = notebook.get("linear1")
    notebook["linear1"] = lambda xb: xb.to(weights.dtype) @ weights + bias
    try:
        return with_parameters(lambda: predict_three(xb), weights, bias, new_weights, new_bias)
    finally:
        notebook["linear1"] = before


def scaled(scale_first_weight, values, factor):
    """A parameter after its first weight was multiplied, and whether it still takes a gradient."""
    p = values.requires_grad_()
    scale_first_weight(p, factor)
    return {"parameter": p, "requires_grad": p.requires_grad, "is_leaf": p.is_leaf}


PARAMETERS = """\
import torch


def init_params(size, std=1.0):
    return (torch.randn(size) * std).requires_grad_()


weights = init_params((28 * 28, 1))
bias = init_params(1)


def linear1(xb):
    return xb @ weights + bias
"""

PREDICT = "def predict_three(xb):\n    return linear1(xb) > 0\n"

SCALE = "def scale_first_weight(p, factor):\n    p.data[0] *= factor\n"


def mistaken(line: str, replacement: str) -> str:
    """init_params, the parameters and the model, with one mistake."""
    return changed(PARAMETERS, line, replacement)


exercise = Exercise(
    title="The linear model",
    section="The MNIST Loss Function",
    provides=("init_params", "weights", "bias", "linear1", "predict_three", "scale_first_weight"),
    oracle="linear_model",
    statement="""\
Give each of the `28 * 28` pixels of an image a *weight*. A pixel times its weight, added up over all pixels, plus
one more number, the *bias*, is the image's *activation*: above 0 it is taken for a 3. Weights and bias are the
model's *parameters*. They start as random numbers, and SGD will improve them, so they have to require gradients.

In Python `@` multiplies matrices: `(n, 784) @ (784, 1)` gives `(n, 1)`, an activation for each of `n` images.

- `init_params(size, std=1.0)` gives new parameters of shape `size`: random numbers from the **normal**
  distribution with mean 0 and standard deviation `std`, others at each call. They require gradients, and are not
  computed from something that does already (`is_leaf` is true). `size` is a tuple, or one number: `init_params(1)`
  has the shape `(1,)`.
- `weights` and `bias`: the parameters for images of `28 * 28` pixels, made with `init_params`. Their shapes are
  `(784, 1)` and `(1,)`.
- `linear1(xb)` gives the activations of a batch, by the `weights` and the `bias` of the notebook. `xb` has an image in
  each row, and the result has the shape `(n, 1)`. It must go with any number of pixels: the checks put other
  numbers into `weights` and `bias`, fewer than 784, so that one can read them. With weights `[[1.], [2.]]` and a bias
  of `[0.5]`, the row `[3., 1.]` has the activation 5.5.
- `predict_three(xb)` says for each row whether its activation is greater than 0: a tensor of the shape `(n, 1)`,
  with true or false, or 1 and 0.
- `scale_first_weight(p, factor)` multiplies `p[0]` by `factor`, **in place**; `p` is a parameter like `weights`, and
  stays one. The book writes `weights[0] *= 1.0001`, and PyTorch refuses: try it, and read what it says. Then
  compare the predictions before and after. A tiny change of a weight changes no prediction, and so no accuracy: this
  is why the accuracy can't tell SGD where to go.
""",
    starter="""\
def init_params(size, std=1.0):
    ...


weights = ...
bias = ...


def linear1(xb):
    ...


def predict_three(xb):
    ...


def scale_first_weight(p, factor):
    ...
""",
    hints=[
        (
            "`init_params` does three things: it draws numbers of the wanted shape, spreads them by `std`, and asks "
            "for gradients. `torch.randn` draws with a spread of 1. Why does `requires_grad_()` have to come last of "
            "all?"
        ),
        (
            "`weights` and `bias`: two calls of your `init_params`. Think of `@`: each row of 784 pixels meets a "
            "column of weights, one for each pixel, and what comes out gets one bias. Hand a shape with two axes "
            "over as a tuple."
        ),
        (
            "`linear1` and `predict_three`: follow the shapes, from `(n, 784)` to `(n, 1)`. One `@` and one `+` are "
            "enough, in which the number of pixels doesn't appear; and the prediction is a comparison of what "
            "`linear1` gives."
        ),
        (
            "`scale_first_weight`: PyTorch wants to be able to go back through all that happens to a parameter. This "
            "change is not a part of the model's calculation, so it is to be made where nothing is recorded."
        ),
        (
            "`scale_first_weight`: the book's line is right but for its surroundings. Put it below `with "
            "torch.no_grad():`, with the parameter and the factor that your function was given."
        ),
    ],
    checks=[
        Scenario(
            "new parameters have their shape and require gradients",
            new_parameter,
            shapes,
            of="init_params",
            cases=8,
            holds=is_parameter,
            hint="`requires_grad_()` at the very end: what is computed from a parameter is not one itself.",
        ),
        Scenario(
            "new parameters are random and normal",
            two_draws,
            large_shapes,
            of="init_params",
            cases=3,
            holds=is_standard_normal,
            hint="`torch.randn` draws from the normal distribution. What does `torch.rand` draw from?",
        ),
        Scenario(
            "the standard deviation is std",
            draw_with_deviation,
            large_shapes,
            deviations,
            of="init_params",
            cases=4,
            holds=has_deviation,
            hint="Numbers with a standard deviation of 1, times 4, have one of 4.",
        ),
        Scenario(
            "weights and bias fit an image",
            both_parameters,
            of=("weights", "bias"),
            holds=are_parameters,
            hint="A column with a weight for each pixel, and a bias of shape (1,). The whole shape is one argument.",
        ),
        Scenario(
            "gives one activation for each row",
            activations,
            *model,
            of=("linear1", "weights", "bias"),
            points=2,
            hint="`@` multiplies each row with the column of weights, and adds up. Then the bias.",
        ),
        Scenario(
            "gradients reach weights and bias",
            gradients,
            *model,
            of=("linear1", "weights", "bias"),
            cases=8,
            hint="Compute with the tensors `weights` and `bias` themselves: not with copies, with `.data` or in numpy.",
        ),
        Scenario(
            "predicts a 3 for activations above 0",
            threes,
            *model_at_the_limit,
            of=("predict_three", "weights", "bias"),
            hint="Compare the activations with 0.",
        ),
        Scenario(
            "changes the first weight in place",
            scaled,
            tensors(FEATURES, 1, low=0.25),
            factors,
            of="scale_first_weight",
            cases=8,
            hint="Within `with torch.no_grad():`, or through `p.data`, PyTorch records nothing.",
        ),
    ],
    accepts={
        "torch.normal and nn.Parameter, the sum of products": """\
def init_params(size, std=1.0):
    size = (size,) if isinstance(size, int) else size
    return nn.Parameter(torch.normal(0.0, std, size))

weights, bias = init_params((784, 1)), init_params((1,))

def linear1(xb):
    return (xb * weights.T).sum(dim=1, keepdim=True) + bias

def predict_three(xb):
    return (linear1(xb).sigmoid() > 0.5).float()

def scale_first_weight(p, factor):
    with torch.no_grad():
        p[0] = p[0] * factor
    return p
""",
        "numpy's random numbers, F.linear": """\
def init_params(size, std=1.0):
    return torch.tensor(np.random.normal(0, std, size), dtype=torch.float32, requires_grad=True)

weights = init_params((28*28,1))
bias = init_params(1)

def linear1(xb): return F.linear(xb, weights.t(), bias)

def predict_three(xb): return torch.where(xb@weights + bias > 0, 1, 0)

def scale_first_weight(p, factor):
    p.requires_grad_(False)
    p[0] *= factor
    p.requires_grad_()
""",
        "a loop over the batch": """\
init_params = lambda size, std=1.0: torch.empty(size).normal_(std=std).requires_grad_()
weights = init_params((28*28, 1))
bias = init_params(1)

def linear1(xb):
    return torch.stack([(row * weights[:, 0]).sum() + bias for row in xb])

def predict_three(xb):
    return torch.tensor([[a.item() > 0] for a in linear1(xb)])

def scale_first_weight(p, factor):
    p.detach()[0].mul_(factor)
""",
        "float64": """\
def init_params(size, std=1.0):
    return torch.tensor(np.random.randn(*np.atleast_1d(size)) * std, requires_grad=True)

weights = init_params((28*28, 1))
bias = init_params(1)

def linear1(xb):
    return xb.double() @ weights + bias
""",
        "in place while drawing": """\
def init_params(size, std=1.0):
    p = torch.zeros(size, requires_grad=True)
    torch.nn.init.normal_(p, std=std)
    return p

weights = init_params((28*28, 1))
bias = init_params(1)

def linear1(xb):
    return torch.addmm(bias, xb, weights)
""",
    },
    aliases={
        "init_params": ("init_parameters", "initialize_weights", "param_init"),
        "linear1": ("linear", "apply_linear"),
    },
    misconceptions=[
        Misconception(
            "draws evenly between 0 and 1",
            mistaken("torch.randn(size)", "torch.rand(size)"),
            hint="`torch.rand` gives numbers between 0 and 1, all equally likely, and none is negative. The normal "
            "distribution has another letter: `randn`.",
        ),
        Misconception(
            "ignores the standard deviation",
            mistaken("torch.randn(size) * std", "torch.randn(size)"),
            hint="`std` is an argument that nothing is done with.",
        ),
        Misconception(
            "adds the standard deviation",
            mistaken("* std", "+ std"),
            hint="Adding moves all numbers up: it changes their mean. Multiplying makes them spread wider.",
        ),
        Misconception(
            "requires no gradient",
            mistaken("(torch.randn(size) * std).requires_grad_()", "torch.randn(size) * std"),
            hint="Without `requires_grad_()` PyTorch does not follow what is computed with the numbers, and "
            "`backward` finds nothing to do.",
        ),
        Misconception(
            "requires gradients too early",
            mistaken("(torch.randn(size) * std).requires_grad_()", "torch.randn(size).requires_grad_() * std"),
            hint="The product is computed from something that requires gradients: those would go there, and not into "
            "your parameters. Multiply first, and then require gradients.",
        ),
        Misconception(
            "starts with the same number everywhere",
            mistaken("torch.randn(size)", "torch.zeros(size)"),
            hint="The parameters start as random numbers, so that they don't all do the same.",
        ),
        Misconception(
            "draws the same numbers each time",
            mistaken("    return (", "    torch.manual_seed(42)\n    return ("),
            hint="A seed inside the function makes every call give the same numbers. Set it once, outside.",
        ),
        Misconception(
            "takes the second axis for the standard deviation",
            mistaken("init_params((28 * 28, 1))", "init_params((28 * 28), 1)"),
            hint="`init_params((28*28), 1)` has two arguments: the size 784, and a standard deviation of 1. A shape of "
            "two axes is one argument, with its own parentheses: `(28*28, 1)`.",
        ),
        Misconception(
            "has weights for ten digits",
            mistaken("init_params((28 * 28, 1))", "init_params((28 * 28, 10))"),
            hint="Ten columns give ten activations for each image. Here one is meant: is it a 3?",
        ),
        Misconception(
            "has a bias for each pixel",
            mistaken("bias = init_params(1)", "bias = init_params((28 * 28, 1))"),
            hint="The bias is added once, to the sum over all pixels: it is a single number, of shape (1,).",
        ),
        Misconception(
            "forgets the bias",
            "def linear1(xb):\n    return xb @ weights\n",
            hint="Without a bias, an image that is all 0 could have no other activation than 0.",
        ),
        Misconception(
            "multiplies by the bias",
            "def linear1(xb):\n    return xb @ weights * bias\n",
            hint="The bias is added, as the b of a line: y = w*x + b.",
        ),
        Misconception(
            "subtracts the bias",
            "def linear1(xb):\n    return xb @ weights - bias\n",
            hint="The bias is added to the sum.",
        ),
        Misconception(
            "adds the bias before the weights",
            "def linear1(xb):\n    return (xb + bias) @ weights\n",
            hint="So every weight meets the bias as well. First the weights, then the bias, once for each row.",
        ),
        Misconception(
            "adds up the whole batch",
            "def linear1(xb):\n    return (xb @ weights).sum() + bias\n",
            hint="`sum()` without an axis adds up everything, the images too, so that one number comes out for the "
            "whole batch. `@` adds up over the pixels only.",
        ),
        Misconception(
            "loses an axis",
            "def linear1(xb):\n    return (xb * weights.T).sum(1) + bias\n",
            hint="The numbers are right, and stand in a row. The targets stand in a column (n, 1), and so must the "
            "activations. `@` keeps the axis.",
        ),
        Misconception(
            "writes * for @",
            "def linear1(xb):\n    return xb * weights + bias\n",
            hint="`*` multiplies what stands at the same place. The sum of products of rows and columns is `@`.",
        ),
        Misconception(
            "puts the weights first",
            "def linear1(xb):\n    return weights @ xb + bias\n",
            hint="`@` takes rows of what stands on the left: there the images should be, with the column of "
            "weights on the right.",
        ),
        Misconception(
            "applies the sigmoid",
            "def linear1(xb):\n    return (xb @ weights + bias).sigmoid()\n",
            hint="The activations are meant as they are: any number. The sigmoid comes with the loss.",
        ),
        Misconception(
            "computes without gradients",
            "def linear1(xb):\n    return xb @ weights.data + bias.data\n",
            hint="`.data` (or `detach`, `no_grad`, `item`) leaves the gradients behind. Compute with the "
            "parameters themselves.",
        ),
        Misconception(
            "predicts by activations above one half",
            changed(PREDICT, "> 0", "> 0.5"),
            hint="0.5 is the limit behind the sigmoid. The activation itself is compared with 0: sigmoid(0) is 0.5.",
        ),
        Misconception(
            "compares the sigmoid with 0",
            changed(PREDICT, "linear1(xb) > 0", "linear1(xb).sigmoid() > 0"),
            hint="The sigmoid is greater than 0 for any activation, so that everything becomes a 3. Compare the "
            "activation with 0, or its sigmoid with 0.5.",
        ),
        Misconception(
            "takes the sevens",
            changed(PREDICT, "> 0", "< 0"),
            hint="A 3 has an activation **above** 0.",
        ),
        Misconception(
            "counts an activation of 0 as a 3",
            changed(PREDICT, "> 0", ">= 0"),
            hint="Greater than 0: an activation of exactly 0 is no 3.",
        ),
        Misconception(
            "gives one answer for the whole batch",
            changed(PREDICT, "linear1(xb) > 0", "(linear1(xb) > 0).all()"),
            hint="Each row has a prediction of its own.",
        ),
        Misconception(
            "changes a parameter while gradients are recorded",
            changed(SCALE, "p.data[0]", "p[0]"),
            hint="This is the book's line, and PyTorch refuses it: it would have to record the change itself. Make "
            "it within `with torch.no_grad():`, or change `p.data`.",
        ),
        Misconception(
            "gives a new tensor",
            changed(SCALE, "    p.data[0]", "    p = p.clone()\n    p.data[0]"),
            hint="The parameter is as it was: the change happened to a copy, in a new tensor, or in another "
            "parameter than `p`. Or is the factor not the one that was passed in?",
        ),
        Misconception(
            "changes all weights",
            changed(SCALE, "p.data[0]", "p.data"),
            hint="Only the first weight, `p[0]`, is to change.",
        ),
        Misconception(
            "adds the factor",
            changed(SCALE, "*=", "+="),
            hint="Times the factor: with 1.0001 the weight changes by a ten-thousandth.",
        ),
        Misconception(
            "no longer requires gradients",
            changed(SCALE, "    p.data[0]", "    p.requires_grad_(False)\n    p[0]"),
            hint="It can be changed now, but is no parameter any more. Switch its gradients on again, or do without "
            "switching them off: `with torch.no_grad():`.",
        ),
    ],
)
