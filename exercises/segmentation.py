"""Where is salt? Masks as runs of pixels, their measures, and a simple prediction."""

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from hypothesis import strategies as st
from torch import Tensor

from exercises.wrong import changed
from grader.exercise import Calls, Exercise, Keeps, Misconception, Scenario
from grader.inputs import Dim, tensors
from grader.sources import source_of
from reference import salt
from reference import segmentation as oracle

Masks = npt.NDArray[np.bool_]

H, W = Dim("height", 2, 4), Dim("width", 2, 5)
TEST_IMAGES = 30
TEST_SEED = 2  # another one than the training images'
PREDICTION_LIMIT_S = 30.0
CLEARLY = 0.1

small_mask = tensors(H, W, low=0, high=1, step=1, dtype=torch.bool)
filled_mask = small_mask.filter(lambda mask: bool(mask.any()))  # two empty ones have checks of their own
encoded_mask = st.shared(small_mask, key="encoded mask")
texts = encoded_mask.map(oracle.rle_encode)
shapes = encoded_mask.map(lambda mask: tuple(mask.shape))
usual_texts = st.builds(lambda seed: oracle.rle_encode(salt.make_salt(1, seed)[1][0]), st.integers(3, 40))

empty = st.builds(lambda: torch.zeros(3, 4, dtype=torch.bool))
some_or_none = st.sampled_from([[], [2], [0, 5, 6]]).map(
    lambda pixels: torch.tensor([i in pixels for i in range(12)]).view(3, 4)
)
test_images = st.builds(lambda: unseen()[0])
few_images = st.builds(lambda: unseen()[0][:3])


@cache
def unseen() -> tuple[Tensor, Tensor]:
    """Images that no notebook has had, and their masks."""
    return salt.make_salt(TEST_IMAGES, TEST_SEED)


def encoded(rle_encode, mask):
    """The text for a mask, with one space between the numbers."""
    text = rle_encode(mask)
    return " ".join(text.split()) if isinstance(text, str) else text


def measured(measure, pred, target):
    """How well two masks fit, as a number in float32, since many add a tiny number before they divide."""
    given = measure(pred, target)
    if not isinstance(given, (int, float, np.number, torch.Tensor)) or np.size(given) != 1:
        return given
    return torch.tensor(0.0 if abs(given) < 1e-5 else float(given))


def masks_for(predict_mask, images):
    """What is predicted for each of these images."""
    predicted = [predict_mask(image) for image in images]
    return [mask if hasattr(mask, "shape") or mask is None else np.array(mask) for mask in predicted]


def after_prediction(predict_mask, images):
    """The images after a mask was predicted for each; a function that gives nothing keeps nothing."""
    predicted = [predict_mask(image) for image in images]
    return None if any(mask is None for mask in predicted) else images


def mask_problem(result: list[object], images: Tensor) -> str | None:
    """Whether there is a mask for each image: its height and width, and no other values than 0 and 1."""
    for mask in result:
        if not isinstance(mask, Tensor | np.ndarray):
            return "It gives no mask for an image."
        if tuple(mask.shape) != tuple(images.shape[1:]):
            return f"Its mask has the shape {tuple(mask.shape)}, and {tuple(images.shape[1:])} is meant."
        values = set(np.unique(np.asarray(mask)).tolist())
        if values <= {0, 255} and 255 in values:
            return "Its mask has the values 0 and 255, and true or false is meant (or 1 and 0)."
        if not values <= {0, 1}:
            return "Its mask has other values than true and false (or 1 and 0)."
    return None


def are_kept(after: Tensor | None, images: Tensor) -> str | None:
    """Whether the images are as they were."""
    if after is None:
        return "It gives nothing back, so whether it would keep its image can't be told."
    return None if torch.equal(torch.as_tensor(after), images) else "The image has other pixels after the prediction."


def mean_iou(predicted: Masks, right: Masks) -> float:
    """The mean over the images."""
    pairs = zip(torch.from_numpy(predicted), torch.from_numpy(right), strict=True)
    return sum(oracle.iou(pred, target) for pred, target in pairs) / len(right)


