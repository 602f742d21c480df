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
    "gradients": {
        "the derivative as a function": (
            "def gradient_of(f, x):\n    return torch.func.grad(f)",
            "an object of type function",
        ),
        "a list": (
            "def numeric_gradient(f, x, h):\n    return [0.0 for _ in x.view(-1)]",
            "a list of 2 items",
        ),
        "half the gradient": (
            (
                "def gradient_of(f, x):\n    x = x.clone().requires_grad_()\n    (f(x).sum() / 2).backward()\n"
                "    return x.grad"
            ),
            "0.5 times what it should be",
        ),
    },
    "quadratic_sgd": {
        "no square": ("def f(t, params):\n    a, b, c = params\n    return a * t + b * t + c", "element"),
        "half a step": (
            (
                "def apply_step(params):\n    preds = f(time, params)\n    mse(preds, speed).backward()\n"
                "    params.data -= lr * params.grad / 2\n    params.grad = None\n    return preds"
            ),
            "the old value minus the learning rate times the gradient",
        ),
        "predictions for losses": (
            "def fit(params, n):\n    return [apply_step(params) for _ in range(n)]",
            "only one element tensors can be converted",
        ),
        "a rate that is between good and low": ("lr_good = 1e-6", "more than 10% of it is left"),
        "a rate below 0": ("lr_too_high = -1.0", "leads uphill"),
    },
    "seven_steps": {
        "six steps": ("steps = ['init', 'predict', 'loss', 'gradient', 'step', 'stop']", "It has 6 items where 7"),
        "stops early, and says nothing": (
            (
                "def train(init, predict, loss, gradient, step, validate, epochs, patience):\n    w = init()\n"
                "    for _ in range(epochs):\n        w = step(w, gradient(loss(predict(w))))\n"
            ),
            "It returns None where",
        ),
        "never stops": (
            (
                "def train(init, predict, loss, gradient, step, validate, epochs, patience):\n    w = init()\n"
                "    while True:\n        w = step(w, gradient(loss(predict(w))))\n"
            ),
            "the training does not stop",
        ),
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
    "mnist_loss": {
        "half the distance": (
            (
                "def mnist_loss(predictions, targets):\n    p = torch.sigmoid(predictions)\n"
                "    return (p - targets).abs().mean() / 2"
            ),
            "The number is another one",
        ),
        "a steeper sigmoid": ("def sigmoid(x):\n    return torch.sigmoid(2 * x)", "0.5, and the larger x is"),
        "numpy": (
            "def sigmoid(x):\n    return 1 / (1 + np.exp(-x.numpy()))",
            "Can't call numpy() on Tensor that requires grad",
        ),
        "no slope": (
            "def slope(measure, weight, x, targets, h):\n    return measure(x * weight, targets)",
            "The measure at the new weight",
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
