"""How far two images are apart: the mean absolute difference, and the root of the mean square."""

import torch.nn.functional as F

from grader.exercise import Calls, Exercise, Keeps, Misconception
from grader.inputs import Dim, images, tensors

H, W = Dim("h", 2, 3), Dim("w", 3, 5)
IMAGES = (images(3, 2), images(3, 2))
OTHER_SIZES = (images(H, W), images(H, W))
NUMBERS = (tensors(2, 2, low=-4, high=4), tensors(2, 2, low=-4, high=4))
USUAL = (images(28, 28), images(28, 28))


exercise = Exercise(
    title="How far apart are two images?",
    section="First Try: Pixel Similarity",
    provides=("l1_distance", "mean_squared_error", "rmse", "torch_l1", "torch_rmse"),
    oracle="pixel_similarity",
    aliases={
        "l1_distance": ("mae", "MAE", "get_mae", "dist_abs", "l1_norm", "mean_absolute_difference"),
        "mean_squared_error": ("MSE", "mean_square_error"),
        "rmse": ("RMSE", "dist_sqr", "rmse_loss", "l2_distance", "l2_norm", "root_mean_squared_error"),
    },
    statement="""\
Is an image nearer to the ideal 3 or to the ideal 7? Positive and negative differences of pixels must not cancel
out, so the chapter measures in two ways. For two images `a` and `b` of the same shape, each of these functions
gives **one number**:

- `l1_distance(a, b)` is the *mean absolute difference* (the chapter's *L1 norm*): take the absolute value of each
  difference, then the mean of them all.
- `mean_squared_error(a, b)` is the mean of the squared differences (*MSE*).
- `rmse(a, b)` is the *root mean squared error* (the chapter's *L2 norm*): the square root
  of that.

Write these three by hand: with `-`, `abs`, `**`, `mean`, `sqrt`. PyTorch has them ready, in `torch.nn.functional`,
which the notebook imports as `F`:

- `torch_l1(a, b)` gives the same as `l1_distance`, by `F.l1_loss`.
- `torch_rmse(a, b)` gives the same as `rmse`, by `F.mse_loss`.

For `a = tensor([[0., 2.], [4., 0.]])` and `b = tensor([[1., 2.], [1., 0.]])` the differences are -1, 0, 3 and 0; the
mean absolute difference is 4/4 = 1, the mean squared error 10/4 = 2.5, and its root 1.58.
""",
    starter="""\
def l1_distance(a, b):
    ...


def mean_squared_error(a, b):
    ...


def rmse(a, b):
    ...


def torch_l1(a, b):
    ...


def torch_rmse(a, b):
    ...
""",
    hints=[
        (
            "The three that you write by hand: calculate the statement's example with a pencil, and note what you do "
            "in each step. Every step is one operation on whole tensors, without a loop: the first one is `a - b`."
        ),
        (
            "`l1_distance` and `mean_squared_error` are the same but for the step in the middle, which takes the "
            "signs away: `abs()` in the one, `** 2` in the other. A `mean()` that is given no axis makes a single "
            "number of all."
        ),
        (
            "`rmse`: most of it is done already, in a function that you have just written. Call it, and undo the "
            "square with a method of the tensor that it gives."
        ),
        (
            "`torch_l1` and `torch_rmse`: try the two functions of `F` on the example, for which the statement says "
            "1, 2.5 and 1.58. Which of these numbers do they give, and which one needs a step more?"
        ),
    ],
    checks=[
        Calls(
            "the mean absolute difference",
            *IMAGES,
            of="l1_distance",
            hint="Three steps, in this order: difference, absolute value, mean.",
        ),
        Calls("the mean absolute difference of images of other sizes", *OTHER_SIZES, of="l1_distance", cases=8),
        Calls("the mean absolute difference of numbers of both signs", *NUMBERS, of="l1_distance", cases=8),
        Calls(
            "the mean squared error",
            *IMAGES,
            of="mean_squared_error",
            hint="Three steps, in this order: difference, square, mean.",
        ),
        Calls("the mean squared error of numbers of both signs", *NUMBERS, of="mean_squared_error", cases=8),
        Calls(
            "the root mean squared error",
            *IMAGES,
            of="rmse",
            points=2,
            hint="Its name says it backwards: root, of the mean, of the square, of the error.",
        ),
        Calls("the root mean squared error of images of other sizes", *OTHER_SIZES, of="rmse", cases=8),
        Calls("PyTorch's mean absolute difference", *IMAGES, of="torch_l1", hint="`F.l1_loss` takes two tensors."),
        Calls(
            "a root of PyTorch's mean squared error",
            *IMAGES,
            of="torch_rmse",
            hint="`F.mse_loss` takes two tensors. Is what it gives the mean, or its root?",
        ),
        Calls("images of 28 by 28 pixels", *USUAL, of="rmse", cases=3),
        Keeps("l1_distance leaves the images alone", *IMAGES, of="l1_distance", cases=4),
        Keeps("rmse leaves the images alone", *IMAGES, of="rmse", cases=4),
    ],
    accepts={
        "numpy": """\
def l1_distance(a, b): return np.abs(np.asarray(a) - np.asarray(b)).mean()
def mean_squared_error(a, b): return np.mean(np.square(a.numpy() - b.numpy()))
def rmse(a, b): return np.sqrt(((a - b) ** 2).mean())
torch_l1 = nn.L1Loss()
def torch_rmse(a, b): return torch.sqrt(nn.MSELoss()(a, b))
""",
        "plain Python": """\
import math
def l1_distance(x, y):
    differences = [abs(p - q) for p, q in zip(x.flatten().tolist(), y.flatten().tolist())]
    return sum(differences) / len(differences)

def mean_squared_error(x, y):
    differences = [(p - q) ** 2 for p, q in zip(x.flatten().tolist(), y.flatten().tolist())]
    return sum(differences) / len(differences)

def rmse(x, y): return math.sqrt(mean_squared_error(x, y))
def torch_l1(x, y): return F.l1_loss(input=x, target=y).item()
def torch_rmse(x, y): return F.mse_loss(y, x).item() ** 0.5
""",
        "norms, and sums that are divided": """\
def l1_distance(a, b): return (b - a).abs().sum() / a.numel()
def mean_squared_error(a, b): return (a - b).norm() ** 2 / a.nelement()
def rmse(a, b): return torch.linalg.vector_norm(a - b) / len(a.flatten()) ** 0.5
def torch_l1(a, b): return F.l1_loss(a, b, reduction='none').mean()
def torch_rmse(a, b): return F.mse_loss(a, b, reduction='sum').div(a.numel()).pow(0.5)
""",
        "a mean of means": """\
def l1_distance(a, b): return torch.where(a > b, a - b, b - a).mean(1).mean()
def mean_squared_error(a, b): return (a * a - 2 * a * b + b * b).mean()
def rmse(a, b): return (a - b).pow(2).mean((0, 1)).sqrt().double()
torch_l1, torch_rmse = F.l1_loss, lambda a, b: F.mse_loss(a, b).sqrt()
""",
    },
    misconceptions=[
        Misconception(
            "writes `^` for a power",
            """\
def mean_squared_error(a, b):
    return ((a - b) ^ 2).mean()

def rmse(a, b):
    return ((a - b) ^ 2).mean().sqrt()
""",
            hint="In Python `^` is something else, for bits. A power is written `**`.",
        ),
        Misconception(
            "forgets the absolute value",
            {"l1_distance": lambda a, b: (a - b).mean()},
            hint="Without `abs`, pixels that are too dark and pixels that are too light cancel out.",
        ),
        Misconception(
            "takes the absolute values before the difference",
            {"l1_distance": lambda a, b: (a.abs() - b.abs()).abs().mean()},
            hint="1 and -1 are 2 apart, and their absolute values are equal. First the difference, then `abs`.",
        ),
        Misconception(
            "takes the absolute value after the mean",
            {"l1_distance": lambda a, b: (a - b).mean().abs()},
            hint="At that point the differences have cancelled out already: two images may be equally bright. "
            "Take the absolute value of each difference.",
        ),
        Misconception(
            "adds the absolute differences up",
            {"l1_distance": lambda a, b: (a - b).abs().sum()},
            hint="In mathematics the L1 norm is a sum indeed. The chapter's takes the mean, so that it doesn't grow "
            "with the number of pixels.",
        ),
        Misconception(
            "squares where the absolute value is meant",
            {"l1_distance": lambda a, b: ((a - b) ** 2).mean()},
            hint="That is the mean squared error. L1 takes the absolute value of each difference.",
        ),
        Misconception(
            "takes L2 for L1",
            {"l1_distance": lambda a, b: ((a - b) ** 2).mean().sqrt()},
            hint="That is the root mean squared error, L2. L1 takes the absolute value of each difference.",
        ),
        Misconception(
            "gives a number for each column",
            {"l1_distance": lambda a, b: (a - b).abs().mean(0)},
            hint="`mean(0)` runs over the rows only. One number for the whole image is meant.",
        ),
        Misconception(
            "gives a number for each pixel",
            {"l1_distance": lambda a, b: (a - b).abs()},
            hint="How far are the images apart as a whole? The mean of all pixels is missing.",
        ),
        Misconception(
            "divides by the number of rows",
            {"l1_distance": lambda a, b: (a - b).abs().sum() / len(a)},
            hint="`len` of an image is the number of its rows. A mean divides by the number of pixels.",
        ),
        Misconception(
            "counts on 784 pixels",
            {"l1_distance": lambda a, b: (a - b).abs().sum() / 784},
            hint="Not every image has 28 by 28 pixels. How many there are, the image says, and `mean` knows.",
        ),
        Misconception(
            "adds the squares up",
            {"mean_squared_error": lambda a, b: ((a - b) ** 2).sum()},
            hint="A sum grows with the number of pixels. The M stands for mean.",
        ),
        Misconception(
            "takes the root already",
            {"mean_squared_error": lambda a, b: ((a - b) ** 2).mean().sqrt()},
            hint="With the root it is the RMSE. Its R stands for root, and the MSE has none.",
        ),
        Misconception(
            "squares the mean difference",
            {"mean_squared_error": lambda a, b: (a - b).mean() ** 2},
            hint="In the mean, positive and negative differences cancel out. Square each of them first.",
        ),
        Misconception(
            "doubles instead of squaring",
            {"mean_squared_error": lambda a, b: ((a - b) * 2).mean()},
            hint="`* 2` doubles a number. A square is the number times itself: `** 2`.",
        ),
        Misconception(
            "subtracts the squares",
            {"mean_squared_error": lambda a, b: (a**2 - b**2).mean()},
            hint="The square of a difference isn't the difference of the squares: subtract first.",
        ),
        Misconception(
            "takes the absolute differences for squares",
            {"mean_squared_error": lambda a, b: (a - b).abs().mean()},
            hint="That is the L1 distance. The mean squared error squares each difference.",
        ),
        Misconception(
            "takes the root before the mean",
            {"rmse": lambda a, b: ((a - b) ** 2).sqrt().mean()},
            hint="The root of a square is only the absolute value, so that is the L1 distance again. The mean of the "
            "squares comes first, the root last.",
        ),
        Misconception(
            "leaves the root out",
            {"rmse": lambda a, b: ((a - b) ** 2).mean()},
            hint="That is the mean squared error. The R stands for its square root.",
        ),
        Misconception(
            "leaves the mean out",
            {"rmse": lambda a, b: ((a - b) ** 2).sum().sqrt()},
            hint="The root of the sum is the length of a vector in mathematics (its L2 norm). The chapter's takes the "
            "mean of the squares, so that it doesn't grow with the number of pixels.",
        ),
        Misconception(
            "divides after the root",
            {"rmse": lambda a, b: ((a - b) ** 2).sum().sqrt() / a.numel()},
            hint="The mean is taken of the squares, before the root.",
        ),
        Misconception(
            "takes the root of each column's mean",
            {"rmse": lambda a, b: ((a - b) ** 2).mean(0).sqrt().mean()},
            hint="First the mean of all squares, then a single root.",
        ),
        Misconception(
            "takes the root of the L1 distance",
            {"rmse": lambda a, b: (a - b).abs().mean().sqrt()},
            hint="The root undoes a square; here nothing was squared.",
        ),
        Misconception(
            "takes the mean squared error for L1",
            {"torch_l1": F.mse_loss},
            hint="MSE is the mean squared error. The function for L1 has it in its name.",
        ),
        Misconception(
            "asks PyTorch for a sum",
            {"torch_l1": lambda a, b: F.l1_loss(a, b, reduction="sum")},
            hint="`F.l1_loss` gives the mean by itself. A sum is the norm of mathematics, but not the chapter's.",
        ),
        Misconception(
            "asks PyTorch for a smooth L1",
            {"torch_l1": F.smooth_l1_loss},
            hint="The smooth one squares small differences. The plain one is called `F.l1_loss`.",
        ),
        Misconception(
            "expects the root from mse_loss",
            {"torch_rmse": F.mse_loss},
            hint="`F.mse_loss` ends with the mean. The root is left to you.",
        ),
        Misconception(
            "asks mse_loss for a sum",
            {"torch_rmse": lambda a, b: F.mse_loss(a, b, reduction="sum").sqrt()},
            hint="`F.mse_loss` gives the mean if nothing else is said, and the mean is meant.",
        ),
        Misconception(
            "takes PyTorch's L1 for L2",
            {"torch_rmse": F.l1_loss},
            hint="`F.l1_loss` is about absolute values. Squares are in `F.mse_loss`.",
        ),
        Misconception(
            "subtracts in place",
            "def l1_distance(a, b):\n    a -= b\n    return a.abs().mean()\n"
            "def rmse(a, b):\n    a -= b\n    return (a ** 2).mean().sqrt()\n",
            hint="`a -= b` writes into the image that was passed in. `a - b` makes a new tensor.",
        ),
    ],
    equivalents={
        "rmse: return mean_squared_error(a, b).sqrt() → "
        "return mean_squared_error(b, a).sqrt()": "A square is the same whichever is subtracted from which.",
        "torch_l1: return F.l1_loss(a, b) → "
        "return F.l1_loss(b, a)": "An absolute value is the same whichever is subtracted from which.",
        "torch_rmse: return F.mse_loss(a, b).sqrt() → "
        "return F.mse_loss(b, a).sqrt()": "A square is the same whichever is subtracted from which.",
    },
)
