import copy
import math
from dataclasses import replace
from functools import partial

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional as F

from reference import course_training, mnist, trainings
from reference.adam import FlatAdam
from reference.chapter_training import CHAPTER_RECIPES, train_as_in_the_chapter
from reference.course_training import MODELS, train
from reference.devices import existing_device, memory_error_for
from reference.digit_nets import digit_mlp, small_cnn
from reference.fast_training import (
    WARM_UP_STEPS,
    make_step,
    plan_training,
    predict,
    recorded,
    smooth_loss,
    windows,
)
from reference.inspection import confusion, first_weights, worst_misread
from reference.one_cycle import one_cycle
from reference.recipe_training import new_model, train_by_recipe
from reference.recipes import RECIPES, Recipe, quickest
from reference.training_record import Training
from reference.trainings import Data, threes_and_sevens

CPU = torch.device("cpu")
seeds = st.integers(0, 2**32)
tiny = Recipe(
    "tiny", "a tiny one", partial(digit_mlp, 8), 0.5, epochs=2, batch_size=16, lr=0.01, momentum=(0.9, 0.8), shift=1
)


def few(split: mnist.Split, n: int = 200) -> tuple[Tensor, Tensor]:
    images, labels = mnist.load(split)
    return images[:n], labels[:n]


def train_tiny(seed: int = 1, recipe: Recipe = tiny) -> Training:
    return train_by_recipe(recipe, CPU, seed, lambda *_: None, few)


# The schedule


@settings(max_examples=20)
@given(steps=st.integers(2, 60), warm_up=st.floats(0.1, 0.9))
def test_one_cycle_is_torchs(steps: int, warm_up: float) -> None:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.1)
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 0.1, steps, pct_start=warm_up, div_factor=25, final_div_factor=4000, cycle_momentum=False
    )
    rates = []
    for _ in range(steps):
        rates.append(cycle.get_last_lr()[0])
        optimizer.step()
        cycle.step()

    torch.testing.assert_close(one_cycle(0.1 / 25, 0.1, 1e-6, steps, warm_up), torch.tensor(rates))


def test_one_cycle_climbs_then_falls_from_the_start_over_the_top_to_the_end() -> None:
    values = one_cycle(0.1, 1.0, 0.0, 40, warm_up=0.25)

    assert (values[0].item(), values[-1].item()) == pytest.approx((0.1, 0.0))
    assert (values.argmax().item(), values.max().item()) == (9, 1.0)
    assert (values[:10].diff() > 0).all()
    assert (values[9:].diff() < 0).all()


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_cycle_of_few_steps_has_them_all(steps: int) -> None:
    assert one_cycle(0.1, 1.0, 0.0, steps).isfinite().sum() == steps


# Adam over one vector


