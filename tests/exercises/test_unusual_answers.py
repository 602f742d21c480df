"""Answers that no one foresaw: right ones in another style pass, wrong ones fail with a reason that helps."""

from pathlib import Path

import pytest
from torch import nn

from grader.course import LoadedCourse
from grader.judging import Judge
from grader.verify import verdicts_of
from reference import full_mnist, mnist

RIGHT = {
    "list_comprehensions": {
        "filter and map": """
def double_odds(numbers):
    return list(map(lambda n: n + n, filter(lambda n: n & 1, numbers)))

double_evens = lambda numbers: [*map((2).__mul__, (n for n in numbers if not n % 2))]
""",
        "a loop and np.mod": """
def double_odds(numbers):
    result = []
    for number in numbers:
        if np.mod(number, 2) == 1:
            result.append(number << 1)
    return result

def double_evens(a_list):
    return [o * 2 for o in a_list if o not in [n for n in a_list if abs(n) % 2 == 1]]
""",
    },
    "rank_and_shape": {
        "numpy": """
rank = np.ndim
shape_of = np.shape

def flatten_images(images):
    return np.asarray(images).reshape(len(images), -1)
""",
        "methods and loops": """
def rank(t):
    return t.dim()

def shape_of(t):
    return list(t.size())

def flatten_images(images):
    return torch.stack([image.reshape(-1) for image in images])
""",
        "view": """
def rank(t): return tensor(t.ndim)
def shape_of(t): return t.shape
def flatten_images(t): return t.view(t.shape[0], t.shape[1] * t.shape[2])
""",
    },
    "bottom_right": {
        "numpy": """
nine = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])

def double_corner(t):
    return np.asarray(t)[-2:, -2:] + np.asarray(t)[-2:, -2:]
""",
        "floats, and a shape that is computed": """
nine = torch.linspace(1, 9, 9).view(3, 3)

def double_corner(t):
    rows, columns = t.shape
    y = t * 2
    return y[rows - 2:rows, columns - 2:columns]
""",
        "element by element": """
nine = tensor(range(1, 10)).reshape(3, -1)

def double_corner(t):
    return tensor([[2 * t[i, j] for j in (-2, -1)] for i in (-2, -1)])
""",
    },
    "broadcasting": {
        "the library's own": """
broadcast_shape = torch.broadcast_shapes
subtract_image = torch.sub

def repeat_without_copy(t, n):
    return torch.broadcast_to(t, (n, *t.shape))
""",
        "numpy": """
broadcast_shape = np.broadcast_shapes

def subtract_image(batch, image):
    return np.stack([np.asarray(b) - np.asarray(image) for b in batch])

def repeat_without_copy(t, n):
    return np.broadcast_to(t.numpy(), (n,) + tuple(t.shape))
""",
        "padding by hand, and an expanded new axis": """
def broadcast_shape(a, b):
    longest = max(len(a), len(b))
    a, b = [1] * (longest - len(a)) + list(a), [1] * (longest - len(b)) + list(b)
    assert all(x == y or x == 1 or y == 1 for x, y in zip(a, b))
    return [max(x, y) for x, y in zip(a, b)]

def subtract_image(batch, image):
    return batch + -image[None]

def repeat_without_copy(t, n):
    return t[None].expand(n, *[-1] * t.dim())
""",
        "strides": """
def broadcast_shape(a, b):
    return (torch.zeros(a) + torch.zeros(b)).shape

def subtract_image(batch, image):
    return batch - image.expand_as(batch)

def repeat_without_copy(t, n):
    return t.as_strided((n, *t.shape), (0, *t.stride()))
""",
    },
    "mnist_distance": {
        "F.l1_loss without its mean": """
def mnist_distance(a, b):
    b = b.expand_as(a)
    return F.l1_loss(a, b, reduction="none").flatten(-2).mean(-1)
""",
        "numpy": """
def mnist_distance(a, b):
    return np.abs(np.asarray(a) - np.asarray(b)).mean(axis=(-2, -1))
""",
    },
    "sgd_step": {
        "an optimizer of PyTorch": """
def sgd_step(params, lr):
    opt = torch.optim.SGD(params, lr=lr)
    opt.step()
    opt.zero_grad()

def train_epoch(model, lr, params):
    for batch in dl:
        calc_grad(*batch, model)
        sgd_step(params, lr)
""",
        "no_grad, and everything in the loop": """
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
        "the book's": """
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
    "zip_pairs": {
        "a loop over indices": """
def make_dataset(xs, ys):
    result = []
    for i in range(len(xs)):
        result.append((xs[i], ys[i]))
    return result
""",
        "lists within a tuple": "make_dataset = lambda xs, ys: tuple([x, y] for x, y in zip(xs, ys))",
        "map": "def make_dataset(a, b):\n    return [*map(lambda x, y: (x, y), a, b)]",
    },
    "data_loader": {
        "PyTorch's": "class DataLoader(torch.utils.data.DataLoader):\n    pass",
        "an iterator of its own": """
import math, random

class DataLoader:
    def __init__(self, ds, batch_size=1, shuffle=False):
        self.ds, self.bs, self.sh = ds, batch_size, shuffle

    def __len__(self):
        return math.ceil(len(self.ds) / self.bs)

    def __iter__(self):
        self.left = [i for i in range(len(self.ds))]
        if self.sh:
            self.left = random.sample(self.left, len(self.left))
        return self

    def __next__(self):
        if not self.left:
            raise StopIteration
        now, self.left = self.left[:self.bs], self.left[self.bs:]
        return [torch.stack([tensor(v) if not isinstance(v, torch.Tensor) else v for v in column])
                for column in zip(*[self.ds[i] for i in now])]
""",
        "numpy, a permutation and a list of batches": """
class DataLoader:
    def __init__(self, dataset, batch_size, shuffle=False):
        self.dataset, self.batch_size, self.shuffle = dataset, batch_size, shuffle

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def __iter__(self):
        n = len(self.dataset)
        order = np.random.permutation(n) if self.shuffle else np.arange(n)
        parts = np.array_split(order, range(self.batch_size, n, self.batch_size))
        batches = []
        for part in parts:
            x, y = zip(*[self.dataset[i] for i in part])
            batches.append((np.array([np.asarray(v) for v in x], dtype=np.float32), np.array(y)))
        return iter(batches)
""",
    },
    "learner": {
        "methods, the model's own zero_grad, and tensors as records": """
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
        "a dataclass, and means over all predictions": """
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
    "full_mnist": {
        "the library's loss, numpy's split, and a network that works on images": """
def split_indices(n, valid_fraction=0.2, seed=42):
    order = np.random.default_rng(seed).permutation(n)
    cut = round(n * (1 - valid_fraction))
    return order[:cut], order[cut:]

digit_loss = F.cross_entropy

def digit_accuracy(preds, yb):
    return sum(int(p.argmax()) == int(y) for p, y in zip(preds, yb)) / len(yb)

digit_model = nn.Sequential(nn.Unflatten(1, (1, 28, 28)), nn.Dropout(0.5), nn.Flatten(), *trained, nn.Identity())
""",
        "lists, one-hot targets, and a function that gives logarithms of probabilities": """
import random

def split_indices(n, valid_fraction=0.2, seed=42):
    random.seed(seed)
    valid = random.sample(range(n), int(n * valid_fraction))
    return [i for i in range(n) if i not in set(valid)], valid

def digit_loss(logits, targets):
    one_hot = F.one_hot(targets, 10)
    return -(one_hot * F.log_softmax(logits, -1)).sum(1).mean()

def digit_accuracy(logits, targets):
    return torch.eq(logits.max(dim=1)[1], targets).double().mean().item()

def digit_model(batch):
    return trained(batch).log_softmax(dim=1).numpy()
""",
    },
}

WRONG = {
    "list_comprehensions": {
        "quadruples": (
            "def double_odds(numbers):\n    return [4 * n for n in numbers if n % 2]",
            "the number is another one",
        ),
        "a generator": (
            "def double_odds(numbers):\n    return (2 * n for n in numbers if n % 2)",
            "generator object",
        ),
        "prints": (
            "def double_odds(numbers):\n    print([2 * n for n in numbers if n % 2])",
            "prints its answer instead of returning it",
        ),
    },
    "rank_and_shape": {
        "one too many": ("def rank(t):\n    return t.dim() + 1", "another one"),
        "the first image only": (
            "def flatten_images(images):\n    return images[0].flatten()",
            "The shape is",
        ),
    },
    "bottom_right": {
        "transposed": ("def double_corner(t):\n    return t[-2:, -2:].T * 2", "transposed"),
        "numbers as text": ("nine = '123456789'", "a text"),
        "a numpy function that does not exist": (
            "def double_corner(t):\n    return np.corner(t)",
            "has no attribute 'corner'",
        ),
    },
    "broadcasting": {
        "an expanded copy": (
            "def repeat_without_copy(t, n):\n    return t.expand(n, *t.shape).contiguous().clone()",
            "it is a copy",
        ),
        "None for a refusal": (
            (
                "def broadcast_shape(a, b):\n    try:\n        return torch.broadcast_shapes(a, b)\n"
                "    except RuntimeError:\n        return None"
            ),
            "instead of raising an exception",
        ),
        "divides": ("def subtract_image(batch, image):\n    return batch / (image + 1)", "element"),
    },
    "mnist_distance": {
        "half the distance": (
            "def mnist_distance(a, b):\n    return (a - b).abs().mean((-1, -2)) / 2",
            "0.5 times what it should be",
        ),
        "the maximum": ("def mnist_distance(a, b):\n    return (a - b).abs().amax((-1, -2))", "element"),
        "a reduced F.l1_loss": ("mnist_distance = F.l1_loss", "You averaged over every axis"),
    },
    "sgd_step": {
        "a seed's answer": (
            (
                "def train_epoch(model, lr, params):\n    for xb,yb in dl:\n        calc_grad(xb, yb, model)\n"
                "        for p in params:\n            p.data -= p.grad.lr\n            p.grad.zero_()"
            ),
            "Times is `*`",
        ),
        "the gradient of the sum": (
            (
                "def train_epoch(model, lr, params):\n    for xb, yb in dl:\n        loss = mnist_loss(model(xb), yb)\n"
                "        loss.backward()\n    sgd_step(params, lr)"
            ),
            "one step for each mini-batch",
        ),
        "half a step": (
            "def sgd_step(params, lr):\n    for p in params:\n        p.data -= lr * p.grad / 2",
            "times the gradient",
        ),
    },
    "zip_pairs": {
        "an unfinished loop": (
            (
                "def make_dataset(xs, ys):\n    dataset = []\n    for x, y in zip(xs, ys):\n        dataset.append(x)\n"
                "    return dataset"
            ),
            "Item 0",
        ),
        "printed": (
            "def make_dataset(xs, ys):\n    for i in zip(xs, ys):\n        print(i)",
            "prints its answer instead of returning it",
        ),
        "a text for each pair": (
            "def make_dataset(xs, ys):\n    return [f'({x}, {y})' for x, y in zip(xs, ys)]",
            "it is a text where a tuple",
        ),
    },
    "data_loader": {
        "overlapping mini-batches": (
            (
                "class DataLoader(torch.utils.data.DataLoader):\n    def __iter__(self):\n"
                "        for i in range(len(self.dataset)):\n"
                "            pairs = [self.dataset[j] for j in range(i, min(i + self.batch_size, len(self.dataset)))]\n"
                "            yield tuple(torch.stack([torch.as_tensor(v) for v in vs]) for vs in zip(*pairs))"
            ),
            "some items come more than once",
        ),
        "drops the last": (
            (
                "class DataLoader(torch.utils.data.DataLoader):\n    def __init__(self, *a, **k):\n"
                "        super().__init__(*a, drop_last=True, **k)"
            ),
            "The items left over at the end are lost",
        ),
        "no class": ("DataLoader = [1, 2, 3]", "not callable"),
    },
    "learner": {
        "no fit": (
            (
                "class Learner:\n    def __init__(self, dls, model, loss_func, opt_func, metrics=()):\n"
                "        self.model = model"
            ),
            "has no attribute 'fit'",
        ),
        "an argument of another name": (
            "class Learner:\n    def __init__(self, dls, model, loss, opt_func, metrics=()):\n        pass",
            "loss_func",
        ),
    },
    "full_mnist": {
        "every other index": (
            (
                "def split_indices(n, valid_fraction=0.2, seed=42):\n"
                "    return [i for i in range(n) if i % 5], list(range(0, n, 5))"
            ),
            "evenly spaced",
        ),
        "half of the loss": (
            "def digit_loss(logits, targets):\n    return F.cross_entropy(logits, targets) / 2",
            "Then the mean",
        ),
        "a model without training": (
            "torch.manual_seed(0)\ndigit_model = nn.Linear(784, 10)",
            "of the 10,000 test images, and 90% are asked for",
        ),
        "a model for images": ("digit_model = nn.Conv2d(1, 10, 28)", "raises RuntimeError"),
        "the name of a model": ("digit_model = 'resnet18'", "not callable"),
    },
}


@pytest.fixture(scope="session")
def trained() -> nn.Module:
    """A model that is as good as the exercise asks for."""
    return full_mnist.train_digits(*mnist.load("train"), hidden=128, device="cpu")


def namespace_of(course: LoadedCourse, data: Path, name: str, *answers: str) -> dict[str, object]:
    """A notebook's namespace after the given cells and these."""
    namespace: dict[str, object] = {"__name__": "answer"}
    for part in (course.setup(data), course.exercises[name].given, *answers):
        exec(part, namespace)
    return namespace


@pytest.fixture(scope="session")
def judges(course: LoadedCourse) -> dict[str, Judge]:
    """One for each exercise, since it works out only once what the mistakes answer."""
    return {name: Judge(course, name, "salt", shrinking_s=0) for name in course.exercises}


@pytest.mark.parametrize(("name", "style"), [(name, style) for name, answers in RIGHT.items() for style in answers])
def test_right_answer_in_another_style_passes(
    name: str,
    style: str,
    course: LoadedCourse,
    judges: dict[str, Judge],
    data: Path,
    request: pytest.FixtureRequest,
) -> None:
    namespace = namespace_of(course, data, name)
    if name == "full_mnist":
        namespace["trained"] = request.getfixturevalue("trained")
    exec(RIGHT[name][style], namespace)

    problems = {v.description: v.reason for v in verdicts_of(judges[name], namespace) if v.outcome != "passed"}

    assert problems == {}


@pytest.mark.parametrize(
    ("name", "mistake"), [(name, mistake) for name, answers in WRONG.items() for mistake in answers]
)
def test_wrong_answer_fails_with_a_reason_that_helps(
    name: str, mistake: str, course: LoadedCourse, judges: dict[str, Judge], data: Path
) -> None:
    answer, words = WRONG[name][mistake]
    namespace = namespace_of(course, data, name, course.definitions(course.exercises[name]), answer)

    failed = [v for v in verdicts_of(judges[name], namespace) if v.outcome in ("failed", "error")]

    assert any(words in v.reason or words in v.hint for v in failed), [(v.reason, v.hint) for v in failed]
