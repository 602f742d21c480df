"""Gradient descent from beginning to end: the chapter's roller coaster."""

import inspect
from typing import Any

import torch
from hypothesis import strategies as st

from exercises.wrong import changed
from grader.exercise import Calls, Exercise, Misconception, Scenario
from grader.inputs import Dim, tensors

T = Dim("t", 3, 6)
times = tensors(T, low=0, high=2, step=0.25)
speeds = tensors(T, low=0, high=8, step=0.5)
rates = st.sampled_from([1 / 32, 1 / 64, 0.0, 1 / 128])
measured = (tensors(3), times, speeds, rates)


def quadratic(*positional, **named):
    """The chapter's f, whatever names a notebook has for its arguments t and params."""
    t, (a, b, c) = *positional, *named.values()
    return a * t**2 + b * t + c


def mean_squared_error(*positional, **named):
    """The chapter's mse, whatever names a notebook has for its arguments."""
    preds, targets = *positional, *named.values()
    return ((preds - targets) ** 2).mean()


def in_notebook(function, data, *arguments):
    """Calls a function that reads the notebook's measurements and learning rate, or takes them as arguments."""
    notebook = inspect.unwrap(function).__globals__
    values = {"f": quadratic, "mse": mean_squared_error, **data}
    before = {name: notebook.get(name) for name in values}
    notebook.update(values)
    taken = inspect.signature(function).parameters
    try:
        return function(*arguments, **{name: value for name, value in data.items() if name in taken})
    finally:
        notebook.update(before)


def gradient_of_loss(f, mse, t, params, targets):
    """The gradient of the loss at these parameters."""
    mse(f(t, params.requires_grad_()), targets).backward()
    return params.grad


def one_step(apply_step, params, time, speed, lr):
    """The parameters after one step."""
    in_notebook(apply_step, {"time": time, "speed": speed, "lr": lr}, params.requires_grad_())
    return params


def two_steps(apply_step, params, time, speed, lr):
    """The parameters after two steps."""
    one_step(apply_step, params, time, speed, lr)
    return one_step(apply_step, params, time, speed, lr)


def predictions(apply_step, params, time, speed, lr):
    """What a step gives back."""
    return in_notebook(apply_step, {"time": time, "speed": speed, "lr": lr}, params.requires_grad_())


def losses_of(fit, params, n, time, speed, lr):
    """The losses that come back, as one tensor: of numbers as exact as those that they are made of."""
    losses = in_notebook(fit, {"time": time, "speed": speed, "lr": lr}, params.requires_grad_(), n)
    if not hasattr(losses, "__iter__") or getattr(losses, "ndim", 1) == 0:
        return losses
    losses = list(losses)
    are_numbers = all(not getattr(loss, "ndim", 0) and hasattr(loss, "__float__") for loss in losses)
    return torch.tensor([float(loss) for loss in losses]) if are_numbers else losses


def fitted(fit, params, n, time, speed, lr):
    """The parameters afterwards."""
    in_notebook(fit, {"time": time, "speed": speed, "lr": lr}, params.requires_grad_(), n)
    return params


def ten_steps(rate):
    """The learning rate as a number, and with it the loss before each of ten steps, and after the last."""
    time = torch.arange(0, 20).float()
    speed = 0.75 * (time - 9.5) ** 2 + 1
    params, losses = torch.ones(3, requires_grad=True), []
    for _ in range(11):
        loss = mean_squared_error(quadratic(time, params), speed)
        losses.append(loss.item())
        (gradient,) = torch.autograd.grad(loss, params)
        params.data -= float(rate) * gradient
    return {"learning rate": float(rate), "losses": losses}


def what_happens(observed: dict[str, Any]) -> str:
    """What the losses do, in a sentence."""
    first, *_, last = observed["losses"]
    if observed["learning rate"] < 0:
        return "A learning rate below 0 leads uphill: it has to be above 0."
    if not last <= first:  # nor is it for nan
        return "With this rate the loss grows: after ten steps it is larger than at the start."
    if last == first:
        return "With this rate the loss stays where it is."
    if last > 0.8 * first:
        return "With this rate the loss hardly falls: after ten steps more than 80% of it is left."
    if last > 0.1 * first:
        return "With this rate the loss falls, but after ten steps more than 10% of it is left."
    return "With this rate the loss falls well: after ten steps at most 10% of it is left."


