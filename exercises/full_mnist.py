"""The chapter's project: all ten digits, from the split of the data to a model that recognises them."""

import functools
from collections import OrderedDict
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from hypothesis import strategies as st
from torch import Tensor, nn

from exercises.recognition import fair_accuracy, is_surely_above, other_order
from grader.exercise import Calls, Exercise, Misconception, Scenario
from grader.inputs import Dim, tensors
from grader.uncertainty import wilson_interval
from reference import full_mnist as oracle
from reference import mnist

CLASSES = 10
MODEL_LIMIT_S = 30.0
BATCH = 1000  # a convolutional net's features of 10,000 images at once would take gigabytes
GUESSING = 0.2  # of ten digits, one in ten is guessed; a model without training may have more luck
BEST = 0.98  # of the accuracies that earn points
LOW = 0.05  # a sigmoid that was trained goes below it: it says no to most digits
ENOUGH = 0.75  # a model that recognises fewer hasn't learned enough to tell more about it
TRAINING_IMAGES = 60_000
LAST_IMAGES = 10_000  # of the training set: mnist_png/testing

counts = st.sampled_from([10, 20, 25, 50, 100])
fractions = st.sampled_from([0.2, 0.5])

# Scores without ties, mixed up so that about half of the targets are the highest: (scores, target) for each image.
scored = st.tuples(st.permutations(range(CLASSES)), st.integers(0, 9), st.booleans()).map(
    lambda drawn: (drawn[0], drawn[0].index(9) if drawn[2] else drawn[1])
)
scored_batches = st.shared(st.lists(scored, min_size=2, max_size=5), key="scored")
scores = scored_batches.map(lambda batch: torch.tensor([row for row, _ in batch]) / 4 - 1.5)
right_digits = scored_batches.map(lambda batch: torch.tensor([target for _, target in batch]))

# Scores of two images, of which those of the second are all far below those of the first.
sure_scores = tensors(2, 10, low=-200, high=200, step=25).map(lambda batch: batch - torch.tensor([[0.0], [600.0]]))

five = Dim("n", 2, 5)
byte_images = tensors(five, 28, 28, low=0, high=255, step=1, dtype=torch.uint8)
digits = tensors(five, low=0, high=9, step=1, dtype=torch.int64)

# Shuffled, so that nobody gets anything by counting the images, and not quite those that could be listed.
test_images = st.builds(lambda: disguised(rows_of("test", range(10_000), shuffled=True)))
some_images = st.builds(lambda: rows_of("test", range(0, 10_000, 20)))
few_images = st.builds(lambda: rows_of("test", range(8)))
new_images = st.builds(lambda: rows_of("test", range(0, 10_000, 2)))
known_positions = range(0, TRAINING_IMAGES, 3)
known_images = st.builds(lambda: rows_of("train", known_positions))
orders = st.just([5, 2, 7, 0, 3, 6, 1, 4])


def rows_of(part: mnist.Split, positions: range, *, shuffled: bool = False) -> Tensor:
    """Images of MNIST as rows of bytes, those at these positions."""
    chosen = torch.tensor(positions)
    if shuffled:
        chosen = chosen[torch.randperm(len(chosen), generator=torch.Generator().manual_seed(0))]
    return mnist.load(part)[0][chosen].flatten(1)


def disguised(images: Tensor) -> Tensor:
    """Images whose inked pixels (2 to 255) are lighter or darker by one of 255 levels; twice gives what was before.

    No eye and no trained model sees the difference. A list of images and their labels has no such image in it.
    """
    return torch.where(images > 1, images ^ 1, images)


@functools.cache
def digits_by_image(part: mnist.Split) -> dict[bytes, int]:
    """Which digit it is, for the bytes of each image."""
    images, labels = mnist.load(part)
    return dict(zip(map(bytes, images.flatten(1).numpy()), labels.tolist(), strict=True))


def parts_of(result):
    """The two parts; a `Subset`, which `random_split` gives, or a sampler as the list of its indices."""
    if not isinstance(result, (list, tuple)):
        return result
    lazy = (torch.utils.data.Subset, torch.utils.data.Sampler)
    return [list(part) if isinstance(part, lazy) else part for part in result]


def split(split_indices, n, fraction):
    """The two parts of n indices."""
    return parts_of(split_indices(n, fraction))


def usual_split(split_indices, n):
    """The two parts of n indices, as they are if nothing else is said."""
    return parts_of(split_indices(n))


def three_splits(split_indices, n):
    """A split with a seed, another one with the same seed, and one with another seed."""
    return [parts_of(split_indices(n, 0.2, seed)) for seed in (1, 1, 2)]


def is_split(result: tuple[list[int], list[int]], n: int, fraction: float) -> str | None:
    """Whether each index is in one of two parts, and the second one has its share."""
    problem = parts_problem(result)
    if problem:
        return problem
    train, valid = ([int(i) for i in part] for part in result)
    if set(train) == set(range(n)):
        return "The training part has all indices, the validation part's too."
    if set(train) & set(valid):
        others = "" if set(train + valid) == set(range(n)) else ", and others in none"
        return f"Some indices are in both parts{others}."
    if len(set(train + valid)) < len(train + valid):
        return "Some indices come more than once in the same part."
    if set(train + valid) != set(range(n)):
        return "Not all of the indices from 0 to n - 1 are there, and no others."
    if abs(len(valid) - n * fraction) >= 1:
        if abs(len(train) - n * fraction) < 1:
            return "The first part has the size of the validation part, which should come second."
        return f"The validation part has {len(valid)} of {n} indices, and {n * fraction:g} are meant."
    return None


def parts_problem(result: object) -> str | None:
    """Whether there are two rows of indices."""
    if not isinstance(result, list | tuple | Tensor | np.ndarray):
        return f"It gives {in_words(result)}, and two things are meant: indices to train with and to validate with."
    if len(result) != 2:
        return f"It gives {len(result)} things where two are meant: indices to train with and to validate with."
    for part in result:
        indices = np.asarray(list(part) if isinstance(part, set | frozenset | range) else part)
        if indices.ndim != 1 or (len(indices) and indices.dtype.kind not in "iu"):
            return "Its parts are no rows of indices: whole numbers from 0 to n - 1, and nothing else, are meant."
    return None


def is_shuffled(result: tuple[list[int], list[int]], n: int) -> str | None:
    """Whether the validation indices come from all over the data."""
    problem = parts_problem(result)
    if problem:
        return problem
    valid = sorted(int(i) for i in result[1])
    if valid in (list(range(len(valid))), list(range(n - len(valid), n))):
        return "The validation part is one end of the data: nothing is shuffled."
    if len({b - a for a, b in pairwise(valid)}) == 1:
        return "The validation indices are evenly spaced: nothing is shuffled."
    return None