def reaches(least: float):
    """A judge that asks for a mean IoU on images that the notebook has never had."""

    def holds(result: list[object], images: Tensor) -> str | None:
        problem = mask_problem(result, images)
        if problem:
            return problem
        predicted = np.stack([np.asarray(mask) != 0 for mask in result])
        right = unseen()[1].numpy()
        reached = mean_iou(predicted, right)
        if reached >= least:
            return None
        if predicted.all():
            return "It finds salt everywhere, in every image."
        if not predicted.any():
            return "It finds no salt, in any image."
        if (predicted == predicted[0]).all():
            return "It gives the same mask for every image."
        if mean_iou(~predicted, right) > reached + CLEARLY:
            return "The other way round, its masks would fit better."
        if mean_iou(predicted.swapaxes(1, 2), right) > reached + CLEARLY:
            return "Its masks would fit better if rows and columns were exchanged."
        return f"The mean IoU is {reached:.3f} over {len(images)} images, and {least:g} is asked for here."

    return holds


SOLUTION = """\
def rle_decode(text, shape=(101, 101)):
    height, width = shape
    numbers = [int(number) for number in text.split()]
    pixels = torch.zeros(height * width, dtype=torch.bool)
    for start, length in zip(numbers[::2], numbers[1::2]):
        pixels[start - 1:start - 1 + length] = True
    return pixels.view(width, height).T


def rle_encode(mask):
    runs, last = [], False
    for number, pixel in enumerate(mask.T.flatten().tolist(), start=1):
        if pixel and not last:
            runs += [number, 0]
        if pixel:
            runs[-1] += 1
        last = pixel
    return " ".join(map(str, runs))


def iou(pred, target):
    union = (pred | target).sum().item()
    return (pred & target).sum().item() / union if union else 1.0


def dice(pred, target):
    sizes = pred.sum().item() + target.sum().item()
    return 2 * (pred & target).sum().item() / sizes if sizes else 1.0
"""


def without_empty_masks(solution: str) -> str:
    """The solution's measures without the case in which both masks are empty."""
    return changed(
        changed(solution, " / union if union else 1.0", " / union"), " / sizes if sizes else 1.0", " / sizes"
    )


