"""The baseline: a digit is a 3 if it is nearer to the ideal 3, and how often that is right."""

import inspect
from contextlib import contextmanager
from functools import cache

import numpy as np
import torch
from torch import Tensor

from exercises.wrong import changed
from grader.exercise import Exercise, Misconception, Reads, Scenario
from grader.inputs import Dim, images
from reference import mnist

# Sizes that are powers of 2: sums and means are exact, so all ways to compute them agree where two are equal.
IDEALS = (images(2, 4), images(2, 4))
SINGLE = images(2, 4)
BATCH = images(Dim("n", 3, 4), 2, 4)
THREES, SEVENS = images(Dim("threes", 2, 4), 2, 4), images(Dim("sevens", 5, 7), 2, 4)
ALIASES = {"mean3": ("mean_3", "av_3", "ideal_three"), "mean7": ("mean_7", "av_7", "ideal_seven")}
LIMIT = 2e-3  # two images of about a thousand, which another order of additions may tip over


def with_ideals(is_3, function, images, mean3, mean7):
    """What is_3, or a function that uses it, makes of images and the two ideal digits.

    Where they take only images, as the book's is_3 does, the notebook's variables are set to the ideal digits.
    """
    has_all = takes(function, len(images) + 2)
    ideals = {} if has_all and takes(is_3, 3) else {"mean3": mean3, "mean7": mean7}
    with defaults(is_3, ideals), defaults(function, ideals), variables(function, ideals):
        return function(*images, mean3, mean7) if has_all else function(*images)


@contextmanager
def variables(function, values):
    """Sets variables of the notebook that a function is from, and puts them back."""
    notebook = getattr(inspect.unwrap(function), "__globals__", {})
    values = {name: value for meant, value in values.items() for name in names_of(meant, notebook)}
    before = {name: notebook[name] for name in values if name in notebook}
    notebook.update(values)
    try:
        yield
    finally:
        for name in values:
            notebook.pop(name, None)
        notebook.update(before)


def names_of(meant, notebook):
    """Names that a notebook may have for an ideal digit: the book's, others, and its own for the one it was given."""
    given = notebook.get(f"train_{meant}")
    others = [name for name, value in notebook.items() if value is given and given is not None]
    return {meant, f"train_{meant}", *ALIASES[meant], *others}


@contextmanager
def defaults(function, values):
    """Sets those defaults of a function that are the ideal digits of the notebook, and puts them back."""
    function = inspect.unwrap(function)
    notebook, before = getattr(function, "__globals__", {}), getattr(function, "__defaults__", None)
    given = {meant: notebook.get(f"train_{meant}") for meant in values}
    instead = {id(given[meant]): value for meant, value in values.items() if given[meant] is not None}
    if before:
        function.__defaults__ = tuple(instead.get(id(value), value) for value in before)
    try:
        yield
    finally:
        if before:
            function.__defaults__ = before


def takes(function, count):
    """Whether a function can be called with so many arguments."""
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # Python knows no signature of it
        pass
    return True


def classify(is_3, x, mean3, mean7):
    """What is_3 says of one image, or of many."""
    return with_ideals(is_3, is_3, [x], mean3, mean7)


def classify_in_between(is_3, mean3, mean7):
    """What is_3 says of the image in the middle between the two ideal digits."""
    return with_ideals(is_3, is_3, [(mean3 + mean7) / 2], mean3, mean7)


def images_afterwards(is_3, x, mean3, mean7):
    """The images after is_3 has looked at them; nothing if it says nothing."""
    said = with_ideals(is_3, is_3, [x], mean3, mean7)
    return None if said is None else [x, mean3, mean7]


def accuracy(baseline_accuracy, is_3, threes, sevens, mean3, mean7):
    """The accuracy with these images and ideal digits."""
    return with_ideals(is_3, baseline_accuracy, [threes, sevens], mean3, mean7)