def depends_on_seed(result: list[tuple[list[int], list[int]]], n: int) -> str | None:  # noqa: ARG001
    """Whether the seed, and only the seed, decides the split."""
    problem = next(filter(None, map(parts_problem, result)), None)
    if problem:
        return problem
    first, again, other = ([sorted(int(i) for i in part) for part in one] for one in result)
    if first != again:
        return "Two calls with the same seed give different splits."
    return "Two calls with different seeds give the same split." if first == other else None


def pixels_of(digit_tensors, images, labels):
    """What it makes of the images."""
    return torch.as_tensor(digit_tensors(images, labels)[0])


def targets_of(digit_tensors, images, labels):
    """What it makes of the labels, and the loss of some scores with it."""
    targets = torch.as_tensor(digit_tensors(images, labels)[1])
    scores = torch.arange(10.0 * len(images)).view(len(images), 10) / 8
    return targets, F.cross_entropy(scores, targets)


def forms_of(model, x):
    """Ways to hand rows of pixels to a model: as they are, in another type, and last as whole images."""
    own = lambda rows: rows  # noqa: E731
    if isinstance(model, nn.Module):
        like = next((p for p in model.parameters() if p.is_floating_point()), x)
        own = lambda rows: rows.to(like.device, like.dtype)  # noqa: E731
    forms = {"rows": lambda rows: model(own(rows)), "doubles": lambda rows: model(rows.double())}
    if torch.cuda.is_available():
        forms["on the GPU"] = lambda rows: model(rows.cuda())
    forms["an array"] = lambda rows: model(rows.numpy())
    forms["(n, 1, 28, 28)"] = lambda rows: model(own(rows).view(-1, 1, 28, 28))
    forms["(n, 28, 28)"] = lambda rows: model(own(rows).view(-1, 28, 28))
    return forms


def form_taken(model, x):
    """The first of these ways with which the model does not fail, by name; its error with rows if there is none."""
    first_error = None
    for name, form in forms_of(model, x).items():
        try:
            form(x[:2].clone())
        except Exception as error:  # noqa: BLE001  a student's model may raise anything
            first_error = first_error or error
        else:
            return name, form
    raise first_error


def scores_of(model, x):
    """What a model gives for rows of pixels, in batches; of the first batch for which it is no row for each image.

    For a model that takes nothing but whole images: {"takes": their shape}.
    """
    name, form = form_taken(model, x)
    if "28" in name:
        return {"takes": name}
    parts = []
    for rows in x.split(BATCH):
        try:
            part = form(rows.clone())  # it may change them
        except RuntimeError as error:
            if "out of memory" in str(error) or "can't allocate memory" in str(error):
                raise MemoryError(f"its memory was full with a batch of {len(rows):,} images") from error
            raise
        if not isinstance(part, (torch.Tensor, np.ndarray)) or part.ndim == 0 or len(part) != len(rows):
            return part
        parts.append(torch.as_tensor(part).cpu())
    return torch.cat(parts)


def asked(digit_model, x):
    """What a model gives for these rows of pixels, in evaluation mode."""
    if isinstance(digit_model, type):
        return {"class": digit_model.__name__}
    if not callable(digit_model):
        return {"no model": type(digit_model).__name__}
    is_module = isinstance(digit_model, nn.Module)
    mode = is_module and digit_model.training
    if is_module:
        digit_model.eval()
    try:
        with torch.no_grad():
            return scores_of(digit_model, x)
    finally:
        if is_module:
            digit_model.train(mode)


def answers(digit_model, images):
    """The model's answers to images with pixels from 0 to 1."""
    return asked(digit_model, images.float() / 255)


def answers_by_scale(digit_model, images):
    """The model's answers to images with pixels from 0 to 1, and with pixels that were prepared in other ways."""
    x = images.float() / 255
    return [asked(digit_model, part) for part in (x, 255 * x, x / 255, (x - 0.13066) / 0.3081, 2 * x - 1, 1 - x)]


def answers_in_company(digit_model, images, order):
    """The model's answers to all images, to all again, to all in another order, and to copies of the first one."""
    x = images.float() / 255
    return [asked(digit_model, part) for part in (x, x, x[order], x[:1].repeat(len(x), 1))]