exercise = Exercise(
    title="Where is the salt?",
    section="Further Research",
    provides=("rle_decode", "rle_encode", "iou", "dice", "predict_mask"),
    oracle="segmentation",
    given=source_of(Path(salt.__file__), "read_salt")
    + """


# If you have the real data set (TGS Salt Identification, from Kaggle), put its folder in the place of path / "salt".
salt_images, salt_masks, salt_runs = read_salt(path / "salt")
""",
    statement="""\
*Segmentation* says for each pixel of an image what it shows. Below ground, salt hides oil and gas; its mask is true
where an image of the rock shows salt. The next cell reads such images in the form of a real data set, the TGS salt
images: `salt_images` `(80, 101, 101)`, grey from 0 to 255 (`uint8`); `salt_masks` `(80, 101, 101)`, true or false;
and `salt_runs`, the same masks as texts. These images are made by the project: brighter in salt, layered in rock,
and noisy.

**Runs.** A mask is stored as the runs of its true pixels: `"start length start length ..."`. Pixels are
numbered **from 1, down the first column, then down the second one**, and so on. A run may go on from the bottom of a
column at the top of the next. The mask

    0 1
    1 1
    1 0

has the numbers 1, 2, 3 in its first column and 4, 5, 6 in its second one. The pixels 2, 3, 4 and 5 are true. They
are one run, which begins at 2 and is 4 long: `"2 4"`.

- `rle_decode(text, shape=(101, 101))` gives the mask of a text: true or false (or 1 and 0), with this height and
  width. An empty text is an empty mask.
- `rle_encode(mask)` gives the text of a mask, a tensor of true and false. Each run is as long as possible.

**Measures.** How well does a predicted mask fit the right one? Both are tensors of true and false, of the same shape.
Between two empty masks, both measures are 1.

- `iou(pred, target)`: *intersection over union*, the number of pixels that are true in both, divided by the number
  of pixels that are true in at least one.
- `dice(pred, target)`: twice the number of pixels that are true in both, divided by the number of true pixels
  of `pred` plus that of `target`.

**Prediction.** `predict_mask(image)` takes one image `(101, 101)` from 0 to 255 (`uint8`) and gives its mask:
`(101, 101)`, true or false (or 1 and 0). Begin simply: is a pixel bright? Then look at its neighbours, too. Learn
from the 80 images what you can't see. The grader asks about 30 others and takes the mean of the IoU; 0.4, 0.6 and
0.7 earn points. It waits 30 seconds for them.
""",
    starter="""\
def rle_decode(text, shape=(101, 101)):
    ...


def rle_encode(mask):
    ...


def iou(pred, target):
    ...


def dice(pred, target):
    ...


def predict_mask(image):
    ...
""",
    finish="predict_mask = train_predictor(salt_images, salt_masks)",
    hints=[
        (
            "`iou` and `dice`: three counts are enough for both: the pixels in both masks, those of `pred` and those "
            "of `target`. `sum()` counts what is true. How does the union come out of these three, and when would "
            "you divide by 0?"
        ),
        (
            "`rle_decode`: `split()` makes single words of the text, and `int` makes numbers of them. A slice with a "
            "step of 2 takes all starts, and another one all lengths. Set the runs in one long row of false pixels "
            "first, in which number 1 has the index 0."
        ),
        (
            "`rle_decode`: that row goes down the first column, then down the second one. Cut it into as many pieces "
            "as there are columns, each as long as a column is high, and you have the columns as rows: `.T` puts "
            "them upright."
        ),
        (
            "`rle_encode`: the same way back: transpose, then flatten. Walk along this row and remember where the "
            "present run has begun. A run ends where a false pixel follows, or where the row does. Write its start, "
            "counted from 1, and its length."
        ),
        (
            "`predict_mask`: begin with one threshold for the brightness. Which one? Let a loop try many of them: "
            "for each, predict masks for all of `salt_images`, take the mean of your `iou` with `salt_masks`, and "
            "keep the best."
        ),
        (
            "`predict_mask`: give each pixel the mean of its neighbourhood before you compare. `F.avg_pool2d` does "
            "it for floats of the shape `(1, 1, 101, 101)`; with an odd size, a `stride` of 1 and a `padding` of "
            "half the size, rounded down, the shape stays as it is."
        ),
    ],
    checks=[
        Calls(
            "the mask of a text",
            texts,
            shapes,
            of="rle_decode",
            points=2,
            hint="Fill a row of height times width pixels first, and make columns of it at the end.",
        ),
        Calls(
            "the mask of a text in the usual size",
            usual_texts,
            of="rle_decode",
            cases=4,
            hint="Compare with `salt_masks`: the first text in `salt_runs` belongs to the first mask.",
        ),
        Calls(
            "an empty text is an empty mask",
            st.just(""),
            st.integers(1, 3).map(lambda side: (side, side)),
            of="rle_decode",
            cases=4,
            hint="There is no run. What is left of a mask in which nothing is set?",
        ),
        Scenario(
            "the text of a mask",
            encoded,
            small_mask,
            of="rle_encode",
            points=2,
            hint="Put the columns behind each other. Where does a run begin, and how many true pixels follow?",
        ),
        Scenario(
            "the text of an empty and of a full mask",
            encoded,
            st.tuples(st.booleans(), st.integers(1, 3), st.integers(1, 3)).map(
                lambda drawn: torch.full(drawn[1:], drawn[0])
            ),
            of="rle_encode",
            cases=8,
            hint="An empty mask has no run, and so no text: `''`. A full one has a single run, up to the very end.",
        ),
        Scenario(
            "intersection over union",
            measured,
            small_mask,
            filled_mask,
            of="iou",
            points=2,
            hint="For masks, `pred & target` is true where both are, and `pred | target` where one of them is.",
        ),
        Scenario(
            "intersection over union with empty masks",
            measured,
            empty,
            some_or_none,
            of="iou",
            cases=4,
            hint="Two empty masks are equal. Ask for it before you divide.",
        ),
        Scenario(
            "Dice",
            measured,
            small_mask,
            filled_mask,
            of="dice",
            points=2,
            hint="Count the true pixels of each mask for itself.",
        ),
        Scenario(
            "Dice with empty masks",
            measured,
            empty,
            some_or_none,
            of="dice",
            cases=4,
            hint="Two empty masks are equal. Ask for it before you divide.",
        ),
        Keeps("iou leaves both masks alone", small_mask, small_mask, of="iou", cases=4),
        Keeps("dice leaves both masks alone", small_mask, small_mask, of="dice", cases=4),
        Scenario(
            "predicts a mask for each image",
            masks_for,
            few_images,
            of="predict_mask",
            cases=1,
            holds=mask_problem,
            limit_s=PREDICTION_LIMIT_S,
            hint="A comparison such as `image > 100` gives a mask.",
        ),
        Scenario(
            "predicts without changing the images",
            after_prediction,
            few_images,
            of="predict_mask",
            cases=1,
            holds=are_kept,
            limit_s=PREDICTION_LIMIT_S,
            hint="Work on a copy: `image.clone()`, or `image.float()`.",
        ),
        Scenario(
            "finds salt roughly: a mean IoU of 0.4",
            masks_for,
            test_images,
            of="predict_mask",
            cases=1,
            holds=reaches(0.4),
            limit_s=PREDICTION_LIMIT_S,
            hint="How bright is a pixel in the salt, on average, and how bright is one outside? Try your function "
            "on `salt_images`, and measure it with your `iou`.",
        ),
        Scenario(
            "finds salt well: a mean IoU of 0.6",
            masks_for,
            test_images,
            of="predict_mask",
            cases=1,
            holds=reaches(0.6),
            limit_s=PREDICTION_LIMIT_S,
            hint="A pixel by itself is noisy, and a layer of rock can be bright. What does the mean of a "
            "neighbourhood tell?",
        ),
        Scenario(
            "finds salt very well: a mean IoU of 0.7",
            masks_for,
            test_images,
            of="predict_mask",
            points=2,
            cases=1,
            holds=reaches(0.7),
            limit_s=PREDICTION_LIMIT_S,
            hint="Try other sizes of the neighbourhood and other thresholds, and keep those with the highest mean "
            "IoU on `salt_images`. A single wrong pixel in an image without salt makes its IoU 0.",
        ),
    ],
    accepts={
        "a tiny number against division by zero": """\
def iou(pred, target, eps=1e-6):
    both, any_ = (pred & target).sum().item(), (pred | target).sum().item()
    return (both + eps) / (any_ + eps)

def dice(pred, target):
    return (2 * (pred & target).sum() + 1e-7) / (pred.sum() + target.sum() + 1e-7)
""",
        "numpy": """\
def rle_decode(text, shape=(101, 101)):
    values = np.array(text.split(), dtype=int).reshape(-1, 2)
    flat = np.zeros(shape[0] * shape[1], dtype=np.uint8)
    for start, length in values:
        flat[start - 1:start + length - 1] = 1
    return flat.reshape(shape, order="F")

def rle_encode(mask):
    flat = np.concatenate([[0], np.asarray(mask).astype(int).flatten(order="F"), [0]])
    runs = np.where(flat[1:] != flat[:-1])[0] + 1
    runs[1::2] -= runs[::2]
    return " ".join(str(n) for n in runs)

def iou(pred, target):
    a, b = np.asarray(pred, dtype=bool), np.asarray(target, dtype=bool)
    both = np.logical_and(a, b).sum()
    either = np.logical_or(a, b).sum()
    return both / either if either > 0 else 1

def dice(pred, target):
    a, b = np.asarray(pred, dtype=bool), np.asarray(target, dtype=bool)
    return 1.0 if not (a.any() or b.any()) else np.float64(2 * (a & b).sum() / (a.sum() + b.sum()))

def predict_mask(image):
    pixels = np.pad(np.asarray(image, dtype=float), 5, mode="symmetric")
    sums = np.pad(pixels.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    means = (sums[11:, 11:] - sums[:-11, 11:] - sums[11:, :-11] + sums[:-11, :-11]) / 121
    return (means > 130).astype(int)
""",
        "loops, sets, and a formula for each": """\
def rle_decode(text, shape=(101, 101)):
    mask = torch.zeros(*shape)
    numbers = iter(map(int, text.split()))
    for start in numbers:
        for n in range(start, start + next(numbers)):
            column, row = divmod(n - 1, shape[0])
            mask[row, column] = 1.
    return mask

def rle_encode(mask):
    height, width = mask.shape
    text, n = "", 0
    while n < height * width:
        length = 0
        while n + length < height * width and mask[(n + length) % height, (n + length) // height]:
            length += 1
        if length:
            text += f"{n + 1} {length} "
        n += max(length, 1)
    return text

def iou(pred, target):
    a = {tuple(i) for i in pred.nonzero().tolist()}
    b = {tuple(i) for i in target.nonzero().tolist()}
    return torch.tensor(len(a & b) / len(a | b)) if a or b else torch.tensor(1.0)

def dice(pred, target):
    i = iou(pred, target)
    return 2 * i / (1 + i)
""",
        "arithmetic with 0 and 1, and a small network": """\
def iou(pred, target):
    p, t = pred.float(), target.float()
    intersection = (p * t).sum()
    union = p.sum() + t.sum() - intersection
    return intersection / union if union > 0 else 1.0

def dice(pred, target):
    p, t = pred.float().flatten(), target.float().flatten()
    if p.sum() + t.sum() == 0:
        return 1.0
    return 2 * (p @ t) / (p.sum() + t.sum())

torch.manual_seed(0)
net = nn.Conv2d(1, 1, 13, padding=6, padding_mode="reflect")
opt = torch.optim.Adam(net.parameters(), lr=0.01)
x, y = (salt_images[:24, None].float() - 128) / 64, salt_masks[:24, None].float()
for _ in range(40):
    F.binary_cross_entropy_with_logits(net(x), y).backward()
    opt.step()
    opt.zero_grad()

def predict_mask(image):
    return (net((image[None].float() - 128) / 64) > 0)[0]
""",
    },
    misconceptions=[
        Misconception(
            "goes along the rows",
            changed(SOLUTION, "pixels.view(width, height).T", "pixels.view(height, width)").replace(
                "mask.T.flatten()", "mask.flatten()"
            ),
            hint="`view` and `flatten` go along the rows. Here the pixels are numbered down the columns: transpose.",
        ),
        Misconception(
            "exchanges height and width",
            changed(SOLUTION, "pixels.view(width, height).T", "pixels.view(width, height)"),
            hint="The columns have become rows: the mask lies on its side. Transpose it at the end.",
        ),
        Misconception(
            "takes the height for the width",
            changed(SOLUTION, "pixels.view(width, height).T", "pixels.view(height, width).T"),
            hint="It works for square masks only. A column has `height` pixels, and there are `width` columns. Which "
            "shape does that make before the transposition?",
        ),
        Misconception(
            "counts from 0",
            changed(SOLUTION, "start - 1:start - 1 + length", "start:start + length").replace("start=1", "start=0"),
            hint="The first pixel has the number 1, and the index 0.",
        ),
        Misconception(
            "takes the length for an end",
            changed(SOLUTION, "start - 1:start - 1 + length", "start - 1:length").replace(
                '" ".join(map(str, runs))',
                '" ".join(str(n if i % 2 == 0 else runs[i - 1] + n - 1) for i, n in enumerate(runs))',
            ),
            hint="The second number of a pair says how many pixels the run has, not where it ends.",
        ),
        Misconception(
            "makes each run one pixel too short",
            changed(SOLUTION, "start - 1:start - 1 + length", "start - 1:start - 2 + length").replace(
                '" ".join(map(str, runs))', '" ".join(str(n - i % 2) for i, n in enumerate(runs))'
            ),
            hint="A run `2 4` has the four pixels 2, 3, 4 and 5. The end of a slice is left out already.",
        ),
        Misconception(
            "makes each run one pixel too long",
            changed(SOLUTION, "start - 1:start - 1 + length", "start - 1:start + length").replace(
                '" ".join(map(str, runs))', '" ".join(str(n + i % 2) for i, n in enumerate(runs))'
            ),
            hint="A run `2 4` has the four pixels 2, 3, 4 and 5, and no fifth one.",
        ),
        Misconception(
            "sets the first pixel of each run only",
            changed(SOLUTION, "start - 1:start - 1 + length", "start - 1"),
            hint="A run has `length` pixels: a slice from its first one on.",
        ),
        Misconception(
            "encodes the false pixels",
            changed(SOLUTION, "mask.T.flatten()", "(~mask).T.flatten()"),
            hint="The runs are those of the true pixels.",
        ),
        Misconception(
            "begins a new run in each column",
            changed(SOLUTION, "if pixel and not last", "if pixel and (not last or number % len(mask) == 1)"),
            hint="A run may go on at the top of the next column: it ends only at a false pixel.",
        ),
        Misconception(
            "forgets the run at the end",
            changed(
                SOLUTION,
                '    return " ".join(map(str, runs))',
                '    if last:\n        del runs[-2:]\n    return " ".join(map(str, runs))',
            ),
            hint="If the last pixel is true, the loop ends before the run does. Add it afterwards.",
        ),
        Misconception(
            "gives a list of numbers",
            changed(SOLUTION, '" ".join(map(str, runs))', "runs"),
            hint="A text is meant: join the numbers with spaces.",
        ),
        Misconception(
            "divides by the sum of both sizes",
            changed(
                SOLUTION, "union = (pred | target).sum().item()", "union = pred.sum().item() + target.sum().item()"
            ),
            hint="The pixels that both masks have are in both sizes, and so are counted twice. In the union they are "
            "counted once.",
        ),
        Misconception(
            "divides by the target's size",
            changed(SOLUTION, "union = (pred | target).sum().item()", "union = target.sum().item()"),
            hint="That is the share of the right pixels that were found. Wrong pixels in `pred` have to count, too.",
        ),
        Misconception(
            "divides by the prediction's size",
            changed(SOLUTION, "union = (pred | target).sum().item()", "union = pred.sum().item()"),
            hint="That is the share of the found pixels that are right. Missing pixels have to count, too.",
        ),
        Misconception(
            "gives the share of equal pixels",
            SOLUTION
            + "\n\ndef iou(pred, target):\n    return (pred == target).float().mean().item()\n\n\n"
            + "def dice(pred, target):\n    return (pred == target).float().mean().item()\n",
            hint="That is the accuracy of the pixels. It counts the false ones, which are nearly all of them where "
            "there is little to find.",
        ),
        Misconception(
            "forgets the 2",
            changed(SOLUTION, "2 * (pred & target)", "(pred & target)"),
            hint="Two equal masks have to give 1. Their pixels are counted twice below the line, and so twice above.",
        ),
        Misconception(
            "adds masks of true and false",
            changed(
                SOLUTION, "sizes = pred.sum().item() + target.sum().item()", "sizes = (pred + target).sum().item()"
            ),
            hint="True + true is true, which counts once: that is the union. Count the pixels of each mask first, and "
            "add the two numbers.",
        ),
        Misconception(
            "takes IoU and Dice for the same",
            changed(SOLUTION, "2 * (pred & target)", "(pred & target)").replace(
                "sizes = pred.sum().item() + target.sum().item()", "sizes = (pred | target).sum().item()"
            ),
            hint="Dice divides by the sum of the sizes instead of the union, and counts the common pixels twice.",
        ),
        Misconception(
            "divides by zero for empty masks",
            without_empty_masks(SOLUTION),
            hint="Two empty masks have an empty union. Return 1 before you divide by zero.",
        ),
        Misconception(
            "gets nan for empty masks",
            without_empty_masks(SOLUTION).replace(".item()", ""),
            hint="0 / 0 is nan, not a number, and one nan makes a mean over all images nan. Return 1 if both masks "
            "are empty.",
        ),
        Misconception(
            "gives 1 where nothing is in both",
            changed(
                changed(SOLUTION, "if union else 1.0", "if (pred & target).any() else 1.0"),
                "if sizes else 1.0",
                "if (pred & target).any() else 1.0",
            ),
            hint="Two masks that have no pixel in common fit as badly as can be: 0. Only two **empty** masks fit.",
        ),
        Misconception(
            "gives 0 for two empty masks",
            changed(SOLUTION, "else 1.0", "else 0.0"),
            hint="Somebody who finds nothing where nothing is has found everything: 1.",
        ),
        Misconception(
            "changes the predicted mask",
            changed(SOLUTION, "    return (pred & target)", "    pred &= target\n    return pred").replace(
                "    return 2 * (pred & target)", "    pred &= target\n    return 2 * pred"
            ),
            hint="`&=` writes into the mask that was passed in. `pred & target` makes a new one.",
        ),
        Misconception(
            "finds salt everywhere",
            {"predict_mask": lambda image: image >= 0},
            hint="Every pixel is above the threshold. The pixels go from 0 to 255: is the threshold meant for 0 to 1?",
        ),
        Misconception(
            "finds salt nowhere",
            {"predict_mask": lambda image: image > 255},
            hint="No pixel is above the threshold. The pixels go from 0 to 255; divided by 255, they go from 0 to 1.",
        ),
        Misconception(
            "gives the same mask for every image",
            {"predict_mask": lambda image: torch.arange(101).expand_as(image) > 40},
            hint="The mask does not depend on the image. Is it the mean of all masks, or a variable from outside?",
        ),
        Misconception(
            "takes the dark parts for salt",
            {"predict_mask": lambda image: oracle.blur(image) <= 130},
            hint="Compare `salt_images[salt_masks].float().mean()` with the mean where the mask is false: which is "
            "brighter?",
        ),
        Misconception(
            "exchanges rows and columns of the mask",
            {"predict_mask": lambda image: (oracle.blur(image) > 130).T},
            hint="The mask lies on its side. Is there a `.T`, or a `view` or `reshape` that it doesn't need?",
        ),
        Misconception(
            "gives 255 for true",
            {"predict_mask": lambda image: (oracle.blur(image) > 130) * 255},
            hint="White is 255 in a picture. A mask has true and false, or 1 and 0.",
        ),
        Misconception(
            "gives the probability instead of the mask",
            {"predict_mask": lambda image: ((oracle.blur(image) - 130) / 10).sigmoid()},
            hint="How sure is sure enough? Compare with a threshold such as 0.5.",
        ),
    ],
    equivalents={
        "rle_decode: pixels = torch.zeros(height * width, dtype=torch.bool) → "
        "pixels = torch.zeros(height * width)": "1 and 0 are as good as true and false.",
        "rle_encode: pixels = F.pad(mask.T.flatten(), (1, 1)) → "
        "pixels = F.pad(mask.T.flatten(), (1, 2))": "The mask ends with the first empty pixel behind it.",
        "iou: ((pred & target).sum() / union).item() if union else 1.0 → "
        "(pred & target).sum() / union if union else 1.0": "A tensor of no axes is a number as well.",
        "dice: (2 * (pred & target).sum() / sizes).item() if sizes else 1.0 → "
        "2 * (pred & target).sum() / sizes if sizes else 1.0": "A tensor of no axes is a number as well.",
    },
)
