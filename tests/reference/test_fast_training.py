import copy
from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional as F

from reference import mnist
from reference.adam import FlatAdam
from reference.digit_nets import digit_mlp
from reference.fast_training import (
    WARM_UP_STEPS,
    make_step,
    plan_training,
    predict,
    recorded,
    smooth_loss,
    windows,
)
from reference.recipe_training import new_model
from reference.recipes import RECIPES, Recipe, quickest

CPU = torch.device("cpu")
seeds = st.integers(0, 2**32)
tiny = Recipe(
    "tiny",
    "a tiny one",
    partial(digit_mlp, 8),
    reaches=0.5,
    epochs=2,
    batch_size=16,
    lr=0.01,
    momentum=(0.9, 0.8),
    shift=1,
    smoothing=0.1,
)


def few(split: mnist.Split, n: int = 200) -> tuple[Tensor, Tensor]:
    images, labels = mnist.load(split)
    return images[:n], labels[:n]


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
        loss = F.cross_entropy(plain(x), labels[batch], label_smoothing=0.1)
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


def test_the_first_weights_are_the_seeds() -> None:
    first, again, other = (next(new_model(tiny, CPU, seed).parameters()) for seed in (1, 1, 2))

    assert torch.equal(first, again)
    assert not torch.equal(first, other)


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
