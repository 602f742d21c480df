"""The ideal digit: images stacked into one tensor of floats, and their mean."""

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from hypothesis import strategies as st
from torch import Tensor

from grader.exercise import Calls, Exercise, Keeps, Misconception, Reads
from grader.inputs import Dim, images
from reference import mnist

N, H, W = Dim("n", 2, 4), Dim("h", 1, 3), Dim("w", 4, 5)
PIXELS = 28
THREES, SEVENS = 6131, 6265  # images of each in the training set
LIMIT = 2e-3  # half floats are nearer; the mean of the first 6,000 threes is further off


def byte_images(*sizes: tuple[int, int]) -> st.SearchStrategy[list[Tensor]]:
    """Lists of images with pixels from 0 to 255, all of one of these sizes; never of a single one."""
    return st.tuples(st.integers(2, 4), st.sampled_from(sizes), st.integers(0, 2**20)).map(
        lambda drawn: list(
            torch.randint(
                0,
                256,
                (drawn[0], *drawn[1]),
                generator=torch.Generator().manual_seed(drawn[2]),
                dtype=torch.uint8,
            )
        )
    )


few = byte_images((1, 2), (2, 3), (3, 2))
usual = byte_images((PIXELS, PIXELS))


@cache
def mean_of(split: mnist.Split, digit: int) -> Tensor:
    """The mean image of a digit, from 0 to 1."""
    pixels, labels = mnist.load(split)
    return (pixels[labels == digit].double() / 255).mean(0)


def is_ideal(digit: int) -> Callable[[object], str | None]:
    """Whether a variable is the mean of all training images of a digit, and if not, of what."""
    other = 10 - digit

    def holds(value: object) -> str | None:
        if not isinstance(value, Tensor | np.ndarray | np.generic):
            return "It is no tensor. An image of 28 rows and 28 columns is meant."
        got = torch.as_tensor(value).detach()
        if got.shape != (PIXELS, PIXELS):
            return f"Its shape is {tuple(got.shape)}, and (28, 28) is meant: one image."
        if not got.is_floating_point():
            return f"It holds whole numbers ({got.dtype}), and floats from 0 to 1 are meant."

        def is_near(image: Tensor, scale: float = 1) -> bool:
            return bool((got.double() / scale - image).abs().max() < LIMIT)

        if is_near(mean_of("train", digit)):
            return None
        if is_near(mean_of("train", digit), 255):
            return f"Its pixels go from 0 to {got.max():.0f}, and 0 to 1 are meant."
        if is_near(mean_of("train", digit), 1 / 255):
            return "Its pixels are 255 times too small."
        if got.max() < 0.01:
            return "All of its pixels are nearly 0."
        if is_near((mean_of("train", 3) * THREES + mean_of("train", 7) * SEVENS) / (THREES + SEVENS)):
            return "It is the mean of the 3s and 7s together."
        if is_near(mean_of("train", other)):
            return f"It is the mean of the {other}s."
        if is_near(mean_of("test", digit)):
            return f"It is the mean of the {digit}s of the validation set, not of the training set."
        if is_near(1 - mean_of("train", digit)):
            return "It is inverted: the background is 1, and 0 is meant."
        if is_one_of_the_images(got.float(), digit):
            return f"It is one of the {digit}s, and not the mean of them all."
        return f"It is not the mean image of all {digit}s."

    return holds


def is_one_of_the_images(image: Tensor, digit: int) -> bool:
    """Whether it is a single image of the training set."""
    pixels, labels = mnist.load("train")
    return bool(((pixels[labels == digit] / 255 - image).abs().amax((1, 2)) < LIMIT).any())


