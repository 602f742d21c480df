from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.axes import Axes

from reference.plots import plot_losses, plot_relu, plot_sigmoid


@pytest.fixture(autouse=True)
def axes() -> Iterator[Axes]:
    """The axes of a new figure, which no window shows."""
    mpl.use("agg")
    figure = plt.figure()
    yield figure.gca()
    plt.close(figure)


def test_the_sigmoid_climbs_from_nearly_0_to_nearly_1_and_is_a_half_at_0(axes: Axes) -> None:
    plot_sigmoid()
    (line,) = axes.lines
    x, y = line.get_xydata().T
    assert (x[0], x[-1]) == (-4, 4)
    assert (np.diff(y) > 0).all()
    np.testing.assert_allclose(y, 1 / (1 + np.exp(-x)), atol=1e-6)
    assert y[x == 0] == 0.5


def test_the_relu_is_flat_and_then_the_diagonal(axes: Axes) -> None:
    plot_relu()
    (line,) = axes.lines
    x, y = line.get_xydata().T
    assert (x[0], x[-1]) == (-2, 2)
    assert 0 in x
    np.testing.assert_allclose(y, np.where(x > 0, x, 0))


@pytest.mark.parametrize("losses", [[0.5, 0.75, 0.25], torch.tensor([3.0, 1.0])])
def test_each_loss_stands_above_its_number_and_the_axes_are_named(axes: Axes, losses: list[float]) -> None:
    plot_losses(losses)
    (line,) = axes.lines
    assert line.get_xydata().tolist() == [[i, float(loss)] for i, loss in enumerate(losses)]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("mini-batch", "loss")
