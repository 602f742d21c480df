from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from reference.data_loader import DataLoader
from reference.datasets import make_dataset
from reference.learner import DataLoaders, Learner
from reference.optimizer import BasicOptim


class Modes(nn.Linear):
    """A linear layer that keeps in which mode it was called, and whether gradients were on."""

    def __init__(self) -> None:
        super().__init__(2, 1)
        self.calls: list[tuple[bool, bool]] = []

    def forward(self, x: Tensor) -> Tensor:
        self.calls.append((self.training, torch.is_grad_enabled()))
        return super().forward(x)


@pytest.fixture
def dls() -> DataLoaders:
    generator = torch.Generator().manual_seed(0)
    train_x, valid_x = (torch.rand(n, 2, generator=generator) for n in (10, 7))
    train, valid = (make_dataset(x, x.sum(1, keepdim=True)) for x in (train_x, valid_x))
    return DataLoaders(DataLoader(train, batch_size=4), DataLoader(valid, batch_size=4))


def mean_error(predictions: Tensor, targets: Tensor) -> Tensor:
    return (predictions - targets).abs().mean()


def test_training_agrees_with_torchs_own_optimizer(dls: DataLoaders) -> None:
    model, expected = nn.Linear(2, 1), nn.Linear(2, 1)
    expected.load_state_dict(model.state_dict())
    for trained, opt_func in ((model, BasicOptim), (expected, torch.optim.SGD)):
        Learner(dls, trained, nn.functional.mse_loss, opt_func).fit(3, 0.1)
    torch.testing.assert_close(model.state_dict(), expected.state_dict())


def test_training_lowers_the_loss(dls: DataLoaders) -> None:
    learner = Learner(dls, nn.Linear(2, 1), nn.functional.mse_loss, BasicOptim)
    learner.fit(20, 0.2)
    assert learner.recorder.values[-1][1] < learner.recorder.values[0][1]


def test_every_training_batch_has_a_loss_on_record(dls: DataLoaders) -> None:
    learner = Learner(dls, nn.Linear(2, 1), nn.functional.mse_loss, BasicOptim)
    learner.fit(2, 0.1)
    assert len(learner.recorder.losses) == 2 * 3
    assert all(type(loss) is float for loss in learner.recorder.losses)


def test_every_epoch_has_a_row_of_both_losses_and_the_metrics(dls: DataLoaders) -> None:
    learner = Learner(dls, nn.Linear(2, 1), nn.functional.mse_loss, BasicOptim, metrics=[mean_error, mean_error])
    learner.fit(2, 0.1)
    assert [len(row) for row in learner.recorder.values] == [4, 4]


def test_metrics_take_predictions_first(dls: DataLoaders) -> None:
    targets_mean = torch.cat([y for _, y in dls.valid]).mean().item()
    learner = Learner(dls, nn.Linear(2, 1), nn.functional.mse_loss, BasicOptim, metrics=[lambda _, y: y.mean()])
    learner.fit(1, 0.1)
    assert learner.recorder.values[0][2] == pytest.approx(targets_mean)


@pytest.mark.parametrize("loss_func", [nn.functional.mse_loss, mean_error])
def test_means_are_over_items_not_over_batches(dls: DataLoaders, loss_func: Callable[[Tensor, Tensor], Tensor]) -> None:
    model = nn.Linear(2, 1)
    learner = Learner(dls, model, loss_func, BasicOptim, metrics=[mean_error])
    learner.fit(1, 0.0)  # nothing changes, so the whole sets can be measured afterwards
    train, valid = ([torch.cat(column) for column in zip(*dl, strict=True)] for dl in (dls.train, dls.valid))
    expected = [
        loss_func(model(train[0]), train[1]).item(),
        loss_func(model(valid[0]), valid[1]).item(),
        mean_error(model(valid[0]), valid[1]).item(),
    ]
    assert learner.recorder.values[0] == pytest.approx(expected)


def test_training_runs_in_train_mode_and_validation_in_eval_mode_without_gradients(dls: DataLoaders) -> None:
    model = Modes()
    Learner(dls, model, nn.functional.mse_loss, BasicOptim).fit(2, 0.1)
    train, valid = (True, True), (False, False)
    assert model.calls == [train, train, train, valid, valid] * 2


def test_a_second_fit_goes_on_from_the_model_and_the_records(dls: DataLoaders) -> None:
    learner = Learner(dls, nn.Linear(2, 1), nn.functional.mse_loss, BasicOptim)
    learner.fit(5, 0.2)
    learner.fit(1, 0.2)
    assert len(learner.recorder.values) == 6
    assert learner.recorder.values[5][0] < learner.recorder.values[0][0]


def test_nothing_is_on_record_before_the_first_fit(dls: DataLoaders) -> None:
    recorder = Learner(dls, nn.Linear(2, 1), nn.functional.mse_loss, BasicOptim).recorder
    assert (recorder.losses, recorder.values) == ([], [])


def test_the_optimizer_is_made_in_fit_from_parameters_and_learning_rate(dls: DataLoaders) -> None:
    made = []

    def opt_func(params: object, lr: float) -> BasicOptim:
        made.append(BasicOptim(params, lr))  # type: ignore[arg-type]  # it is Iterable[Tensor]
        return made[-1]

    model = nn.Linear(2, 1)
    learner = Learner(dls, model, nn.functional.mse_loss, opt_func)
    assert made == []
    learner.fit(1, 0.25)
    assert [optimizer.lr for optimizer in made] == [0.25]
    assert all(p is q for p, q in zip(made[0].params, model.parameters(), strict=True))
