"""What surrounds the step: gradients that add up, and the accuracy on the validation set."""

import inspect

import torch
from hypothesis import strategies as st
from torch import Tensor, nn

from exercises.wrong import changed
from grader.exercise import Exercise, Keeps, Misconception, Scenario
from grader.inputs import Dim, tensors

N = Dim("n", 2, 4)
targets = N.strategy().flatmap(
    lambda n: st.lists(st.integers(0, 1), min_size=n, max_size=n).map(lambda ys: torch.tensor(ys)[:, None])
)
problem = (tensors(N, 2), targets, tensors(1, 2), tensors(1))

# Activations on both sides of 0 and of 0.5, where mistakes about the limit show, and some more.
activations = tensors(N, 1).map(lambda drawn: torch.cat([torch.tensor([[0.25], [0.0], [0.5], [-0.25]]), drawn]))
targets_of_activations = targets.map(lambda drawn: torch.cat([torch.tensor([[1], [0], [1], [1]]), drawn]))

# How many of the items of three mini-batches the model gets right. Whoever looks at the first or the last only, or
# leaves the last one out, gets another accuracy.
three_equal = st.sampled_from([(0, 1, 3), (0, 3, 1), (1, 0, 3), (3, 0, 2), (0, 2, 3), (2, 0, 3), (1, 3, 0), (3, 1, 0)])
with_short_last = st.sampled_from([(1, 4, 0), (4, 1, 0), (3, 1, 2), (0, 3, 2), (2, 0, 2), (3, 2, 0)])


def validation_set(counts: tuple[int, ...], sizes: tuple[int, ...]) -> st.SearchStrategy[list[tuple[Tensor, Tensor]]]:
    """Mini-batches of inputs (size, 1) and targets; a model that turns the sign gets these counts right."""

    def mini_batch(count: int, size: int) -> st.SearchStrategy[tuple[Tensor, Tensor]]:
        rights = st.permutations([1] * count + [0] * (size - count))
        items = st.lists(st.tuples(st.integers(1, 8), st.integers(0, 1)), min_size=size, max_size=size)
        return st.tuples(rights, items).map(lambda drawn: _columns(*drawn))

    return st.tuples(*(mini_batch(*pair) for pair in zip(counts, sizes, strict=True))).map(list)


def _columns(rights: list[int], items: list[tuple[int, int]]) -> tuple[Tensor, Tensor]:
    """Inputs and targets, such that the negative input is right where `rights` has a 1."""
    signs = [1 if target == right else -1 for right, (_, target) in zip(rights, items, strict=True)]
    xs = [-sign * level / 4 for sign, (level, _) in zip(signs, items, strict=True)]
    return torch.tensor(xs)[:, None], torch.tensor([target for _, target in items])[:, None]


equal_batches = three_equal.flatmap(lambda counts: validation_set(counts, (3, 3, 3)))
uneven_batches = with_short_last.flatmap(lambda counts: validation_set(counts, (4, 4, 2)))


# Gradients


def mnist_loss(predictions, targets):
    """The chapter's loss."""
    predictions = predictions.sigmoid()
    return torch.where(targets == 1, 1 - predictions, predictions).mean()


def right_calc_grad(xb, yb, model):
    """The chapter's gradient of one mini-batch."""
    mnist_loss(model(xb), yb).backward()


def make_batch_accuracy(original):
    """The chapter's accuracy, which gives a tensor or a number of Python as the notebook's does."""

    def batch_accuracy(xb, yb):
        share = ((xb > 0) == yb).float().mean()
        return share.item() if gives_number else share

    try:
        gives_number = isinstance(original(torch.ones(1, 1), torch.ones(1, 1)), float)
    except Exception:  # noqa: BLE001  it is judged elsewhere
        gives_number = False
    return batch_accuracy


def played(function, names, play):
    """What `play` gives while the notebook's names have these values."""
    notebook = getattr(inspect.unwrap(function), "__globals__", {})
    before = {name: notebook[name] for name in names if name in notebook}
    notebook.update(names)
    try:
        return play()
    finally:
        for name in names:
            notebook.pop(name, None)
        notebook.update(before)


def gradients_of(params):
    """The gradients, 0 where there is none."""
    return [torch.zeros_like(p) if p.grad is None else p.grad.clone() for p in params]


def linear_model(weights, bias):
    """A linear model with these parameters."""
    model = nn.Linear(2, 1)
    model.weight.data, model.bias.data = weights, bias
    return model


