"""Gradients: of a value, of many values, and tried out by a small step to both sides."""

import torch
from hypothesis import strategies as st

from grader.exercise import Exercise, Misconception, Scenario
from grader.inputs import Dim, tensors

N, W = Dim("n", 2, 4), Dim("w", 2, 3)
coefficients = st.tuples(*[st.sampled_from([1, 2, -1, 0.5, 3, -2])] * 3)
numbers = tensors(low=-3, high=3)
vectors = tensors(N)
steps = st.sampled_from([0.5, 0.25, 1.0])


def polynomial(abc):
    """f(x) = a*x**3 + b*x**2 + c*x, for each value on its own."""
    a, b, c = abc
    return lambda x: a * x**3 + b * x**2 + c * x


def mixture(abc):
    """A function of several values whose every result depends on all of them."""
    a, b, c = abc
    return lambda x: (a * x.sum() + b) * x**2 + c * x


def of_square(gradient_of, x):
    """The gradient of f(x) = x**2."""
    return gradient_of(lambda x: x**2, x)


def of_polynomial(gradient_of, abc, x):
    """The gradient of a polynomial, which gives as many results as x has values."""
    return gradient_of(polynomial(abc), x)


def of_mixture(gradient_of, abc, x):
    """The gradient of a function whose results depend on all values."""
    return gradient_of(mixture(abc), x)


def of_sum(gradient_of, abc, x):
    """The gradient of a function that gives a single number."""
    return gradient_of(lambda x: polynomial(abc)(x).sum(), x)


def twice(gradient_of, abc, x):
    """The gradient at the same x, asked for twice."""
    return [gradient_of(polynomial(abc), x), gradient_of(polynomial(abc), x)]


def x_after_gradient(gradient_of, abc, x):
    """Whether a gradient came back (a function that does nothing leaves x alone as well), and what became of x."""
    given = gradient_of(polynomial(abc), x) is not None
    return {"gives a gradient": given, "x": x, "x.requires_grad": x.requires_grad, "x.grad": x.grad}


def numeric_of_polynomial(numeric_gradient, abc, x, h):
    """The numeric gradient of a polynomial."""
    return numeric_gradient(polynomial(abc), x, h)


def numeric_of_mixture(numeric_gradient, abc, x, h):
    """The numeric gradient of a function whose results depend on all values."""
    return numeric_gradient(mixture(abc), x, h)


def x_after_numeric(numeric_gradient, abc, x, h):
    """What has become of x; nothing, if no gradient came back."""
    return None if numeric_gradient(polynomial(abc), x, h) is None else x


def one_sided(f, x, h):
    """The slope from x to x + h."""
    steps = h * torch.eye(x.numel()).reshape(-1, *x.shape)
    return torch.stack([(f(x + step) - f(x)).sum() / h for step in steps]).reshape(x.shape)


def wrong_gradient(body):
    """gradient_of with another body, after f and x."""
    return f"def gradient_of(f, x):\n    x = x.clone().requires_grad_()\n    {body}\n"


def wrong_numeric(line, up="x + step", down="x - step"):
    """numeric_gradient with other lines in its loop."""
    return f"""\
def numeric_gradient(f, x, h):
    slopes = []
    for step in h * torch.eye(x.numel()).reshape(-1, *x.shape):
        up, down = f({up}).sum(), f({down}).sum()
        slopes.append({line})
    return torch.stack(slopes).reshape(x.shape)
"""


