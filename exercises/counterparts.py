"""The chapter's hand-made pieces and their counterparts in PyTorch, run on the same numbers."""

import inspect

import torch
from hypothesis import strategies as st
from torch import nn

from exercises.wrong import changed
from grader.exercise import Calls, Exercise, Keeps, Misconception, Scenario
from grader.inputs import Dim, tensors

N, FEATURES, OUTPUTS = Dim("n", 2, 5), Dim("features", 2, 4), Dim("outputs", 1, 3)
rates = st.sampled_from([0.5, 0.25, 1.0, 2.0])
wide = tensors(2, 3, low=-20, high=20)
some_above_6 = tensors(2, 3).map(lambda drawn: torch.cat([drawn, torch.tensor([[-8.0, 0.5, 8.0]])]))

OWN = {
    "sigmoid": {"sigmoid", "sigmoid_", "expit", "special_expit"},
    "relu": {"relu", "relu_"},
    "mean_absolute_difference": {"l1_loss"},
    "mean_squared_difference": {"mse_loss"},
}


def asked(counterparts, name, x):
    """What the counterpart of this name gives for a tensor."""
    return counterparts[name](x)


def compared(counterparts, name, a, b):
    """What the counterpart of this name gives for two tensors."""
    return counterparts[name](a, b)


def as_layer(counterparts, name, x):
    """What a network gives whose only layer is the counterpart of this name."""
    return torch.nn.Sequential(counterparts[name])(x)


def two_steps(counterparts, name, parameter, first_gradient, second_gradient, lr):
    """A parameter after two steps of the optimizer of this name."""
    parameter.requires_grad_()
    optimizer = counterparts[name]([parameter], lr)
    for gradient in (first_gradient, second_gradient):
        parameter.grad = gradient
        optimizer.step()
        optimizer.zero_grad()
    return parameter


def functions_called(counterparts):
    """For four counterparts, the names of PyTorch's functions that they call."""
    from torch.overrides import TorchFunctionMode

    class Noting(TorchFunctionMode):
        def __init__(self):
            super().__init__()
            self.names = []

        def __torch_function__(self, function, types, args=(), kwargs=None):
            self.names.append(getattr(function, "__name__", ""))
            return function(*args, **(kwargs or {}))

    called = {}
    x = torch.tensor([-1.0, 2.0])
    for name, arguments in {
        "sigmoid": [x],
        "relu": [x],
        "mean_absolute_difference": [x, x + 1],
        "mean_squared_difference": [x, x + 1],
    }.items():
        noting = Noting()
        try:
            with noting:
                counterparts[name](*arguments)
            called[name] = noting.names
        except Exception:  # noqa: BLE001  what it is, another check says
            called[name] = None
    return called


def are_pytorchs_own(called: dict[str, list[str] | None]) -> str | None:
    """Whether each calls the function that PyTorch has for it."""
    raising = [name for name, names in called.items() if names is None]
    if raising:
        return f"These raise an exception when they are called: {', '.join(raising)}."
    by_hand = [
        f"{name} (it calls {', '.join(names or []) or 'none'})"
        for name, names in called.items()
        if not OWN[name] & set(names or [])
    ]
    return f"These don't call PyTorch's own function for it: {', '.join(by_hand)}." if by_hand else None


def applied(library_linear, weights, bias, x):
    """What the layer gives."""
    return library_linear(weights, bias)(x)


def parameters(library_linear, weights, bias):
    """Of each parameter of the layer its shape, and whether it learns."""
    return [(tuple(p.shape), p.requires_grad) for p in library_linear(weights, bias).parameters()]


def batches(library_batches, xs, ys, batch_size):
    """The mini-batches of one epoch."""
    return [(xb, yb) for xb, yb in library_batches(xs, ys, batch_size)]