def after_backward(calc_grad, xb, yb, weights, bias, times):
    """The gradients of a linear model after some calls with the same mini-batch."""
    model = linear_model(weights, bias)

    def play():
        for _ in range(times):
            calc_grad(xb, yb, model)
        return gradients_of(list(model.parameters()))

    return played(calc_grad, {"mnist_loss": mnist_loss}, play)


def one_gradient(calc_grad, xb, yb, weights, bias):
    """The gradients of one mini-batch."""
    return after_backward(calc_grad, xb, yb, weights, bias, 1)


def gradients_twice(calc_grad, xb, yb, weights, bias):
    """The gradients after the same mini-batch came twice."""
    return after_backward(calc_grad, xb, yb, weights, bias, 2)


def fresh(calc_fresh_grad, batches, weights, bias):
    """The gradients of a linear model after each of these mini-batches, and its parameters."""
    model = linear_model(weights, bias)
    params = list(model.parameters())

    def play():
        seen = []
        for xb, yb in batches:
            calc_fresh_grad(xb, yb, model, params)
            seen.append(gradients_of(params))
        return {"gradients": seen, "parameters": params}

    return played(calc_fresh_grad, {"mnist_loss": mnist_loss, "calc_grad": right_calc_grad}, play)


def first_fresh_gradient(calc_fresh_grad, xb, yb, weights, bias):
    """The gradients of a first mini-batch, when there have been none."""
    return fresh(calc_fresh_grad, [(xb, yb)], weights, bias)


def fresh_gradients(calc_fresh_grad, xb, yb, weights, bias):
    """The gradients after a mini-batch, after the same again, and after another one."""
    return fresh(calc_fresh_grad, [(xb, yb), (xb, yb), (xb + 1, 1 - yb)], weights, bias)


# Accuracy


def share(batch_accuracy, xb, yb):
    """The accuracy of a mini-batch; a tensor that holds one number, whatever its shape, is this number."""
    given = batch_accuracy(xb, yb)
    return given.reshape(()) if isinstance(given, torch.Tensor) and given.numel() == 1 else given


def turn_sign(xb):
    """The model of the validation sets."""
    return -xb


def say_three(xb):
    """The notebook's other model, which takes everything for a 3."""
    return xb * 0 + 1


class Loader(list):
    """Mini-batches, with the dataset that they come from, as PyTorch's DataLoader has it."""

    @property
    def dataset(self):
        return [pair for xb, yb in self for pair in zip(xb, yb)]  # noqa: B905  the notebook's Python may be older


def accuracy(validate_epoch, batches):
    """The accuracy of a model on the notebook's validation set."""
    notebook = getattr(inspect.unwrap(validate_epoch), "__globals__", {})
    names = {
        "valid_dl": Loader(batches),
        "dl": Loader((xb, (turn_sign(xb) > 0).long()) for xb, _ in batches),
        "batch_accuracy": make_batch_accuracy(notebook.get("batch_accuracy")),
        "linear1": say_three,
    }
    return played(validate_epoch, names, lambda: validate_epoch(turn_sign))


def shares(batches: list[tuple[Tensor, Tensor]]) -> tuple[float, float]:
    """The accuracy over all items, and the mean of the mini-batches' accuracies."""
    rights = [((-xb > 0) == yb).double() for xb, yb in batches]
    return torch.cat(rights).mean().item(), torch.stack([right.mean() for right in rights]).mean().item()


def is_accuracy(result: object, batches: list[tuple[Tensor, Tensor]]) -> str | None:
    """Whether it is the mean over the items or over the mini-batches, rounded or not."""
    if result is None:
        return "It returns None where a number is meant. Is there a `return`?"
    if isinstance(result, str):
        return "It gives a text where a number is meant."
    value = torch.as_tensor(result).double()
    if value.numel() != 1:
        return f"It gives {value.numel()} numbers where a single one is meant."
    of_items, of_batches = shares(batches)
    if any(abs(value.item() - share) < 0.005 for share in (of_items, of_batches)):
        return None
    sizes = " and ".join(str(len(xb)) for xb, _ in batches)
    return f"It gives {value.item():.4f}. The accuracy on mini-batches of {sizes} items is {of_batches:.4f}."


def is_rounded(result: object, batches: list[tuple[Tensor, Tensor]]) -> str | None:
    """Whether it is the accuracy, with four digits after the point."""
    problem = is_accuracy(result, batches)
    if problem:
        return problem
    value = torch.as_tensor(result).double()
    if abs(value.item() - round(shares(batches)[0], 4)) < 2e-6:
        return None
    return f"It gives {value.item():.8g}, and {round(shares(batches)[0], 4)} is meant: four digits after the point."


