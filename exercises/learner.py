"""The training loop, its optimizer and its records, put together."""

from collections import namedtuple

import torch
from hypothesis import strategies as st
from torch import Tensor, nn

from exercises.wrong import changed
from grader.exercise import Exercise, Misconception, Scenario
from grader.inputs import tensors
from reference import mnist

# Eight items: the first four to train with and the others to validate with, each in two mini-batches of two.
problem = (tensors(8, 2), tensors(8, 1), tensors(1, 2), st.sampled_from([0.0625, 0.125, 0.03125]))
epoch_counts = st.integers(2, 3)

# The band of the chapter's linear model on the validation 3s and 7s: 0.980 is reached here, and 0.970 to 0.976 by the
# first two epochs.
LEAST, MOST = 0.975, 0.985
EVERY = 4  # of the training images: 3,099 are enough for it, and a small message
ROUNDING = 0.002  # some images of 2,038, which another order of additions may tip over


def threes_and_sevens(split: mnist.Split, every: int = 1) -> tuple[Tensor, Tensor]:
    """MNIST's 3s and 7s: images (n, 784), and targets (n, 1) that are 1 for a 3 and 0 for a 7; all uint8."""
    images, labels = mnist.load(split)
    chosen = ((labels == 3) | (labels == 7)).nonzero().flatten()[::every]
    return images[chosen].flatten(1), (labels[chosen] == 3).byte().unsqueeze(1)


real_images = tuple(
    st.builds(lambda split, every, part: threes_and_sevens(split, every)[part], *map(st.just, which))
    for which in (("train", EVERY, 0), ("train", EVERY, 1), ("test", 1, 0), ("test", 1, 1))
)

DataLoaders = namedtuple("DataLoaders", "train valid")


class Descent:
    """An optimizer: parameters move against their gradient."""

    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self, *_, **__):
        for p in self.params:
            if p.grad is not None:
                p.data -= self.lr * self.direction(p.grad)

    def direction(self, gradient):
        return gradient

    def zero_grad(self, *_, **__):
        for p in self.params:
            p.grad = None


class SignDescent(Descent):
    """Another optimizer: all parameters move by the learning rate, up or down."""

    def direction(self, gradient):
        return gradient.sign()


class Watched(nn.Module):
    """A model that remembers in which mode it was asked."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 1)
        self.seen = []

    def forward(self, x):
        self.seen.append([x[0, 0].item() > 0, self.training, torch.is_grad_enabled()])
        return self.linear(x)


def squared_error(predictions, targets):
    """The loss: with a term more than its name says, so that it matters which of the two comes first."""
    return ((predictions - targets) ** 2 + predictions / 4).mean()


def absolute_error(predictions, targets):
    """A metric."""
    return (predictions - targets).abs().mean()


def excess(predictions, targets):
    """Another metric."""
    return (predictions - targets).mean()


def make_loaders(x, y):
    """Two mini-batches to train with, and two to validate with."""
    mini_batches = list(zip(x.split(2), y.split(2)))  # noqa: B905  the notebook's Python may be older than strict
    return DataLoaders(mini_batches[:2], mini_batches[2:])


def trained(Learner, x, y, weights, lr, epochs, opt_func=Descent, metrics=()):  # noqa: N803
    """A learner for a linear model with these weights, after `fit`."""
    model = nn.Linear(2, 1)
    model.weight.data, model.bias.data = weights.clone(), torch.zeros(1)
    loaders = make_loaders(x, y)
    learner = Learner(loaders, model, loss_func=squared_error, opt_func=opt_func, metrics=list(metrics))
    learner.fit(epochs, lr)
    return learner, list(model.parameters())


def after_one_epoch(Learner, x, y, weights, lr):  # noqa: N803
    """The model's parameters after one epoch."""
    return trained(Learner, x, y, weights, lr, 1)[1]


def after_epochs(Learner, x, y, weights, lr, epochs):  # noqa: N803
    """The model's parameters after some epochs."""
    return trained(Learner, x, y, weights, lr, epochs)[1]