def after_epoch(library_epoch, x, y, weights, bias, lr):
    """The parameters of a small model after an epoch of mini-batches of two."""
    model = nn.Linear(2, 1)
    with torch.no_grad():
        model.weight.copy_(weights)
        model.bias.copy_(bias)
    notebook = getattr(inspect.unwrap(library_epoch), "__globals__", {})
    before = {name: notebook[name] for name in ("library_loss",) if name in notebook}
    notebook.update(library_loss=lambda predictions, targets: (predictions.sigmoid() - targets).abs().mean())
    try:
        library_epoch(model, list(zip(x.split(2), y.split(2))), lr)  # noqa: B905
    finally:
        notebook.update(before)
    return [p.detach() for p in model.parameters()]


SOLUTION = """\
counterparts = {
    "sigmoid": torch.sigmoid,
    "relu": F.relu,
    "relu_layer": nn.ReLU(),
    "mean_absolute_difference": F.l1_loss,
    "mean_squared_difference": F.mse_loss,
    "BasicOptim": torch.optim.SGD,
}


def library_rmse(a, b):
    return F.mse_loss(a, b).sqrt()


def library_linear(weights, bias):
    linear = nn.Linear(weights.shape[0], weights.shape[1])
    linear.weight.data = weights.T
    linear.bias.data = bias
    return linear


def library_batches(xs, ys, batch_size):
    pairs = torch.utils.data.TensorDataset(xs, ys)
    return torch.utils.data.DataLoader(pairs, batch_size=batch_size)


def library_loss(predictions, targets):
    return F.l1_loss(predictions.sigmoid(), targets)


def library_epoch(model, dl, lr):
    opt = torch.optim.SGD(model.parameters(), lr)
    for xb, yb in dl:
        loss = library_loss(model(xb), yb)
        loss.backward()
        opt.step()
        opt.zero_grad()
"""


def with_table(name: str, wrong: str) -> str:
    """The solution with another entry of this name in its table."""
    right = next(line for line in SOLUTION.splitlines() if line.startswith(f'    "{name}":'))
    return changed(SOLUTION, right, f'    "{name}": {wrong},')


