"""Wrong answers that no misconception foresees fail with a reason that helps."""

from pathlib import Path

import pytest

from grader.course import LoadedCourse
from grader.judging import Judge
from grader.verify import verdicts_of

WRONG = {
    "pixels": {
        "the image itself": ("def as_array(image):\n    return image", "PIL.Image.Image"),
        "half as light": ("def invert(pixels):\n    return (255 - pixels) // 2", "element"),
        "the wrong corner": (
            "def crop(pixels, top, bottom, left, right):\n    return pixels[-bottom:-top, left:right]",
            "element",
        ),
        "pixels from -1 to 1": (
            "def pixel_difference(a, b):\n    return (a.float() - b) / 255",
            "times what it should be",
        ),
    },
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
    "folder_tree": {
        "not sorted": (
            "def image_files(folder, part, digit):\n    return (p for p in (folder / part / str(digit)).glob('*.png'))",
            "generator object",
        ),
        "every second image": (
            (
                "def image_files(folder, part, digit):\n"
                "    return sorted((folder / part / str(digit)).glob('*.png'))[::2]"
            ),
            "item",
        ),
        "the label and one": ("def label_of(path):\n    return int(path.parent.name) + 1", "train"),
        "the file itself": ("def label_of(path):\n    return path", "a text where a whole number"),
    },
    "mean_digits": {
        "scaled to -1 to 1": (
            "def stack_digits(images):\n    return torch.stack(images).float() / 127.5 - 1",
            "element",
        ),
        "the first and the last image": ("def mean_digit(stack):\n    return (stack[0] + stack[-1]) / 2", "element"),
        "a part of the images": (
            "mean3 = (torch.stack(three_tensors[:5000]) / 255).mean(0)",
            "It is not the mean image of all 3s",
        ),
        "a row of pixels": ("mean7 = (torch.stack(seven_tensors) / 255).mean(0).flatten()", "Its shape is (784,)"),
        "whole numbers": (
            "mean7 = torch.stack(seven_tensors).float().mean(0).round().to(torch.uint8)",
            "It holds whole numbers",
        ),
        "no image yet": ("mean3 = None", "It is no tensor"),
    },
    "rank_and_shape": {
        "one too many": ("def rank(t):\n    return t.dim() + 1", "another one"),
        "the first image only": (
            "def flatten_images(images):\n    return images[0].flatten()",
            "The shape is",
        ),
    },
    "distances": {
        "the largest difference": ("def l1_distance(a, b):\n    return (a - b).abs().max()", "another one"),
        "half of the square": ("def mean_squared_error(a, b):\n    return ((a - b) ** 2 / 2).mean()", "another one"),
        "the distance from zero": ("def rmse(a, b):\n    return (a ** 2).mean().sqrt()", "another one"),
        "prints": ("def torch_l1(a, b):\n    print(F.l1_loss(a, b))", "prints its answer"),
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
    "baseline": {
        "the book's without its ideal digits": (
            "def is_3(x):\n    return (x - ideal3).abs().mean((-1, -2)) < (x - ideal7).abs().mean((-1, -2))",
            "name 'ideal3' is not defined",
        ),
        "the largest difference": (
            (
                "def is_3(x, mean3, mean7):\n"
                "    return (x - mean3).abs().amax((-1, -2)) < (x - mean7).abs().amax((-1, -2))"
            ),
            "element",
        ),
        "the better of the two shares": (
            (
                "def baseline_accuracy(threes, sevens, mean3, mean7):\n    is_near = mean3, mean7\n"
                "    return max(is_3(threes, *is_near).float().mean(), 1 - is_3(sevens, *is_near).float().mean())"
            ),
            "another one",
        ),
        "a share of the training set": (
            (
                "with np.load(path / 'mnist_train.npz') as archive:\n"
                "    threes = torch.tensor(archive['images'][archive['labels'] == 3]) / 255\n"
                "accuracy_3s = is_3(threes[:1010], train_mean3, train_mean7).float().mean()"
            ),
            "another share of the images",
        ),
        "a text": ("accuracy_7s = '98.5 %'", "It is no number"),
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