exercise = Exercise(
    title="Gradients",
    section="Stochastic Gradient Descent (SGD)",
    provides=("gradient_of", "numeric_gradient"),
    oracle="gradients",
    statement="""\
The *gradient* of a function at a value says how fast the function changes there: rise over run. For `x**2` at
the value 3 it is 6. With several values there is one gradient for each of them. PyTorch calculates gradients;
a small step to both sides shows whether they can be right.

- `gradient_of(f, x)` gives the gradient of a function `f` at `x`, calculated by PyTorch, as a tensor of the
  same shape as `x`. `x` is a float tensor of any shape, and `f` takes such a tensor. If `f(x)` is not a single
  number, the gradient of its **sum** is meant.
  `x` itself stays as it is: afterwards `x.grad` is still `None` and `x.requires_grad` still `False`, and
  who asks twice gets the same answer twice.
- `numeric_gradient(f, x, h)` finds the gradient without `backward`. For each value of `x` it moves only this
  value, once up by `h` and once down by `h`, and divides how much `f` (or its sum) rises between these two
  places by how far apart they are. `x` is a float tensor, a single number or a vector; the result has the
  same shape, and `x` stays as it is.

For example:

    def f(x): return x**2

    gradient_of(f, tensor(3.))                     # tensor(6.)
    gradient_of(f, tensor([3., 4., 10.]))          # tensor([ 6.,  8., 20.])
    numeric_gradient(f, tensor([3., 4.]), 0.5)     # tensor([6., 8.])
""",
    starter="""\
def gradient_of(f, x):
    ...


def numeric_gradient(f, x, h):
    ...
""",
    hints=[
        (
            "`gradient_of`: PyTorch has to know beforehand which tensor you will ask about, and it can only go back "
            "from a single number. Which method tells it the first, and what makes a single number of several "
            "results?"
        ),
        (
            "`gradient_of`: `x` itself has to stay as it was, so let a twin of it do the work: `clone()` makes one. "
            "Tag the twin, send it through `f`, go back from the sum, and read the twin's `grad`."
        ),
        (
            "`numeric_gradient`: begin on paper, with `x**2`, the single value 3 and an h of 0.5. Which two values "
            "of the function do you need, and by what do you divide to get 6?"
        ),
        (
            "`numeric_gradient`: for a vector, do the same once for each of its values. A row of "
            "`torch.eye(x.numel())` is 1 at one place and 0 at all others: h times such a row, added to `x`, moves "
            "one value only, and makes a new tensor."
        ),
        (
            "`numeric_gradient`: go through those rows in a loop. For each row calculate `f` above and below, sum "
            "the difference, and divide by how far apart the two places are. `torch.stack` joins these slopes, and "
            "`reshape` gives them the shape of `x`."
        ),
    ],
    checks=[
        Scenario(
            "x**2, at a single value",
            of_square,
            numbers,
            of="gradient_of",
            cases=8,
            hint="Three moves: tag x with `requires_grad_()`, calculate the function, go back from its result.",
        ),
        Scenario(
            "a*x**3 + b*x**2 + c*x, at each value of a vector",
            of_polynomial,
            coefficients,
            vectors,
            of="gradient_of",
            points=2,
            hint="`backward` starts at a single number. What makes one number of many?",
        ),
        Scenario(
            "the sum of a*x**3 + b*x**2 + c*x",
            of_sum,
            coefficients,
            vectors,
            of="gradient_of",
            cases=8,
            hint="Here f gives a single number. Does your code also work with that?",
        ),
        Scenario(
            "(a*x.sum() + b) * x**2 + c*x, in a tensor of rank 2",
            of_mixture,
            coefficients,
            tensors(N, W),
            of="gradient_of",
            hint="Each result of f may depend on every value of x: hand f all of x at once.",
        ),
        Scenario(
            "gives the same gradient when asked twice",
            twice,
            coefficients,
            vectors,
            of="gradient_of",
            cases=8,
            hint="`backward` adds to the `grad` that is there. Whose `grad` should that be?",
        ),
        Scenario(
            "leaves x as it was",
            x_after_gradient,
            coefficients,
            vectors,
            of="gradient_of",
            cases=8,
            hint="`requires_grad_()` tags x itself, and `backward` writes into `x.grad`. Tag a copy instead.",
        ),
        Scenario(
            "numeric: a*x**3 + b*x**2 + c*x, at a single value",
            numeric_of_polynomial,
            coefficients,
            numbers,
            steps,
            of="numeric_gradient",
            hint="Look at f on both sides of x. How far apart are the two places?",
        ),
        Scenario(
            "numeric: (a*x.sum() + b) * x**2 + c*x, in a vector",
            numeric_of_mixture,
            coefficients,
            vectors,
            steps,
            of="numeric_gradient",
            points=2,
            hint="One value at a time: all the others stay where they are.",
        ),
        Scenario(
            "numeric: leaves x as it was",
            x_after_numeric,
            coefficients,
            vectors,
            steps,
            of="numeric_gradient",
            cases=8,
            hint="`x[i] += h` changes the caller's x. Change a copy.",
        ),
    ],
    accepts={
        "autograd.grad, and loops over indices": """\
def gradient_of(f, x):
    copy = torch.tensor(x.tolist(), requires_grad=True)
    y = f(copy)
    if y.dim() > 0:
        y = y.sum()
    gradient, = torch.autograd.grad(y, copy)
    return gradient

def numeric_gradient(f, x, h):
    if x.dim() == 0:
        return (f(x + h) - f(x - h)) / (2 * h)
    result = torch.zeros(len(x))
    for i in range(len(x)):
        up, down = x.clone(), x.clone()
        up[i] += h
        down[i] -= h
        result[i] = (f(up).sum().item() - f(down).sum().item()) / (2 * h)
    return result
""",
        "backward with weights of 1, and numpy": """\
def gradient_of(f, x):
    xt = x.detach().clone()
    xt.requires_grad = True
    yt = f(xt)
    yt.backward(torch.ones_like(yt))
    return xt.grad.numpy()

def numeric_gradient(f, x, h):
    shape = tuple(x.shape)
    flat = x.numpy().reshape(-1)
    result = []
    for i in range(flat.size):
        move = np.zeros_like(flat)
        move[i] = h
        up = torch.from_numpy(flat + move).reshape(shape)
        down = torch.from_numpy(flat - move).reshape(shape)
        result.append(float(f(up).sum()) / (2 * h) - float(f(down).sum()) / (2 * h))
    return np.array(result).reshape(shape)
""",
        "tags x, and takes the tag away again": """\
def gradient_of(f, x):
    x.requires_grad_()
    f(x).sum().backward()
    gradient, x.grad = x.grad, None
    x.requires_grad_(False)
    return gradient

def numeric_gradient(function, at, step):
    at = at.double()
    result = torch.empty_like(at)
    for i, v in enumerate(at.flatten()):
        sides = []
        for sign in (1, -1):
            at.flatten()
            moved = at.clone().view(-1)
            moved[i] = v + sign * step
            sides.append(function(moved.view_as(at)).sum())
        result.view(-1)[i] = (sides[0] - sides[1]) / 2 / step
    return result
""",
        "functional": """\
def gradient_of(f, x):
    return torch.func.grad(lambda x: f(x).sum())(x)

def numeric_gradient(f, x, h):
    if x.ndim == 0:
        return ((f(x + h) - f(x - h)) / (2 * h)).item()
    return tensor([((f(x + h * e) - f(x - h * e)) / (h + h)).sum() for e in torch.eye(len(x))])
""",
    },
    misconceptions=[
        Misconception(
            "has no gradient to give",
            wrong_gradient("return f(x).sum().backward()"),
            hint="None came back. `backward()` itself returns nothing: it writes the gradient into the `grad` of the "
            "tensor that was tagged. If you do read `grad`: is it that tensor's, and is `backward` called, with its "
            "parentheses?",
        ),
        Misconception(
            "returns what `backward` gives",
            "def gradient_of(f, x):\n    x.requires_grad_()\n    return f(x).sum().backward()\n",
            hint="`backward()` gives nothing back. It writes the gradient into the `grad` of the tensor that was "
            "tagged with `requires_grad_()`: read it there.",
        ),
        Misconception(
            "never runs `backward`",
            "def gradient_of(f, x):\n    x.requires_grad_()\n    y = f(x).sum()\n    y.backward\n    return x.grad\n",
            hint="`grad` is still None, so nothing was calculated. `requires_grad_()` only tags x; the calculation is "
            "started by `backward()`, and its parentheses are what calls it.",
        ),
        Misconception(
            "cuts x off before f gets it",
            wrong_gradient("f(x.detach()).sum().backward()\n    return x.grad"),
            hint="No tensor on the way from x to f(x) is tagged: `detach`, `data` and numpy cut the way, and the tag, "
            "`requires_grad_()`, belongs on the very tensor that f gets.",
        ),
        Misconception(
            "takes `requires_grad_` for the calculation",
            "def gradient_of(f, x):\n    return x.requires_grad_()\n",
            hint="`requires_grad_()` calculates nothing: it gives x back, with a tag that says that gradients will be "
            "wanted. Then calculate f, and go back from its result with `backward()`.",
        ),
        Misconception(
            "calls `backward` on more than one number",
            wrong_gradient("f(x).backward()\n    return x.grad"),
            hint="`backward` starts at a single number. Take the sum of what f gives: its gradient holds one number "
            "for each value of x.",
        ),
        Misconception(
            "lets the gradients add up in x",
            "def gradient_of(f, x):\n    x.requires_grad_()\n    f(x).sum().backward()\n    return x.grad\n",
            hint="The gradient is right the first time. It is kept in `x.grad`, though, and the next `backward` adds "
            "to it. Tag a copy of x, such as `x.clone()`.",
        ),
        Misconception(
            "leaves its tag on x",
            "def gradient_of(f, x):\n    x.requires_grad_()\n    f(x).sum().backward()\n"
            "    gradient, x.grad = x.grad, None\n    return gradient\n",
            hint="The gradient is right, but `requires_grad_()` has changed x itself, and everything calculated from "
            "it later is recorded as well. Tag a copy of x.",
        ),
        Misconception(
            "gives the value instead of the gradient",
            wrong_gradient("return f(x)"),
            hint="That is f(x): how high the function is. The gradient says how steep it is there.",
        ),
        Misconception(
            "gives the gradient the wrong sign",
            wrong_gradient("f(x).sum().backward()\n    return -x.grad"),
            hint="The gradient is positive where the function grows. Only the step goes against it, later.",
        ),
        Misconception(
            "takes the mean instead of the sum",
            wrong_gradient("f(x).mean().backward()\n    return x.grad"),
            hint="The mean divides by how many values there are, and so every gradient is too small by that. Take "
            "the sum.",
        ),
        Misconception(
            "adds up the gradients of all values",
            wrong_gradient("f(x).sum().backward()\n    return x.grad.sum()"),
            hint="Every value has a gradient of its own. The sum belongs to what f gives, before `backward`.",
        ),
        Misconception(
            "looks to one side only",
            {"numeric_gradient": one_sided},
            hint="From x to x + h is one side. Looking as far down as up is much more exact: from x - h to x + h.",
        ),
        Misconception(
            "looks below x only",
            {"numeric_gradient": lambda f, x, h: one_sided(f, x, -h)},
            hint="From x - h to x is one side. Looking as far up as down is much more exact: from x - h to x + h.",
        ),
        Misconception(
            "divides by h",
            wrong_numeric("(up - down) / h"),
            hint="Twice too much: how far is it from x - h to x + h?",
        ),
        Misconception(
            "forgets the parentheses around 2 * h",
            wrong_numeric("(up - down) / 2 * h"),
            hint="`a / 2 * h` divides by 2 and then multiplies by h. Put what you divide by in parentheses.",
        ),
        Misconception(
            "gives the rise without the run",
            wrong_numeric("up - down"),
            hint="That is how much f rises. Divide it by how far you went.",
        ),
        Misconception(
            "goes up and back, instead of up and down",
            wrong_numeric("(up - down) / (2 * h)", down="x"),
            hint="The second place is x itself, not x - h. From x + h it is `2 * h` down to x - h.",
        ),
        Misconception(
            "has an h of its own",
            wrong_numeric("(up - down) / 0.002", up="x + step / h * 0.001", down="x - step / h * 0.001"),
            hint="How far x is moved, the argument `h` says.",
        ),
        Misconception(
            "goes down instead of up",
            wrong_numeric("(down - up) / (2 * h)"),
            hint="The sign is reversed: f at x + h, minus f at x - h.",
        ),
        Misconception(
            "moves all values at once",
            "def numeric_gradient(f, x, h):\n    return (f(x + h) - f(x - h)) / (2 * h)\n",
            hint="`x + h` moves every value. Then nobody can tell which of them made f rise. Move one value at a time.",
        ),
        Misconception(
            "changes x while it tries",
            """\
def numeric_gradient(f, x, h):
    result, flat = torch.zeros(x.numel()), x.view(-1)
    for i in range(len(flat)):
        flat[i] += h
        up = f(x).sum()
        flat[i] -= 2 * h
        result[i] = (up - f(x).sum()) / (2 * h)
    return result.reshape(x.shape)
""",
            hint="After a value was moved up and down, it is not back in its place when the next one is moved. Start "
            "from a fresh copy for each, `x.clone()`.",
        ),
        Misconception(
            "asks autograd for the numeric gradient",
            "def numeric_gradient(f, x, h):\n    x = x.clone().requires_grad_()\n    f(x).sum().backward()\n"
            "    return x.grad\n",
            hint="That is the exact gradient again, and `h` plays no part in it. Here it is to be tried out: f at "
            "both sides of x.",
        ),
    ],
)
