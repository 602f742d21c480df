"""Plots: two nonlinearities and the course of a training, drawn with matplotlib.

A plot is a list of points (x, y), joined by straight lines. Whether it looks like a curve is a matter of how close
the points are; whether it shows what is special about a function, of where x begins and ends. The sigmoid needs
room for its flat ends. The ReLU needs a point near its corner, and nothing else: two straight lines are all of it.

Source: fast.ai book, chapter 4, "Sigmoid" and "Adding a Nonlinearity" (there with fastbook's plot_function).
"""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import torch


def plot_sigmoid() -> None:
    """Draw the sigmoid from -4 to +4 into the current figure: an S that climbs from nearly 0 to nearly 1.

    Source: fast.ai book, chapter 4, "Sigmoid".
    """
    x = torch.linspace(-4, 4, 129)
    plt.plot(x, x.sigmoid())


def plot_relu() -> None:
    """Draw the rectified linear unit from -2 to +2 into the current figure: 0, and from x = 0 on x itself.

    Source: fast.ai book, chapter 4, "Adding a Nonlinearity".
    """
    x = torch.linspace(-2, 2, 65)
    plt.plot(x, x.relu())


def plot_losses(losses: Sequence[float]) -> None:
    """Draw the loss of one mini-batch after the other into the current figure, counted from 0, with named axes.

    losses: one number for each mini-batch, in the order of the training.
    Source: fast.ai book, chapter 4, "Adding a Nonlinearity" (there `plt.plot(L(learn.recorder.values)...)`).
    """
    plt.plot(losses)
    plt.xlabel("mini-batch")
    plt.ylabel("loss")
