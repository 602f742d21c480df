"""A course's trainings: asked for by name and target, and refused in words; what comes back, as the engine reads it."""

import math

import pytest

from grader.course import load_course
from grader.errors import UserError
from grader.training import check_wish, score_of
from tests.grader.test_course import COURSE, course_file
from tests.grader.training_examples import TRAINER, training_of

FILES = {COURSE: course_file(training="lessons"), "reference/lessons.py": TRAINER}


@pytest.fixture
def trained(load):
    """Trains in the course whose trainings take no time."""
    course = load(FILES)

    def train(model="", device="cpu", target=0.0, seed=42, tell=lambda *_: None):
        return course.train(model, device, target, seed, tell)

    return train


# Trainings


def test_a_training_gets_what_was_asked_for(trained):
    training = trained("linear", "cuda", seed=7)

    assert (training.title, training.device, training.seed) == ("linear", "cuda", 7)


def test_without_a_model_the_course_chooses(trained):
    assert trained(target=0.9).title == "the quickest"


def test_progress_comes_step_by_step(trained):
    told = []

    trained(tell=lambda *words: told.append(words))

    assert [(step, steps) for step, steps, _, _ in told] == [(1, 3), (2, 3), (3, 3)]
    assert math.isnan(told[0][3])


def test_the_score_is_the_diagonal_of_the_confusion_matrix(trained):
    score = score_of(trained())

    assert (score.right, score.total, score.share) == (95, 100, 0.95)
    assert score.interval == pytest.approx((0.8882, 0.9785), abs=5e-5)


def test_tensors_are_read_like_lists():
    score = score_of(training_of())

    assert (score.right, score.total) == (54, 60)
    assert type(score.right) is int


def test_where_nothing_was_tested_nothing_is_known():
    score = score_of(training_of(confusion=[[0, 0], [0, 0]], classes=("a", "b")))

    assert (score.share, score.interval) == (0.0, (0.0, 1.0))


def test_the_courses_that_are_loaded_after_one_another_train_their_own_models(load):
    first = load(FILES, "first")
    second = load({**FILES, "reference/lessons.py": TRAINER.replace('"linear"', '"other"')}, "second")

    assert list(second.trainer().MODELS) == ["other", "deep"]
    assert list(first.trainer().MODELS) == ["linear", "deep"]


def test_the_built_in_course_has_models():
    models = load_course().trainer().MODELS

    assert models
    assert all(name.isidentifier() and line for name, line in models.items())


# What can't be had


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"model": "liner"}, "--model liner: no such model. Did you mean linear? There are: linear, deep."),
        ({"model": "zzz"}, "--model zzz: no such model. There are: linear, deep."),
        ({"target": 0.999}, "No recipe reaches 99.9%. The best one reaches 99%."),
        ({"target": 99.0}, "--target 99: give a share of the test images, from 0 to 1; 99% is 0.99."),
        ({"target": -0.5}, "--target -0.5: give a share of the test images, from 0 to 1."),
        ({"target": math.nan}, "--target nan: give a share of the test images, from 0 to 1."),
        ({"model": "deep"}, "--device cpu: out of memory. It is full with mini-batches of 4096 images."),
    ],
    ids=str,
)
def test_what_can_not_be_had_is_refused_in_words(trained, wish, sentence):
    with pytest.raises(UserError) as caught:
        trained(**wish)

    assert str(caught.value) == sentence


@pytest.mark.parametrize("target", [0, 0.5, 1])
def test_every_share_may_be_asked_for(target):
    check_wish("", target, {"linear": ""})


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "Numbers: this course has no models to train"),
        ({COURSE: FILES[COURSE]}, "its training 'lessons' has no file lessons.py in reference/"),
        ({**FILES, "reference/lessons.py": "MODELS = {}\ndef train(): ...\n"}, "reference/lessons.py: has no `MODELS"),
        ({**FILES, "reference/lessons.py": "MODELS = {'a': 'b'}\n"}, "no function `train`"),
    ],
    ids=["no training", "no file", "no models", "no train"],
)
def test_a_course_that_can_not_train_says_why(load, files, sentence):
    with pytest.raises(UserError) as caught:
        load(files).trainer()

    assert sentence in str(caught.value)