def test_flat_adam_is_torchs_adam_with_a_rate_and_momentum_that_change() -> None:
    mine = small_cnn(2, 3, 4).to(torch.float64, memory_format=torch.channels_last)
    theirs = copy.deepcopy(mine)
    flat, theirs_adam = FlatAdam(mine), torch.optim.Adam(theirs.parameters())
    images, labels = few("train", 32)
    x = images.double() / 255

    for step in range(1, 11):
        lr, momentum = 0.001 * step, 0.95 - 0.01 * step
        flat.zero_grad()
        F.cross_entropy(mine(x), labels).backward()
        flat.step(*torch.tensor([[lr], [momentum]], dtype=torch.float64))
        theirs_adam.zero_grad()
        F.cross_entropy(theirs(x), labels).backward()
        theirs_adam.param_groups[0].update(lr=lr, betas=(momentum, 0.999))
        theirs_adam.step()

    for parameter, expected in zip(mine.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(parameter, expected)


def test_flat_adam_keeps_values_shapes_and_strides_and_all_lie_in_one_vector() -> None:
    model = small_cnn(2, 3, 4).to(memory_format=torch.channels_last)
    before = [(parameter.detach().clone(), parameter.stride()) for parameter in model.parameters()]
    optimizer = FlatAdam(model)

    for parameter, (values, stride) in zip(model.parameters(), before, strict=True):
        assert torch.equal(parameter, values)
        assert parameter.stride() == stride
    optimizer.weights.fill_(7)
    assert all((parameter == 7).all() for parameter in model.parameters())


# Loss


@given(n=st.integers(1, 20), classes=st.integers(1, 10), smoothing=st.floats(0, 1), seed=seeds)
def test_smooth_loss_is_cross_entropy_with_label_smoothing(n: int, classes: int, smoothing: float, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    logits = 10 * torch.randn(n, classes, generator=generator)
    targets = torch.randint(classes, (n,), generator=generator)

    torch.testing.assert_close(
        smooth_loss(logits, targets, smoothing), F.cross_entropy(logits, targets, label_smoothing=smoothing)
    )


# Images and their order


@given(shift=st.integers(0, 3), down=st.integers(-3, 3), right=st.integers(-3, 3))
def test_a_window_moves_the_image_the_other_way_over_background(shift: int, down: int, right: int) -> None:
    down, right = max(-shift, min(shift, down)), max(-shift, min(shift, right))
    image = torch.randint(1, 256, (5, 7), dtype=torch.uint8)

    seen = windows(torch.stack([image, 0 * image]), shift)[0, shift + down, shift + right]

    moved = torch.zeros_like(image)
    for row in range(5):
        for column in range(7):
            if 0 <= row + down < 5 and 0 <= column + right < 7:
                moved[row, column] = image[row + down, column + right]
    assert torch.equal(seen, moved)


@given(n=st.integers(1, 100), size=st.integers(1, 40), epochs=st.integers(1, 3), seed=seeds)
def test_no_image_comes_twice_in_an_epoch_and_less_than_a_batch_is_left_out(
    n: int, size: int, epochs: int, seed: int
) -> None:
    recipe = Recipe("", "", digit_mlp, 0, epochs, size, 0.01, (0.9, 0.8))

    plan = plan_training(recipe, n, seed, CPU)

    orders = plan.order.view(epochs, -1)
    assert all(len(set(order.tolist())) == orders.shape[1] for order in orders)
    assert 0 <= n - orders.shape[1] < min(n, size)
    assert 0 <= orders.min() <= orders.max() < n


def test_the_epochs_have_different_orders_and_their_shifts_are_all_there_are() -> None:
    plan = plan_training(tiny, 160, 3, CPU)

    first, second = plan.order.view(2, 160)
    assert not torch.equal(first, second)
    assert plan.shifts.unique().tolist() == [0, 1, 2]
    assert plan.shifts.shape == (20, 16, 2)


def test_where_the_learning_rate_is_highest_the_momentum_is_lowest() -> None:
    plan = plan_training(tiny, 160, 3, CPU)

    assert plan.lr.argmax() == plan.momentum.argmin() == 4
    assert (plan.lr.max().item(), plan.momentum.min().item()) == pytest.approx((0.01, 0.8))
    assert (plan.lr[0].item(), plan.momentum[0].item()) == pytest.approx((0.01 / 25, 0.9))
    assert (plan.lr[-1].item(), plan.momentum[-1].item()) == pytest.approx((1e-7, 0.9))


# The step


def test_a_step_is_what_the_chapters_loop_does() -> None:
    """Its counter, lookups and one vector of weights change nothing: loss, gradient, step, with the next images."""
    images, labels = few("train")
    model = new_model(tiny, CPU, seed=5)
    plain = copy.deepcopy(model)
    optimizer = torch.optim.Adam(plain.parameters())
    plan = plan_training(tiny, len(images), 5, CPU)
    step = make_step(model, images, labels, plan, tiny)
    seen, losses = windows(images, 1), []

    for taken, batch in enumerate(plan.order):
        step()
        x = torch.stack([seen[i, y, x] for i, (y, x) in zip(batch, plan.shifts[taken], strict=True)]) / 255
        loss = F.cross_entropy(plain(x), labels[batch])
        loss.backward()
        losses.append(loss.item())
        optimizer.param_groups[0].update(lr=plan.lr[taken].item(), betas=(plan.momentum[taken].item(), 0.999))
        optimizer.step()
        optimizer.zero_grad()

    torch.testing.assert_close(plan.losses, torch.tensor(losses), atol=1e-4, rtol=1e-4)
    for parameter, expected in zip(model.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(parameter, expected, atol=1e-4, rtol=1e-3)


def test_a_step_keeps_every_tensor_where_it_is() -> None:
    """A GPU's recording goes to the same addresses again."""
    model = new_model(tiny, CPU, seed=5)
    plan = plan_training(tiny, 200, 5, CPU)
    step = make_step(model, *few("train"), plan, tiny)

    def addresses() -> list[int]:
        parameters = list(model.parameters())
        kept = [*parameters, *(parameter.grad for parameter in parameters), *model.buffers(), plan.losses]
        return [tensor.data_ptr() for tensor in kept if tensor is not None]

    before = addresses()
    step()
    step()

    assert addresses() == before
    assert (plan.losses != 0).tolist() == [True, True] + [False] * 22


def test_a_step_asks_python_for_nothing_that_depends_on_numbers() -> None:
    """Tensors of the meta device have none, and whatever asks for one raises: what a GPU's recording needs."""
    nowhere = torch.device("meta")
    model = new_model(tiny, nowhere, seed=5)
    step = make_step(
        model, *(tensor.to(nowhere) for tensor in few("train")), plan_training(tiny, 200, 5, nowhere), tiny
    )

    step()
    step()

    with pytest.raises(RuntimeError, match="meta"):
        next(model.parameters())[0, 0].item()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_recorded_step_does_what_the_step_does() -> None:
    gpu = torch.device("cuda")
    digits = [tensor.to(gpu) for tensor in few("train")]
    losses = []
    for is_recorded in (False, True):
        plan = plan_training(tiny, 200, 5, gpu)
        step = make_step(new_model(tiny, gpu, seed=5), *digits, plan, tiny)
        taken = WARM_UP_STEPS if is_recorded else 0
        step = recorded(step) if is_recorded else step
        for _ in range(taken, len(plan.losses)):
            step()
        losses.append(plan.losses.cpu())

    assert (losses[0] > 0).all()
    torch.testing.assert_close(losses[1], losses[0], atol=0.02, rtol=0.02)


def test_the_channels_of_a_convolution_lie_next_to_each_other() -> None:
    model = new_model(quickest(0, RECIPES, "cnn"), CPU, seed=5)
    FlatAdam(model)

    convolutions = [layer for layer in model if isinstance(layer, nn.Conv2d)]
    assert [layer.weight.stride(1) for layer in convolutions] == [1, 1]


def test_predicting_is_in_eval_mode_and_leaves_the_mode_as_it_was() -> None:
    model = digit_mlp(8)
    images, _ = few("test", 25)

    together, apart = predict(model, images, 25), predict(model, images, 1)

    assert model.training
    torch.testing.assert_close(together, apart)


# Recipes


def test_the_quickest_recipe_is_the_first_that_reaches_the_target() -> None:
    slow, good, other = (
        Recipe(model, "", digit_mlp, reaches, 1, 8, 0.1, (0.9, 0.8))
        for model, reaches in (("a", 0.9), ("a", 0.95), ("b", 0.99))
    )
    recipes = (slow, good, other)

    assert [quickest(target, recipes) for target in (0, 0.9, 0.91, 0.95, 0.96)] == [slow, slow, good, good, other]
    assert quickest(0, recipes, "b") is other


@pytest.mark.parametrize("model", ["", *MODELS])
def test_a_target_that_no_recipe_reaches_names_the_best(model: str) -> None:
    with pytest.raises(ValueError, match=r"No recipe.* reaches an accuracy of 0.9999.* reaches 0.9"):
        train(model, target=0.9999)


def test_every_model_has_a_recipe_and_every_recipe_its_model() -> None:
    assert {recipe.model for recipe in (*CHAPTER_RECIPES, *RECIPES)} == set(MODELS)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: f"{recipe.model} {recipe.reaches}")
def test_every_recipes_network_takes_images_and_gives_ten_scores(recipe: Recipe) -> None:
    assert recipe.make()(torch.rand(5, 28, 28)).shape == (5, 10)


# What a training leaves


@pytest.fixture(scope="module")
def trained() -> tuple[Training, list[tuple[int, int, float, float]]]:
    told: list[tuple[int, int, float, float]] = []
    return train(target=0.98, tell=lambda *what: told.append(what)), told


def test_the_quickest_recipe_for_98_percent_reaches_them(
    trained: tuple[Training, list[tuple[int, int, float, float]]],
) -> None:
    training, _ = trained
    assert training.accuracy >= 0.98
    assert training.title == RECIPES[0].title


def test_a_training_leaves_its_losses_epochs_and_phases(
    trained: tuple[Training, list[tuple[int, int, float, float]]],
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


def test_it_tells_how_far_it_is(trained: tuple[Training, list[tuple[int, int, float, float]]]) -> None:
    training, told = trained
    steps = len(training.losses)
    assert [step for step, *_ in told] == sorted(step for step, *_ in told)
    assert {total for _, total, *_ in told} == {steps}
    assert math.isnan(told[0][3])
    assert told[-1] == pytest.approx((steps, steps, training.losses[-1], training.accuracy))
    assert all(loss == pytest.approx(training.losses[step - 1]) for step, _, loss, _ in told)


def test_it_shows_the_images_that_it_misreads_the_worst_first(
    trained: tuple[Training, list[tuple[int, int, float, float]]],
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


def test_confusion_has_a_row_for_each_right_class() -> None:
    logits = F.one_hot(torch.tensor([2, 2, 0, 1]), 3).float()

    table = confusion(logits, torch.tensor([2, 1, 0, 1]))

    assert table.tolist() == [[1, 0, 0], [0, 1, 1], [0, 0, 1]]


def test_only_misread_images_are_shown_and_no_more_than_asked_for() -> None:
    images = torch.arange(4, dtype=torch.uint8).view(4, 1, 1)
    logits = torch.tensor([[0.0, 1.0], [5.0, 0.0], [0.0, 9.0], [9.0, 0.0]])
    labels = torch.tensor([0, 1, 0, 0])

    worst = worst_misread(images, labels, logits, most=2)

    assert [one.image.item() for one in worst] == [2, 1]
    assert [(one.right, one.predicted) for one in worst] == [(0, 1), (1, 0)]
    assert worst[0].probability == pytest.approx(1 / (1 + math.exp(9)))


@pytest.mark.parametrize(("model", "shape"), [(digit_mlp(8), (8, 28, 28)), (small_cnn(4, 5, 6), (4, 5, 5))])
def test_first_weights_are_images(model: nn.Module, shape: tuple[int, ...]) -> None:
    weights = first_weights(model)
    assert weights.shape == shape
    assert torch.equal(weights.flatten(), next(p for p in model.parameters() if p.dim() > 1).flatten())


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
    told: list[tuple[int, int, float, float]] = []
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


@pytest.mark.parametrize("name", ["gpu", "cuda:first", "meta", ""])
def test_what_is_no_device_names_those_that_there_may_be(name: str) -> None:
    with pytest.raises(ValueError, match=r"no device to train on. .*cpu, cuda"):
        existing_device(name)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_that_is_not_there_says_what_torch_sees() -> None:
    with pytest.raises(ValueError, match=r"cuda: not there. torch .* sees 0 GPUs"):
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
