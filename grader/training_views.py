"""A training laid out for its report: its curves, the confusion matrix, the weights as images."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from grader.charts import Chart, Point, chart_of
from grader.training import Score, Training, score_of

SMOOTHED_SHARE = 25  # a smoothed loss is the mean over this part of all steps
LIMIT_PARTS = 150  # of a loss curve: more would not be seen
LIMIT_ROWS = 10  # of the table of losses
LIMIT_MISREAD = 40
LIMIT_WEIGHTS = 64
USUAL_WEIGHTS = 0.995  # the share of the weights that differ in their greys
LEVELS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)  # shares of a row at which a matrix's cells get the next colour

Grey = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class LossCurve:
    """The loss of each step as SVG paths, and smoothed; table: some steps with their smoothed losses.

    window: over how many steps it is smoothed. broken: how many losses were no finite numbers.
    """

    chart: Chart
    steps: str
    smoothed: str
    table: list[tuple[int, float]]
    window: int
    broken: int


@dataclass(frozen=True)
class AccuracyCurve:
    """The accuracy after each epoch, as a path with spots; target: the height of its line, None if there is none."""

    chart: Chart
    path: str
    spots: list[Point]
    target: float | None


@dataclass(frozen=True)
class Cell:
    """A cell of a confusion matrix: a count, as a share of its row, with the level of its colour."""

    count: int
    share: float
    level: int
    is_right: bool


@dataclass(frozen=True)
class Row:
    """A row of a confusion matrix: the images of one class."""

    label: str
    cells: tuple[Cell, ...]
    score: Score


@dataclass(frozen=True)
class Mixup:
    """How many images of one class were taken for another."""

    count: int
    right: str
    predicted: str


@dataclass(frozen=True)
class MisreadView:
    """An image that was taken for another class: how, and the probability that the right class got: "= 2.50%"."""

    pixels: Grey
    right: str
    predicted: str
    probability: str


@dataclass(frozen=True)
class WeightsView:
    """Weights as grey images to one scale: white is `most` or more, black as much below zero, the grey between zero."""

    images: list[Grey]
    most: float
    left_out: int


@dataclass(frozen=True)
class TrainingView:
    """All that the report shows of a training; a curve is None where there is too little to draw.

    target: in percent, "" if there was none.
    """

    title: str
    score: Score
    target: str
    is_reached: bool
    loss: LossCurve | None
    accuracy: AccuracyCurve | None
    rows: list[Row]
    mixups: list[Mixup]
    misread: list[MisreadView]
    weights: WeightsView
    seconds: float


def laid_out(training: Training, target: float = 0.0) -> TrainingView:
    """A training laid out for its report; target: the accuracy that was aimed at, 0 for none."""
    return TrainingView(
        title=capital(training.title),
        score=score_of(training),
        target=percentage(target) if target else "",
        is_reached=score_of(training).share >= target,
        loss=loss_curve(training.losses),
        accuracy=accuracy_curve([epoch.accuracy for epoch in training.epochs], target),
        rows=confusion_rows(training),
        mixups=mixups(training),
        misread=[
            MisreadView(
                np.asarray(image.image, np.uint8),
                training.classes[image.right],
                training.classes[image.predicted],
                probability_text(image.probability),
            )
            for image in training.misread[:LIMIT_MISREAD]
        ],
        weights=weights_view(training.weights),
        seconds=sum(training.phases.values()),
    )


# Curves


def loss_curve(losses: Sequence[float]) -> LossCurve | None:
    """The loss over the steps; None if there are not two finite ones."""
    finite = [loss for loss in losses if math.isfinite(loss)]
    if len(finite) < 2:
        return None
    means = list(enumerate(smoothed(losses), start=1))
    chart = chart_of([0, len(losses)], [0.0, *finite])
    return LossCurve(
        chart=chart,
        steps=chart.path(extremes(losses, LIMIT_PARTS)),
        smoothed=chart.path(spread(means, 2 * LIMIT_PARTS)),
        table=spread(means, LIMIT_ROWS),
        window=window_of(len(losses)),
        broken=len(losses) - len(finite),
    )


def accuracy_curve(accuracies: Sequence[float], target: float) -> AccuracyCurve | None:
    """The accuracy after each epoch, in percent; None if it was measured after less than two."""
    points = [(epoch, 100 * accuracy) for epoch, accuracy in enumerate(accuracies, start=1)]
    measured = [y for _, y in points if math.isfinite(y)]
    if len(measured) < 2:
        return None
    chart = chart_of([1, len(points)], [*measured, *([100 * target] if target else [])], "%", top=100)
    height = chart.y.at(100 * target) if target else None
    return AccuracyCurve(chart, chart.path(points), chart.spots(points), height)


def window_of(count: int) -> int:
    """Over how many losses each smoothed one is the mean: an odd number, so that it has a middle."""
    return max(1, count // SMOOTHED_SHARE) | 1


def smoothed(losses: Sequence[float]) -> list[float]:
    """Each loss as the mean of those around it, half a window to each side; losses that are no numbers don't count.

    nan where there is none to count.
    """
    half = window_of(len(losses)) // 2
    values = np.asarray(losses, np.float64)
    is_finite = np.isfinite(values)
    sums = np.concatenate(([0.0], np.cumsum(np.where(is_finite, values, 0))))
    counts = np.concatenate(([0], np.cumsum(is_finite)))
    first = np.maximum(np.arange(len(values)) - half, 0)
    last = np.minimum(np.arange(len(values)) + half + 1, len(values))
    counted = counts[last] - counts[first]
    means = (sums[last] - sums[first]) / np.maximum(counted, 1)
    return [float(mean) if count else math.nan for mean, count in zip(means, counted, strict=True)]


def extremes(losses: Sequence[float], parts: int) -> list[tuple[int, float]]:
    """The steps, from 1, and their losses; of many, only the least and the greatest of each of so many parts."""
    numbered = list(enumerate(losses, start=1))
    if len(numbered) <= 2 * parts:
        return numbered
    edges = [len(numbered) * part // parts for part in range(parts + 1)]
    kept: list[tuple[int, float]] = []
    for start, end in pairwise(edges):
        finite = [item for item in numbered[start:end] if math.isfinite(item[1])] or [numbered[start]]
        kept += sorted({min(finite, key=lambda item: item[1]), max(finite, key=lambda item: item[1])})
    return kept


def spread(points: Sequence[tuple[int, float]], limit: int) -> list[tuple[int, float]]:
    """At most `limit` of the points, evenly spread, the first and the last among them."""
    return [points[round(place)] for place in np.linspace(0, len(points) - 1, min(limit, len(points)))]


# The confusion matrix


def confusion_rows(training: Training) -> list[Row]:
    """The confusion matrix, laid out."""
    rows = []
    for right, counts in enumerate(np.asarray(training.confusion).tolist()):
        total = sum(counts)
        shares = [count / total if total else 0.0 for count in counts]
        cells = [
            Cell(count, share, level_of(share), place == right)
            for place, (count, share) in enumerate(zip(counts, shares, strict=True))
        ]
        rows.append(Row(training.classes[right], tuple(cells), Score(counts[right], total)))
    return rows


def level_of(share: float) -> int:
    """0 for nothing, 1 for the smallest shares, and one more from each of LEVELS on."""
    return 0 if share <= 0 else 1 + sum(share >= least for least in LEVELS)


def mixups(training: Training, limit: int = 3) -> list[Mixup]:
    """The classes that were taken for another most often."""
    counts = np.asarray(training.confusion).copy()
    np.fill_diagonal(counts, 0)
    worst = np.argsort(-counts, axis=None, kind="stable")[:limit]
    places = [(int(place) // counts.shape[1], int(place) % counts.shape[1]) for place in worst]
    return [
        Mixup(int(counts[right, predicted]), training.classes[right], training.classes[predicted])
        for right, predicted in places
        if counts[right, predicted]
    ]


# Images


def weights_view(weights: npt.ArrayLike) -> WeightsView:
    """Weights (k, h, w) as images; a weight that is no number is shown as zero.

    The few that are far larger than all others share white and black with those next to them, or all would be grey.
    """
    all_of_them = np.asarray(weights, np.float64)
    shown = np.nan_to_num(all_of_them[:LIMIT_WEIGHTS], posinf=0, neginf=0)
    most = float(np.quantile(np.abs(shown), USUAL_WEIGHTS)) if shown.size else 0.0
    grey = (127.5 + 127.5 * np.clip(shown / (most or 1), -1, 1)).round().astype(np.uint8)
    return WeightsView(list(grey), most, len(all_of_them) - len(shown))


def probability_text(probability: float) -> str:
    """What stands after "p =", or "p <": a probability in percent, with two decimals."""
    return "< 0.01%" if 0 <= probability < 0.0001 else f"= {probability:.2%}"


def percentage(share: float) -> str:
    """A share as somebody would write it in percent: "98%", "99.5%"."""
    return f"{100 * share:.6g}%"


def capital(text: str) -> str:
    """A text that begins with a capital letter."""
    return text[:1].upper() + text[1:]