exercise = Exercise(
    title="What the library has for it",
    section="Adding a Nonlinearity",
    provides=("counterparts", "library_rmse", "library_linear", "library_batches", "library_loss", "library_epoch"),
    oracle="counterparts",
    given="""\
# Some of the chapter's pieces, made by hand: by_hand["relu"](x) calls one.
by_hand = {
    "sigmoid": lambda x: 1 / (1 + torch.exp(-x)),
    "relu": lambda x: x.max(tensor(0.0)),
    "mean_absolute_difference": lambda a, b: (a - b).abs().mean(),
    "mean_squared_difference": lambda a, b: ((a - b) ** 2).mean(),
    "root_mean_squared_difference": lambda a, b: ((a - b) ** 2).mean().sqrt(),
    "linear": lambda xb, weights, bias: xb @ weights + bias,
}
""",
    statement="""\
The chapter builds each piece by hand, and then replaces it by the library's. With the same numbers both give the
same: you know now what happens inside. Find PyTorch's counterparts (`F` is `torch.nn.functional`).

`counterparts` is a dict from a name to what PyTorch has for it:

| name | made by hand | its counterpart is called as |
| --- | --- | --- |
| `"sigmoid"` | `1 / (1 + torch.exp(-x))` | `counterparts["sigmoid"](x)` |
| `"relu"` | `x.max(tensor(0.0))` | `counterparts["relu"](x)` |
| `"relu_layer"` | the same, as a layer | `nn.Sequential(counterparts["relu_layer"])` |
| `"mean_absolute_difference"` | `(a - b).abs().mean()` | `counterparts["mean_absolute_difference"](a, b)` |
| `"mean_squared_difference"` | `((a - b) ** 2).mean()` | `counterparts["mean_squared_difference"](a, b)` |
| `"BasicOptim"` | the chapter's optimizer class: `p.data -= p.grad * lr` | `counterparts["BasicOptim"](params, lr)`, \
then `step()` and `zero_grad()` |

Some pieces take more than a name:

- `library_rmse(a, b)` gives the root of the mean squared difference, with one of the functions above.
- `library_linear(weights, bias)` gives an `nn.Linear` that calculates `xb @ weights + bias` with the numbers in
  `weights` `(features, outputs)` and `bias` `(outputs,)`.
- `library_batches(xs, ys, batch_size)` gives a loader from `torch.utils.data` over the pairs of `xs` and `ys`: a
  loop over it gives mini-batches `(xb, yb)`, in order, and the last one may be shorter.
- `library_loss(predictions, targets)` gives the same as `mnist_loss`: a single number. The predictions are raw, and
  the targets are 0. or 1., floats of the same shape. After the sigmoid, one of the functions above does the rest: how
  far is each confidence from its target?
- `library_epoch(model, dl, lr)` trains an `nn.Module` as the chapter's `train_epoch` does: for each mini-batch
  `(xb, yb)` of `dl` one step of plain SGD, by PyTorch's optimizer, with `library_loss` as the loss.

The next cell has the hand-made ones, so that you can compare: `by_hand["relu"](x) == counterparts["relu"](x)`.
""",
    starter="""\
counterparts = {
    "sigmoid": ...,
    "relu": ...,
    "relu_layer": ...,
    "mean_absolute_difference": ...,
    "mean_squared_difference": ...,
    "BasicOptim": ...,
}


def library_rmse(a, b):
    ...


def library_linear(weights, bias):
    ...


def library_batches(xs, ys, batch_size):
    ...


def library_loss(predictions, targets):
    ...


def library_epoch(model, dl, lr):
    ...
""",
    hints=[
        (
            "`counterparts`: each entry is called by somebody else later, so put the function or the class itself "
            'there, without parentheses behind it. Only `"relu_layer"` is used as it is, between other layers: that '
            "one has to be an object."
        ),
        (
            "`counterparts`: sigmoid and ReLU have kept their names in PyTorch. For the differences type `F.` and "
            "press the Tab key: of the names that end in `_loss`, one begins with the norm that it measures, and one "
            "with the initials of its error. In `torch.optim`, too, look for initials."
        ),
        (
            "`library_rmse` and `library_loss`: each is one of the two functions for differences, and one step more. "
            "For the one that step comes after it, and for the other one before it, on the predictions only."
        ),
        (
            "`library_batches`: two classes of `torch.utils.data`, the one put into the other: first pairs, then "
            "mini-batches. Say how large these are and nothing else: by itself the loader keeps the order and the "
            "short end."
        ),
        (
            "`library_linear`: make an `nn.Linear` for 3 features and 2 outputs, and look at the shape of its "
            "`weight`. What has to be done to yours, `(3, 2)`? Below `with torch.no_grad():` the method `copy_` "
            "writes other numbers into a parameter, and a parameter it stays."
        ),
        (
            "`library_epoch`: make the optimizer once, before the loop, of the model's parameters and `lr`. In the "
            "loop `library_loss` gives a number for the mini-batch; after it come three calls, which you know from "
            "`train_model` and `calc_grad`."
        ),
    ],
    checks=[
        Scenario("the sigmoid", asked, st.just("sigmoid"), wide, of="counterparts", cases=8),
        Scenario(
            "the ReLU as a function",
            asked,
            st.just("relu"),
            some_above_6,
            of="counterparts",
            cases=8,
            hint="It is in `torch.nn.functional`.",
        ),
        Scenario(
            "the ReLU as a layer",
            as_layer,
            st.just("relu_layer"),
            some_above_6,
            of="counterparts",
            cases=8,
            hint="What stands between two layers in `nn.Sequential`?",
        ),
        Scenario(
            "the mean absolute difference",
            compared,
            st.just("mean_absolute_difference"),
            tensors(2, 3),
            tensors(2, 3),
            of="counterparts",
            cases=8,
            hint="In `torch.nn.functional` it is one of the losses. The chapter uses its other name: the L1 norm.",
        ),
        Scenario(
            "the mean squared difference",
            compared,
            st.just("mean_squared_difference"),
            tensors(2, 3),
            tensors(2, 3),
            of="counterparts",
            cases=8,
            hint="In `torch.nn.functional` it is one of the losses.",
        ),
        Scenario(
            "the optimizer",
            two_steps,
            st.just("BasicOptim"),
            tensors(2, 2),
            tensors(2, 2),
            tensors(2, 2),
            rates,
            of="counterparts",
            points=2,
            cases=8,
            hint="PyTorch's optimizers are in `torch.optim`. Which one is stochastic gradient descent?",
        ),
        Scenario(
            "the functions are PyTorch's own",
            functions_called,
            of="counterparts",
            holds=are_pytorchs_own,
            hint="Each formula has a function of its own in PyTorch.",
        ),
        Calls(
            "the root mean squared difference",
            tensors(2, 3),
            tensors(2, 3),
            of="library_rmse",
            cases=8,
            hint="A mean squared difference, and one step more.",
        ),
        Scenario(
            "the linear layer calculates the same",
            applied,
            tensors(FEATURES, OUTPUTS),
            tensors(OUTPUTS),
            tensors(N, FEATURES),
            of="library_linear",
            points=2,
            cases=8,
            hint="Make an `nn.Linear`, and look at the shapes of its `weight` and its `bias`. What has to go there?",
        ),
        Scenario(
            "the linear layer has parameters that learn",
            parameters,
            tensors(FEATURES, OUTPUTS),
            tensors(OUTPUTS),
            of="library_linear",
            cases=8,
            hint="The layer's own weight and bias get new numbers and stay parameters.",
        ),
        Keeps(
            "leaves weights and bias alone",
            tensors(FEATURES, OUTPUTS),
            tensors(OUTPUTS),
            of="library_linear",
            cases=4,
        ),
        Scenario(
            "the mini-batches",
            batches,
            tensors(N, 2),
            tensors(N, 1),
            st.integers(1, 3),
            of="library_batches",
            points=2,
            cases=8,
            hint="`TensorDataset` makes pairs of two tensors, `DataLoader` makes mini-batches of pairs.",
        ),
        Calls(
            "the loss for two classes",
            tensors(N, 1),
            tensors(N, 1, low=0, high=1, step=1),
            of="library_loss",
            cases=8,
            hint="For a target of 1 the loss counts 1 - p, for a target of 0 it counts p. Both are distances.",
        ),
        Scenario(
            "the epoch takes the same steps",
            after_epoch,
            tensors(5, 2),
            tensors(5, 1, low=0, high=1, step=1),
            tensors(1, 2),
            tensors(1),
            st.sampled_from([1.0, 4.0, 16.0]),
            of="library_epoch",
            points=2,
            cases=8,
            hint="For each mini-batch: the loss, its gradient, a step, and the gradients forgotten.",
        ),
    ],
    accepts={
        "modules": """\
counterparts = dict(
    sigmoid=nn.Sigmoid(),
    relu=nn.ReLU(),
    relu_layer=nn.ReLU(inplace=True),
    mean_absolute_difference=nn.L1Loss(),
    mean_squared_difference=nn.MSELoss(reduction="mean"),
    BasicOptim=lambda params, lr: torch.optim.SGD(params, lr=lr, momentum=0.0),
)

def library_rmse(a, b):
    return nn.MSELoss()(a, b) ** 0.5

def library_linear(weights, bias):
    features, outputs = weights.shape
    linear = nn.Linear(in_features=features, out_features=outputs)
    linear.load_state_dict({"weight": weights.T, "bias": bias})
    return linear

def library_batches(xs, ys, batch_size):
    dataset = list(zip(xs, ys))
    return torch.utils.data.DataLoader(dataset, batch_size, shuffle=False)

def library_loss(preds, targs):
    return nn.L1Loss()(nn.Sigmoid()(preds), targs)

def library_epoch(model, dl, lr):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    model.train()
    for batch in dl:
        optimizer.zero_grad()
        x, y = batch
        F.l1_loss(torch.sigmoid(model(x)), y).backward()
        optimizer.step()
    return model
""",
        "methods, and parameters of its own": """\
from functools import partial
import math

counterparts["sigmoid"] = torch.Tensor.sigmoid
counterparts["relu"] = torch.relu
counterparts["mean_absolute_difference"] = lambda a, b: F.l1_loss(a, b)
counterparts["mean_squared_difference"] = partial(F.mse_loss, reduction="mean")
counterparts["BasicOptim"] = partial(torch.optim.SGD, foreach=False)

def library_rmse(a, b):
    return math.sqrt(F.mse_loss(a, b))

def library_linear(w, b):
    net = nn.Sequential(nn.Linear(w.size(0), w.size(1)))
    net[0].weight = nn.Parameter(w.t())
    net[0].bias = nn.Parameter(b)
    return net

def library_batches(xs, ys, batch_size):
    for batch in torch.utils.data.DataLoader(torch.utils.data.TensorDataset(xs, ys), batch_size=batch_size):
        yield tuple(batch)
""",
        "special functions": """\
counterparts = {**counterparts, "sigmoid": torch.special.expit, "relu": F.relu_}

def library_linear(weights, bias):
    linear = nn.LazyLinear(weights.shape[1])
    linear(torch.zeros(1, weights.shape[0]))
    for p, values in zip(linear.parameters(), (weights.t(), bias)):
        p.data[:] = values
    return linear
""",
    },
    misconceptions=[
        Misconception(
            "forgets the sigmoid in the loss",
            changed(SOLUTION, "predictions.sigmoid()", "predictions"),
            hint="The predictions are raw: any number. What makes a confidence between 0 and 1 of each?",
        ),
        Misconception(
            "takes the cross-entropy for the chapter's loss",
            changed(
                SOLUTION,
                "F.l1_loss(predictions.sigmoid(), targets)",
                "F.binary_cross_entropy_with_logits(predictions, targets)",
            ),
            hint="The binary cross-entropy is a good loss as well, and another one: it takes logarithms.",
        ),
        Misconception(
            "squares the distances in the loss",
            changed(
                SOLUTION, "F.l1_loss(predictions.sigmoid(), targets)", "F.mse_loss(predictions.sigmoid(), targets)"
            ),
            hint="The chapter's loss counts 1 - p or p as it is, without squares.",
        ),
        Misconception(
            "lets the gradients of the mini-batches add up",
            changed(SOLUTION, "        opt.zero_grad()\n", ""),
            hint="`backward` adds to the gradients that are there. The optimizer has a method that forgets them.",
        ),
        Misconception(
            "takes one step for the whole epoch",
            changed(
                SOLUTION,
                "        opt.step()\n        opt.zero_grad()\n",
                "    opt.step()\n    opt.zero_grad()\n",
            ),
            hint="The step stands behind the loop. Indent it: one for each mini-batch.",
        ),
        Misconception(
            "never steps in its epoch",
            changed(SOLUTION, "        opt.step()\n", ""),
            hint="The gradients are there, and nothing is done with them. Which method changes the parameters?",
        ),
        Misconception(
            "takes the layer's class for the function",
            with_table("relu", "nn.ReLU"),
            hint="`nn.ReLU(x)` makes a layer, and takes x for one of its settings. The function is `F.relu`; "
            "or make the layer first: `nn.ReLU()`.",
        ),
        Misconception(
            "puts a function between the layers",
            with_table("relu_layer", "F.relu"),
            hint="`nn.Sequential` takes layers, that is objects of `nn.Module`. Which class of `nn` does "
            "what `F.relu` does?",
        ),
        Misconception(
            "takes a layer that stops at 6",
            with_table("relu_layer", "nn.ReLU6()"),
            hint="`ReLU6` makes 6 of every larger number. The ReLU has no such limit.",
        ),
        Misconception(
            "leaves the parentheses of the layer out",
            with_table("relu_layer", "nn.ReLU"),
            hint="`nn.ReLU` is a class. A layer is an object of it: call the class.",
        ),
        Misconception(
            "takes a leaky ReLU",
            with_table("relu", "F.leaky_relu"),
            hint="A leaky ReLU lets a little of the negative numbers through.",
        ),
        Misconception(
            "takes the logarithm of the sigmoid",
            with_table("sigmoid", "F.logsigmoid"),
            hint="`logsigmoid` has a logarithm after the sigmoid, and is negative.",
        ),
        Misconception(
            "takes tanh for the sigmoid",
            with_table("sigmoid", "torch.tanh"),
            hint="`tanh` has an S as well, but goes from -1 to 1.",
        ),
        Misconception(
            "takes the softmax for the sigmoid",
            with_table("sigmoid", "lambda x: F.softmax(x, -1)"),
            hint="The softmax looks at several numbers together. The sigmoid takes each one by itself.",
        ),
        Misconception(
            "squares where the absolute value is meant",
            with_table("mean_absolute_difference", "F.mse_loss"),
            hint="`mse` is the mean **squared** error. The mean absolute difference is the L1 norm.",
        ),
        Misconception(
            "takes the smooth L1 loss",
            with_table("mean_absolute_difference", "F.smooth_l1_loss"),
            hint="The smooth L1 loss is a mixture: squared for small differences, absolute for large ones.",
        ),
        Misconception(
            "takes the absolute value where the square is meant",
            with_table("mean_squared_difference", "F.l1_loss"),
            hint="`l1_loss` is the mean of the absolute values. The squares' is the mean squared error.",
        ),
        Misconception(
            "adds up instead of averaging",
            with_table("mean_absolute_difference", 'nn.L1Loss(reduction="sum")').replace(
                '"mean_squared_difference": F.mse_loss', '"mean_squared_difference": nn.MSELoss(reduction="sum")'
            ),
            hint="The hand-made one ends with `.mean()`; `reduction` is `'mean'` if you say nothing.",
        ),
        Misconception(
            "keeps one number for each element",
            with_table("mean_absolute_difference", 'nn.L1Loss(reduction="none")').replace(
                '"mean_squared_difference": F.mse_loss', '"mean_squared_difference": nn.MSELoss(reduction="none")'
            ),
            hint="With `reduction='none'` there is no mean. One number for all elements is meant.",
        ),
        Misconception(
            "leaves the parentheses of the losses out",
            with_table("mean_absolute_difference", "nn.L1Loss").replace(
                '"mean_squared_difference": F.mse_loss', '"mean_squared_difference": nn.MSELoss'
            ),
            hint="`nn.L1Loss` and `nn.MSELoss` are classes: make an object first, `nn.MSELoss()`, and call that. "
            "Or take the functions in `F`.",
        ),
        Misconception(
            "optimizes with Adam",
            with_table("BasicOptim", "torch.optim.Adam"),
            hint="Adam makes the steps of all parameters about equally large. BasicOptim's step is the gradient "
            "times the learning rate, which is plain SGD.",
        ),
        Misconception(
            "adds momentum",
            with_table("BasicOptim", "lambda params, lr: torch.optim.SGD(params, lr, momentum=0.9)"),
            hint="With momentum each step goes on a little in the direction of the steps before. BasicOptim "
            "forgets them.",
        ),
        Misconception(
            "writes them by hand again",
            with_table("sigmoid", "lambda x: 1 / (1 + torch.exp(-x))")
            .replace("F.relu,", "lambda x: x.clamp(min=0),")
            .replace(
                '"mean_absolute_difference": F.l1_loss', '"mean_absolute_difference": lambda a, b: (a - b).abs().mean()'
            )
            .replace(
                '"mean_squared_difference": F.mse_loss', '"mean_squared_difference": lambda a, b: ((a - b) ** 2).mean()'
            ),
            hint="They are right, and they are the hand-made ones. PyTorch has one function for each.",
        ),
        Misconception(
            "forgets the root",
            changed(SOLUTION, "F.mse_loss(a, b).sqrt()", "F.mse_loss(a, b)"),
            hint="The R in RMSE is the root: without it the unit is squared.",
        ),
        Misconception(
            "takes the root before the mean",
            changed(SOLUTION, "F.mse_loss(a, b).sqrt()", "F.mse_loss(a, b, reduction='none').sqrt().mean()"),
            hint="The root of a square is the absolute value again. The mean comes first, then the root.",
        ),
        Misconception(
            "takes the root of the sum",
            changed(SOLUTION, "F.mse_loss(a, b).sqrt()", "F.mse_loss(a, b, reduction='sum').sqrt()"),
            hint="The M in RMSE is the mean.",
        ),
        Misconception(
            "does not transpose the weights",
            changed(SOLUTION, "weights.T", "weights"),
            hint="`nn.Linear` keeps a row of weights for each **output**: `(outputs, features)`. Yours have a "
            "column for each.",
        ),
        Misconception(
            "reshapes instead of transposing",
            changed(SOLUTION, "weights.T", "weights.reshape(weights.shape[1], weights.shape[0])"),
            hint="`view` and `reshape` read the same numbers in the same order into other rows. Transposing turns "
            "rows into columns: `.T`.",
        ),
        Misconception(
            "puts a plain tensor in the parameter's place",
            changed(SOLUTION, "linear.weight.data = weights.T", "linear.weight = weights.T"),
            hint="The layer's weight is a parameter, and has to stay one. Change the numbers in it: its `data`; "
            "or make an `nn.Parameter` of yours.",
        ),
        Misconception(
            "leaves the layer's random weights",
            changed(SOLUTION, "    linear.weight.data = weights.T\n    linear.bias.data = bias\n", ""),
            hint="A new `nn.Linear` has random numbers. Put yours into its `weight` and its `bias`.",
        ),
        Misconception(
            "leaves the bias out",
            changed(SOLUTION, "weights.shape[1])", "weights.shape[1], bias=False)").replace(
                "    linear.bias.data = bias\n", ""
            ),
            hint="The layer calculates `xb @ weights`, and nothing is added.",
        ),
        Misconception(
            "leaves the layer's random bias",
            changed(SOLUTION, "    linear.bias.data = bias\n", ""),
            hint="The weights are there. A new `nn.Linear` has a random bias, too.",
        ),
        Misconception(
            "gives a function instead of a layer",
            changed(SOLUTION, "    return linear\n", "    return lambda xb: linear(xb)\n"),
            hint="It calculates the right thing, and has no `parameters()` that an optimizer could change. "
            "Return the `nn.Linear` itself.",
        ),
        Misconception(
            "shuffles",
            changed(SOLUTION, "batch_size=batch_size", "batch_size=batch_size, shuffle=True"),
            hint="`shuffle=True` is good for training. Here the mini-batches are asked for in order, to compare them.",
        ),
        Misconception(
            "drops the short mini-batch",
            changed(SOLUTION, "batch_size=batch_size", "batch_size=batch_size, drop_last=True"),
            hint="With `drop_last=True` the items left over at the end are lost.",
        ),
        Misconception(
            "forgets the size of the mini-batches",
            changed(SOLUTION, ", batch_size=batch_size", ""),
            hint="Without `batch_size` a `DataLoader` makes mini-batches of one item each.",
        ),
        Misconception(
            "gives the dataset instead of the loader",
            changed(SOLUTION, "torch.utils.data.DataLoader(pairs, batch_size=batch_size)", "pairs"),
            hint="A dataset gives single items. Hand it to a `DataLoader`.",
        ),
        Misconception(
            "zips x and y in the wrong order",
            changed(SOLUTION, "TensorDataset(xs, ys)", "TensorDataset(ys, xs)"),
            hint="In a pair the input comes first, the target second.",
        ),
    ],
    equivalents={
        "library_loss: return F.l1_loss(predictions.sigmoid(), targets) → "
        "return F.l1_loss(targets, predictions.sigmoid())": (
            "An absolute value is the same whichever is subtracted from which."
        ),
        "library_rmse: return F.mse_loss(a, b).sqrt() → "
        "return F.mse_loss(b, a).sqrt()": "A square is the same whichever is subtracted from which.",
    },
)
