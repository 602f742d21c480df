"""Wrong answers that no misconception foresees fail with a reason that helps."""

from pathlib import Path

import pytest

from grader.course import LoadedCourse
from grader.judging import Judge
from grader.verify import verdicts_of

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
    "linear_model": {
        "uniform with the right deviation": (
            "def init_params(size, std=1.0):\n    return ((torch.rand(size) - 0.5) * 12**0.5 * std).requires_grad_()",
            "In the normal distribution 68% are",
        ),
        "a flat column": ("weights = init_params(28*28, 10)", "of shape (784,)"),
        "a row": (
            "def linear1(xb):\n    return (xb @ weights + bias).T",
            "`@` multiplies each row with the column",
        ),
        "float64 whole numbers": ("bias = torch.tensor([1])", "floating-point"),
        "the wrong end": ("def scale_first_weight(p, factor):\n    p.data[-1] *= factor", "At 'parameter'"),
    },
    "training_loop": {
        "the accuracy on inputs": (
            "def batch_accuracy(xb, yb):\n    return (xb == yb).float().mean()",
            "Where is a prediction equal to its target?",
        ),
        "half the loss": (
            "def calc_grad(xb, yb, model):\n    (mnist_loss(model(xb), yb) / 2).backward()",
            "element is 0.5 times",
        ),
        "batches of one length only": (
            (
                "def validate_epoch(model):\n    right = torch.stack([(model(x) > 0) == y for x, y in valid_dl])\n"
                "    return round(right.float().mean().item(), 4)"
            ),
            "stack expects each tensor to be equal size",
        ),
        "two digits": (
            (
                "def validate_epoch(model):\n    accs = [batch_accuracy(model(x), y) for x, y in valid_dl]\n"
                "    return round(torch.stack(accs).mean().item(), 2)"
            ),
            "four digits after the point",
        ),
    },
    "optimizer": {
        "half a step": (
            (
                "class BasicOptim(BasicOptim):\n    def step(self):\n        for p in self.params:\n"
                "            p.data -= p.grad * self.lr / 2"
            ),
            "minus the learning rate times the gradient",
        ),
        "no class": ("BasicOptim = 'SGD'", "not callable"),
        "a layer more": (
            "linear_model = nn.Sequential(nn.Linear(28*28, 30), nn.Linear(30, 1))",
            "a weight for each pixel, (1, 784), and a bias",
        ),
        "the book's arguments": (
            "def train_model(model, epochs):\n    for i in range(epochs):\n        train_epoch(model)",
            "takes 2 positional arguments but 4 were given",
        ),
        "an epoch too many": (
            (
                "def train_model(model, dl, opt, epochs):\n    for _ in range(epochs + 1):\n"
                "        for xb, yb in dl:\n            calc_grad(xb, yb, model)\n"
                "            opt.step()\n            opt.zero_grad()"
            ),
            "Each epoch goes through all",
        ),
    },
    "simple_net": {
        "double ReLU": ("def relu(x):\n    return 2 * x.clamp(min=0)", "Every element is 2 times"),
        "no class but a function": (
            "def make_net(inputs, hidden, outputs):\n    return nn.Sequential(nn.Linear(inputs, hidden), F.relu)",
            "The module is `nn.ReLU()`",
        ),
        "twenty hidden activations": ("w1 = torch.randn(784, 20, requires_grad=True)", "(784, 20)"),
        "three linear layers merged": (
            "def merge_linear(w1, b1, w2, b2):\n    return w1 @ w2 @ w2.T @ w2, b1 @ w2 + b2",
            "what is multiplied with x",
        ),
        "a single result": ("def merge_linear(w1, b1, w2, b2):\n    return w1 @ w2 + b1 @ w2 + b2", "where a tuple"),
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
