"""A network: ReLU, two layers by hand and by PyTorch's modules, and why they need something between them."""

import inspect

import torch
from hypothesis import strategies as st
from torch import Tensor, nn

from exercises.wrong import changed
from grader.exercise import Calls, Exercise, Keeps, Misconception, Scenario
from grader.inputs import Dim, tensors

N, FEATURES, HIDDEN, OUTPUTS = Dim("n", 1, 3), Dim("features", 1, 3), Dim("hidden", 4, 5), Dim("outputs", 1, 3)


def with_extremes(drawn: Tensor) -> Tensor:
    """The tensor with a large number, small ones on both sides of 0, and 0, where mistakes show."""
    flat = drawn.flatten()
    flat[:4] = torch.tensor([7.5, -0.25, 0.25, 0.0])
    return flat.reshape(drawn.shape)


numbers = st.one_of(tensors(5), tensors(Dim("rows", 2, 4), 2), tensors(2, 3, 2)).map(with_extremes)
# Where the slope is 0 on one side and 1 on the other, PyTorch's own functions differ.
without_zero = tensors(N, 3, low=-7.75, high=8.25, step=0.5)
parameters = (tensors(FEATURES, HIDDEN), tensors(HIDDEN), tensors(HIDDEN, 1), tensors(1))
layers = (tensors(FEATURES, HIDDEN), tensors(HIDDEN), tensors(HIDDEN, OUTPUTS), tensors(OUTPUTS))
batch = tensors(N, FEATURES, low=-4, high=4)
sizes = st.tuples(st.integers(2, 3), st.integers(4, 6), st.integers(1, 1))


def slopes(relu, x):
    """How the sum of the outputs changes with each input."""
    x.requires_grad_()
    return torch.autograd.grad(relu(x).sum(), x)[0]


# The network by hand


def described(p):
    """What a parameter is, besides its numbers."""
    return {
        "shape": list(p.shape),
        "requires_grad": p.requires_grad,
        "is_leaf": p.is_leaf,
        "is_constant": p.numel() > 1 and bool((p == p.flatten()[0]).all()),
        "float": p.is_floating_point(),
    }


def four_parameters(w1, b1, w2, b2):
    """What the network's parameters are."""
    return {"w1": described(w1), "b1": described(b1), "w2": described(w2), "b2": described(b2)}


def are_parameters(result: dict[str, dict[str, object]]) -> str | None:
    """Whether they are those of 28 * 28 pixels, 30 hidden activations and one output, and the weights random."""
    shapes = {"w1": [28 * 28, 30], "b1": [30], "w2": [30, 1], "b2": [1]}
    for name, shape in shapes.items():
        parameter = result[name]
        if parameter["shape"] != shape:
            return f"`{name}` has the shape {tuple(parameter['shape'])}, and {tuple(shape)} is meant."  # type: ignore[arg-type]  # a list
        if not parameter["float"]:
            return f"`{name}` holds whole numbers."
        if not parameter["requires_grad"]:
            return f"`{name}` requires no gradient."
        if not parameter["is_leaf"]:
            return f"`{name}` is the result of a computation (`is_leaf` is False): it gets no gradient."
        if name.startswith("w") and parameter["is_constant"]:
            return f"All numbers of `{name}` are the same."
    return None


def with_parameters(simple_net, parameters, numbers, compute):
    """What `compute` gives while the notebook's parameters have these numbers, and the notebook a right ReLU."""
    notebook = getattr(inspect.unwrap(simple_net), "__globals__", {})
    before, relu = [p.data for p in parameters], notebook.get("relu")
    if relu is not None:
        notebook["relu"] = torch.relu
    for p, values in zip(parameters, numbers):  # noqa: B905  the notebook's Python may be older than strict
        p.data = values.to(p.dtype)
    try:
        return compute()
    finally:
        for p, values in zip(parameters, before):  # noqa: B905
            p.data = values
        if relu is not None:
            notebook["relu"] = relu


def outputs(simple_net, w1, b1, w2, b2, new_w1, new_b1, new_w2, new_b2, xb):
    """The network's activations for a batch."""
    numbers = (new_w1, new_b1, new_w2, new_b2)
    return with_parameters(simple_net, (w1, b1, w2, b2), numbers, lambda: simple_net(xb))