@cache
def shares(ideals_of: mnist.Split = "train", power: int = 1) -> tuple[float, float]:
    """The shares of the validation set's 3s and 7s that are recognised.

    ideals_of: the set whose means are the ideal digits. power: 1 for the mean absolute difference, 2 for squares.
    """
    pixels, labels = mnist.load(ideals_of)
    mean3, mean7 = ((pixels[labels == digit].float() / 255).mean(0) for digit in (3, 7))
    pixels, labels = mnist.load("test")

    def threes_among(x: Tensor) -> float:
        distances = [((x - mean).abs() ** power).mean((-1, -2)) for mean in (mean3, mean7)]
        return float((distances[0] < distances[1]).double().mean())

    return threes_among(pixels[labels == 3].float() / 255), 1 - threes_among(pixels[labels == 7].float() / 255)


def is_share(value: object, meant: float) -> str | None:
    """Whether a variable is this share."""
    if not isinstance(value, Tensor | np.ndarray | np.generic | float | int):
        return "It is no number."
    if np.shape(value):
        return f"It has the shape {tuple(np.shape(value))}, and one number is meant: the share of all images."
    share = float(value)
    return None if abs(share - meant) <= LIMIT else f"It is {share:.4f}, and another share of the images is recognised."


def is_share_of_3s(value: object) -> str | None:
    """Whether a variable is the share of 3s that are recognised."""
    return is_share(value, shares()[0])


def is_share_of_7s(value: object) -> str | None:
    """Whether a variable is the share of 7s that are recognised."""
    return is_share(value, shares()[1])


SOLUTION = """\
def mnist_distance(a, b):
    return (a - b).abs().mean((-1, -2))

def is_3(x, mean3, mean7):
    return mnist_distance(x, mean3) < mnist_distance(x, mean7)

def baseline_accuracy(threes, sevens, mean3, mean7):
    accuracy_3s = is_3(threes, mean3, mean7).float().mean()
    accuracy_7s = (~is_3(sevens, mean3, mean7)).float().mean()
    return (accuracy_3s + accuracy_7s) / 2
"""