def with_other_optimizer(Learner, x, y, weights, lr):  # noqa: N803
    """The model's parameters after one epoch with an optimizer that steps in another way."""
    return trained(Learner, x, y, weights, lr, 1, opt_func=SignDescent)[1]


def losses(Learner, x, y, weights, lr, epochs):  # noqa: N803
    """recorder.losses, as one tensor."""
    learner, _ = trained(Learner, x, y, weights, lr, epochs)
    return torch.tensor([float(loss) for loss in learner.recorder.losses])


def values(Learner, x, y, weights, lr, epochs):  # noqa: N803
    """recorder.values without metrics, each row as a tensor."""
    return recorded_values(Learner, x, y, weights, lr, epochs, [])


def values_with_metrics(Learner, x, y, weights, lr, epochs):  # noqa: N803
    """recorder.values with two metrics, each row as a tensor."""
    return recorded_values(Learner, x, y, weights, lr, epochs, [absolute_error, excess])


def recorded_values(Learner, x, y, weights, lr, epochs, metrics):  # noqa: N803
    """recorder.values, each row as a tensor."""
    learner, _ = trained(Learner, x, y, weights, lr, epochs, metrics=metrics)
    return [torch.tensor([float(value) for value in row]) for row in learner.recorder.values]


def modes(Learner, lr, epochs):  # noqa: N803
    """For each time that the model was asked: about training data or not, its mode, and whether gradients "
    "count."""
    model = Watched()
    loaders = make_loaders(torch.tensor([[1.0, 1.0]] * 4 + [[-1.0, 1.0]] * 4), torch.ones(8, 1))
    Learner(loaders, model, loss_func=squared_error, opt_func=Descent, metrics=[]).fit(epochs, lr)
    return model.seen


def switches_modes(seen: list[tuple[bool, bool, bool]], lr: float, epochs: int) -> str | None:  # noqa: ARG001
    """Whether the model trains in training mode and is measured in evaluation mode."""
    learning = [training for is_train, training, counts in seen if is_train and counts]
    measuring = [training for is_train, training, _ in seen if not is_train]
    if not learning:
        return "The model never sees the training data."
    if not measuring:
        return "The model never sees the validation data."
    if any(measuring):
        return "The model is in training mode while it is measured on the validation data."
    if not all(learning):
        return "The model is in evaluation mode while it trains."
    return None


def confidence_loss(predictions, targets):
    """The loss of the chapter: how far the confidence is from the truth."""
    confidence = predictions.sigmoid()
    return torch.where(targets == 1, 1 - confidence, confidence).mean()


def share_right(predictions, targets):
    """The accuracy: how often the prediction is on the right side of 0."""
    return ((predictions > 0) == (targets == 1)).float().mean()


def in_mini_batches(images, targets, size):
    """Images of bytes as mini-batches of pixels from 0 to 1, in a list."""
    x, y = images.float() / 255, targets.float()
    return list(zip(x.split(size), y.split(size)))  # noqa: B905  the notebook's Python may be older than strict


def trained_on_digits(Learner, images, targets, valid_images, valid_targets):  # noqa: N803
    """A linear model's parameters by name after training with real images, and the last row on record."""
    loaders = DataLoaders(in_mini_batches(images, targets, 100), in_mini_batches(valid_images, valid_targets, 1019))
    model = nn.Linear(images.shape[1], 1)
    model.weight.data.zero_()
    model.bias.data.zero_()
    learner = Learner(loaders, model, loss_func=confidence_loss, opt_func=Descent, metrics=[share_right])
    learner.fit(4, 2.0)
    rows = list(learner.recorder.values)
    return dict(model.state_dict()), [float(value) for value in rows[-1]] if rows else []