def gradients(simple_net, w1, b1, w2, b2, new_w1, new_b1, new_w2, new_b2, xb):
    """How the sum of the activations changes with each parameter, 0 where it does not."""
    parameters, numbers = (w1, b1, w2, b2), (new_w1, new_b1 + 0.03125, new_w2, new_b2)  # no hidden activation is 0

    def compute():
        found = torch.autograd.grad(simple_net(xb).sum(), parameters, allow_unused=True)
        return [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, found)]  # noqa: B905

    return with_parameters(simple_net, parameters, numbers, compute)


def merged(merge_linear, w1, b1, w2, b2):
    """The weights and the bias of one layer; a bias of shape (1, outputs) adds the same, and is taken for its row."""
    given = merge_linear(w1, b1, w2, b2)
    if isinstance(given, (list, tuple)) and len(given) == 2 and getattr(given[1], "shape", ())[:-1] == (1,):
        return given[0], given[1][0]
    return given


# The network of modules


def parameter_shapes(make_net, sizes):
    """The shapes of a network's parameters, sorted."""
    return sorted(list(p.shape) for p in make_net(*sizes).parameters())


def module_outputs(make_net, new_w1, new_b1, new_w2, new_b2, xb):
    """What a network of modules gives for a batch, with these parameters put in by their shapes."""
    net = make_net(*new_w1.shape, new_w2.shape[1])
    numbers = {tuple(values.shape): values for values in (new_w1.T, new_b1, new_w2.T, new_b2)}
    for p in net.parameters():
        p.data = numbers.pop(tuple(p.shape))
    return net(xb)


def two_nets(make_net, sizes):
    """Whether a network is a module, and the next one has other parameters."""
    first, second = make_net(*sizes), make_net(*sizes)
    of_first = {id(p) for p in first.parameters()}
    return {
        "is a module": isinstance(first, nn.Module),
        "shares parameters": any(id(p) in of_first for p in second.parameters()),
    }


SOLUTION = """\
import torch
from torch import nn


def init_params(size, std=1.0):
    return (torch.randn(size) * std).requires_grad_()


w1 = init_params((28 * 28, 30))
b1 = init_params(30)
w2 = init_params((30, 1))
b2 = init_params(1)


def relu(x):
    return x.max(torch.tensor(0.0))


def simple_net(xb):
    res = xb @ w1 + b1
    res = relu(res)
    return res @ w2 + b2


def make_net(inputs, hidden, outputs):
    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs))


def merge_linear(w1, b1, w2, b2):
    return w1 @ w2, b1 @ w2 + b2
"""


def mistaken(right: str, wrong: str) -> str:
    """The solution with one mistake."""
    return changed(SOLUTION, right, wrong)