def answers_by_part(digit_model, split_indices, known, new):
    """Of some images of the training set: their places in `known`, which of them are for validation, and the answers.

    Then the answers to new images. known: every third image of the training set.
    """
    parts = parts_of(split_indices(60_000))
    if not isinstance(parts, (list, tuple)) or len(parts) != 2 or any(p is None or np.ndim(p) > 1 for p in parts):
        return None
    _, valid = parts
    is_valid = torch.zeros(60_000, dtype=torch.bool)
    is_valid[torch.tensor([int(i) for i in valid], dtype=torch.int64)] = True
    is_valid = is_valid[::3]
    places = torch.arange(len(known))
    places = places[is_valid | (places >= 50_000 // 3) | (places % 5 == 0)]
    x = known[places].float() / 255
    return [places, is_valid[places], asked(digit_model, x), asked(digit_model, new.float() / 255)]


def score_problem(result: object, images: Tensor) -> str | None:
    """Whether there is a row of ten numbers for each image."""
    n = len(images)
    if isinstance(result, dict) and set(result) == {"takes"}:
        return f"It fails for rows of pixels, (n, 784), and takes whole images only: {result['takes']}."
    if isinstance(result, dict) and set(result) == {"class"}:
        return "It is a class, and no model yet: a model is what calling the class gives."
    if isinstance(result, dict) and set(result) == {"no model"}:
        kind = result["no model"]
        if kind == "ellipsis":
            return "It is still `...`: no model yet."
        return f"It is an object of type {kind}, which can't be called with images as a model can."
    if not isinstance(result, Tensor | np.ndarray) or result.ndim == 0:
        return f"It gives {in_words(result)}, and one tensor of shape (n, 10) is meant: ten scores for each image."
    shape = tuple(result.shape)
    n = n if shape[0] == n else min(n, BATCH)
    if shape == (n,) and set(numbers(result).tolist()) <= set(range(CLASSES)):
        return "It gives a digit for each image, and ten scores are meant."
    if shape in ((n, 1), (n,)):
        return "It gives one number for each image, and ten are meant: a score for each digit."
    if shape == (CLASSES, n):
        return "It gives a column for each image, and a row is meant: rows and columns are exchanged."
    if shape != (n, CLASSES):
        return f"For {n:,} images its answer has the shape {shape}, and ({n:,}, 10) is meant."
    if not np.isfinite(numbers(result)).all():
        return "Its scores are not numbers (nan), or not finite."
    return None


def in_words(result: object) -> str:
    """What a model gives that is no tensor."""
    if result is None:
        return "None, as if a `return` were missing"
    if isinstance(result, list | tuple | dict):
        return f"a {type(result).__name__} of {len(result):,} things"
    return "a single number" if isinstance(result, int | float | Tensor | np.ndarray) else "something else"


def numbers(result: Tensor | np.ndarray) -> np.ndarray:
    """Scores as doubles."""
    return result.double().numpy() if isinstance(result, Tensor) else np.asarray(result, dtype=np.float64)


def gives_scores(result: object, images: Tensor) -> str | None:
    """Whether there are ten scores for each image that are no probabilities yet."""
    problem = score_problem(result, images)
    if problem:
        return problem
    rows = numbers(result)
    if (rows >= 0).all() and np.allclose(rows.sum(1), 1, atol=1e-3):
        if (rows == 0).mean() > 0.5:
            return None  # shares of votes, as nearest neighbours have them: a softmax has hardly a 0
        return "Each row is positive and adds up to 1: these are probabilities."
    if (rows >= 0).all() and np.allclose(rows.sum(0), 1, atol=1e-3):
        return "Each column is positive and adds up to 1."
    if rows.min() < LOW and ((rows >= 0) & (rows <= 1)).all():  # how similar images are has no such extremes
        return "All scores are between 0 and 1."
    return None


@functools.lru_cache(maxsize=4)
def digits_of(images: Tensor, part: mnist.Split = "test") -> np.ndarray:
    """Which digits images of MNIST show, disguised or not; remembered, since each check asks again and again."""
    known = digits_by_image(part)
    plain = images if bytes(images[0].numpy()) in known else disguised(images)
    return np.array([known[row] for row in map(bytes, plain.numpy())])


def recognised(result: Tensor, images: Tensor) -> np.ndarray:
    """For each test image, whether its digit has the highest score."""
    return numbers(result).argmax(1) == digits_of(images)


def is_accurate(least: float):
    """A judge that asks for an accuracy on MNIST's test set."""

    def holds(result: object, images: Tensor) -> str | None:
        problem = score_problem(result, images)
        if problem:
            return problem
        predicted, digits = numbers(result).argmax(1), digits_of(images)
        if len(set(predicted.tolist())) == 1:
            return "It takes every image for the same digit."
        if len(set(predicted.tolist())) == 2:
            return "It takes every image for a {} or a {}.".format(*sorted(set(predicted.tolist())))
        if other_order(predicted, digits):
            return "It tells the digits apart, but its outputs stand for them in another order."
        reached = fair_accuracy(predicted == digits, np.isin(digits, (3, 7)))
        if reached >= least:
            return None
        if reached < GUESSING:
            return "It recognises hardly more of the test images than guessing does."
        return recognition_in_words(reached, len(digits), f", and {least:.0%} are asked for here")

    return holds


def accuracy_reached(result: object, images: Tensor) -> str:
    """What a student whose model is good enough reads."""
    predicted, digits = numbers(result).argmax(1), digits_of(images)
    return recognition_in_words(fair_accuracy(predicted == digits, np.isin(digits, (3, 7))), len(digits))


def recognition_in_words(share: float, count: int, more: str = "") -> str:
    """An accuracy, what more there is to say of it, and how well it is known."""
    low, high = wilson_interval(round(share * count), count)
    return (
        f"It recognises {share:.2%} of the {count:,} test images{more}. (Of all such images it would be {low:.1%} "
        f"to {high:.1%}, 95 times in 100.)"
    )


def takes_unit_pixels(result: list[object], images: Tensor) -> str | None:
    """Whether the model recognises images with pixels from 0 to 1, rather than others."""
    problem = score_problem(result[0], images)
    if problem:
        return problem
    unit, *others = (0 if score_problem(part, images) else recognised(part, images).mean() for part in result)
    prepared = ("from 0 to 255", "from 0 to 1/255", "around 0 (normalised)", "from -1 to 1", "from 1 (ink) to 0")
    best = max(others)
    if best > max(unit + 0.05, 0.5):
        return f"It recognises images with pixels {prepared[others.index(best)]} better than those from 0 to 1."
    return None if unit >= ENOUGH else "It recognises few images, whatever the scale of their pixels."


def is_independent(result: list[object], images: Tensor, order: list[int]) -> str | None:
    """Whether an image's scores are the same whenever it is asked about, in any order and company."""
    problem = score_problem(result[0], images)
    if problem:
        return problem
    first, again, shuffled, copies = map(numbers, result)
    if np.ptp(first, axis=0).max() == 0:
        return "It gives the same scores to every image."
    close = {"rtol": 1e-2, "atol": 1e-2 * np.abs(first).max()}
    if not np.allclose(first, again, **close):
        return "The same images get other scores when it is asked about them again."
    if not np.allclose(first[order], shuffled, **close):
        return "An image gets other scores when the images come in another order."
    if not np.allclose(copies[:1], copies, **close):
        return "Copies of one image get different scores."
    if not np.allclose(first[:1], copies, **close):
        return "An image gets other scores among copies of itself than among other images."
    return None


def has_kept_validation_images(result: list | None, known: Tensor, new: Tensor) -> str | None:
    """Whether the model is about as good with the validation images as with new ones, by far more than chance may do.

    Nothing is said of a model that has kept either those of `split_indices`, or mnist_png's testing/, or a part of
    them. One that overfits is far better with the images it was trained with, which is its own affair.
    """
    if result is None:
        return "`split_indices(60000)` doesn't give two rows of indices, so which images are for validation is unknown."
    places, is_valid, scores, new_scores = result
    asked_about = known[places]
    problem = score_problem(scores, asked_about) or score_problem(new_scores, new)
    if problem:
        return problem
    is_valid, is_last = is_valid.numpy(), places.numpy() >= (TRAINING_IMAGES - LAST_IMAGES) // 3
    is_right = numbers(scores).argmax(1) == digits_of(known, "train")[places.numpy()]
    is_new_right = recognised(new_scores, new)
    trained, held_out = is_right[~is_valid & ~is_last], is_right[is_valid]
    if min(len(trained), len(held_out)) < BATCH:
        return "`split_indices(60000)` leaves too few images for one of its two parts."
    if is_new_right.mean() < 0.5 and trained.mean() > 0.9:
        return "It knows the images that it was trained with, and hardly any others."
    if is_new_right.mean() < ENOUGH:
        return "It recognises too few images to tell."
    all_is_known = is_surely_above(is_right[is_last], is_new_right) and not is_surely_above(trained, held_out)
    if is_surely_above(held_out, is_new_right) and (all_is_known or is_surely_above(held_out, trained)):
        return "It knows the validation images far better than new ones: it has learned from them."
    return None


def nearest_mean(x: Tensor, scale: float = 1.0, sharpness: float = 1.0) -> Tensor:
    """Scores of a quick classifier: minus the squared distance to each digit's mean image, up to a constant.

    scale: of the pixels that it knows. It stands in for a trained model, and recognises about 80 % of the digits.
    """
    means = scale * mean_rows()
    return sharpness * (x @ means.T - means.square().sum(1) / 2)


@functools.cache
def mean_rows() -> Tensor:
    """The mean image of each digit (10, 784), from some of the test images."""
    images, labels = (tensor[:2000] for tensor in mnist.load("test"))
    return torch.stack([images[labels == digit].flatten(1).float().mean(0) / 255 for digit in range(CLASSES)])


def known_by_heart(x: Tensor, others: Tensor) -> Tensor:
    """Scores of a model that has a list of the training images; those of `others` for images not in it."""
    listed = digits_by_image("train")
    found = torch.tensor([listed.get(row, -1) for row in map(bytes, (255 * x).round().clamp(0, 255).byte().numpy())])
    return torch.where(found[:, None] < 0, others, F.one_hot(found.clamp(min=0), CLASSES) * 9.0 - 4)


class Learner:
    """What trains a model, and holds it."""

    model = None


def knows_3_and_7(scores: Tensor) -> Tensor:
    """Scores of a model that has never seen other digits."""
    others = [digit for digit in range(CLASSES) if digit not in (3, 7)]
    return scores.index_fill(1, torch.tensor(others), -1000.0)


def guesses(x: Tensor) -> Tensor:
    """Scores that have nothing to do with the digit."""
    return (x.sum(1, keepdim=True) * 7.3 + torch.arange(CLASSES)).sin() - 0.5


def overlapping_split(n: int, valid_fraction: float = 0.2, seed: int = 42) -> tuple[Tensor, Tensor]:
    """Each part from a shuffle of its own."""
    valid_size = int(n * valid_fraction)
    torch.manual_seed(seed)
    return torch.randperm(n)[valid_size:], torch.randperm(n)[:valid_size]


def leaking_split(n: int, valid_fraction: float = 0.2, seed: int = 42) -> tuple[Tensor, Tensor]:
    """All indices to train with."""
    return torch.arange(n), oracle.split_indices(n, valid_fraction, seed)[1]


def repeating_split(n: int, valid_fraction: float = 0.2, seed: int = 42) -> tuple[Tensor, Tensor]:
    """Validation indices drawn one by one; those left are trained with."""
    torch.manual_seed(seed)
    valid = torch.randint(n, (int(n * valid_fraction),))
    return torch.tensor([i for i in range(n) if i not in valid.tolist()]), valid


def two_class_loss(predictions: Tensor, targets: Tensor) -> Tensor:
    """The chapter's mnist_loss."""
    confidence = predictions.sigmoid()
    return torch.where(targets == 1, 1 - confidence, confidence).mean()


def log_probabilities(logits: Tensor) -> Tensor:
    """The softmax's logarithm, row by row."""
    return F.log_softmax(logits, dim=1)


exercise = Exercise(
    title="All ten digits",
    section="Further Research",
    provides=("digit_tensors", "split_indices", "digit_loss", "digit_accuracy", "digit_model"),
    oracle="full_mnist",
    aliases={
        "digit_loss": (
            *("cross_entropy_loss", "categorical_cross_entropy", "ce_loss", "new_cross_entropy_loss", "new_mnist_loss"),
            "phind_loss",
        ),
    },
    given="""\
archive = np.load(path / "mnist_train.npz")
images = torch.from_numpy(archive["images"])  # (60000, 28, 28), whole numbers from 0 (background) to 255 (ink)
labels = torch.from_numpy(archive["labels"])  # (60000,), from 0 to 9
""",
    statement="""\
The chapter's project: do for all ten digits what the chapter does for 3s and 7s. The next cell loads the
training images and their labels. The model now has ten outputs: a score (*logit*) for each digit, any number.
The *softmax* of the ten scores makes probabilities of them; the loss for one image is minus the logarithm of
the probability of its right digit (*cross-entropy*).

- `digit_tensors(images, labels)` gives the inputs and the targets. The inputs are rows of pixels **from 0 to 1**:
  float, of shape `(n, 784)`. The targets are the right digits as PyTorch's cross-entropy takes them: whole numbers
  (int64) of shape `(n,)`.
- `split_indices(n, valid_fraction=0.2, seed=42)` shuffles the indices 0 to n - 1 and divides them into two
  parts: those to train with, and those to validate with, which are `valid_fraction` of all. It returns both,
  in this order. The same seed gives the same split.
- `digit_loss(logits, targets)` gives the mean cross-entropy of scores `(n, 10)` and right digits `(n,)`.
- `digit_accuracy(logits, targets)` gives the share of images whose right digit has the highest score: 0 to 1.
- `digit_model` is your trained model. It takes a batch of such inputs `(n, 784)`, and gives scores `(n, 10)`,
  before any softmax; 10,000 images within 30 seconds. A network that works on whole images can begin with
  `nn.Unflatten(1, (1, 28, 28))`.
  Train it with the first part of `split_indices(len(images))` only, with the usual fraction and seed. The second part,
  the validation images, shows you how good it has become: as long as it has not learned from them.

The grader asks your model about the 10,000 images of MNIST's test set, which are not among your data, and in batches
of at most 1,000. (The 3s and 7s of the test set are: the book validates with them, in `mnist_sample`. So they count
at most as well as the other digits do.) Two linear layers with a ReLU between them can recognise 98 % of them.
All of the notebook is run again when it is graded, and the cells that only this exercise needs may run for 90 seconds
together: train for half a minute or so. `digit_epoch` and `digit_validate` of the exercise before can help.
""",
    starter="""\
def digit_tensors(images, labels):
    ...


def split_indices(n, valid_fraction=0.2, seed=42):
    ...


def digit_loss(logits, targets):
    ...


def digit_accuracy(logits, targets):
    ...


digit_model = ...
""",
    finish="digit_model = train_digits(images, labels)",
    budget_s=90,
    hints=[
        (
            "`digit_tensors`: look at the shape and the `dtype` of `images` and of `labels`, and compare them with "
            "what is asked for. Only one of the two tensors needs any work: rows, floats, and a division."
        ),
        (
            "`split_indices`: think of a pack of numbered cards: shuffle it once, then cut it. `torch.randperm` "
            "shuffles, and `torch.manual_seed` before it makes the shuffling repeatable. The fraction says how many "
            "of the cards are for validating; two slices do the rest."
        ),
        (
            "`digit_loss` and `digit_accuracy`: by hand, the loss is `log_softmax` along the ten scores, and then "
            "from each row the number at its target; `F` has one function for all of it. For the accuracy `argmax` "
            "along the same axis finds each image's digit, to be compared with its target."
        ),
        (
            "`digit_model`: begin small, with `nn.Sequential`: a linear layer from 784 numbers to some hundred, a "
            "ReLU, a linear layer to ten. Before any training its loss is about 2.3, which is the logarithm of 10: "
            "pure guessing. Does it fall after a few steps?"
        ),
        (
            "`digit_model`: in each epoch shuffle the indices to train with, and cut them with `split(256)`. Such a "
            "piece between square brackets takes all of its rows at once, of inputs as of targets: much faster than "
            "a `DataLoader`, which collects them one by one."
        ),
        (
            "`digit_model`: after each epoch print the accuracy on the validation images. If it grows too slowly, "
            "try `torch.optim.Adam`, more hidden features, or a rate that rises and falls "
            "(`torch.optim.lr_scheduler.OneCycleLR`, with a step after each mini-batch)."
        ),
    ],
    checks=[
        Scenario(
            "inputs: rows of pixels from 0 to 1",
            pixels_of,
            byte_images,
            digits,
            of="digit_tensors",
            cases=4,
            hint="`flatten(1)` or `view` makes the rows. The pixels are whole numbers from 0 to 255.",
        ),
        Scenario(
            "targets: the right digits, as cross-entropy takes them",
            targets_of,
            byte_images,
            digits,
            of="digit_tensors",
            cases=8,
            hint="Which digit it is, is all that the loss needs: one whole number for each image, and no more axes.",
        ),
        Scenario(
            "puts each index into one of two parts",
            split,
            counts,
            fractions,
            of="split_indices",
            holds=is_split,
            hint="Shuffle all indices, and cut the list in two.",
        ),
        Scenario(
            "shuffles before it divides",
            usual_split,
            st.sampled_from([100, 200]),
            of="split_indices",
            holds=is_shuffled,
            hint="Data often come sorted: the last fifth might be all 8s and 9s.",
        ),
        Scenario(
            "gives the same split for the same seed",
            three_splits,
            st.sampled_from([100, 200]),
            of="split_indices",
            holds=depends_on_seed,
            hint="`torch.manual_seed`, or a `torch.Generator` of its own, starts the random numbers at the seed.",
        ),
        Calls(
            "the loss of a batch",
            scores,
            right_digits,
            of="digit_loss",
            points=2,
            hint="For each image: softmax over its ten scores, the logarithm at the right digit, minus. Then the mean.",
        ),
        Calls(
            "the loss of very sure scores",
            sure_scores,
            st.lists(st.integers(0, 9), min_size=2, max_size=2).map(torch.tensor),
            of="digit_loss",
            hint="The exponential of 200 is too large for a float, and the logarithm of 0 is infinite. "
            "`log_softmax`, `logsumexp` and `F.cross_entropy` take both steps at once.",
        ),
        Calls(
            "the accuracy of a batch",
            scores,
            right_digits,
            of="digit_accuracy",
            points=2,
            hint="Which digit has the highest score, for each row? How often is it the right one?",
        ),
        Scenario(
            "the model gives ten scores for each image",
            answers,
            few_images,
            of="digit_model",
            cases=1,
            holds=gives_scores,
            limit_s=MODEL_LIMIT_S,
            hint="The last layer has ten outputs, and nothing comes after it.",
        ),
        Scenario(
            "the model takes pixels from 0 to 1",
            answers_by_scale,
            some_images,
            of="digit_model",
            cases=1,
            holds=takes_unit_pixels,
            limit_s=MODEL_LIMIT_S,
            hint="Train it with `images.flatten(1).float() / 255`.",
        ),
        Scenario(
            "the model looks at each image by itself",
            answers_in_company,
            few_images,
            orders,
            of="digit_model",
            cases=1,
            holds=is_independent,
            limit_s=MODEL_LIMIT_S,
            hint="Whatever is averaged, normalised or summed: along which axis? The first one is the images'.",
        ),
        Scenario(
            "the model has learned without the validation images",
            answers_by_part,
            known_images,
            new_images,
            of=("digit_model", "split_indices"),
            cases=1,
            holds=has_kept_validation_images,
            limit_s=1.5 * MODEL_LIMIT_S,  # it asks about more images than the others do
            hint="Train it with the first part of `split_indices(len(images))`, and with nothing else.",
        ),
        *(
            Scenario(
                f"the model recognises {least:.0%} of the test images",
                answers,
                test_images,
                of="digit_model",
                points=points,
                cases=1,
                holds=is_accurate(least),
                remark=accuracy_reached if least == BEST else None,
                limit_s=MODEL_LIMIT_S,
                hint=hint,
            )
            for least, points, hint in (
                (0.90, 2, "Does the training loss fall? Print it after each epoch, and try other learning rates."),
                (0.95, 1, "A linear model ends at about 92 %. A hidden layer with a ReLU takes it further."),
                (
                    0.97,
                    1,
                    (
                        "More hidden features, more epochs, or momentum, for as long as the validation accuracy grows. "
                        "Was it trained with pixels from 0 to 1, like those that it is asked about?"
                    ),
                ),
                (
                    BEST,
                    1,
                    "Let the learning rate rise and fall (one-cycle), or look at neighbouring pixels: `nn.Conv2d`.",
                ),
            )
        ),
    ],
    accepts={
        "samplers, and shares of votes": """\
from torch.utils.data import SubsetRandomSampler

network = digit_model

def split_indices(n, valid_fraction=0.2, seed=42):
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed)).tolist()
    cut = int(valid_fraction * n)
    return SubsetRandomSampler(order[cut:]), SubsetRandomSampler(order[:cut])

def digit_model(x):
    scores = network(x)
    return F.one_hot(torch.stack([scores.argmax(1)] * 4 + [scores[:, 1:].argmax(1) + 1]), 10).double().mean(0)
""",
        "random_split": """\
def split_indices(n, valid_fraction=0.2, seed=42):
    valid_size = int(n * valid_fraction)
    generator = torch.Generator().manual_seed(seed)
    valid, train = torch.utils.data.random_split(range(n), [valid_size, n - valid_size], generator=generator)
    return train, valid
""",
        "the library's loss, a split of arrays, and a network that works on images, in doubles": """\
from copy import deepcopy

trained = deepcopy(digit_model)

def digit_tensors(images, labels):
    return images.reshape(-1, 28 * 28).div(255.), labels

def split_indices(n, valid_fraction=0.2, seed=42):
    torch.manual_seed(seed)
    order = torch.randperm(n).numpy()
    cut = round(n * valid_fraction)
    return order[cut:], order[:cut]

digit_loss = F.cross_entropy

def digit_accuracy(preds, yb):
    return sum(int(p.argmax()) == int(y) for p, y in zip(preds, yb)) / len(yb)

digit_model = nn.Sequential(nn.Unflatten(1, (1, 28, 28)), nn.Dropout(0.5), nn.Flatten(), *trained, nn.Identity())
digit_model.double()
""",
        "lists, one-hot targets, and a function that takes arrays and gives logarithms of probabilities": """\
trained = digit_model

def digit_tensors(imgs, labels):
    return np.asarray(imgs).reshape(len(imgs), -1) / 255, np.array([int(label) for label in labels])

def split_indices(n, valid_fraction=0.2, seed=42):
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed)).tolist()
    cut = int(n * valid_fraction)
    return order[cut:], order[:cut]

def digit_loss(logits, targets):
    one_hot = F.one_hot(targets, 10)
    return -(one_hot * F.log_softmax(logits, -1)).sum(1).mean()

def digit_accuracy(logits, targets):
    return torch.eq(logits.max(dim=1)[1], targets).double().mean().item()

w1, b1, w2, b2 = (parameter.detach().numpy() for parameter in trained.parameters())

def digit_model(batch):
    hidden = np.dot(batch.astype(np.float64), w1.T) + b1
    scores = np.where(hidden > 0, hidden, 0) @ w2.T + b2
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
""",
    },
    misconceptions=[
        Misconception(
            "makes a column of the targets",
            {"digit_tensors": lambda images, labels: (oracle.as_input(images), labels.long().unsqueeze(1))},
            hint="The chapter's `unsqueeze(1)` was for one output. Cross-entropy takes targets of shape (n,), and "
            "refuses (n, 1). Compared with (n,) predictions they broadcast to all pairs: the accuracy stays near 0.1, "
            "or the sizes of two mini-batches do not match.",
        ),
        Misconception(
            "makes floats of the targets",
            {"digit_tensors": lambda images, labels: (oracle.as_input(images), labels.float())},
            hint="A target is a position among the ten scores, so it is a whole number: int64, which `long()` gives. "
            "PyTorch takes a float for a probability, or refuses it.",
        ),
        Misconception(
            "keeps the targets of two classes",
            {"digit_tensors": lambda images, labels: (oracle.as_input(images), (labels == 3).long())},
            hint="1 for a 3 and 0 for all others tells only two classes apart. Now the digit itself is the target.",
        ),
        Misconception(
            "gives ten numbers for each target",
            {"digit_tensors": lambda images, labels: (oracle.as_input(images), F.one_hot(labels, CLASSES).float())},
            hint="That is *one-hot*: a 1 in the digit's column. Here the digit's number itself is asked for, of shape "
            "(n,).",
        ),
        Misconception(
            "leaves the pixels from 0 to 255",
            {"digit_tensors": lambda images, labels: (images.flatten(1).float(), labels)},
            hint="With numbers that large the first steps go far too far. Divide by 255.",
        ),
        Misconception(
            "keeps the images square",
            {"digit_tensors": lambda images, labels: (images.float() / 255, labels)},
            hint="A linear layer takes rows: (n, 28, 28) has to become (n, 784).",
        ),
        Misconception(
            "puts all images into one row",
            {"digit_tensors": lambda images, labels: (images.float().view(-1) / 255, labels)},
            hint="The first axis is that of the images and stays: `view(-1, 28*28)`, or `flatten(1)`.",
        ),
        Misconception(
            "always has the same split",
            {"split_indices": lambda n, f=0.2, seed=42: oracle.split_indices(n, f, 42)},  # noqa: ARG005
            hint="The seed is fixed inside the function. Use the argument `seed`.",
        ),
        Misconception(
            "does not shuffle",
            {
                "split_indices": lambda n, f=0.2, _=42: (
                    torch.arange(n)[: n - int(n * f)],
                    torch.arange(n)[n - int(n * f) :],
                )
            },
            hint="The last images are validated with, whatever they are. `torch.randperm(n)` gives the "
            "indices in random order.",
        ),
        Misconception(
            "draws the two parts apart",
            {"split_indices": overlapping_split},
            hint="With two random draws an index can get into both parts, or into none. Shuffle once, then cut.",
        ),
        Misconception(
            "keeps the validation indices in the training part",
            {"split_indices": leaking_split},
            hint="The training part has all indices. What the model has learned from can't show how well it "
            "does with new images: leave the validation indices out.",
        ),
        Misconception(
            "draws indices with repetition",
            {"split_indices": repeating_split},
            hint="`randint` and `choices` may draw an index again and leave another out. `torch.randperm` "
            "has each once.",
        ),
        Misconception(
            "exchanges the two parts",
            {"split_indices": lambda n, f=0.2, seed=42: oracle.split_indices(n, f, seed)[::-1]},
            hint="First those to train with (the larger part), then those to validate with.",
        ),
        Misconception(
            "has another split each time",
            {"split_indices": lambda n, f=0.2, seed=42: oracle.split_indices(n, f, int(torch.randint(10**9, ())))},  # noqa: ARG005
            hint="The seed isn't used. With another split in each run, what was validated with gets trained on.",
        ),
        Misconception(
            "sums the loss",
            {"digit_loss": lambda logits, targets: F.cross_entropy(logits, targets, reduction="sum")},
            hint="A sum grows with the mini-batch, and with it each step. The loss is the mean.",
        ),
        Misconception(
            "takes the softmax twice",
            {"digit_loss": lambda logits, targets: F.cross_entropy(logits.softmax(1), targets)},
            hint="`F.cross_entropy` takes scores: it has the softmax in it. On probabilities, even a "
            "perfect answer has a loss of 1.46, and learning is slow.",
        ),
        Misconception(
            "leaves the logarithm out",
            {"digit_loss": lambda logits, targets: F.nll_loss(logits.softmax(1), targets)},
            hint="`nll_loss` expects logarithms (`log_softmax`). Without them the loss is minus the "
            "probability: below 0.",
        ),
        Misconception(
            "leaves the softmax out",
            {"digit_loss": lambda logits, targets: F.nll_loss(logits, targets)},
            hint="`nll_loss` only picks the right digit's number and takes minus of it. Scores need "
            "`log_softmax` first.",
        ),
        Misconception(
            "forgets the minus",
            {"digit_loss": lambda logits, targets: -F.cross_entropy(logits, targets)},
            hint="The logarithm of a probability is below 0, and grows as the model gets better. The loss "
            "is minus that.",
        ),
        Misconception(
            "takes the softmax over the images",
            {"digit_loss": lambda logits, targets: F.nll_loss(F.log_softmax(logits, dim=0), targets)},
            hint="`dim=0` runs over the images. The ten scores of one image are along `dim=1`.",
        ),
        Misconception(
            "pairs every image with every target",
            {"digit_loss": lambda logits, targets: -log_probabilities(logits)[:, targets].mean()},
            hint="`p[:, targets]` takes, for each image, the targets of all images. `p[range(n), targets]` "
            "takes one for each.",
        ),
        Misconception(
            "keeps the loss for two classes",
            {"digit_loss": lambda logits, targets: two_class_loss(logits, F.one_hot(targets, CLASSES))},
            hint="`mnist_loss` treats each score as a yes or no of its own, and the nine easy noes swamp "
            "the loss. Let the ten digits compete: softmax, then the logarithm at the right one.",
        ),
        Misconception(
            "takes the squared error",
            {"digit_loss": lambda logits, targets: F.mse_loss(logits.softmax(1), F.one_hot(targets, CLASSES).float())},
            hint="That is the distance of the probabilities from 0 and 1. Cross-entropy is the logarithm at "
            "the right digit.",
        ),
        Misconception(
            "takes the logarithm of a softmax that has become 0",
            {"digit_loss": lambda logits, targets: F.nll_loss(logits.softmax(1).log(), targets)},
            hint="`softmax(...).log()` is infinite where a probability is too small for a float. `log_softmax` isn't.",
        ),
        Misconception(
            "counts the right ones",
            {"digit_accuracy": lambda logits, targets: (logits.argmax(1) == targets).sum()},
            hint="That is how many are right. The accuracy is their share: the mean of right (1) and wrong (0).",
        ),
        Misconception(
            "gives the accuracy in percent",
            {"digit_accuracy": lambda logits, targets: 100 * (logits.argmax(1) == targets).float().mean()},
            hint="A share from 0 to 1 is meant.",
        ),
        Misconception(
            "gives the share of errors",
            {"digit_accuracy": lambda logits, targets: (logits.argmax(1) != targets).float().mean()},
            hint="That is how often the model is wrong. The accuracy is how often it is right.",
        ),
        Misconception(
            "compares every image with every target",
            {"digit_accuracy": lambda logits, targets: (logits.argmax(1) == targets[:, None]).float().mean()},
            hint="Shapes `(n,)` and `(n, 1)` broadcast to `(n, n)`: all pairs. Compare `(n,)` with `(n,)`.",
        ),
        Misconception(
            "rounds the probabilities",
            {
                "digit_accuracy": lambda logits, targets: (
                    (logits.softmax(1).round().max(1).indices == targets).float().mean()
                )
            },
            hint="The right digit can win with less than one half, which rounds to 0. Compare with the "
            "highest score: `argmax`.",
        ),
        Misconception(
            "asks for more than one half",
            {
                "digit_accuracy": lambda logits, targets: (
                    (logits.softmax(1).gather(1, targets[:, None]) > 0.5).float().mean()
                )
            },
            hint="Among ten digits the highest probability may be below 0.5. What counts is which one is the highest.",
        ),
        Misconception(
            "keeps the accuracy for two classes",
            {
                "digit_accuracy": lambda logits, targets: (
                    ((logits.sigmoid() > 0.5) == F.one_hot(targets, CLASSES)).float().mean()
                )
            },
            hint="That asks ten times for each image whether a score is above one half. Which digit has the "
            "highest one?",
        ),
        Misconception(
            "looks for the highest score along the images",
            {
                "digit_accuracy": lambda logits, targets: (
                    (logits.argmax(0)[: len(targets)] == targets[: logits.shape[1]]).float().mean()
                )
            },
            hint="`argmax(0)` says for each digit which image scores highest. `argmax(1)` says for each "
            "image which digit.",
        ),
        Misconception(
            "was not trained",
            {"digit_model": lambda x: guesses(x)},
            hint="Does the loss fall, from about 2.3 to below 0.5? If not: is there a step for each mini-batch, with "
            "the parameters of this very model? Is the learning rate 100 times too low, or are gradients never set to "
            "zero, so that the steps go astray? Do the targets still belong to the images after the shuffling?",
        ),
        Misconception(
            "has a single output",
            {"digit_model": lambda x: nearest_mean(x).max(1, keepdim=True).values.sigmoid()},
            hint="One output tells 3 from 7. For ten digits the last layer needs ten: `nn.Linear(..., 10)`.",
        ),
        Misconception(
            "answers with the digit",
            {"digit_model": lambda x: nearest_mean(x).argmax(1)},
            hint="The highest score is looked for later, in `digit_accuracy`. The model gives all ten.",
        ),
        Misconception(
            "ends with a softmax",
            {"digit_model": lambda x: nearest_mean(x).softmax(1)},
            hint="The loss has the softmax in it. A model with a softmax at its end has two, and learns slowly.",
        ),
        Misconception(
            "takes the softmax along the images",
            {"digit_model": lambda x: nearest_mean(x).softmax(0)},
            hint="`dim=0` runs over the images: each one's scores depend on the others. And the loss has "
            "its softmax already.",
        ),
        Misconception(
            "ends with a sigmoid",
            {"digit_model": lambda x: nearest_mean(x).sigmoid()},
            hint="A sigmoid is for one yes or no. Here the ten scores compete: leave them as the last layer "
            "gives them.",
        ),
        Misconception(
            "knows pixels from 0 to 255",
            {"digit_model": lambda x: nearest_mean(x, scale=255, sharpness=1 / 255**2)},
            hint="The model was trained with pixels as they are stored. Divide them by 255 before the training.",
        ),
        Misconception(
            "divides the pixels twice",
            {"digit_model": lambda x: nearest_mean(x, scale=1 / 255, sharpness=255**2)},
            hint="The model was trained with pixels that were divided by 255 more than once. Look at "
            "`x.max()`: it should be 1.",
        ),
        Misconception(
            "normalises with the batch's own mean",
            {"digit_model": lambda x: nearest_mean(x / x.mean() * 0.13)},
            hint="Mean and deviation come from the training set, once. Taken from the batch, an image's "
            "scores depend on its company. Batch normalisation does so as long as it is in training mode: call "
            "`eval()` on the network before you ask it.",
        ),
        Misconception(
            "still drops features at random",
            {"digit_model": lambda x: F.dropout(nearest_mean(x), 0.5)},
            hint="Dropout is for training only. A function around a network has to call `eval()` on it first, and "
            "`F.dropout` needs `training=self.training`: without that it is always on.",
        ),
        Misconception(
            "knows the labels of its training images by heart",
            {"digit_model": lambda x: known_by_heart(x, torch.zeros(len(x), CLASSES))},
            hint="A list of images and their labels is no model: it has no answer to a new image. The network has to "
            "find what all 3s have in common, with far fewer numbers than there are pixels in the training set.",
        ),
        Misconception(
            "was trained with the validation images",
            {"digit_model": lambda x: known_by_heart(x, nearest_mean(x))},
            hint="What the model has learned from can't show how well it does with new images. Train it with the first "
            "part of `split_indices(len(images))` only, with the usual fraction and seed; the second part is for "
            "looking how good it has become.",
        ),
        Misconception(
            "has its outputs in another order",
            {"digit_model": lambda x: nearest_mean(x).roll(1, dims=1)},
            hint="Score 0 is the score for the digit 0. If the labels came from the names of folders: "
            "`iterdir` gives them in any order, so sort them.",
        ),
        Misconception(
            "has columns for the images",
            {"digit_model": lambda x: nearest_mean(x).T},
            hint="Each image keeps its row, from the pixels to the scores: (n, 784) times (784, 10) is (n, 10).",
        ),
        Misconception(
            "takes whole images with an axis for the colours",
            {"digit_model": lambda x: nearest_mean(x.permute(0, 2, 3, 1).flatten(1))},
            hint="A convolution needs (n, 1, 28, 28). Make that of the rows in the model itself: "
            "`nn.Sequential(nn.Unflatten(1, (1, 28, 28)), ...)`.",
        ),
        Misconception(
            "takes whole images",
            {"digit_model": lambda x: nearest_mean(x.permute(0, 1, 2).flatten(1))},
            hint="The inputs are rows of 784 pixels, as `digit_tensors` makes them.",
        ),
        Misconception(
            "was trained with 3s and 7s only",
            {"digit_model": lambda x: knows_3_and_7(nearest_mean(x))},
            hint="`mnist_sample` has 3s and 7s only, and a model can't learn what it never sees. All ten digits are in "
            "`images` and `labels`.",
        ),
        Misconception(
            "is a learner and no model",
            {"digit_model": Learner()},
            hint="The network is within the object that trained it: `digit_model = learner.model`.",
        ),
        Misconception(
            "is a state dict and no model",
            {"digit_model": OrderedDict(weight=torch.zeros(CLASSES, 784))},
            hint="`state_dict()` gives a network's numbers. The model is the network that they come from.",
        ),
        Misconception(
            "is a class and no model",
            {"digit_model": nn.Linear},
            hint="A class says how its models are built. Build one: `digit_model = Net()`, and train it.",
        ),
        Misconception(
            "gives a list",
            {"digit_model": lambda x: nearest_mean(x).tolist()},
            hint="Ask for the scores of the whole batch at once, or put the rows together: `torch.stack(rows)`, or "
            "`torch.tensor(rows)` for rows of plain numbers.",
        ),
        Misconception(
            "gives something else beside the scores",
            {"digit_model": lambda x: (nearest_mean(x), nearest_mean(x).argmax(1))},
            hint="Whoever asks for scores can't know where among other things they are: return the scores only.",
        ),
        Misconception(
            "gives nothing back",
            {"digit_model": lambda x: None},  # noqa: ARG005
            hint="A function, `forward` as well, gives None unless it says `return`.",
        ),
        Misconception(
            "knows normalised pixels",
            {"digit_model": lambda x: nearest_mean(x * 0.3081 + 0.13066)},
            hint="The model was trained with pixels less their mean, divided by their deviation. Do that in the model "
            "itself, before its first layer, with the same two numbers.",
        ),
        Misconception(
            "knows pixels from -1 to 1",
            {"digit_model": lambda x: nearest_mean((x + 1) / 2)},
            hint="The model was trained with `(x - 0.5) / 0.5`. Do that in the model itself, before its first layer.",
        ),
        Misconception(
            "knows black on white",
            {"digit_model": lambda x: nearest_mean(1 - x)},
            hint="In these data ink is 1 and the background 0. The model was trained with the opposite.",
        ),
        Misconception(
            "gives no numbers",
            {"digit_model": lambda x: x.new_full((len(x), CLASSES), float("nan"))},
            hint="The weights have become nan: with too high a learning rate they grow without a limit. Lower it.",
        ),
        Misconception(
            "has learned nothing",
            {"digit_model": lambda x: torch.arange(10.0).expand(len(x), CLASSES)},
            hint="Every image gets the same answer. Is there a step for each mini-batch, at a learning rate "
            "that is neither too high nor too low? Do the targets differ?",
        ),
        Misconception(
            "divides sigmoids by their sum",
            {
                "digit_loss": lambda logits, targets: F.nll_loss(
                    (logits.sigmoid() / logits.sigmoid().sum(1, keepdim=True)).log(), targets
                )
            },
            hint="These ten numbers add up to 1 as well, but they aren't the softmax: it divides exponentials, "
            "`exp(x)`, by their sum. A sigmoid hardly tells a high score from a very high one.",
        ),
        Misconception(
            "subtracts the highest score of the whole batch",
            {
                "digit_loss": lambda logits, targets: (
                    (logits - logits.max()).exp().sum(1).log() - (logits - logits.max())[range(len(targets)), targets]
                ).mean()
            },
            hint="To subtract the highest score before `exp` is right, but each image has one of its own: `max(1)`. "
            "With that of the whole batch, all exponentials of another image may become 0.",
        ),
        Misconception(
            "compares yes or no with the digit",
            {"digit_accuracy": lambda logits, targets: ((logits.sigmoid() > 0.5) == targets[:, None]).float().mean()},
            hint="True and False are equal to 1 and 0 only: no digit from 2 to 9 can ever be right. Which of the ten "
            "scores is the highest?",
        ),
    ],
)