exercise = Exercise(
    title="A baseline: nearest to the ideal digit",
    section="Computing Metrics Using Broadcasting",
    provides=("is_3", "baseline_accuracy", "accuracy_3s", "accuracy_7s"),
    oracle="pixel_similarity",
    given="""\
from PIL import Image

def images_in(folder):
    \"\"\"All images in a folder as one tensor (n, 28, 28) of floats from 0 to 1.\"\"\"
    files = sorted(folder.glob("*.png"))
    return torch.stack([torch.tensor(np.array(Image.open(file))) for file in files]).float() / 255

valid_3_tens = images_in(path / "mnist_sample" / "valid" / "3")
valid_7_tens = images_in(path / "mnist_sample" / "valid" / "7")

# The ideal digits, as in an exercise before: the means of all 3s and of all 7s in the training set.
with np.load(path / "mnist_train.npz") as archive:
    train_mean3, train_mean7 = (
        torch.from_numpy(archive["images"][archive["labels"] == digit]).float().mean(0) / 255 for digit in (3, 7)
    )
""",
    statement="""\
Before you train anything, find out what can be had without training: a *baseline*. The chapter's is simple: an image
is a 3 if its distance to the ideal 3 is smaller than its distance to the ideal 7. The distance is the mean absolute
difference of the pixels (`mnist_distance`: you may use yours).

- `is_3(x, mean3, mean7)` says whether an image is a 3 in that sense. `x` is one image `(height, width)`, and the
  answer one boolean; or `x` is a whole batch `(n, height, width)`, and the answer a tensor of `n` booleans, **one
  for each image**. `mean3` and `mean7` are the ideal digits, `(height, width)`. If both are equally far away, the
  image isn't taken for a 3: `False`.
- `baseline_accuracy(threes, sevens, mean3, mean7)` takes a batch of 3s and a batch of 7s, which may be of different
  sizes. It gives the mean of two numbers: of the share of the 3s that are taken for 3s, and of the share of the
  7s that are not.
- `accuracy_3s` and `accuracy_7s` are those two shares, from 0 to 1, for the chapter's *validation set*: all images in
  `valid_3_tens` and in `valid_7_tens`. The next cell has loaded them, and the ideal digits of the training set,
  `train_mean3` and `train_mean7`.

In the book, `is_3(x)` has no other arguments and uses the variables `mean3` and `mean7`. You may do so as well, with
these or with `train_mean3` and `train_mean7`, and write `baseline_accuracy(threes, sevens)` then.
""",
    starter="""\
def is_3(x, mean3, mean7):
    ...


def baseline_accuracy(threes, sevens, mean3, mean7):
    ...


accuracy_3s = ...
accuracy_7s = ...
""",
    finish="""\
accuracy_3s = is_3(valid_3_tens, train_mean3, train_mean7).float().mean()
accuracy_7s = 1 - is_3(valid_7_tens, train_mean3, train_mean7).float().mean()
""",
    hints=[
        (
            "`is_3`: two numbers decide about an image: how far it is from the ideal 3, and how far from the ideal "
            "7. Your `mnist_distance` measures both, for one image as well as for a batch."
        ),
        (
            "`is_3`: an `if` can't decide for n images at once, but `<` between two tensors can: it compares number "
            "with number, and what it gives is already the answer."
        ),
        (
            "`baseline_accuracy`: a tensor's method `float()` makes 1 of True and 0 of False, so the mean of such "
            "numbers is the share of Trues. For the 3s that is what you want. What is it for the 7s, and what do you "
            "take instead?"
        ),
        (
            "`accuracy_3s` and `accuracy_7s`: ask `is_3` about all of `valid_3_tens`, and then of `valid_7_tens`, "
            "with the ideal digits `train_mean3` and `train_mean7`. What follows, you have done in "
            "`baseline_accuracy`. Both shares are above 0.9."
        ),
    ],
    checks=[
        Scenario(
            "classifies one image",
            classify,
            SINGLE,
            *IDEALS,
            of="is_3",
            cases=24,
            hint="Two distances, and a comparison.",
        ),
        Scenario(
            "classifies each image of a batch",
            classify,
            BATCH,
            *IDEALS,
            of="is_3",
            points=2,
            hint="How many distances does `mnist_distance(x, mean3)` give for a batch of n images?",
        ),
        Scenario(
            "takes nothing for a 3 that is as near to a 7",
            classify_in_between,
            *IDEALS,
            of="is_3",
            cases=4,
            hint="Nearer means: less far, not just as far.",
        ),
        Scenario("leaves images and ideal digits alone", images_afterwards, BATCH, *IDEALS, of="is_3", cases=4),
        Scenario(
            "the accuracy for 3s and 7s together",
            accuracy,
            THREES,
            SEVENS,
            *IDEALS,
            of=("baseline_accuracy", "is_3"),
            points=2,
            cases=24,
            hint="Work out the share for the 3s and the one for the 7s, then their mean.",
        ),
        Reads(
            "the share of the validation set's 3s",
            of="accuracy_3s",
            holds=is_share_of_3s,
            hint="`valid_3_tens` holds nothing but 3s: for how many of them does `is_3` say True?",
        ),
        Reads(
            "the share of the validation set's 7s",
            of="accuracy_7s",
            holds=is_share_of_7s,
            hint="`valid_7_tens` holds nothing but 7s: for how many of them does `is_3` say False?",
        ),
    ],
    accepts={
        "the given ideal digits, by their names": """\
def is_3(x): return (x - train_mean3).abs().mean((-1,-2)) < (x - train_mean7).abs().mean((-1,-2))
def baseline_accuracy(threes, sevens): return (is_3(threes).float().mean() + 1 - is_3(sevens).float().mean()) / 2
accuracy_3s, accuracy_7s = is_3(valid_3_tens).float().mean(), 1 - is_3(valid_7_tens).float().mean()
""",
        "the given ideal digits, by new names": """\
m3, m7 = train_mean3, train_mean7
def is_3(x): return (x - m3).abs().mean((-1,-2)) < (x - m7).abs().mean((-1,-2))
def baseline_accuracy(threes, sevens): return (is_3(threes).float().mean() + 1 - is_3(sevens).float().mean()) / 2
""",
        "the given ideal digits, as defaults": """\
def is_3(x, mean3=train_mean3, mean7=train_mean7):
    return (x - mean3).abs().mean((-1,-2)) < (x - mean7).abs().mean((-1,-2))
def baseline_accuracy(threes, sevens): return (is_3(threes).float().mean() + 1 - is_3(sevens).float().mean()) / 2
""",
        "the book's, with variables": """\
mean3, mean7 = train_mean3, train_mean7
def mnist_distance(a,b): return (a-b).abs().mean((-1,-2))
def is_3(x): return mnist_distance(x,mean3) < mnist_distance(x,mean7)
def baseline_accuracy(threes, sevens): return (is_3(threes).float().mean() + (1 - is_3(sevens).float()).mean()) / 2
accuracy_3s = is_3(valid_3_tens).float() .mean()
accuracy_7s = (1 - is_3(valid_7_tens).float()).mean()
""",
        "the book's, in a function that takes the ideal digits": """\
mean_3, mean_7 = train_mean3, train_mean7

def is_3(x):
    return F.l1_loss(x, mean_3.expand_as(x), reduction="none").mean((-1, -2)) < (x - mean_7).abs().mean((-1, -2))

def baseline_accuracy(threes, sevens, mean3, mean7):
    return (is_3(threes).sum() / len(threes) + 1 - is_3(sevens).sum() / len(sevens)) / 2

accuracy_3s, accuracy_7s = is_3(valid_3_tens).double().mean(), 1 - is_3(valid_7_tens).double().mean()
""",
        "numpy": """\
def is_3(x, mean3, mean7):
    x, mean3, mean7 = np.asarray(x), np.asarray(mean3), np.asarray(mean7)
    return np.abs(x - mean3).mean(axis=(-2, -1)) < np.abs(x - mean7).mean(axis=(-2, -1))

def baseline_accuracy(threes, sevens, mean3, mean7):
    return np.mean([is_3(threes, mean3, mean7).mean(), np.logical_not(is_3(sevens, mean3, mean7)).mean()])

accuracy_3s = is_3(valid_3_tens, train_mean3, train_mean7).mean()
accuracy_7s = 1 - is_3(valid_7_tens, train_mean3, train_mean7).mean()
""",
        "loops": """\
def is_3(image, three, seven):
    if image.ndim == 3:
        return torch.tensor([is_3(one, three, seven) for one in image])
    return bool(F.l1_loss(image, three) < F.l1_loss(image, seven))

def baseline_accuracy(threes, sevens, three, seven):
    right_3s = sum(1 for image in threes if is_3(image, three, seven)) / len(threes)
    right_7s = sum(1 for image in sevens if not is_3(image, three, seven)) / len(sevens)
    return (right_3s + right_7s) / 2

accuracy_3s = sum(map(int, is_3(valid_3_tens, train_mean3, train_mean7))) / len(valid_3_tens)
accuracy_7s = 1 - sum(map(int, is_3(valid_7_tens, train_mean3, train_mean7))) / len(valid_7_tens)
""",
        "ones and zeros, and labels": """\
def is_3(x, mean3, mean7):
    return torch.where((x - mean7).abs().sum((-1, -2)) > (x - mean3).abs().sum((-1, -2)), 1., 0.)

def baseline_accuracy(a, b, mean3, mean7):
    predictions = is_3(torch.cat([a, b]), mean3, mean7)
    labels = torch.tensor([1] * len(a) + [0] * len(b))
    right = (predictions == labels).double()
    return torch.stack([right[labels == label].mean() for label in (0, 1)]).mean().item()

accuracy_3s, accuracy_7s = (
    float((is_3(x, train_mean3, train_mean7) == label).sum() / len(x))
    for x, label in ((valid_3_tens, 1), (valid_7_tens, 0))
)
""",
    },
    misconceptions=[
        Misconception(
            "averages the batch away",
            changed(SOLUTION, "mean((-1, -2))", "mean()"),
            hint="The mean runs over the whole batch, so one boolean comes out for all images. "
            "Leave the images' axis out of the mean.",
        ),
        Misconception(
            "compares the brightness of the images",
            changed(
                SOLUTION,
                "(a - b).abs().mean((-1, -2))",
                "(a.mean((-1, -2)) - b.mean((-1, -2))).abs()",
            ),
            hint="Two quite different images can be equally bright. Compare them pixel by pixel, then average.",
        ),
        Misconception(
            "forgets the absolute value",
            changed(SOLUTION, "(a - b).abs()", "(a - b)"),
            hint="Without `abs`, pixels that are too dark and pixels that are too light cancel out.",
        ),
        Misconception(
            "measures with squares",
            changed(SOLUTION, "(a - b).abs()", "((a - b) ** 2)"),
            hint="That is the (root) mean squared error. Here the mean absolute difference is asked for.",
        ),
        Misconception(
            "averages over the wrong axes",
            changed(SOLUTION, "mean((-1, -2))", "mean((0, 1))"),
            hint="Axes 0 and 1 are the last two of one image, but not of a batch. Count from the end: -1 and -2.",
        ),
        Misconception(
            "tells the 7s",
            changed(SOLUTION, "mean3) < mnist", "mean3) > mnist"),
            hint="It is a 3 if the distance to the ideal 3 is the smaller one.",
        ),
        Misconception(
            "takes an image for a 3 that is as near to a 7",
            changed(SOLUTION, "mean3) < mnist", "mean3) <= mnist"),
            hint="Nearer means: less far, not just as far.",
        ),
        Misconception(
            "gives the distances",
            changed(SOLUTION, "mean3) < mnist", "mean3) - mnist"),
            hint="True or False is meant: compare the two distances.",
        ),
        Misconception(
            "gives the digit",
            {
                "is_3": lambda x, mean3, mean7: torch.where(
                    (x - mean3).abs().mean((-1, -2)) < (x - mean7).abs().mean((-1, -2)), 3, 7
                )
            },
            hint="The question is whether it is a 3: True or False. The comparison itself is the answer.",
        ),
        Misconception(
            "says whether all of them are 3s",
            {
                "is_3": lambda x, mean3, mean7: (
                    (x - mean3).abs().mean((-1, -2)) < (x - mean7).abs().mean((-1, -2))
                ).all()
            },
            hint="An answer for each image is meant.",
        ),
        Misconception(
            "calculates in the images' own memory",
            "def is_3(x, mean3, mean7):\n    near = (x - mean3).abs().mean((-1, -2))\n    x -= mean7\n"
            "    return near < x.abs().mean((-1, -2))\n",
            hint="`x -= ...` writes into the images that were passed in. `x - ...` makes a new tensor.",
        ),
        Misconception(
            "counts all images together",
            changed(
                SOLUTION,
                "return (accuracy_3s + accuracy_7s) / 2",
                "return (accuracy_3s * len(threes) + accuracy_7s * len(sevens)) / (len(threes) + len(sevens))",
            ),
            hint="If there are more 7s than 3s, they count more that way. The mean of the two shares is asked for.",
        ),
        Misconception(
            "counts a 7 as right if it is taken for a 3",
            changed(SOLUTION, "(~is_3(sevens, mean3, mean7))", "is_3(sevens, mean3, mean7)"),
            hint="For a 7 the right answer is False: the share of Trues is the share of mistakes.",
        ),
        Misconception(
            "looks at the 3s only",
            changed(SOLUTION, "return (accuracy_3s + accuracy_7s) / 2", "return accuracy_3s"),
            hint="What always says 3 would be perfect then. The 7s have to count too.",
        ),
        Misconception(
            "looks at the 7s only",
            changed(SOLUTION, "return (accuracy_3s + accuracy_7s) / 2", "return accuracy_7s"),
            hint="What never says 3 would be perfect then. The 3s have to count too.",
        ),
        Misconception(
            "adds the two shares",
            changed(SOLUTION, "(accuracy_3s + accuracy_7s) / 2", "accuracy_3s + accuracy_7s"),
            hint="The mean of two numbers is half their sum. An accuracy is at most 1.",
        ),
        Misconception(
            "halves only one of the shares",
            changed(SOLUTION, "(accuracy_3s + accuracy_7s) / 2", "accuracy_3s + accuracy_7s / 2"),
            hint="`/` comes before `+`: only the second number is halved. Brackets change that.",
        ),
        Misconception(
            "gives the share of mistakes",
            changed(SOLUTION, "(accuracy_3s + accuracy_7s) / 2", "1 - (accuracy_3s + accuracy_7s) / 2"),
            hint="That is how often it is wrong. The accuracy is how often it is right.",
        ),
        Misconception(
            "gives the accuracy in percent",
            changed(SOLUTION, "(accuracy_3s + accuracy_7s) / 2", "(accuracy_3s + accuracy_7s) * 50")
            + "from exercises.baseline import shares\naccuracy_3s, accuracy_7s = (100 * share for share in shares())\n",
            hint="A share from 0 to 1 is meant.",
        ),
        Misconception(
            "counts instead of giving a share",
            changed(SOLUTION, ".float().mean()", ".float().sum()") + "accuracy_3s, accuracy_7s = 926.0, 1013.0\n",
            hint="That is how many are right. Their share is the mean of right (1) and wrong (0).",
        ),
        Misconception(
            "compares every image with every label",
            """\
import torch
from reference.pixel_similarity import is_3
def baseline_accuracy(threes, sevens, mean3, mean7):
    x = torch.cat([threes, sevens])
    labels = torch.tensor([1] * len(threes) + [0] * len(sevens))[:, None]
    return (is_3(x, mean3, mean7) == labels).float().mean()
""",
            hint="Shapes `(n,)` and `(n, 1)` broadcast to `(n, n)`: all pairs. Compare `(n,)` with `(n,)`.",
        ),
        Misconception(
            "looks at the whole batch in each round of its loop",
            """\
from reference.pixel_similarity import is_3
def baseline_accuracy(threes, sevens, mean3, mean7):
    right_3s = sum(is_3(threes, mean3, mean7).all().item() for image in threes) / len(threes)
    right_7s = sum((~is_3(sevens, mean3, mean7)).all().item() for image in sevens) / len(sevens)
    return (right_3s + right_7s) / 2
""",
            hint="The loop goes through the images one by one, but looks at all of them each time. Use the loop's own "
            "variable; or no loop at all.",
        ),
        Misconception(
            "takes the validation set's means for the ideal digits",
            "from exercises.baseline import shares\naccuracy_3s, accuracy_7s = shares('test')\n",
            hint="The ideal digits come from the training set. Images that helped to make them can't show how well "
            "they do on new ones.",
        ),
        Misconception(
            "validates by squares",
            "from exercises.baseline import shares\naccuracy_3s, accuracy_7s = shares(power=2)\n",
            hint="By the mean squared error more 3s and fewer 7s are recognised. Here the mean absolute difference is "
            "asked for.",
        ),
        Misconception(
            "exchanges 3s and 7s",
            "from exercises.baseline import shares\naccuracy_7s, accuracy_3s = shares()\n",
            hint="The one is the other's.",
        ),
        Misconception(
            "gives the mean of both shares for each",
            "from exercises.baseline import shares\naccuracy_3s = accuracy_7s = sum(shares()) / 2\n",
            hint="That is what `baseline_accuracy` gives. Here the two shares are asked for, each by itself.",
        ),
        Misconception(
            "looks at the 3s for the share of the 7s",
            "from exercises.baseline import shares\naccuracy_7s = 1 - shares()[0]\n",
            hint="The line for the 7s still uses the 3s: what needs to change in a copied line?",
        ),
        Misconception(
            "gives the share of 7s that are taken for 3s",
            "from exercises.baseline import shares\naccuracy_7s = 1 - shares()[1]\n",
            hint="For a 7 the right answer is False: the share of Trues is the share of mistakes.",
        ),
        Misconception(
            "takes all images for one",
            "accuracy_3s, accuracy_7s = 1.0, 1.0\n",
            hint="An accuracy of exactly 1, or 0, often means that there was only one answer for all images. What is "
            "the shape of `is_3(valid_3_tens, ...)`?",
        ),
        Misconception(
            "gives an answer for each image instead of their share",
            "import torch\naccuracy_3s, accuracy_7s = torch.ones(1010), torch.ones(1028)\n",
            hint="These are the answers. Their mean is the share.",
        ),
    ],
    equivalents={
        "is_3: return mnist_distance(x, mean3) < mnist_distance(x, mean7) → "
        "return mnist_distance(mean3, x) < mnist_distance(x, mean7)": "It is as far from a to b as from b to a.",
        "is_3: return mnist_distance(x, mean3) < mnist_distance(x, mean7) → "
        "return mnist_distance(x, mean3) < mnist_distance(mean7, x)": "It is as far from a to b as from b to a.",
    },
)