SOLUTION = """\
import torch

dl = valid_dl = []


def linear1(xb):
    return xb


def mnist_loss(predictions, targets):
    predictions = predictions.sigmoid()
    return torch.where(targets == 1, 1 - predictions, predictions).mean()


def calc_grad(xb, yb, model):
    loss = mnist_loss(model(xb), yb)
    loss.backward()


def calc_fresh_grad(xb, yb, model, params):
    for p in params:
        p.grad = None
    calc_grad(xb, yb, model)


def batch_accuracy(xb, yb):
    preds = xb.sigmoid()
    correct = (preds > 0.5) == yb
    return correct.float().mean()


def validate_epoch(model):
    accs = [batch_accuracy(model(xb), yb) for xb, yb in valid_dl]
    return round(torch.stack(accs).mean().item(), 4)
"""


def mistaken(right: str, wrong: str) -> str:
    """The solution with one mistake."""
    return changed(SOLUTION, right, wrong)


exercise = Exercise(
    title="Gradients that add up, and the accuracy",
    section="Putting It All Together",
    provides=("calc_grad", "calc_fresh_grad", "batch_accuracy", "validate_epoch"),
    oracle="training_loop",
    given="""\
# A validation set to try things with: four mini-batches (xb, yb) that no model learns from. Is the sum above 0?
valid_x = torch.randn(32, 2)
valid_y = (valid_x.sum(1, keepdim=True) > 0).long()
valid_dl = list(zip(valid_x.split(8), valid_y.split(8)))
""",
    statement="""\
Here are the other functions of the chapter's training loop. Two of them are about gradients, two about the
*accuracy*, which is the share of right predictions.

- `calc_grad(xb, yb, model)`: you have used one above, and now you write the chapter's. It computes the predictions
  `model(xb)`, their `mnist_loss` against the targets `yb`, and calls `backward`. `backward` gives nothing back: it
  **adds** the gradient of the loss to the `grad` of each parameter. So the gradient after the same mini-batch twice is
  the double. Leave that as it is.
- `calc_fresh_grad(xb, yb, model, params)` does the same, and sees to it that afterwards the `grad` of each parameter
  in the list or tuple `params` is the gradient of **this mini-batch alone**, whatever there was before. A parameter
  that never had a gradient has `None` for its `grad`.
- `batch_accuracy(xb, yb)` gives the share of right predictions in a mini-batch, a number from 0 to 1. Here `xb` is what
  the model has given, its *activations* `(n, 1)`, and `yb` are the targets `(n, 1)`, 0 or 1. A prediction is 1 if
  the **sigmoid** of the activation is greater than 0.5, else 0: the activations `[[2.], [0.3], [-1.]]` predict
  `[[1], [1], [0]]`.
- `validate_epoch(model)` gives the accuracy of the model on the notebook's validation set `valid_dl`, a loader of
  mini-batches of inputs and targets: the mean of the mini-batches' accuracies, rounded to four digits after the point
  as `round(0.66667, 4)` does.
""",
    starter="""\
def calc_grad(xb, yb, model):
    ...


def calc_fresh_grad(xb, yb, model, params):
    ...


def batch_accuracy(xb, yb):
    ...


def validate_epoch(model):
    ...
""",
    hints=[
        (
            "`calc_grad`: go forwards until there is one number, and then back once. The model makes predictions, "
            "`mnist_loss` makes one number of them and the targets, and `backward()` starts from that number. There "
            "is nothing to return."
        ),
        (
            "`calc_fresh_grad`: two things in a row. First every parameter forgets what it has in `grad`; then your "
            "`calc_grad` does the rest. Which value stands there when no gradient has ever been calculated?"
        ),
        (
            "`batch_accuracy`: follow the three activations of the statement, with the targets `[[1], [0], [0]]`: "
            "sigmoid, greater than 0.5, equal to the target. Each step works on the whole column; `float()` then "
            "makes numbers that have a mean."
        ),
        (
            "`validate_epoch`: for each mini-batch of `valid_dl` the model makes activations of `xb`, and "
            "`batch_accuracy` compares them with `yb`. Collect these accuracies in a list. After the loop, "
            "`torch.stack` makes a tensor of it, which has a mean: make that a plain number, and round it."
        ),
    ],
    checks=[
        Scenario(
            "computes the gradient of the loss",
            one_gradient,
            *problem,
            of="calc_grad",
            cases=8,
            hint="Predictions, loss, `backward()`: with the model and the mini-batch that are passed in.",
        ),
        Scenario(
            "adds to the gradients that are there",
            gradients_twice,
            *problem,
            of="calc_grad",
            cases=8,
            hint="`backward` adds by itself. Nothing is set to zero here.",
        ),
        Scenario(
            "computes a fresh gradient where there was none",
            first_fresh_gradient,
            *problem,
            of="calc_fresh_grad",
            cases=8,
            hint="Before the first `backward`, `p.grad` is None, which has no `zero_()`.",
        ),
        Scenario(
            "forgets the gradients of other mini-batches",
            fresh_gradients,
            *problem,
            of="calc_fresh_grad",
            cases=8,
            hint="First forget the old gradients, of every parameter; then compute the new one.",
        ),
        Scenario(
            "the share of right predictions",
            share,
            activations,
            targets_of_activations,
            of="batch_accuracy",
            points=2,
            hint="Where is a prediction equal to its target? The mean of these, as numbers.",
        ),
        Keeps("leaves activations and targets alone", tensors(N, 1), targets, of="batch_accuracy", cases=6),
        Scenario(
            "the accuracy on the validation set",
            accuracy,
            equal_batches,
            of="validate_epoch",
            holds=is_accuracy,
            hint="For each mini-batch of `valid_dl`: the model's activations, and their accuracy. Then the mean.",
        ),
        Scenario(
            "counts a short last mini-batch",
            accuracy,
            uneven_batches,
            of="validate_epoch",
            cases=8,
            holds=is_accuracy,
            hint="Mini-batches differ in length: `stack` their accuracies, not their items.",
        ),
        Scenario(
            "rounds to four digits",
            accuracy,
            equal_batches,
            of="validate_epoch",
            cases=8,
            holds=is_rounded,
            hint="`round(number, 4)`, with a number of Python's: `.item()` makes one of a tensor.",
        ),
    ],
    accepts={
        "a sum of comparisons": """\
def batch_accuracy(xb, yb):
    preds = [1 if x > 0 else 0 for x in xb]
    return sum([p == y for p, y in zip(preds, yb)]) / len(yb)

def validate_epoch(model):
    return round(float(np.mean([batch_accuracy(model(xb), yb).item() for xb, yb in valid_dl])), 4)
""",
        "zero_ where there is something, and everything in one line": """\
def calc_grad(xb, yb, model): mnist_loss(model(xb), yb).backward()

def calc_fresh_grad(xb, yb, model, params):
    for p in params:
        if p.grad is not None:
            p.grad.zero_()
    calc_grad(xb, yb, model)

def batch_accuracy(xb, yb): return ((xb > 0.0).float() == yb).float().mean().item()

def validate_epoch(model):
    return round(sum(batch_accuracy(model(xb), yb) for xb, yb in valid_dl) / len(valid_dl), 4)
""",
        "gradients by hand, and the mean over all items": """\
def calc_grad(xb, yb, model):
    preds = model(xb)
    loss = mnist_loss(preds, yb)
    return loss.backward()

def calc_fresh_grad(xb, yb, model, params):
    gradients = torch.autograd.grad(mnist_loss(model(xb), yb), params)
    for p, g in zip(params, gradients):
        p.grad = g

def batch_accuracy(activations, targets):
    right = [int(a.sigmoid().item() > 0.5) == t.item() for a, t in zip(activations, targets)]
    return right.count(True) / len(right)

@torch.no_grad()
def validate_epoch(net):
    right = total = 0
    for inputs, labels in valid_dl:
        predicted = torch.round(torch.sigmoid(net(inputs)))
        right += (predicted == labels).sum().item()
        total += len(labels)
    return float(f'{right / total:.4f}')
""",
        "an optimizer's zero_grad, numpy": """\
def calc_fresh_grad(xb, yb, model, params):
    torch.optim.SGD(params, lr=1.).zero_grad()
    calc_grad(xb, yb, model)

def batch_accuracy(xb, yb):
    return np.mean((xb.detach().numpy() > 0) == yb.numpy())

def validate_epoch(model):
    accs = []
    for xb, yb in valid_dl:
        accs.append(batch_accuracy(model(xb), yb))
    return np.round(np.mean(accs), 4)
""",
    },
    aliases={
        "calc_grad": ("calc_gradient", "_calc_grad"),
        "batch_accuracy": ("batch_acc",),
        "validate_epoch": ("_validate_epoch", "validate", "validate_epochs", "epoch_acc", "validate_apoch"),
    },
    misconceptions=[
        Misconception(
            "gives the parameters no gradient",
            mistaken("loss.backward()", "loss.backward"),
            hint="The parameters get no gradient. Is `backward` called? It is the parentheses that call a function: "
            "`loss.backward()`. And is it the argument `model` that predicts, not a model of the notebook?",
        ),
        Misconception(
            "takes the gradient of the mean prediction",
            mistaken("mnist_loss(model(xb), yb)", "model(xb).mean()"),
            hint="It is the loss that says how wrong the predictions are: `mnist_loss(predictions, targets)`.",
        ),
        Misconception(
            "exchanges predictions and targets",
            mistaken("mnist_loss(model(xb), yb)", "mnist_loss(yb, model(xb))"),
            hint="`mnist_loss(predictions, targets)`: the predictions come first.",
        ),
        Misconception(
            "applies the sigmoid twice",
            mistaken("mnist_loss(model(xb), yb)", "mnist_loss(model(xb).sigmoid(), yb)"),
            hint="`mnist_loss` has the sigmoid in it: give it the model's output as it is.",
        ),
        Misconception(
            "compares every prediction with every target in the loss",
            mistaken("mnist_loss(model(xb), yb)", "mnist_loss(model(xb).squeeze(), yb)"),
            hint="Predictions of shape (n,) and targets of shape (n, 1) broadcast to (n, n), without an error. Leave "
            "both columns as they are.",
        ),
        Misconception(
            "sets the gradients to zero in calc_grad",
            mistaken("    loss.backward()\n", "    model.zero_grad()\n    loss.backward()\n"),
            hint="`calc_grad` is to add to the gradients, as `backward` does. It is `calc_fresh_grad` that forgets the "
            "old ones.",
        ),
        Misconception(
            "never sets the gradients to zero",
            mistaken("        p.grad = None\n", "        pass\n"),
            hint="`backward` adds to the gradient that is there. Whoever wants the gradient of one mini-batch alone "
            "has to forget the old one first; the parentheses of `zero_()` are what calls it.",
        ),
        Misconception(
            "sets the gradients to zero afterwards",
            mistaken(
                "    for p in params:\n        p.grad = None\n    calc_grad(xb, yb, model)\n",
                "    calc_grad(xb, yb, model)\n    for p in params:\n        p.grad = None\n",
            ),
            hint="Afterwards there is no gradient in `p.grad`. Is it forgotten after it was computed? First forget, "
            "then compute. Or is it computed, and never put there? `backward` does.",
        ),
        Misconception(
            "takes it that there is a gradient already",
            mistaken("p.grad = None", "p.grad.zero_()"),
            hint="A parameter that has never had a gradient has `None` there. Ask before you call `zero_()`, or put "
            "None into `p.grad`.",
        ),
        Misconception(
            "sets only the first gradient to zero",
            mistaken("for p in params:", "for p in params[:1]:"),
            hint="Each parameter has a gradient of its own: the bias as well.",
        ),
        Misconception(
            "sets the parameters to zero",
            mistaken("p.grad = None", "p.data.zero_(); p.grad = None"),
            hint="Set the gradients to zero, not the parameters: those are what the model has learned.",
        ),
        Misconception(
            "calls zero_grad where there is none",
            mistaken("    for p in params:\n        p.grad = None\n", "    params.zero_grad()\n"),
            hint="Lists and tuples have no `zero_grad`, and a loss has none either. Each parameter has its `grad`.",
        ),
        Misconception(
            "calls zero_grad of the loss",
            mistaken("    loss.backward()\n", "    loss.zero_grad()\n    loss.backward()\n"),
            hint="The loss is a tensor, and has no `zero_grad`: optimizers and modules have. Nothing is to be set to "
            "zero here.",
        ),
        Misconception(
            "predicts by activations above one half",
            mistaken("(preds > 0.5)", "(xb > 0.5)"),
            hint="It is the sigmoid that is compared with 0.5. An activation of 0.3 has the sigmoid 0.57, and counts "
            "as a 1.",
        ),
        Misconception(
            "counts a sigmoid of one half as a 1",
            mistaken("preds > 0.5", "preds >= 0.5"),
            hint="Greater than 0.5: an activation of exactly 0 predicts a 0.",
        ),
        Misconception(
            "compares the sigmoid with 0",
            mistaken("preds > 0.5", "preds > 0"),
            hint="The sigmoid is greater than 0 for any activation, so that everything is predicted to be a 1.",
        ),
        Misconception(
            "compares the sigmoid itself with the target",
            mistaken("(preds > 0.5) == yb", "preds == yb"),
            hint="The sigmoid is hardly ever exactly 0 or 1. Make a prediction of it first: is it greater than 0.5?",
        ),
        Misconception(
            "compares every prediction with every target",
            mistaken("(preds > 0.5) == yb", "(preds > 0.5).squeeze() == yb"),
            hint="Shapes (n,) and (n, 1) broadcast to (n, n), without an error. Compare a column with a column.",
        ),
        Misconception(
            "counts the mistakes",
            mistaken("== yb", "!= yb"),
            hint="The accuracy is the share of predictions that are **equal** to their target.",
        ),
        Misconception(
            "counts instead of averaging",
            mistaken("correct.float().mean()", "correct.float().sum()"),
            hint="A share is between 0 and 1: divide by the number of items, or take the mean.",
        ),
        Misconception(
            "gives a percentage",
            mistaken("correct.float().mean()", "100 * correct.float().mean()"),
            hint="A share from 0 to 1 is meant, not 0 to 100.",
        ),
        Misconception(
            "gives one truth value for each item",
            mistaken("return correct.float().mean()", "return correct"),
            hint="The mean of these is meant: `mean` takes floating-point numbers, which `float()` makes.",
        ),
        Misconception(
            "takes the mean of booleans",
            mistaken("correct.float().mean()", "correct.mean()"),
            hint="`mean` takes floating-point numbers: make some of the booleans with `float()`.",
        ),
        Misconception(
            "forgets the model",
            mistaken("batch_accuracy(model(xb), yb)", "batch_accuracy(xb, yb)"),
            hint="`batch_accuracy` takes activations. What `valid_dl` gives are the model's inputs: send them through "
            "the model first.",
        ),
        Misconception(
            "measures another model",
            mistaken("batch_accuracy(model(xb), yb)", "batch_accuracy(linear1(xb), yb)"),
            hint="The argument `model` is the one to measure; a model of the notebook is used in its place.",
        ),
        Misconception(
            "measures on the training set",
            mistaken("yb in valid_dl", "yb in dl"),
            hint="`dl` holds what the model has learned from. The validation set is `valid_dl`.",
        ),
        Misconception(
            "looks at the first mini-batch only",
            mistaken("yb in valid_dl", "yb in [next(iter(valid_dl))]"),
            hint="The whole validation set counts: go through all of its mini-batches. Is there a `return` in "
            "the loop?",
        ),
        Misconception(
            "keeps the last mini-batch only",
            mistaken("torch.stack(accs).mean().item()", "accs[-1].item()"),
            hint="Each round of the loop replaces what was there. Collect the accuracies, and take their mean.",
        ),
        Misconception(
            "adds the accuracies up",
            mistaken("torch.stack(accs).mean()", "torch.stack(accs).sum()"),
            hint="The mean is meant: divide by the number of mini-batches.",
        ),
        Misconception(
            "takes the mean of a list of tensors",
            mistaken("torch.stack(accs).mean()", "accs.mean()"),
            hint="A list has no `mean`. `torch.stack` makes a tensor of a list of tensors.",
        ),
        Misconception(
            "gives the list of accuracies",
            mistaken("return round(torch.stack(accs).mean().item(), 4)", "return [a.item() for a in accs]"),
            hint="One number for the whole validation set is meant: their mean.",
        ),
        Misconception(
            "does not round",
            mistaken("round(torch.stack(accs).mean().item(), 4)", "torch.stack(accs).mean().item()"),
            hint="`round(number, 4)` leaves four digits after the point.",
        ),
        Misconception(
            "asks the list of parameters for its gradient",
            mistaken("    for p in params:\n        p.grad = None\n", "    params.grad.zero_()\n"),
            hint="A list or tuple of parameters has no `grad`: each parameter has its own. Go through them in a loop.",
        ),
        Misconception(
            "looks at a single item",
            mistaken(
                "    accs = [batch_accuracy(model(xb), yb) for xb, yb in valid_dl]\n",
                "    xb, yb = next(iter(valid_dl.dataset))\n    accs = [batch_accuracy(model(xb), yb)]\n",
            ),
            hint="One item is either right or wrong: that gives 1.0 or 0.0. Go through all mini-batches of `valid_dl`.",
        ),
    ],
)
