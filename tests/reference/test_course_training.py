import math
from dataclasses import replace
from functools import partial

import pytest
import torch
from torch import Tensor

from reference import course_training, mnist, trainings
from reference.chapter_training import CHAPTER_RECIPES, train_as_in_the_chapter
from reference.course_training import train
from reference.devices import existing_device, memory_error_for
from reference.digit_nets import digit_mlp
from reference.recipe_training import train_by_recipe
from reference.recipes import RECIPES, Recipe
from reference.training_record import Training
from reference.trainings import Data, threes_and_sevens

Told = list[tuple[int, int, float, float]]

CPU = torch.device("cpu")
tiny = Recipe(
    "tiny", "a tiny one", partial(digit_mlp, 8), 0.5, epochs=2, batch_size=16, lr=0.01, momentum=(0.9, 0.8), shift=1
)


def few(split: mnist.Split, n: int = 200) -> tuple[Tensor, Tensor]:
    images, labels = mnist.load(split)
    return images[:n], labels[:n]


def train_tiny(seed: int = 1, recipe: Recipe = tiny) -> Training:
    return train_by_recipe(recipe, CPU, seed, lambda *_: None, few)


@pytest.fixture(scope="module")
def trained() -> tuple[Training, Told]:
    told: Told = []
    return train(target=0.98, tell=lambda *what: told.append(what)), told


def test_the_quickest_recipe_for_98_percent_reaches_them(
    trained: tuple[Training, Told],
) -> None:
    training, _ = trained
    assert training.accuracy >= 0.98
    assert training.title == RECIPES[0].title


def test_a_training_leaves_its_losses_epochs_and_phases(
    trained: tuple[Training, Told],
) -> None:
    training, _ = trained
    steps = len(training.losses)
    assert sum(training.losses[-50:]) < sum(training.losses[:50]) / 2
    assert [epoch.train_loss for epoch in training.epochs] == pytest.approx(
        torch.tensor(training.losses).view(len(training.epochs), -1).mean(1).tolist()
    )
    assert training.epochs[-1].accuracy == pytest.approx(training.accuracy)
    assert list(training.phases) == ["load", "prepare", "train", "evaluate"]
    assert sum(epoch.seconds for epoch in training.epochs) == pytest.approx(training.phases["train"])
    assert (training.peak_device_bytes, training.device) == (0, "CPU, 1 thread")
    assert steps == 468 * RECIPES[0].epochs


def test_it_tells_how_far_it_is(trained: tuple[Training, Told]) -> None:
    training, told = trained
    steps = len(training.losses)
    assert [step for step, *_ in told] == sorted(step for step, *_ in told)
    assert {total for _, total, *_ in told} == {steps}
    assert math.isnan(told[0][3])
    assert told[-1] == pytest.approx((steps, steps, training.losses[-1], training.accuracy))
    assert all(loss == pytest.approx(training.losses[step - 1]) for step, _, loss, _ in told)


def test_it_shows_the_images_that_it_misreads_the_worst_first(
    trained: tuple[Training, Told],
) -> None:
    misread = trained[0].misread
    assert len(misread) == 24
    assert all(one.right != one.predicted and one.probability < 0.5 for one in misread)
    assert [one.probability for one in misread] == sorted(one.probability for one in misread)
    assert {(one.image.shape, one.image.dtype) for one in misread} == {((28, 28), torch.uint8)}


def test_it_says_how_it_was_trained() -> None:
    training = train_tiny()
    assert training.settings["random shifts"] == "up to 1 pixel"
    assert training.settings["learning rate"] == "one cycle up to 0.01"
    assert (training.seed, training.parameters) == (1, 784 * 8 + 2 * 8 + 8 * 10 + 10)


def test_the_same_seed_gives_the_same_training_and_another_another() -> None:
    first, again, other = (train_tiny(seed) for seed in (1, 1, 2))
    assert first.losses == again.losses
    assert torch.equal(first.weights, again.weights)
    assert first.losses != other.losses


