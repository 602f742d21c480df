"""What the grader makes of the scores of a trained model: measured fairly, and an honest one is never accused."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from exercises.full_mnist import (
    CLASSES,
    LAST_IMAGES,
    TRAINING_IMAGES,
    answers,
    answers_by_part,
    answers_in_company,
    digits_of,
    disguised,
    gives_scores,
    has_kept_validation_images,
    is_accurate,
    is_independent,
    known_by_heart,
    known_positions,
    mean_rows,
    nearest_mean,
    rows_of,
    score_problem,
)
from exercises.recognition import fair_accuracy, is_surely_above, other_order
from reference import mnist
from reference.full_mnist import split_indices


def flags(*shares: tuple[int, int]) -> np.ndarray:
    """Of so many, so many are true, one group after the other."""
    return np.concatenate([np.arange(count) < right for right, count in shares])


# The 3s and 7s of the test set lie in mnist_sample


def test_images_that_could_be_had_count_at_most_as_well_as_the_others() -> None:
    is_staged = flags((0, 80), (20, 20))

    assert fair_accuracy(flags((72, 80), (20, 20)), is_staged) == pytest.approx(0.9)  # and not 0.92
    assert fair_accuracy(flags((72, 80), (18, 20)), is_staged) == pytest.approx(0.9)
    assert fair_accuracy(flags((72, 80), (10, 20)), is_staged) == pytest.approx(0.82)


def test_where_none_could_be_had_it_is_the_share() -> None:
    assert fair_accuracy(flags((3, 4)), flags((0, 4))) == 0.75


def test_a_list_of_the_3s_and_7s_hardly_helps() -> None:
    images, labels = rows_of("test", range(10_000)), mnist.load("test")[1]
    scores = torch.zeros(10_000, CLASSES)
    scores[torch.arange(10_000), (labels + (torch.arange(10_000) % 20 == 0)) % CLASSES] = 1  # 95 of 100 are right
    is_staged = (labels == 3) | (labels == 7)
    listed = scores.clone()
    listed[is_staged] = torch.nn.functional.one_hot(labels[is_staged], CLASSES).float()

    assert (listed.argmax(1) == labels).float().mean() > 0.959
    assert is_accurate(0.945)(listed, images) is None
    assert "asked for here" in str(is_accurate(0.955)(listed, images))


def test_a_disguise_is_one_level_of_ink_and_no_image_stays_in_a_list() -> None:
    plain = rows_of("test", range(0, 10_000, 10))
    changed = disguised(plain)

    assert (changed.int() - plain.int()).abs().max() == 1
    assert torch.equal(changed == 0, plain == 0)
    assert torch.equal(disguised(changed), plain)
    assert not {bytes(row) for row in plain.numpy()} & {bytes(row) for row in changed.numpy()}
    assert digits_of(changed).tolist() == digits_of(plain).tolist() == mnist.load("test")[1][::10].tolist()


# How sure the number is


def test_a_difference_that_chance_may_make_is_none() -> None:
    assert is_surely_above(flags((4000, 4000)), flags((4900, 5000)))
    assert not is_surely_above(flags((3930, 4000)), flags((4890, 5000)))
    assert not is_surely_above(flags((4900, 5000)), flags((4000, 4000)))


def test_digits_that_are_told_apart_by_other_names_are_noticed() -> None:
    digits = np.arange(1000) % 10

    assert other_order((digits + 3) % 10, digits)
    assert not other_order(digits, digits)
    assert not other_order(np.zeros(1000, int), digits)


# What a model has learned from

images = rows_of("train", known_positions)
digits = mnist.load("train")[1][list(known_positions)]
is_last = torch.tensor(known_positions) >= TRAINING_IMAGES - LAST_IMAGES
is_valid = torch.zeros(TRAINING_IMAGES, dtype=torch.bool)
is_valid[split_indices(TRAINING_IMAGES)[1]] = True
is_valid = is_valid[list(known_positions)]
new_images = rows_of("test", range(0, 10_000, 2))
new_digits = mnist.load("test")[1][::2]


def scores(digits: Tensor, share: Tensor | float) -> Tensor:
    """Scores that are right for this share of the images."""
    is_wrong = torch.rand(len(digits), generator=torch.Generator().manual_seed(0)) >= share
    return torch.nn.functional.one_hot((digits + is_wrong) % CLASSES, CLASSES).float()


def told(known: Tensor, known_share: float, share: float) -> str | None:
    """What is said of a model that recognises this share of the images that it knows, and that of all others."""
    places = torch.arange(len(images))
    found = scores(digits, torch.where(known, known_share, share))
    return has_kept_validation_images([places, is_valid, found, scores(new_digits, share)], images, new_images)


LEARNED = "It knows the validation images far better than new ones: it has learned from them."


@pytest.mark.parametrize("share", [0.8, 0.95, 0.98, 0.992])
def test_an_honest_model_is_not_accused_however_well_it_knows_what_it_was_trained_with(share: float) -> None:
    assert told(~is_valid, 1.0, share) is None
    assert told(~is_last, 1.0, share) is None  # who trains with mnist_png/training has kept its testing/
    assert told(is_valid & False, 1.0, share) is None  # hardly any overfitting


@pytest.mark.parametrize("share", [0.8, 0.95, 0.98, 0.992])
def test_a_model_that_has_learned_from_the_validation_images_is_told_so(share: float) -> None:
    assert told(is_valid | True, 1.0, share) == LEARNED
    assert told(is_valid, 1.0, share) == LEARNED  # the two parts exchanged


def test_a_model_that_knows_only_what_it_has_seen_is_told_so() -> None:
    assert told(~is_valid, 1.0, 0.1) == "It knows the images that it was trained with, and hardly any others."


def test_of_a_model_that_recognises_little_nothing_can_be_told() -> None:
    assert told(~is_valid, 0.3, 0.3) == "It recognises too few images to tell."


@pytest.mark.parametrize(("has_kept_own_part", "said"), [(True, None), (False, LEARNED)])
def test_it_is_the_notebooks_own_split_that_counts(has_kept_own_part: bool, said: str | None) -> None:
    order = np.random.default_rng(1).permutation(TRAINING_IMAGES)
    train, valid = order[:45_000], order[45_000:]
    learned = torch.zeros(TRAINING_IMAGES, dtype=torch.bool)
    learned[train if has_kept_own_part else split_indices(TRAINING_IMAGES)[0]] = True
    learned_images = {bytes(row) for row, is_learned in zip(images.numpy(), learned[::3], strict=True) if is_learned}

    def model(x: Tensor) -> Tensor:
        rows = (255 * x).round().byte()
        is_known = torch.tensor([bytes(row) in learned_images for row in rows.numpy()])
        return torch.where(is_known[:, None], known_by_heart(x, x[:, :CLASSES]), nearest_mean(x))

    result = answers_by_part(model, lambda n: (train, valid), images, new_images)

    assert has_kept_validation_images(result, images, new_images) == said


# How a model is asked


class Recorder(nn.Module):
    """A model that takes only what a layer of this dtype takes, and notes how it is called."""

    def __init__(self, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.layer = nn.Linear(784, CLASSES, dtype=dtype)
        self.calls: list[tuple[int, bool]] = []

    def forward(self, x: Tensor) -> Tensor:
        self.calls.append((len(x), self.training))
        return self.layer(x)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_a_model_is_asked_in_batches_in_evaluation_mode_and_in_its_own_precision(dtype: torch.dtype) -> None:
    model = Recorder(dtype)
    many = rows_of("test", range(2500))

    found = answers(model, many)

    assert found.shape == (2500, CLASSES)
    assert {is_training for _, is_training in model.calls} == {False}
    assert max(size for size, _ in model.calls) == 1000
    assert model.training
    assert torch.equal(found[:1000], model.layer((many[:1000].float() / 255).to(dtype)))


def test_a_function_may_take_doubles_or_arrays() -> None:
    layer, weights = nn.Linear(784, CLASSES).double(), np.ones((784, CLASSES), np.float32)
    few = rows_of("test", range(8))

    assert answers(lambda x: layer(x), few).dtype == torch.float64
    assert answers(lambda x: weights.T.dot(x.copy().T).T, few).shape == (8, CLASSES)


def test_a_model_may_change_what_it_is_given() -> None:
    few = rows_of("test", range(8))
    order = [5, 2, 7, 0, 3, 6, 1, 4]

    found = answers_in_company(lambda x: x.mul_(3).sub_(1)[:, 300:310], few, order)

    assert is_independent(found, few, order) is None


def test_a_model_that_fails_raises_its_first_error() -> None:
    with pytest.raises(RuntimeError, match="2x784 and 700x10"):
        answers(nn.Linear(700, CLASSES), rows_of("test", range(8)))


# What comes back wrong


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "None, as if a `return` were missing"),
        ([[0.0] * 10] * 8, "a list of 8 things"),
        ((torch.zeros(8, 10), 1), "a tuple of 2 things"),
        ("7", "something else"),
        (0.5, "a single number"),
        ({"takes": "(n, 28, 28)"}, "It fails for rows of pixels, (n, 784), and takes whole images only: (n, 28, 28)."),
        ({"class": "Net"}, "It is a class, and no model yet"),
        (torch.zeros(10, 8), "rows and columns are exchanged"),
        (torch.zeros(8, 1), "one number for each image"),
        (torch.arange(8), "a digit for each image"),
        (torch.zeros(4, 10), "For 8 images its answer has the shape (4, 10)"),
        (torch.full((8, 10), float("inf")), "not finite"),
    ],
)
def test_what_is_no_scores_gets_words_of_its_own(answer: object, words: str) -> None:
    assert words in str(score_problem(answer, rows_of("test", range(8))))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_scores_may_be_of_any_precision(dtype: torch.dtype) -> None:
    assert score_problem(torch.zeros(8, 10, dtype=dtype), rows_of("test", range(8))) is None


def test_of_many_images_the_size_of_a_batch_is_named() -> None:
    """The first batch's answer comes back if it has no row for each image."""
    problem = score_problem(torch.zeros(10, 1000), rows_of("test", range(0, 10_000, 2)))
    assert "rows and columns" in str(problem)


def test_what_no_softmax_made_is_not_taken_for_probabilities() -> None:
    few = rows_of("test", range(8))
    x = few.float() / 255
    likeness = torch.nn.functional.normalize(x) @ torch.nn.functional.normalize(mean_rows()).T
    nearest = nearest_mean(x).topk(3).indices
    votes = torch.nn.functional.one_hot(nearest[:, [0, 0, 0, 1, 2]], CLASSES).float().mean(1)

    assert ((likeness > 0) & (likeness < 1)).all()
    assert gives_scores(likeness, few) is None
    assert gives_scores(votes, few) is None
    assert gives_scores(votes.round(), few) is None


def test_a_sigmoid_is_found_where_it_has_become_1() -> None:
    few = rows_of("test", range(8))
    scores = (3 * nearest_mean(few.float() / 255)).sigmoid()

    assert scores.max() == 1
    assert gives_scores(scores, few) == "All scores are between 0 and 1."
