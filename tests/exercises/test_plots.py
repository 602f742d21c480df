"""What was drawn is read wherever it was drawn, and the figures that were open stay as they were."""

from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from exercises.plots import drawn_by


@pytest.fixture(autouse=True)
def no_windows() -> Iterator[None]:
    mpl.use("agg")
    yield
    plt.close("all")


def test_figures_that_were_open_stay_as_they_were() -> None:
    plt.figure("first")
    plt.plot([1, 2], [3, 4])
    last = plt.figure("last")
    figures = plt.get_fignums()

    drawn_by(lambda: (plt.plot([5, 6]), plt.subplots()))

    assert plt.get_fignums() == figures
    assert plt.gcf() is last
    assert last.axes == []
    assert [len(axes.lines) for axes in plt.figure("first").axes] == [1]


def test_figures_are_put_back_after_an_exception() -> None:
    plot = plt.Axes.add_line

    with pytest.raises(ZeroDivisionError):
        drawn_by(lambda: plt.plot([1 / 0]))

    assert plt.get_fignums() == []
    assert plt.Axes.add_line is plot


def test_lines_across_the_axes_are_not_read() -> None:
    def draw() -> None:
        plt.axhline(0.5)
        plt.axvline(0)
        plt.axline((0, 0), (1, 1))
        plt.plot([1, 2], [3, 4])

    assert [piece["x"].tolist() for piece in drawn_by(draw)] == [[1, 2]]


def test_what_was_removed_again_is_not_read() -> None:
    def draw() -> None:
        plt.plot([1, 2])[0].remove()
        plt.plot([3, 4])
        plt.cla()

    assert drawn_by(draw) == []


def test_points_and_lines_are_told_apart() -> None:
    def draw() -> None:
        plt.plot([1, 2], "o")
        plt.scatter([1, 2], [3, 4])
        plt.plot([1, 2], "o-")

    assert [piece["drawn as"] for piece in drawn_by(draw)] == ["points", "points", "line"]