exercise = Exercise(
    title="A neural network",
    section="Adding a Nonlinearity",
    provides=("relu", "w1", "b1", "w2", "b2", "simple_net", "make_net", "merge_linear"),
    oracle="simple_net",
    statement="""\
A linear layer computes `x @ w + b`. A neural network has at least two of them, and between them something that is
**not linear**. The chapter takes *ReLU* (rectified linear unit), which replaces every negative number by 0 and leaves
the others as they are. The numbers between the layers are the *hidden* activations.

- `relu(x)` for a tensor of any shape; `relu(tensor([-1., 0., 2.5]))` is `[0., 0., 2.5]`. It gives a new tensor and
  leaves `x` alone, and gradients go through it: compute in PyTorch.
- `w1`, `b1`, `w2`, `b2`: the parameters of two layers, from `28 * 28` pixels to 30 hidden activations, and from these
  to one output. Their shapes are `(784, 30)`, `(30,)`, `(30, 1)` and `(1,)`. They require gradients, and start as
  random numbers: `torch.randn` makes some, or your `init_params`.
- `simple_net(xb)`: the first layer, ReLU, the second layer, by these four. `xb` has an image in each row; the result
  has the shape `(n, 1)`. As with the linear model, the checks put other numbers into the parameters, with fewer
  pixels and hidden activations.
- `make_net(inputs, hidden, outputs)`: a new network of the same kind, made of PyTorch's modules: each layer is an
  `nn.Linear`. `nn.Sequential` calls modules one after the other. ReLU exists twice: `F.relu` is a *function*, which
  is called with a tensor; `nn.ReLU` is a *class*, and `nn.ReLU()` makes a module, which is called with a tensor.
- `merge_linear(w1, b1, w2, b2)`: why there has to be something between them. Two linear layers in a row are no more
  than one. Give the weights and the bias `(w, b)` of this one: `x @ w + b` equals `(x @ w1 + b1) @ w2 + b2` for every
  `x`. The arguments may have any sizes that fit: `w1` is `(features, hidden)`, `w2` is `(hidden, outputs)`.
""",
    starter="""\
def relu(x):
    ...


w1 = ...
b1 = ...
w2 = ...
b2 = ...


def simple_net(xb):
    ...


def make_net(inputs, hidden, outputs):
    ...


def merge_linear(w1, b1, w2, b2):
    ...
""",
    hints=[
        (
            "`relu`: every element meets the number 0, and the larger of the two stays. Look for `clamp` in PyTorch: "
            "it keeps all numbers of a tensor above a limit, without a loop, and gives a new tensor."
        ),
        (
            "`w1`, `b1`, `w2` and `b2`: one call of your `init_params` for each of them, with the shape that the "
            "statement names. A layer's weights have a row for each number that goes in, and a column for each that "
            "comes out."
        ),
        (
            "`simple_net`: its first line is your `linear1` with other names. Give the result a name, send it "
            "through `relu`, and let the second layer work on what comes out of that, no longer on `xb`."
        ),
        (
            "`make_net`: three modules stand in `nn.Sequential`, with commas between them, and all three are made by "
            "calling a class. Two of them need sizes. Which of the function's three arguments appears in both?"
        ),
        (
            "`merge_linear`: put 0 in for x. What is left of the two layers is the bias of the merged one. Then look "
            "at the part with x, `x @ w1 @ w2`: you may set brackets there as you like, as long as the order stays."
        ),
    ],
    checks=[
        Calls(
            "ReLU of tensors of any shape",
            numbers,
            of="relu",
            hint="`max` with a tensor compares element by element. What do you compare with?",
        ),
        Keeps("ReLU leaves its argument alone", numbers, of="relu", cases=6),
        Scenario(
            "gradients go through ReLU",
            slopes,
            without_zero,
            of="relu",
            cases=6,
            hint="The slope is 1 above 0 and 0 below. Use functions of PyTorch, which know their slope.",
        ),
        Scenario(
            "the parameters of two layers",
            four_parameters,
            of=("w1", "b1", "w2", "b2"),
            holds=are_parameters,
            hint="What a layer's output has for columns, the next layer's weights have for rows.",
        ),
        Scenario(
            "two layers with ReLU between them",
            outputs,
            *parameters,
            batch,
            of=("simple_net", "w1", "b1", "w2", "b2"),
            points=2,
            hint="Three steps, each with the result of the one before: linear, ReLU, linear.",
        ),
        Scenario(
            "gradients reach all four parameters",
            gradients,
            *parameters,
            batch,
            of=("simple_net", "w1", "b1", "w2", "b2"),
            cases=8,
            hint="Compute with the four tensors themselves, and with functions of PyTorch only.",
        ),
        Scenario(
            "the modules have two layers of parameters",
            parameter_shapes,
            sizes,
            of="make_net",
            cases=6,
            hint="Two `nn.Linear`: what the first one gives, the second one takes.",
        ),
        Scenario(
            "the modules compute the same network",
            module_outputs,
            *layers,
            batch,
            of="make_net",
            points=2,
            hint="Linear, ReLU, linear, in this order, in `nn.Sequential`.",
        ),
        Scenario(
            "every network is a new module with parameters of its own",
            two_nets,
            sizes,
            of="make_net",
            cases=3,
            hint="Make the modules inside the function, at each call.",
        ),
        Scenario(
            "two linear layers are one",
            merged,
            *layers,
            of="merge_linear",
            points=2,
            hint="Multiply (x @ w1 + b1) @ w2 + b2 out, on paper: what is multiplied with x, and what is left?",
        ),
    ],
    accepts={
        "float64, and the bias as a matrix of one row": """\
def doubles(*size):
    return torch.randn(size, dtype=torch.float64, requires_grad=True)

w1, b1, w2, b2 = doubles(28*28, 30), doubles(30), doubles(30, 1), doubles(1)

def simple_net(xb):
    return relu(xb.double() @ w1 + b1) @ w2 + b2

def merge_linear(w1, b1, w2, b2):
    return w1.mm(w2), b1[None] @ w2 + b2
""",
        "PyTorch's functions, a module of one's own": """\
relu = F.relu
w1 = torch.randn(28*28, 30, requires_grad=True)
b1 = torch.zeros(30, requires_grad=True)
w2 = nn.Parameter(torch.randn(30, 1) * 0.1)
b2 = nn.Parameter(torch.zeros(1))

def simple_net(xb):
    return F.linear(F.relu(F.linear(xb, w1.T, b1)), w2.T, b2)

class Net(nn.Module):
    def __init__(self, a, b, c):
        super().__init__()
        self.first, self.second = nn.Linear(a, b), nn.Linear(b, c)

    def forward(self, x):
        return self.second(F.relu(self.first(x)))

make_net = Net

def merge_linear(w1, b1, w2, b2):
    return [w1.matmul(w2), torch.addmv(b2, w2.T, b1)]
""",
        "clamp, and layers probed with the unit matrix": """\
def relu(x):
    return x.clamp(min=0.)

def simple_net(xb):
    hidden = (xb@w1 + b1).clamp_min(0)
    output = hidden@w2 + b2
    return output

def make_net(inputs, hidden, outputs):
    net = nn.Sequential()
    net.add_module('in', nn.Linear(inputs, hidden))
    net.add_module('act', nn.ReLU(inplace=True))
    net.add_module('out', nn.Linear(hidden, outputs))
    return net

def merge_linear(w1, b1, w2, b2):
    def both(x):
        return (x @ w1 + b1) @ w2 + b2
    b = both(torch.zeros(1, len(w1)))[0]
    return both(torch.eye(len(w1))) - b, b
""",
        "where and masks": """\
def relu(x):
    return torch.where(x > 0, x, torch.zeros_like(x))

def simple_net(xb):
    res = xb.mm(w1).add(b1)
    res = nn.ReLU()(res)
    return res.mm(w2).add(b2)

def make_net(n_in, n_hidden, n_out):
    layers = [nn.Linear(n_in, n_hidden), nn.ReLU(), nn.Linear(n_hidden, n_out)]
    return nn.Sequential(*layers)

def merge_linear(w1, b1, w2, b2):
    return tuple(torch.as_tensor(v) for v in (w1.numpy() @ w2.numpy(), b1.numpy() @ w2.numpy() + b2.numpy()))
""",
        "a product with the truth": """\
relu = lambda x: x * (x > 0)
relu = nn.ReLU()

def simple_net(xb):
    res = xb@w1 + b1
    res = res.max(tensor(0.0))
    res = res@w2 + b2
    return res
""",
    },
    misconceptions=[
        Misconception(
            "takes the absolute value",
            mistaken("x.max(torch.tensor(0.0))", "x.abs()"),
            hint="Negative numbers become 0, not positive.",
        ),
        Misconception(
            "lets a little of the negative numbers through",
            mistaken("x.max(torch.tensor(0.0))", "torch.where(x > 0, x, 0.01 * x)"),
            hint="This is the leaky ReLU. The chapter's gives 0 for every negative number.",
        ),
        Misconception(
            "cuts off at 1",
            mistaken("x.max(torch.tensor(0.0))", "x.clamp(0, 1)"),
            hint="Numbers above 0 stay as they are, however large. ReLU does not normalise.",
        ),
        Misconception(
            "cuts off at 6",
            mistaken("x.max(torch.tensor(0.0))", "x.clamp(0, 6)"),
            hint="That is ReLU6. Numbers above 0 stay as they are, however large.",
        ),
        Misconception(
            "keeps the negative numbers",
            mistaken("x.max(torch.tensor(0.0))", "x.min(torch.tensor(0.0))"),
            hint="The larger of the number and 0 is meant: the maximum of the two.",
        ),
        Misconception(
            "gives the largest of all numbers",
            mistaken("x.max(torch.tensor(0.0))", "max(x.max(), torch.tensor(0.0))"),
            hint="`max` without a second tensor takes the largest number of the whole tensor. Each element is compared "
            "with 0 by itself.",
        ),
        Misconception(
            "drops the negative numbers",
            mistaken("x.max(torch.tensor(0.0))", "x[x > 0]"),
            hint="The shape has to stay: a negative number is replaced by 0, not left out.",
        ),
        Misconception(
            "only says where the neuron fires",
            mistaken("x.max(torch.tensor(0.0))", "(x > 0).float()"),
            hint="ReLU is no yes or no: a positive number stays what it is.",
        ),
        Misconception(
            "takes the sigmoid",
            mistaken("x.max(torch.tensor(0.0))", "x.sigmoid()"),
            hint="The sigmoid is another nonlinearity. ReLU has 0 for negative numbers and a straight line for the "
            "others.",
        ),
        Misconception(
            "gives nn.ReLU a tensor when it is made",
            mistaken("x.max(torch.tensor(0.0))", "nn.ReLU(x)"),
            hint="`nn.ReLU` is a class: `nn.ReLU()` makes a module, which is called with the tensor, `nn.ReLU()(x)`. "
            "The function is `F.relu(x)`.",
        ),
        Misconception(
            "changes its argument",
            mistaken("    return x.max(torch.tensor(0.0))", "    x[x < 0] = 0\n    return x"),
            hint="Whoever passed the tensor in finds it changed, and PyTorch refuses where it needs the old numbers "
            "for gradients. `max`, `clamp` and `where` make a new one.",
        ),
        Misconception(
            "leaves the gradients behind",
            mistaken("x.max(torch.tensor(0.0))", "torch.tensor(x.detach().numpy()).max(torch.tensor(0.0))"),
            hint="`detach`, `.data` and numpy cut the gradients off: what comes out does not know where it came from.",
        ),
        Misconception(
            "transposes the weights",
            mistaken("(28 * 28, 30)", "(30, 28 * 28)"),
            hint="`xb @ w1` takes rows of xb and columns of w1: w1 needs a row for each pixel. (It is `nn.Linear` that "
            "keeps its weights the other way round.)",
        ),
        Misconception(
            "takes the second size for the standard deviation",
            mistaken("init_params((28 * 28, 30))", "init_params((28 * 28), 30)"),
            hint="`init_params((28*28), 30)` has two arguments: the size 784, and a standard deviation of 30. A shape "
            "of two axes is one argument: `(28*28, 30)`.",
        ),
        Misconception(
            "has a bias for each pixel",
            mistaken("b1 = init_params(30)", "b1 = init_params(28 * 28)"),
            hint="A bias is added to what a layer gives: `b1` has a number for each of the 30 hidden activations.",
        ),
        Misconception(
            "has one bias for the whole hidden layer",
            mistaken("b1 = init_params(30)", "b1 = init_params(1)"),
            hint="Each of the 30 hidden activations has a bias of its own: `b1` has the shape (30,).",
        ),
        Misconception(
            "starts with zeros everywhere",
            mistaken("torch.randn(size) * std", "torch.zeros(size)"),
            hint="If all weights are the same, all hidden activations are, and stay the same. Start with random "
            "numbers.",
        ),
        Misconception(
            "has parameters without gradients",
            mistaken("(torch.randn(size) * std).requires_grad_()", "torch.randn(size) * std"),
            hint="Parameters require gradients, or they can't learn: `requires_grad_()`. And whoever computes with "
            "copies of them (`detach`, `.data`, `tolist`, numpy) leaves the gradients behind.",
        ),
        Misconception(
            "forgets the hidden result",
            mistaken("    return res @ w2 + b2", "    res = xb @ w2 + b2\n    return res"),
            hint="The second layer starts from `xb` again, so that the first one is for nothing. It takes the result "
            "of the step before.",
        ),
        Misconception(
            "leaves ReLU out",
            mistaken("    res = relu(res)\n", ""),
            hint="Without ReLU the two layers are no more than one: see `merge_linear`. If you do call ReLU, is its "
            "result kept?",
        ),
        Misconception(
            "applies ReLU to the output as well",
            mistaken("return res @ w2 + b2", "return relu(res @ w2 + b2)"),
            hint="The output may be negative, as it is for a 7: ReLU stands between the layers, not behind the last.",
        ),
        Misconception(
            "applies ReLU to the output only",
            mistaken("    res = relu(res)\n    return res @ w2 + b2", "    return relu(res @ w2 + b2)"),
            hint="ReLU stands between the two layers. Behind the last one it would only forbid negative outputs.",
        ),
        Misconception(
            "takes the sigmoid between the layers",
            mistaken("    res = relu(res)\n", "    res = res.sigmoid()\n"),
            hint="The nonlinearity between the layers is ReLU here. The sigmoid comes with the loss.",
        ),
        Misconception(
            "ends with the sigmoid",
            mistaken("return res @ w2 + b2", "return (res @ w2 + b2).sigmoid()"),
            hint="The output is meant as it is: any number. The sigmoid comes with the loss.",
        ),
        Misconception(
            "forgets the first bias",
            mistaken("xb @ w1 + b1", "xb @ w1"),
            hint="Each layer adds its own bias: the first one `b1`.",
        ),
        Misconception(
            "forgets the second bias",
            mistaken("return res @ w2 + b2", "return res @ w2"),
            hint="Each layer adds its own bias: the second one `b2`.",
        ),
        Misconception(
            "gives the hidden activations",
            mistaken("    return res @ w2 + b2", "    return res"),
            hint="These are the hidden activations. The second layer makes one output of them.",
        ),
        Misconception(
            "puts the class nn.ReLU among the modules",
            mistaken("nn.ReLU()", "nn.ReLU"),
            hint="`nn.ReLU` is a class; with parentheses, `nn.ReLU()`, it makes the module that `nn.Sequential` takes.",
        ),
        Misconception(
            "puts the function F.relu among the modules",
            mistaken("nn.ReLU()", "torch.nn.functional.relu"),
            hint="`F.relu` is a function, and `nn.Sequential` takes modules. The module is `nn.ReLU()`.",
        ),
        Misconception(
            "has nothing between the modules",
            mistaken("nn.ReLU(), ", ""),
            hint="Two linear layers in a row are no more than one. Put `nn.ReLU()` between them.",
        ),
        Misconception(
            "has ReLU behind the last module",
            mistaken("nn.Linear(hidden, outputs))", "nn.Linear(hidden, outputs), nn.ReLU())"),
            hint="The output may be negative: no ReLU behind the last layer.",
        ),
        Misconception(
            "has one layer only",
            mistaken("nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs)", "nn.Linear(inputs, outputs)"),
            hint="That is the linear model. The network has a hidden layer between inputs and outputs.",
        ),
        Misconception(
            "has a layer too many",
            mistaken("nn.ReLU(), ", "nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), "),
            hint="Two linear layers are meant: from the inputs to the hidden activations, and from these to the "
            "outputs.",
        ),
        Misconception(
            "has the book's sizes whatever is asked for",
            mistaken(
                "nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs)",
                "nn.Linear(28 * 28, 30), nn.ReLU(), nn.Linear(30, 1)",
            ),
            hint="The sizes are arguments: `inputs`, `hidden` and `outputs`.",
        ),
        Misconception(
            "leaves the biases out",
            mistaken(
                "nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs)",
                "nn.Linear(inputs, hidden, bias=False), nn.ReLU(), nn.Linear(hidden, outputs, bias=False)",
            ),
            hint="The biases were switched off. `nn.Linear` has one by itself.",
        ),
        Misconception(
            "gives the same network each time",
            mistaken(
                "def make_net(inputs, hidden, outputs):\n    return ",
                "nets = {}\n\n\ndef make_net(inputs, hidden, outputs):\n"
                "    return nets.setdefault((inputs, hidden, outputs), ",
            ).replace("nn.Linear(hidden, outputs))", "nn.Linear(hidden, outputs)))"),
            hint="Two calls give one and the same object: who trains the one has trained the other. Make new modules.",
        ),
        Misconception(
            "adds the biases as they are",
            mistaken("b1 @ w2 + b2", "b1 + b2"),
            hint="The first bias goes through the second layer, as everything does that the first layer gives.",
        ),
        Misconception(
            "loses the first bias",
            mistaken("b1 @ w2 + b2", "b2"),
            hint="What becomes of `b1`? It goes through the second layer, and is there whatever x is.",
        ),
        Misconception(
            "loses the second bias",
            mistaken("b1 @ w2 + b2", "b1 @ w2"),
            hint="The second layer adds its own bias, `b2`.",
        ),
        Misconception(
            "multiplies the weights the wrong way round",
            mistaken("w1 @ w2, ", "w2 @ w1, "),
            hint="The order counts: x meets `w1` first. Compare the shapes: (features, hidden) @ (hidden, outputs).",
        ),
        Misconception(
            "multiplies the weights element by element",
            mistaken("w1 @ w2, ", "w1 * w2, "),
            hint="`*` and `+` work on what stands at the same place. The layers come one after the other: x is "
            "multiplied by w1, and the result by w2, each time with `@`.",
        ),
    ],
)