def test_random_state_and_threads_are_what_they_were() -> None:
    state, threads = torch.random.get_rng_state(), torch.get_num_threads()
    seen = []
    torch.set_num_threads(2)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                course_training, "train_by_recipe", lambda *_: seen.append(torch.get_num_threads()) or train_tiny()
            )
            train()
        assert (seen, torch.get_num_threads()) == ([1], 2)
    finally:
        torch.set_num_threads(threads)
    assert torch.equal(torch.random.get_rng_state(), state)


# The chapter's models


@pytest.mark.parametrize("name", ["linear", "simple_net"])
def test_a_chapters_recipe_trains_what_the_chapters_training_does(name: str) -> None:
    pairs = threes_and_sevens()
    chosen = torch.randperm(len(pairs.train_x), generator=torch.Generator().manual_seed(0))[:600]
    data = Data(pairs.train_x[chosen], pairs.train_y[chosen], pairs.valid_x, pairs.valid_y)
    recipe = replace(next(recipe for recipe in CHAPTER_RECIPES if recipe.model == name), epochs=3)
    told: Told = []
    learner = getattr(trainings, f"train_{name}")(data, seed=7, epochs=3)

    training = train_as_in_the_chapter(recipe, CPU, 7, lambda *what: told.append(what), data)

    assert torch.equal(training.weights.flatten(), next(learner.model.parameters()).flatten())
    assert training.losses == learner.recorder.losses
    assert [[epoch.train_loss, epoch.accuracy] for epoch in training.epochs] == [
        [loss, accuracy] for loss, _, accuracy in learner.recorder.values
    ]
    assert training.accuracy == pytest.approx(learner.recorder.values[-1][2])
    assert training.confusion.sum(1).tolist() == [1010, 1028]
    assert [what[:2] for what in told] == [(3, 9), (6, 9), (9, 9)]


def test_the_chapters_model_shows_what_it_takes_for_the_other_digit() -> None:
    data = threes_and_sevens()
    recipe = replace(CHAPTER_RECIPES[0], epochs=1)

    training = train_as_in_the_chapter(recipe, CPU, 7, lambda *_: None, data.part(500))

    images = mnist.load("test")[0]
    for misread in training.misread:
        (found,) = (images == misread.image).all((1, 2)).nonzero()[:, 0].tolist()
        assert training.classes[misread.right] == str(mnist.load("test")[1][found].item())
        assert (misread.right != misread.predicted, misread.probability < 0.5) == (True, True)


def test_a_chapters_model_is_trained_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = tuple(replace(recipe, epochs=1) for recipe in CHAPTER_RECIPES)
    monkeypatch.setattr(course_training, "CHAPTER_RECIPES", quick)

    training = train("linear", target=0.97)

    assert (training.classes, training.weights.shape) == (("3", "7"), (1, 28, 28))
    assert training.accuracy > 0.9


# What can't be


def test_an_unknown_model_names_those_that_there_are() -> None:
    with pytest.raises(ValueError, match=r"transformer: no such model. There are: .*mlp"):
        train("transformer")


@pytest.mark.parametrize("name", ["gpu", "meta", ""])
def test_what_is_no_device_names_those_that_there_may_be(name: str) -> None:
    with pytest.raises(ValueError, match=r"no device to train on. Those are cpu and cuda"):
        existing_device(name)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_that_is_not_there_says_what_torch_sees() -> None:
    with pytest.raises(ValueError, match=r"cuda: torch .*, built .*, sees no GPU"):
        existing_device("cuda")


@pytest.mark.parametrize(
    "error",
    [
        torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:119] DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_a_full_memory_names_the_mini_batch(error: RuntimeError) -> None:
    with (
        pytest.raises(MemoryError, match="memory is full, with all images and mini-batches of 16"),
        memory_error_for(CPU, 16),
    ):
        raise error


def test_what_really_fills_the_memory_is_told_as_a_memory_error() -> None:
    with pytest.raises(MemoryError, match="mini-batches of 16"), memory_error_for(CPU, 16):
        torch.empty(2**60)


def test_another_error_stays_what_it_is() -> None:
    with pytest.raises(RuntimeError, match="shapes"), memory_error_for(CPU, 16):
        raise RuntimeError("shapes cannot be multiplied")
