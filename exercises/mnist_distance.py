"""The chapter's baseline: how far is an image from the ideal digit?"""

import torch
import torch.nn.functional as F
from hypothesis import strategies as st
from torch import Tensor

from grader.exercise import Calls, Exercise, Keeps, Misconception
from grader.inputs import Dim, images
from reference import mnist

n = Dim("n", 2, 4)
threes = st.integers(0, 999).map(lambda index: all_threes()[index])
mean3 = st.builds(lambda: all_threes().mean(0))


def all_threes() -> Tensor:
    """The first 1,000 threes of the training set (1000, 28, 28), from 0 to 1."""
    images, labels = mnist.load("train")
    return images[labels == 3][:1000].float() / 255


statement = """\
Write `mnist_distance(a, b)`: the mean absolute difference between images, the chapter's L1 distance.

`a` and `b` are two images of shape `(height, width)`, or one of them is a whole batch `(n, height, width)`.
For two images the result is one number; for a batch it is a tensor of `n` numbers, **one distance per
image**.
"""


exercise = Exercise(
    title="The distance between two images",
    section="Computing Metrics Using Broadcasting",
    provides="mnist_distance",
    oracle="pixel_similarity:mnist_distance",
    aliases={"mnist_distance": ("mnist_dist", "distance", "dist_abs", "get_mae", "MAE")},
    statement=statement,
    starter="""\
def mnist_distance(a, b):
    ...
""",
    hints=[
        (
            "Lay one image on the other: how different are they at each pixel? Then think of the shapes: which axes "
            "are those of the pixels, and which one, if there is one, counts the images?"
        ),
        (
            "You need neither a loop nor an `if`. When a batch meets a single image, broadcasting compares each "
            "image of the batch with it, and all steps after that are the same for an image and for a batch."
        ),
        (
            "`mean` takes several axes at once, as a tuple. Numbers below zero count the axes from the end, so that "
            "they mean rows and columns in `(height, width)` and in `(n, height, width)` alike."
        ),
        (
            "Three operations, one behind the other: the difference, its `abs()`, and a mean over rows and columns "
            "only. Check it by the shapes: a batch of `(5, 28, 28)` has to end as `(5,)`."
        ),
    ],
    checks=[
        Calls("one image against another", images(3, 2), images(3, 2)),
        Calls(
            "a whole batch against one image",
            images(n, 2, 2),
            images(2, 2),
            points=2,
            hint="Which axes does the mean have to run over, so that one number per image is left?",
        ),
        Calls(
            "threes of MNIST against their mean",
            st.lists(threes, min_size=2, max_size=3).map(torch.stack),
            mean3,
            cases=4,
        ),
        Keeps("leaves its arguments alone", images(n, 2, 2), images(2, 2)),
    ],
    accepts={
        "F.l1_loss without its mean": """\
def mnist_distance(a, b):
    b = b.expand_as(a)
    return F.l1_loss(a, b, reduction="none").flatten(-2).mean(-1)
""",
        "numpy": """\
def mnist_distance(a, b):
    return np.abs(np.asarray(a) - np.asarray(b)).mean(axis=(-2, -1))
""",
    },
    misconceptions=[
        Misconception(
            "averages the batch away",
            lambda a, b: (a - b).abs().mean(),
            hint="You averaged over every axis, the images' one included. `mean` takes the axes it should "
            "run over: the last two.",
        ),
        Misconception(
            "squares instead of taking the absolute value",
            lambda a, b: ((a - b) ** 2).mean((-1, -2)),
            hint="That is the mean squared error. The L1 distance takes the absolute value of each difference.",
        ),
        Misconception(
            "takes the root of the mean square",
            lambda a, b: F.mse_loss(a, b.expand_as(a), reduction="none").mean((-1, -2)).sqrt(),
            hint="That is the RMSE (the L2 distance). The L1 distance is the mean of the absolute differences.",
        ),
        Misconception(
            "forgets the absolute value",
            lambda a, b: (a - b).mean((-1, -2)),
            hint="Without `abs`, pixels that are too dark and pixels that are too light cancel out.",
        ),
        Misconception(
            "sums instead of averaging",
            lambda a, b: (a - b).abs().sum((-1, -2)),
            hint="A sum grows with the size of the image. The chapter's distance is a mean.",
        ),
        Misconception(
            "averages over the wrong axes",
            lambda a, b: (a - b).abs().mean((0, 1)),
            hint="Axes 0 and 1 are the last two of one image, but not of a batch. Count from the end: -1 and -2.",
        ),
        Misconception(
            "compares the mean brightness",
            lambda a, b: (a.mean((-1, -2)) - b.mean((-1, -2))).abs(),
            hint="Two quite different images can be equally bright. Compare them pixel by pixel, then average.",
        ),
    ],
    equivalents={
        "mnist_distance: return (a - b).abs().mean((-1, -2)) → return (a - b).abs().mean((-2, -1))": (
            "A mean over two axes is the same in either order."
        ),
    },
)