def falls_well(observed: dict[str, Any]) -> str | None:
    """Whether at most a tenth of the loss is left."""
    happens = what_happens(observed)
    return None if "falls well" in happens else happens


def hardly_falls(observed: dict[str, Any]) -> str | None:
    """Whether the loss has fallen, but hardly."""
    happens = what_happens(observed)
    return None if "hardly falls" in happens else happens


def grows(observed: dict[str, Any]) -> str | None:
    """Whether the loss has grown."""
    happens = what_happens(observed)
    return None if "grows" in happens else happens


SOLUTION = """\
def f(t, params):
    a, b, c = params
    return a * (t**2) + (b * t) + c


def mse(preds, targets):
    return ((preds - targets)**2).mean()


def apply_step(params):
    preds = f(time, params)
    loss = mse(preds, speed)
    loss.backward()
    params.data -= lr * params.grad.data
    params.grad = None
    return preds


def fit(params, n):
    losses = []
    for i in range(n):
        preds = apply_step(params)
        losses.append(mse(preds, speed).item())
    return losses
"""


exercise = Exercise(
    title="A roller coaster, from beginning to end",
    section="Stochastic Gradient Descent (SGD)",
    provides=("f", "mse", "apply_step", "fit", "lr_too_low", "lr_good", "lr_too_high"),
    oracle="quadratic_sgd",
    given="""\
# The speed of a roller coaster at 20 times, measured by hand, and so with errors
time = torch.arange(0, 20).float()
speed = torch.randn(20) * 3 + 0.75 * (time - 9.5)**2 + 1
lr = 1e-5  # the learning rate
""",
    statement="""\
A roller coaster slows down towards the top of a hump and speeds up behind it. Its speed might be a quadratic
`a*t**2 + b*t + c` of the time `t`, but with which `a`, `b` and `c`? Begin with any three numbers and improve them
step by step. The next cell defines the measurements `time` and `speed` and the learning rate `lr`.

- `f(t, params)` gives `a*t**2 + b*t + c` for a tensor `t` of times; `params` is a tensor that holds `a`, `b` and
  `c`, in this order.
- `mse(preds, targets)` gives the loss, a single number: the mean of the squared differences. `f` and `mse` are made
  of PyTorch's operations, so that `backward` can go back through both.
- `apply_step(params)` takes one step. It predicts the speed at the notebook's `time`, computes the loss against
  the notebook's `speed`, and moves `params` **in place** against the gradient of this loss, by the notebook's `lr`
  times the gradient. The next call must not add to this gradient. It gives back the predictions from before
  the step. It uses `time`, `speed` and `lr` as they are when it is called.
- `fit(params, n)` takes `n` steps and gives a list of `n` losses: the one before each step, so that the first is the
  loss of the parameters as they came.
- How to choose the learning rate? Try some, always for ten steps from `params = torch.ones(3).requires_grad_()`, and
  look at the loss after them. Find three learning rates above 0:
    - `lr_too_low`: the loss does fall, but more than 80% of it is left;
    - `lr_good`: at most 10% of it is left;
    - `lr_too_high`: it is larger than at the start, or no longer a number (`inf` or `nan`).

For example:

    params = torch.ones(3).requires_grad_()
    fit(params, 10)        # begins with a loss of about 25,000 and ends below 1,000
""",
    starter="""\
def f(t, params):
    ...


def mse(preds, targets):
    ...


def apply_step(params):
    ...


def fit(params, n):
    ...


lr_too_low = ...
lr_good = ...
lr_too_high = ...
""",
    hints=[
        (
            "`f` and `mse`: write the formulas as you would on paper; they work for a whole tensor of times at once. "
            "The three numbers in `params` can be unpacked like a tuple, into three names on the left of `=`."
        ),
        (
            "`apply_step`: after the predictions comes their loss, and `backward()` from there puts a gradient into "
            "`params.grad`. Which of these results do you need once more at the end, and so should give a name?"
        ),
        (
            "`apply_step`: `params.data` are the same numbers, but what you do with them is not recorded. Subtract "
            "from them with `-=`, so that it is still the same tensor. Before you return, put `None` in the "
            "gradient's place."
        ),
        (
            "`fit`: one call of `apply_step` takes a step and gives you the predictions from before it. Make a loss "
            "of them with `mse`, and a plain number of that with `item()`. Do so n times, and collect the numbers."
        ),
        (
            "`lr_too_low`, `lr_good` and `lr_too_high`: set the notebook's `lr` to one power of ten after another, "
            "each time with new `params`. `fit` gives losses from before the steps, so the one after ten steps is "
            "the last number of `fit(params, 11)`. How much of the first is it?"
        ),
    ],
    checks=[
        Calls(
            "the quadratic",
            times,
            tensors(3),
            of="f",
            hint="The first of the parameters goes with the square of t, the second with t, the third stands alone.",
        ),
        Calls(
            "the mean squared error",
            speeds,
            tensors(T, high=8, step=0.5),
            of="mse",
            hint="First the differences, then their squares, then the mean.",
        ),
        Scenario(
            "the loss has a gradient",
            gradient_of_loss,
            times,
            tensors(3),
            speeds,
            of=("f", "mse"),
            hint="First look at the checks of `f` and `mse`: the gradient is wrong wherever one of them is. If both "
            "are right, the way back is cut: leave out numpy, `.item()` and `tensor(...)`.",
        ),
        Scenario(
            "moves the parameters in place, against the gradient",
            one_step,
            *measured,
            of="apply_step",
            points=2,
            hint="Predict, loss, gradient, and then: the old value minus the learning rate times the gradient.",
        ),
        Scenario(
            "a second step has a gradient of its own",
            two_steps,
            *measured,
            of="apply_step",
            hint="`backward` adds to the gradient that is there. What has to happen between two steps?",
        ),
        Scenario(
            "a step gives back its predictions",
            predictions,
            *measured,
            cases=8,
            of="apply_step",
            hint="They were computed first, before the parameters moved.",
        ),
        Scenario(
            "gives the loss before each step",
            losses_of,
            tensors(3),
            st.integers(1, 4),
            *measured[1:],
            of="fit",
            points=2,
            hint="`apply_step` gives back the predictions from before its step. What is their loss?",
        ),
        Scenario(
            "takes the steps on the parameters that it was given",
            fitted,
            tensors(3),
            st.integers(1, 4),
            *measured[1:],
            of="fit",
            hint="After n steps, `params` itself is another one.",
        ),
        Scenario(
            "a learning rate that is too low",
            ten_steps,
            of="lr_too_low",
            holds=hardly_falls,
            hint="Above 0, and much lower than the good one.",
        ),
        Scenario(
            "a good learning rate",
            ten_steps,
            of="lr_good",
            holds=falls_well,
            hint="Where the loss grows, the rate is too high; where it hardly falls, too low. Change it by a factor "
            "of ten each time.",
        ),
        Scenario(
            "a learning rate that is too high",
            ten_steps,
            of="lr_too_high",
            holds=grows,
            hint="Make it larger until the steps lead up instead of down.",
        ),
    ],
    accepts={
        "the book's": """\
def f(t, params):
    a,b,c = params
    return a*(t**2) + (b*t) + c

def mse(preds, targets): return ((preds-targets)**2).mean()

def apply_step(params, prn=True):
    preds = f(time, params)
    loss = mse(preds, speed)
    loss.backward()
    params.data -= lr * params.grad.data
    params.grad = None
    if prn: print(loss.item())
    return preds

def fit(params, n):
    losses = []
    for i in range(n): losses.append(mse(apply_step(params, prn=False), speed))
    return losses

lr_too_low, lr_good, lr_too_high = 1e-7, 3e-6, 1e-3
""",
        "everything as an argument, an optimizer, a tensor of losses": """\
def f(t, p):
    return (torch.stack([t**2, t, torch.ones_like(t)], -1) * p).sum(-1)

mse = F.mse_loss

def apply_step(params, time=time, speed=speed, lr=lr):
    params.grad = None
    opt = torch.optim.SGD([params], lr=lr)
    pred = f(time, params)
    mse(pred, speed).backward()
    opt.step()
    return pred.detach().numpy()

def fit(params, steps, lr):
    losses = torch.zeros(steps)
    for i in range(steps):
        losses[i] = mse(f(time, params), speed).detach()
        apply_step(params, time, speed, lr)
    return losses

lr_too_low, lr_good, lr_too_high = 0.00000001, 2e-5, 1.
""",
        "the gradient by hand, in numpy": """\
def apply_step(params):
    t, s = np.asarray(time, dtype=np.float64), np.asarray(speed)
    a, b, c = params.tolist()
    d = a*t**2 + b*t + c - s
    params.data -= lr * tensor([(2*d*t**2).mean(), (2*d*t).mean(), (2*d).mean()]).float()
    return d + s

def fit(params, n):
    return [((apply_step(params) - np.asarray(speed))**2).mean() for _ in range(n)]
""",
        "names of its own, and keyword arguments": """\
def f(x, coefficients): return coefficients[0] * x**2 + coefficients[1] * x + coefficients[2]

def mse(y_hat, y): return torch.mean(torch.square(y_hat - y))

def apply_step(coefficients):
    y_hat = f(x=time, coefficients=coefficients)
    mse(y_hat=y_hat, y=speed).backward()
    coefficients.data.sub_(coefficients.grad * lr)
    coefficients.grad.zero_()
    return y_hat
""",
        "no_grad, and all of it in the loop": """\
def f(t, params):
    return params[0] * t * t + params[1] * t + params[2]

def mse(preds, targets):
    return (preds - targets).pow(2).sum() / len(preds)

def apply_step(params):
    predicted = f(time, params)
    gradient, = torch.autograd.grad(mse(predicted, speed), params)
    with torch.no_grad():
        params -= gradient * lr
    return predicted

def fit(params, n):
    losses = ()
    while len(losses) < n:
        loss = mse(f(time, params), speed)
        loss.backward()
        with torch.no_grad():
            params.sub_(params.grad, alpha=lr)
            params.grad.zero_()
        losses += (loss,)
    return losses

lr_too_low, lr_good, lr_too_high = tensor(5e-8), torch.tensor(3e-5), np.float64(4e-5)
""",
    },
    misconceptions=[
        Misconception(
            "takes the parameters in reverse order",
            changed(SOLUTION, "a, b, c = params", "c, b, a = params"),
            hint="The order is a, b, c: the first goes with `t**2`.",
        ),
        Misconception(
            "doubles instead of squaring",
            changed(SOLUTION, "t**2", "t * 2"),
            hint="`t * 2` is twice t. Its square is `t**2`.",
        ),
        Misconception(
            "takes the root of the mean",
            changed(SOLUTION, "**2).mean()", "**2).mean().sqrt()"),
            hint="That is the *root* mean squared error. The loss here is without the root.",
        ),
        Misconception(
            "adds up the squares without a mean",
            changed(SOLUTION, "**2).mean()", "**2).sum()"),
            hint="The sum grows with the number of measurements. Take the mean.",
        ),
        Misconception(
            "squares the mean of the differences",
            changed(SOLUTION, "((preds - targets)**2).mean()", "(preds - targets).mean()**2"),
            hint="Differences above and below cancel each other in that mean. Square each of them first.",
        ),
        Misconception(
            "takes absolute differences",
            changed(SOLUTION, "((preds - targets)**2).mean()", "(preds - targets).abs().mean()"),
            hint="That is the mean absolute error. Here each difference is squared.",
        ),
        Misconception(
            "gives a loss without a gradient",
            changed(SOLUTION, "**2).mean()", "**2).mean().detach()"),
            hint="The number is right, but the way back to the parameters is cut off: `.item()`, `.detach()`, "
            "`tensor(...)` and numpy give plain numbers.",
        ),
        Misconception(
            "gives a Python number for the loss",
            changed(SOLUTION, "**2).mean()", "**2).mean().item()"),
            hint="`.item()` makes a plain number of a tensor, and `backward` can't start from that. Leave the tensor "
            "as it is.",
        ),
        Misconception(
            "uses the notebook's `time` instead of `t`",
            changed(SOLUTION, "a * (t**2) + (b * t) + c", "a * (time**2) + (b * time) + c"),
            hint="`f` gets its times as an argument, `t`. With the notebook's `time` inside, it can't be asked about "
            "any others.",
        ),
        Misconception(
            "compares with the notebook's `speed` instead of the targets",
            changed(SOLUTION, "((preds - targets)**2)", "((preds - speed)**2)"),
            hint="What to compare with is passed in, as `targets`.",
        ),
        Misconception(
            "squares a as well",
            changed(SOLUTION, "a * (t**2)", "(a * t)**2"),
            hint="`(a*t)**2` is `a**2 * t**2`. Only t is squared.",
        ),
        Misconception(
            "leaves the c out",
            changed(SOLUTION, " + (b * t) + c", " + (b * t)"),
            hint="There is a third parameter, which is added to the rest as it is.",
        ),
        Misconception(
            "never sets the gradient to zero",
            changed(SOLUTION, "    params.grad = None\n", ""),
            hint="`backward` adds to the gradient that is there, so that every step repeats those before. Set it to "
            "zero, or to None, after the step.",
        ),
        Misconception(
            "asks the loss to zero the gradient",
            changed(SOLUTION, "    params.grad = None\n", "    loss.zero_grad()\n"),
            hint="The gradient is kept by the parameters, in `params.grad`: set it to None, or call its `zero_()`.",
        ),
        Misconception(
            "adds the gradient",
            changed(SOLUTION, "params.data -=", "params.data +="),
            hint="The gradient points to where the loss grows. A step goes the other way: subtract it.",
        ),
        Misconception(
            "ignores the learning rate",
            changed(SOLUTION, "lr * params", "params"),
            hint="The step is the gradient **times the learning rate**: with a rate of 0 nothing may move.",
        ),
        Misconception(
            "has a learning rate of its own",
            changed(SOLUTION, "lr * params", "1e-5 * params"),
            hint="The rate is written into the step, so that changing `lr` changes nothing. Use the notebook's `lr`. "
            "(A default, `lr=lr`, is fixed as well: it is read once, when the function is defined.)",
        ),
        Misconception(
            "multiplies the parameters by the learning rate",
            changed(SOLUTION, "lr * params.grad.data", "lr * params.data"),
            hint="`w -= w * lr` makes every parameter smaller, whatever the loss. The step is the **gradient** times "
            "the learning rate.",
        ),
        Misconception(
            "writes a dot for times",
            changed(SOLUTION, "lr * params.grad.data", "params.grad.lr"),
            hint="`params.grad.lr` looks for something named `lr` inside the gradient. Times is `*`.",
        ),
        Misconception(
            "moves nothing",
            changed(
                SOLUTION, "    params.data -= lr * params.grad.data\n    params.grad = None", "    params.grad = None"
            ),
            hint="The parameters stay as they came. Is the step taken, and does it change `params.data`? "
            "`params = params - ...` makes a new tensor, which the caller never sees; `params.grad.data -= ...` "
            "changes the gradient.",
        ),
        Misconception(
            "has no gradient when it steps",
            changed(SOLUTION, "loss.backward()", "loss.backward"),
            hint="`params.grad` is None when the step needs it. Is `backward` called, with its parentheses?",
        ),
        Misconception(
            "takes what `backward` returns for the gradient",
            changed(SOLUTION, "    loss.backward()\n", "    grad = loss.backward()\n").replace(
                "params.grad.data", "grad"
            ),
            hint="`backward()` returns None. It writes the gradient into `params.grad`.",
        ),
        Misconception(
            "changes the parameters while gradients are recorded",
            changed(SOLUTION, "params.data -=", "params -="),
            hint="PyTorch would record the step itself for the next `backward`, and refuses. Change `params.data`, or "
            "step within `with torch.no_grad():`.",
        ),
        Misconception(
            "gives nothing back from its step",
            changed(SOLUTION, "    return preds\n", "").replace(
                "preds = apply_step(params)", "preds = f(time, params); apply_step(params)"
            ),
            hint="Whoever calls it wants the predictions: `return` them.",
        ),
        Misconception(
            "gives the loss back from its step",
            changed(SOLUTION, "    return preds\n\n\ndef fit", "    return loss\n\n\ndef fit"),
            hint="The predictions are asked for, a number for each time. `fit` works out their loss.",
        ),
        Misconception(
            "predicts anew after the step",
            changed(SOLUTION, "return preds", "return f(time, params)").replace(
                "preds = apply_step(params)", "preds = f(time, params); apply_step(params)"
            ),
            hint="Those are the predictions of the parameters after the step. Those that it began with are meant.",
        ),
        Misconception(
            "gives the loss after each step",
            changed(SOLUTION, "preds = apply_step(params)", "apply_step(params); preds = f(time, params)"),
            hint="The first number has to be the loss of the parameters as they came, before any step.",
        ),
        Misconception(
            "gives the last loss by itself",
            changed(SOLUTION, "    return losses", "    return losses[-1]"),
            hint="One number came back. A list of all n losses is meant: collect them in the loop.",
        ),
        Misconception(
            "collects the predictions instead of their losses",
            changed(SOLUTION, "mse(preds, speed).item()", "preds"),
            hint="`apply_step` gives back predictions, a number for each time. Their loss is one number: use `mse`.",
        ),
        Misconception(
            "gives only the last loss",
            changed(SOLUTION, "    return losses", "    return losses[-1:]"),
            hint="A list of all n losses is meant: collect them in the loop.",
        ),
        Misconception(
            "stops after the first step",
            changed(SOLUTION, "    return losses", "        return losses"),
            hint="A `return` inside the loop ends it. Put it behind the loop, as far left as the `for`.",
        ),
        Misconception(
            "takes ten steps, whatever n is",
            changed(SOLUTION, "range(n)", "range(10)"),
            hint="How many steps to take, the argument `n` says.",
        ),
        Misconception(
            "takes one step too many",
            changed(SOLUTION, "range(n)", "range(n + 1)"),
            hint="n steps, and one loss for each of them.",
        ),
        Misconception(
            "begins anew in each round",
            changed(
                SOLUTION,
                "        preds = apply_step(params)\n",
                "        params = torch.ones(3).requires_grad_()\n        preds = apply_step(params)\n",
            ),
            hint="The parameters are initialised inside the loop, so that what was learned is lost each time. They are "
            "initialised once, before the training; here they are passed in.",
        ),
        Misconception(
            "trains parameters of its own",
            changed(
                SOLUTION,
                "    losses = []\n",
                "    losses = []\n    params = params.detach().clone().requires_grad_()\n",
            ),
            hint="The losses fall, but the `params` that were passed in are still the old ones. Step on these.",
        ),
        Misconception(
            "takes a rate at which the loss grows",
            {"lr_good": 10e-5, "lr_too_low": 1e-4},
            hint="Each step jumps over the valley and lands higher on the other side. Divide the rate by ten, and try "
            "again. (Mind the notation: `1e-5` is 0.00001, and `10e-5` ten times that.)",
        ),
        Misconception(
            "is too careful with the rate",
            {"lr_good": 1e-8, "lr_too_high": 1e-8},
            hint="The steps are tiny. The rate is right when as few as ten steps make the loss small, and too high "
            "when they make it larger.",
        ),
        Misconception(
            "takes 0 for a low rate",
            {"lr_too_low": 0.0, "lr_good": 0.0, "lr_too_high": 0.0},
            hint="With a rate of 0 (or nearly 0) nothing moves at all.",
        ),
        Misconception(
            "takes a rate that works for one that does not",
            {"lr_too_low": 1e-5, "lr_too_high": 1e-5},
            hint="With this rate the loss falls well: it is neither too low nor too high. Go on by factors of ten.",
        ),
    ],
    equivalents={
        "apply_step: mse(preds, speed).backward() → "
        "mse(speed, preds).backward()": "A square is the same whichever is subtracted from which.",
        "fit: [mse(apply_step(params), speed).item() for _ in range(n)] → "
        "[mse(apply_step(params), speed) for _ in range(n)]": "A tensor of no axes is as good a record as a number.",
        "fit: [mse(apply_step(params), speed).item() for _ in range(n)] → "
        "[mse(speed, apply_step(params)).item() for _ in range(n)]": (
            "A square is the same whichever is subtracted from which."
        ),
        "lr_too_high: lr_too_high = 0.0001 → lr_too_high = 1.0001": "Even more is too high as well.",
    },
)