exercise = Exercise(
    title="The ideal 3 and the ideal 7",
    section="First Try: Pixel Similarity",
    provides=("stack_digits", "mean_digit", "mean3", "mean7"),
    oracle="pixel_similarity",
    aliases={
        "mean3": ("mean_3", "av_3", "ideal_three"),
        "mean7": ("mean_7", "av_7", "ideal_seven"),
    },
    given="""\
def training_images(digit):
    \"\"\"All images of a digit that are there to learn from: tensors (28, 28) with whole numbers from 0 to 255.\"\"\"
    with np.load(path / "mnist_train.npz") as archive:  # the same images as in the folders, much faster to read
        return list(torch.from_numpy(archive["images"][archive["labels"] == digit]))


three_tensors, seven_tensors = training_images(3), training_images(7)
""",
    statement="""\
The chapter's first idea: compare an image with the *ideal* digit. The ideal 3 is the mean of all 3s: each of its
pixels is as dark as that pixel is on the average. The next cell reads the 6,131 threes and the 6,265 sevens of the
training set into two lists of tensors, `three_tensors` and `seven_tensors`.

- `stack_digits(images)` makes one tensor of a list of images, and readies it for calculations. The images are
  tensors `(height, width)` with whole numbers (`uint8`) from 0 to 255; the result has the shape `(n, height,
  width)` and holds floats **from 0 to 1**: 0 stays 0, and 255 becomes 1.
- `mean_digit(stack)` takes such a stack and gives its mean image, `(height, width)`.
- `mean3` and `mean7` are the mean images of all threes and of all sevens, with pixels from 0 to 1.

Look at them: `plt.imshow(mean3, cmap="Greys")`, after `import matplotlib.pyplot as plt`.
""",
    starter="""\
def stack_digits(images):
    ...


def mean_digit(stack):
    ...


mean3 = ...
mean7 = ...
""",
    finish="""\
mean3 = mean_digit(stack_digits(three_tensors))
mean7 = mean_digit(stack_digits(seven_tensors))
""",
    hints=[
        (
            "`stack_digits`: think of the images as sheets of paper, and lay them on a pile. No sheet changes, but "
            "there is a new axis now, which counts the sheets. torch has a function that is named after this."
        ),
        (
            "`stack_digits`: `torch.stack` takes your list as it is, and what comes out still holds bytes. Its "
            "method `float()` makes floats of them; then one division brings every pixel between 0 and 1."
        ),
        (
            "`mean_digit`: put your finger on one pixel of the top sheet, and go down through the pile. The mean "
            "runs along this axis. Axes are counted from 0, and `mean` takes the number of one."
        ),
        (
            "`mean3` and `mean7`: there is nothing new to write here. Send each of the two lists through your two "
            "functions, one after the other."
        ),
    ],
    checks=[
        Calls(
            "stacks images into floats from 0 to 1",
            few,
            of="stack_digits",
            points=2,
            hint="Three steps: one tensor of many, another type of number, another range.",
        ),
        Calls("stacks images of 28 by 28 pixels", usual, of="stack_digits", cases=3),
        Keeps("leaves the images alone", few, of="stack_digits", cases=4),
        Calls(
            "the mean of each pixel",
            images(N, H, W),
            of="mean_digit",
            points=2,
            hint="Which axis has to go, so that one image is left?",
        ),
        Keeps("leaves the stack alone", images(N, H, W), of="mean_digit", cases=4),
        Reads(
            "the ideal 3",
            of="mean3",
            holds=is_ideal(3),
            hint="Stack all of `three_tensors`, bring them to 0 to 1, then take the mean.",
        ),
        Reads(
            "the ideal 7",
            of="mean7",
            holds=is_ideal(7),
            hint="Stack all of `seven_tensors`, bring them to 0 to 1, then take the mean.",
        ),
    ],
    accepts={
        "numpy": """\
def stack_digits(images):
    return np.stack([image.numpy() / 255 for image in images]).astype(np.float32)

def mean_digit(stack):
    return np.asarray(stack).mean(axis=0)

mean3, mean7 = mean_digit(stack_digits(three_tensors)), mean_digit(stack_digits(seven_tensors))
""",
        "loops": """\
def stack_digits(images):
    batch = torch.zeros(len(images), *images[0].shape)
    for i, image in enumerate(images):
        batch[i] = image / 255
    return batch

def mean_digit(stack):
    total = torch.zeros_like(stack[0])
    for image in stack:
        total += image
    return total / len(stack)

mean3 = sum(t.float() for t in three_tensors) / len(three_tensors) / 255
mean7 = torch.stack(seven_tensors).float().mean(0).div(255)
""",
        "doubles, cat, and the sum over an axis": """\
def stack_digits(images):
    return torch.cat([image[None] for image in images], dim=0).double() / 255.

def mean_digit(digits):
    return digits.sum(dim=0) / digits.shape[0]

mean3 = mean_digit(torch.stack(three_tensors) / 255).requires_grad_()
mean7 = torch.mean(torch.stack(seven_tensors) / 255, 0).half()
""",
        "a permutation of the axes": """\
def stack_digits(images):
    return torch.stack(images, dim=2).permute(2, 0, 1) / torch.tensor(255.)

def mean_digit(stack):
    return torch.einsum("nhw->hw", stack) / stack.size(0)
""",
    },
    misconceptions=[
        Misconception(
            "leaves the pixels at 0 to 255",
            """\
from exercises.mean_digits import mean_of
def stack_digits(images): return torch.stack(images).float()
mean3, mean7 = mean_of('train', 3) * 255, mean_of('train', 7) * 255
""",
            hint="When images are floats, their pixels are expected from 0 to 1. What do you have to divide by?",
        ),
        Misconception(
            "leaves the pixels as bytes",
            {"stack_digits": torch.stack},
            hint="Bytes can't hold a mean, nor anything between 0 and 1. Make floats of them, then divide.",
        ),
        Misconception(
            "divides before there are floats",
            {"stack_digits": lambda images: torch.stack(images) // 255},
            hint="`//` gives whole numbers: all that isn't 255 becomes 0.",
        ),
        Misconception(
            "divides by 256",
            {"stack_digits": lambda images: torch.stack(images).float() / 256},
            hint="There are 256 values, but the largest one is 255, and it has to become 1.",
        ),
        Misconception(
            "divides by the largest pixel at hand",
            {"stack_digits": lambda images: torch.stack(images).float() / torch.stack(images).max()},
            hint="The largest pixel differs from stack to stack, so equal pixels would become different numbers. "
            "Divide by the largest value that a byte can have.",
        ),
        Misconception(
            "divides by 255 twice",
            """\
from exercises.mean_digits import mean_of
def stack_digits(images): return torch.stack(images).float() / 255 / 255
mean3, mean7 = mean_of('train', 3) / 255, mean_of('train', 7) / 255
""",
            hint="Once is enough: 255 has to become 1.",
        ),
        Misconception(
            "inverts the images",
            """\
from exercises.mean_digits import mean_of
def stack_digits(images): return 1 - torch.stack(images).float() / 255
mean3, mean7 = 1 - mean_of('train', 3), 1 - mean_of('train', 7)
""",
            hint="0 stays 0. The images are not to be inverted.",
        ),
        Misconception(
            "puts the images behind each other",
            {"stack_digits": lambda images: torch.cat(images).float() / 255},
            hint="`cat` makes one high image of many. `stack` gives them a new axis: `(n, height, width)`.",
        ),
        Misconception(
            "stacks the images along the last axis",
            {"stack_digits": lambda images: torch.stack(images, dim=-1).float() / 255},
            hint="The first axis counts the images: `(n, height, width)`.",
        ),
        Misconception(
            "makes a row of each image",
            {"stack_digits": lambda images: torch.stack(images).flatten(1).float() / 255},
            hint="Rows of pixels come later in the chapter. Here each image keeps its rows and columns.",
        ),
        Misconception(
            "gives a list",
            {"stack_digits": lambda images: [image.float() / 255 for image in images]},
            hint="These are still many tensors. One tensor of all is meant, of rank 3.",
        ),
        Misconception(
            "gives the last image only",
            {"stack_digits": lambda images: images[-1].float() / 255},
            hint="In a loop, each round writes over the one before. Collect the images.",
        ),
        Misconception(
            "averages all pixels together",
            {"mean_digit": lambda stack: stack.mean()},
            hint="That is one number for all images. The mean runs over the images only: `mean` takes the axis.",
        ),
        Misconception(
            "gives the brightness of each image",
            {"mean_digit": lambda stack: stack.mean((1, 2))},
            hint="The mean ran over the pixels, so one number for each image is left. It has to run over the images.",
        ),
        Misconception(
            "averages over the rows",
            {"mean_digit": lambda stack: stack.mean(1)},
            hint="Axis 1 is the rows of each image. Which axis counts the images?",
        ),
        Misconception(
            "averages over the last axis",
            {"mean_digit": lambda stack: stack.mean(-1)},
            hint="The last axis is the columns of each image. Which axis counts the images?",
        ),
        Misconception(
            "adds the images up",
            {"mean_digit": lambda stack: stack.sum(0)},
            hint="A sum grows with the number of images. The mean doesn't.",
        ),
        Misconception(
            "takes the median",
            {"mean_digit": lambda stack: stack.median(0).values},
            hint="The median is the value in the middle. The chapter takes the mean.",
        ),
        Misconception(
            "keeps the axis of the images",
            """\
from exercises.mean_digits import mean_of
def mean_digit(stack): return stack.mean(0, keepdim=True)
mean3, mean7 = mean_of('train', 3)[None], mean_of('train', 7)[None]
""",
            hint="One image is left, but an axis of size 1 still counts it. `(height, width)` is meant.",
        ),
        Misconception(
            "exchanges 3 and 7",
            "from exercises.mean_digits import mean_of\nmean3, mean7 = mean_of('train', 7), mean_of('train', 3)\n",
            hint="The one is computed from the other one's images.",
        ),
        Misconception(
            "computes the ideal 7 from the 3s",
            "from exercises.mean_digits import mean_of\nmean3 = mean7 = mean_of('train', 3)\n",
            hint="The line for the 7s still uses the 3s: what needs to change in a copied line?",
        ),
        Misconception(
            "learns from the validation set",
            "from exercises.mean_digits import mean_of\nmean3, mean7 = mean_of('test', 3), mean_of('test', 7)\n",
            hint="The validation images are there to see how well the ideal digits do on others than their own. "
            "Use the training images.",
        ),
        Misconception(
            "takes a single image for the ideal",
            """\
from reference import mnist
pixels, labels = mnist.load('train')
mean3, mean7 = (pixels[labels == digit][1].float() / 255 for digit in (3, 7))
""",
            hint="Every 3 is written in another way. The ideal one is the mean of all.",
        ),
        Misconception(
            "adds bytes up",
            """\
from reference import mnist
pixels, labels = mnist.load('train')
mean3, mean7 = (pixels[labels == digit].sum(0, dtype=torch.uint8) / 6000 / 255 for digit in (3, 7))
""",
            hint="A byte holds no more than 255: a sum of bytes (`uint8`) goes round to 0 again and again. Make floats "
            "of the images before you add them.",
        ),
        Misconception(
            "averages 3s and 7s together",
            """\
from exercises.mean_digits import SEVENS, THREES, mean_of
mean3 = mean7 = (mean_of('train', 3) * THREES + mean_of('train', 7) * SEVENS) / (THREES + SEVENS)
""",
            hint="Each ideal digit is the mean of its own images only.",
        ),
        Misconception(
            "takes the mean of the pixels for the ideal",
            "from exercises.mean_digits import mean_of\n"
            "mean3, mean7 = mean_of('train', 3).mean(), mean_of('train', 7).mean()\n",
            hint="That is how dark the images are as a whole: one number. The ideal digit is an image.",
        ),
    ],
    equivalents={
        "stack_digits: return torch.stack(images).float() / 255 → "
        "return torch.stack(images) / 255": "Division gives floats anyway.",
    },
)