def is_in_the_band(result: tuple[dict[str, Tensor], list[float]], *images_and_targets: Tensor) -> str | None:
    """Whether the model recognises as many validation images as it should, and whether that is what is on record."""
    parameters, recorded = result
    x, y = images_and_targets[2:]  # those to validate with
    activations = x.double() / 255 @ parameters["weight"].double().T + parameters["bias"].double()
    if not activations.isfinite().all():
        return "The model's weights have become infinite, or nan."
    reached = float(((activations > 0) == (y == 1)).double().mean())
    if not LEAST <= reached <= MOST:
        loss = float(confidence_loss(activations, y))  # tells two mistakes apart that reach the same accuracy
        return (
            f"After 4 epochs the model recognises {reached:.1%} of the validation images, with a loss of {loss:.4f}. "
            f"A linear model trained like this one recognises {LEAST:.1%} to {MOST:.1%}."
        )
    if not recorded:
        return "The model is as good as it should be, but `recorder.values` is empty."
    if not abs(recorded[-1] - reached) <= ROUNDING:
        return (
            f"The model recognises {reached:.1%} of the validation images, but at the end of the last row of "
            f"`recorder.values`, where the metric belongs, is {recorded[-1]:.3f}."
        )
    return None


SOLUTION = """\
from types import SimpleNamespace

import torch


class Learner:
    def __init__(self, dls, model, loss_func, opt_func, metrics=()):
        self.dls, self.model, self.loss_func, self.opt_func = dls, model, loss_func, opt_func
        self.metrics = metrics
        self.recorder = SimpleNamespace(losses=[], values=[])

    def fit(self, epochs, lr):
        opt = self.opt_func(self.model.parameters(), lr)
        for epoch in range(epochs):
            self.model.train()
            losses, rows = [], []
            for xb, yb in self.dls.train:
                loss = self.loss_func(self.model(xb), yb)
                loss.backward()
                opt.step()
                opt.zero_grad()
                losses.append(loss.item())
            self.model.eval()
            for xb, yb in self.dls.valid:
                preds = self.model(xb)
                loss = self.loss_func(preds, yb)
                rows.append([loss.item()] + [float(metric(preds, yb)) for metric in self.metrics])
            self.recorder.losses += losses
            self.recorder.values.append([sum(losses) / len(losses), *torch.tensor(rows).mean(0).tolist()])
"""


