import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional as F

from reference import full_mnist
from reference.full_mnist import (
    as_input,
    digit_accuracy,
    digit_loss,
    digit_net,
    digit_tensors,
    shuffled_epochs,
    split_indices,
    train_digits,
)
from reference.mnist import load

seeds = st.integers(0, 2**32)


@given(n=st.integers(0, 200), valid_fraction=st.floats(0, 1), seed=seeds)
def test_a_split_is_a_partition(n: int, valid_fraction: float, seed: int) -> None:
    train, valid = split_indices(n, valid_fraction, seed)
    assert sorted(train.tolist() + valid.tolist()) == list(range(n))
    assert len(valid) == int(n * valid_fraction)


def test_a_split_is_shuffled() -> None:
    train, valid = split_indices(100)
    assert train.tolist() != sorted(train.tolist())
    assert valid.tolist() != list(range(80, 100))


def test_the_same_seed_gives_the_same_split_and_another_another() -> None:
    (_, first), (_, again), (_, other) = (split_indices(100, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_a_split_does_not_touch_the_global_random_state() -> None:
    before = torch.random.get_rng_state()
    split_indices(100)
    assert torch.equal(torch.random.get_rng_state(), before)


@given(n=st.integers(1, 20), classes=st.integers(1, 10), scale=st.sampled_from([0.1, 10, 1000]), seed=seeds)
def test_digit_loss_is_cross_entropy(n: int, classes: int, scale: float, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    logits = scale * torch.randn(n, classes, generator=generator)
    targets = torch.randint(classes, (n,), generator=generator)
    torch.testing.assert_close(digit_loss(logits, targets), F.cross_entropy(logits, targets))


def test_digit_accuracy_is_the_share_of_right_answers() -> None:
    logits = torch.tensor([[0.0, 2.0, 1.0], [3.0, -1.0, 0.0], [-3.0, -2.0, -1.0], [0.0, 0.0, 9.0]])
    assert digit_accuracy(logits, torch.tensor([1, 0, 2, 0])).item() == 0.75


def test_input_is_one_row_for_each_image_with_ink_from_0_to_1() -> None:
    images = torch.zeros(2, 28, 28, dtype=torch.uint8)
    images[1, 0, 2] = 255
    x = as_input(images)
    assert (x.shape, x.dtype) == ((2, 784), torch.float32)
    assert (x[1, 2].item(), x.sum().item()) == (1, 1)


def test_targets_are_positions_among_the_scores() -> None:
    labels = torch.tensor([3, 0])
    _, y = digit_tensors(torch.zeros(2, 28, 28, dtype=torch.uint8), labels)
    assert (y.tolist(), y.dtype) == ([3, 0], torch.int64)


@pytest.mark.parametrize("shape", [(5, 784), (5, 28, 28)])
def test_the_network_gives_ten_scores_for_each_image(shape: tuple[int, ...]) -> None:
    assert digit_net()(torch.rand(shape)).shape == (5, 10)


def test_the_network_is_not_linear() -> None:
    model, x = digit_net(), torch.rand(4, 784)
    assert not torch.allclose(model(x) - model(0 * x), -(model(-x) - model(0 * x)), atol=1e-3)


def test_every_epoch_has_all_indices_in_a_new_order() -> None:
    indices = torch.arange(100, 120)
    first, second = (torch.cat(batches).tolist() for batches in shuffled_epochs(indices, 2, 8, seed=0))
    assert sorted(first) == sorted(second) == indices.tolist()
    assert first != second


def test_batches_have_the_size_asked_for_and_a_short_last_one() -> None:
    (batches,) = shuffled_epochs(torch.arange(20), 1, 8, seed=0)
    assert [len(batch) for batch in batches] == [8, 8, 4]


@pytest.fixture(scope="module")
def trained() -> nn.Module:
    return train_digits(*load("train"))


def test_training_reads_98_of_100_unseen_digits(trained: nn.Module) -> None:
    images, labels = load("test")
    assert digit_accuracy(trained(as_input(images)), labels) >= 0.98


def test_the_trained_model_is_in_eval_mode_where_the_images_are(trained: nn.Module) -> None:
    assert not trained.training
    assert {p.device for p in trained.parameters()} == {torch.device("cpu")}


def test_one_epoch_with_few_images_is_better_than_chance() -> None:
    images, labels = few(2000)
    model = train_digits(images, labels, epochs=1, batch_size=32, device="cpu")
    assert digit_accuracy(model(as_input(images)), labels) > 0.7


def test_training_twice_gives_the_same_model_and_another_seed_another() -> None:
    first, again, other = (
        train_digits(*few(500), epochs=1, device="cpu", seed=seed).state_dict() for seed in (1, 1, 2)
    )
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not any(torch.equal(first[name], other[name]) for name in first)


def test_training_does_not_touch_the_global_random_state() -> None:
    before = torch.random.get_rng_state()
    train_digits(*few(500), epochs=1, device="cpu")
    assert torch.equal(torch.random.get_rng_state(), before)


def test_the_model_of_the_best_epoch_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """With accuracies as they are told here, whatever the model does."""
    told = iter([0.5, 0.9, 0.7])
    seen: list[Tensor] = []

    def accuracy(logits: Tensor, targets: Tensor) -> Tensor:
        seen.append(logits)
        return torch.tensor(next(told))

    images, labels = few(500)
    monkeypatch.setattr(full_mnist, "digit_accuracy", accuracy)
    model = train_digits(images, labels, epochs=3, device="cpu")

    _, valid = split_indices(len(images))
    assert torch.equal(model(as_input(images[valid])), seen[1])
    assert not torch.equal(seen[1], seen[2])


def few(n: int) -> tuple[Tensor, Tensor]:
    images, labels = load("train")
    return images[:n], labels[:n]