exercise = Exercise(
    title="A Learner of your own",
    section="Putting It All Together",
    provides="Learner",
    oracle="learner:Learner",
    aliases={"Learner": ("CustomLearner", "MyLearner", "SimpleLearner", "MLearner", "simple_learner", "ModelTrainer")},
    statement="""\
fastai's `Learner` holds together all that a training needs. Write one: a class `Learner(dls, model,
loss_func, opt_func, metrics=())` with a method `fit(epochs, lr)`.

- `dls` has two loaders of mini-batches `(xb, yb)`: `dls.train` and `dls.valid`.
- `model` is a PyTorch module; `loss_func(predictions, targets)` gives the mean loss of a mini-batch.
- `opt_func(model.parameters(), lr)` makes an *optimizer*: an object with the methods `step()`, which changes
  the parameters, and `zero_grad()`, which forgets the gradients. `torch.optim.SGD` is one.
- `metrics` is a list of functions of (predictions, targets), as the accuracy is.

An epoch takes a step for each mini-batch of `dls.train`, and then measures the model on `dls.valid`, where
nothing is learned. Before each part, set the model's mode: `model.train()` or `model.eval()`. Keep records in
`recorder`:

- `learner.recorder.losses`: the loss of every training mini-batch, over all epochs;
- `learner.recorder.values`: for each epoch a row `[train_loss, valid_loss, ...]`: the mean of the epoch's
  training losses, the mean loss on the validation set, and then the mean of each metric on the validation
  set.

Any object with these two attributes will do as `recorder`. To try it: `Learner(dls, nn.Linear(784, 1),
loss_func=mnist_loss, opt_func=torch.optim.SGD, metrics=[accuracy]).fit(3, lr=0.1)`.
""",
    starter="""\
class Learner:
    def __init__(self, dls, model, loss_func, opt_func, metrics=()):
        ...

    def fit(self, epochs, lr):
        ...
""",
    hints=[
        (
            "`__init__` only keeps its arguments in `self`, and begins an empty record. Sort what `fit` has to do "
            "into three: what happens once, what in each epoch, and what for each mini-batch? Where does the "
            "optimizer belong?"
        ),
        (
            "The record: `SimpleNamespace` of the module `types` makes an object with any attributes that you name, "
            "and a small class of your own will do as well. Both attributes begin as empty lists, to which you "
            "append."
        ),
        (
            "The first half of an epoch: the mode for training, and then over `dls.train` the loop that you know: "
            "loss, gradient, step, gradients forgotten. Append each loss as a plain number (`item()`) to the record, "
            "and to a list of this epoch's own, for its mean."
        ),
        (
            "The second half: the mode for evaluation, and below `with torch.no_grad():` a loop over `dls.valid`. "
            "Let the model predict each mini-batch once, and measure the loss and every metric on that. Their means, "
            "with the training loss in front, are the epoch's row."
        ),
    ],
    checks=[
        Scenario(
            "takes a step for each training mini-batch",
            after_one_epoch,
            *problem,
            cases=5,
            points=2,
            hint="For each mini-batch: predictions, loss, gradient (`backward`), step, gradients to zero.",
        ),
        Scenario("trains for several epochs", after_epochs, *problem, epoch_counts, cases=5),
        Scenario(
            "uses the optimizer that it is given",
            with_other_optimizer,
            *problem,
            cases=5,
            hint="How a step is made is up to the object that `opt_func` makes.",
        ),
        Scenario(
            "records the loss of every training mini-batch",
            losses,
            *problem,
            epoch_counts,
            cases=5,
            hint="One number for each mini-batch, in `recorder.losses`.",
        ),
        Scenario(
            "records the mean losses of each epoch",
            values,
            *problem,
            epoch_counts,
            cases=5,
            hint="A row for each epoch in `recorder.values`: the training set's loss, the validation set's loss.",
        ),
        Scenario(
            "records the metrics of each epoch",
            values_with_metrics,
            *problem,
            epoch_counts,
            cases=5,
            points=2,
            hint="After the two losses, one number for each metric: its mean on the validation set.",
        ),
        Scenario(
            "switches between training and evaluation mode",
            modes,
            st.just(0.125),
            epoch_counts,
            holds=switches_modes,
            hint="Layers such as dropout work in one way while a model learns and in another while it is "
            "measured. `model.train()` and `model.eval()` tell them which.",
        ),
        Scenario(
            "trains a linear model that tells real 3s from 7s, and records how well",
            trained_on_digits,
            *real_images,
            points=2,
            cases=1,
            holds=is_in_the_band,
            hint="Try it on the chapter's images: do the losses fall from mini-batch to mini-batch, and does the "
            "accuracy rise from epoch to epoch?",
        ),
    ],
    accepts={
        "methods, the model's own zero_grad, and tensors as records": """\
class Recorder: pass

class Learner:
    def __init__(self, dls, model, loss_func, opt_func, metrics=None):
        self.dls, self.model, self.loss, self.opt_func, self.metrics = dls, model, loss_func, opt_func, metrics or []
        self.recorder = Recorder()
        self.recorder.losses, self.recorder.values = [], []

    def one_batch(self, xb, yb):
        self.model.zero_grad()
        loss = self.loss(self.model(xb), yb)
        loss.backward()
        self.opt.step()
        self.recorder.losses.append(loss)
        return loss.detach()

    def validate(self):
        self.model.eval()
        preds = [(self.model(xb), yb) for xb, yb in self.dls.valid]
        return [torch.stack([f(p, y) for p, y in preds]).mean() for f in [self.loss] + list(self.metrics)]

    def fit(self, n_epoch, lr):
        self.opt = self.opt_func(self.model.parameters(), lr=lr)
        for _ in range(n_epoch):
            self.model.train()
            train_loss = torch.stack([self.one_batch(*b) for b in self.dls.train]).mean()
            self.recorder.values.append((train_loss, *self.validate()))
""",
        "a dataclass, and means over all predictions": """\
from dataclasses import dataclass, field
from types import SimpleNamespace

@dataclass
class Learner:
    dls: object
    model: nn.Module
    loss_func: object
    opt_func: object
    metrics: list = field(default_factory=list)

    def fit(self, epochs, lr):
        self.recorder = SimpleNamespace(losses=np.zeros(0), values=[])
        optimizer = self.opt_func(params=list(self.model.parameters()), lr=lr)
        for epoch in range(epochs):
            means = []
            for x, y in self.dls[0]:
                self.model.train()
                optimizer.zero_grad()
                loss = self.loss_func(self.model(x), y)
                loss.backward()
                optimizer.step()
                means.append(float(loss))
            self.recorder.losses = np.append(self.recorder.losses, means)
            with torch.no_grad():
                self.model.eval()
                predictions = torch.cat([self.model(x) for x, _ in self.dls[1]])
                targets = torch.cat([y for _, y in self.dls[1]])
            row = [np.mean(means)] + [f(predictions, targets).item() for f in [self.loss_func, *self.metrics]]
            self.recorder.values.append(row)
""",
    },
    misconceptions=[
        Misconception(
            "never sets the gradients to zero",
            changed(SOLUTION, "                opt.zero_grad()\n", ""),
            hint="`backward` adds to the gradients that are there. Call the optimizer's `zero_grad()` after each step.",
        ),
        Misconception(
            "gives the loss the targets first",
            changed(SOLUTION, "self.loss_func(self.model(xb), yb)", "self.loss_func(yb, self.model(xb))"),
            hint="In many losses the two arguments play different parts. Which of them does `loss_func` take first?",
        ),
        Misconception(
            "switches the gradients off in training",
            changed(
                SOLUTION,
                "loss = self.loss_func(self.model(xb), yb)\n                loss.backward()",
                "loss = self.loss_func(self.model(xb).detach(), yb)\n                loss.backward()",
            ),
            hint="Without a record of what the model did there is no gradient. `no_grad` and `detach` are for the "
            "validation.",
        ),
        Misconception(
            "never steps",
            changed(SOLUTION, "                opt.step()\n", ""),
            hint="The model stays as it was. Let `opt_func` make an optimizer in `fit`, and call its "
            "`step()` for each mini-batch, while the gradients are there: after `backward()`, before "
            "`zero_grad()`.",
        ),
        Misconception(
            "steps once in an epoch",
            changed(SOLUTION, "                opt.step()\n                opt.zero_grad()\n", "").replace(
                "            self.model.eval()",
                "            opt.step()\n            opt.zero_grad()\n            self.model.eval()",
            ),
            hint="The step stands behind the loop, where the gradients of all mini-batches have added up. "
            "Take one for each mini-batch.",
        ),
        Misconception(
            "fixes the learning rate",
            changed(SOLUTION, "self.model.parameters(), lr)", "self.model.parameters(), 0.01)"),
            hint="`fit` is told the learning rate: give it to `opt_func`.",
        ),
        Misconception(
            "makes its own steps",
            changed(
                SOLUTION,
                "                opt.step()\n                opt.zero_grad()\n",
                "                for p in self.model.parameters():\n                    p.data -= p.grad * "
                "lr\n"
                "                    p.grad = None\n",
            ),
            hint="`opt_func` is stored and never used. Make the optimizer with it, and call its `step()`.",
        ),
        Misconception(
            "learns from the validation set",
            changed(
                SOLUTION,
                "                rows.append(",
                "                loss.backward()\n                opt.step()\n                "
                "opt.zero_grad()\n                rows.append(",
            ),
            hint="The validation set shows how the model does on data that it has not learned from: no "
            "`backward` and no step there.",
        ),
        Misconception(
            "trains for one epoch only",
            changed(SOLUTION, "for epoch in range(epochs):", "for epoch in range(1):"),
            hint="`fit(epochs, lr)` goes through the training data `epochs` times.",
        ),
        Misconception(
            "starts each epoch with the weights of the first",
            changed(
                SOLUTION,
                "            self.model.train()\n",
                "            if epoch == 0:\n                start = [p.data.clone() for p in "
                "self.model.parameters()]\n"
                "            for p, value in zip(self.model.parameters(), start):\n                p.data = "
                "value.clone()\n"
                "            self.model.train()\n",
            ),
            hint="Each epoch goes on from where the last one ended. Initialise the parameters once.",
        ),
        Misconception(
            "records only the last loss of an epoch",
            changed(SOLUTION, "self.recorder.losses += losses", "self.recorder.losses.append(losses[-1])"),
            hint="Only one loss for each epoch is recorded: append within the loop over the mini-batches.",
        ),
        Misconception(
            "records the mean loss of each epoch as losses",
            changed(
                SOLUTION, "self.recorder.losses += losses", "self.recorder.losses.append(sum(losses) / len(losses))"
            ),
            hint="The means go into `recorder.values`. `recorder.losses` has the loss of every mini-batch.",
        ),
        Misconception(
            "forgets the losses of earlier epochs",
            changed(SOLUTION, "self.recorder.losses += losses", "self.recorder.losses = losses"),
            hint="`=` puts the last epoch's losses in place of those before. Make the list once, and append to it.",
        ),
        Misconception(
            "measures on the training set",
            changed(SOLUTION, "self.dls.valid", "self.dls.train"),
            hint="Metrics and `valid_loss` are measured on `dls.valid`: on data that the model has not learned from.",
        ),
        Misconception(
            "takes the last mini-batch for the whole validation set",
            changed(SOLUTION, "torch.tensor(rows).mean(0).tolist()", "rows[-1]"),
            hint="What is recorded is the last mini-batch's. Take the mean over all of them.",
        ),
        Misconception(
            "takes the last training loss for the mean",
            changed(SOLUTION, "sum(losses) / len(losses)", "losses[-1]"),
            hint="`train_loss` is the mean of the epoch's losses, not that of its last mini-batch.",
        ),
        Misconception(
            "adds up instead of averaging",
            changed(SOLUTION, "sum(losses) / len(losses)", "sum(losses)").replace(".mean(0)", ".sum(0)"),
            hint="A sum grows with the number of mini-batches: divide by it.",
        ),
        Misconception(
            "records no training loss",
            changed(SOLUTION, "[sum(losses) / len(losses), ", "["),
            hint="A row starts with the mean training loss of the epoch, and then the validation loss.",
        ),
        Misconception(
            "records the metrics only",
            changed(
                SOLUTION, "[sum(losses) / len(losses), *torch.tensor(rows).mean(0)", "[*torch.tensor(rows).mean(0)[1:]"
            ),
            hint="A row starts with the mean training loss and the mean validation loss; the metrics follow.",
        ),
        Misconception(
            "measures only after the last epoch",
            changed(
                SOLUTION, "            self.recorder.values.append([", "            self.recorder.values[:] = ([["
            ).replace(".tolist()])", ".tolist()]])"),
            hint="There is one row where one for each epoch is meant.",
        ),
        Misconception(
            "stays in training mode",
            changed(SOLUTION, "            self.model.eval()\n", ""),
            hint="Before the validation, `model.eval()` switches off what is for training only, such as dropout.",
        ),
        Misconception(
            "never goes back to training mode",
            changed(SOLUTION, "            self.model.train()\n", ""),
            hint="After the validation of the first epoch the model is in evaluation mode. Call "
            "`model.train()` at the start of each epoch.",
        ),
        Misconception(
            "has no `fit`",
            changed(SOLUTION, "def fit(", "def train("),
            hint="Who uses a `Learner` calls `learner.fit(epochs, lr)`: the method needs exactly this name, and stands "
            "in the class, as far to the right as `__init__`.",
        ),
    ],
    equivalents={
        "_mean: zip(values, sizes, strict=True) → zip(sizes, values, strict=True)": (
            "The two are multiplied with each other."
        ),
        "Learner._train: losses.append(loss.item()) → losses.append(loss)": (
            "A tensor of no axes is as good a record as a number, though it keeps more memory."
        ),
        "Learner._validate: @torch.no_grad() → removed": (
            "Nobody asks for gradients there: computing what they need takes time and memory only."
        ),
    },
)
