"""What a report shows of a training: curves smoothed and thinned out, the confusion matrix, weights as images."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.charts import HEIGHT, WIDTH
from grader.training_views import (
    LIMIT_MISREAD,
    LIMIT_PARTS,
    LIMIT_WEIGHTS,
    extremes,
    laid_out,
    level_of,
    smoothed,
    weights_view,
    window_of,
)
from tests.grader.training_examples import training_of

losses = st.lists(st.floats(-1e6, 1e6) | st.sampled_from([math.nan, math.inf]), max_size=900)


def points_in(path):
    """The points of an SVG path."""
    return [tuple(map(float, pair)) for pair in re.findall(r"[ML]([\d.-]+) ([\d.-]+)", path)]


# Losses


@given(losses)
def test_smoothing_gives_the_mean_of_the_numbers_around(values):
    half = window_of(len(values)) // 2
    means = smoothed(values)

    assert len(means) == len(values)
    for place, mean in enumerate(means):
        around = [x for x in values[max(place - half, 0) : place + half + 1] if math.isfinite(x)]
        assert (math.isnan(mean) and not around) or mean == pytest.approx(sum(around) / len(around), abs=1e-4)


def test_few_losses_are_left_as_they_are():
    assert smoothed([3.0, 1.0, 2.0]) == [3.0, 1.0, 2.0]


@given(losses, st.integers(1, 20))
def test_thinning_out_keeps_the_least_and_the_greatest(values, parts):
    kept = extremes(values, parts)
    finite = [x for x in values if math.isfinite(x)]

    assert len(kept) <= 2 * parts
    assert [step for step, _ in kept] == sorted({step for step, _ in kept})
    assert all(values[step - 1] == loss or math.isnan(loss) for step, loss in kept)
    if finite:
        shown = [loss for _, loss in kept if math.isfinite(loss)]
        assert (min(shown), max(shown)) == (min(finite), max(finite))


def test_the_curve_falls_with_the_loss_and_stays_in_the_drawing():
    curve = laid_out(training_of(losses=[4.0, 2.0, 1.0])).loss

    points = points_in(curve.steps)

    assert len(points) == 3
    assert points == sorted(points)  # down, in a drawing, is a greater y
    assert [y for _, y in points] == sorted(y for _, y in points)
    assert all(0 < x <= WIDTH and 0 < y < HEIGHT for x, y in points)


def test_a_long_training_is_drawn_with_few_points():
    curve = laid_out(training_of(losses=np.linspace(2, 0, 20_000).tolist())).loss

    assert len(points_in(curve.steps)) <= 2 * LIMIT_PARTS
    assert len(points_in(curve.smoothed)) <= 2 * LIMIT_PARTS
    assert [step for step, _ in curve.table][:: len(curve.table) - 1] == [1, 20_000]


def test_a_curve_is_broken_where_the_loss_is_no_number():
    curve = laid_out(training_of(losses=[2.0, 1.0, math.nan, 1.0, math.inf, 0.5])).loss

    assert curve.broken == 2
    assert curve.steps.count("M") == 3


@pytest.mark.parametrize("values", [[], [1.0], [math.nan] * 9])
def test_less_than_two_losses_make_no_curve(values):
    assert laid_out(training_of(losses=values)).loss is None


# Accuracy


def test_the_accuracy_s_curve_has_a_spot_for_each_epoch_that_was_measured():
    curve = laid_out(training_of(), target=0.85).accuracy

    heights = [y for _, y in curve.spots]
    assert len(heights) == 2
    assert heights[1] < curve.target < heights[0]
    assert [tick.text for tick in curve.chart.x.ticks] == ["1", "2", "3"]
    assert curve.chart.y.ticks[-1].text == "100%"


def test_one_epoch_makes_no_curve():
    assert laid_out(training_of(epochs=training_of().epochs[:1])).accuracy is None


def test_without_a_target_there_is_none_to_draw_and_it_is_reached():
    shown = laid_out(training_of())

    assert (shown.accuracy.target, shown.target, shown.is_reached) == (None, "", True)


@pytest.mark.parametrize(("target", "is_reached"), [(0.9, True), (0.9001, False)])
def test_a_target_is_reached_from_its_own_share_on(target, is_reached):
    assert laid_out(training_of(), target).is_reached is is_reached


# The confusion matrix


def test_the_rows_have_counts_shares_and_what_was_read_right():
    rows = laid_out(training_of()).rows

    assert [[cell.count for cell in row.cells] for row in rows] == [[20, 0, 0], [1, 18, 1], [0, 4, 16]]
    assert [row.score.share for row in rows] == [1.0, 0.9, 0.8]
    assert [row.label for row in rows] == ["0", "1", "2"]
    assert [[cell.is_right for cell in row.cells] for row in rows] == np.eye(3, dtype=bool).tolist()


def test_a_class_without_images_divides_nothing_by_zero():
    rows = laid_out(training_of(confusion=[[0, 0, 0], [0, 1, 0], [0, 0, 1]])).rows

    assert [cell.level for cell in rows[0].cells] == [0, 0, 0]


@pytest.mark.parametrize(
    ("share", "level"), [(0, 0), (0.0009, 1), (0.001, 2), (0.0099, 3), (0.01, 4), (0.05, 5), (0.2, 6), (0.3, 7), (1, 7)]
)
def test_a_cell_s_colour_grows_with_its_share(share, level):
    assert level_of(share) == level


def test_the_most_frequent_mixups_are_named_and_right_answers_are_none():
    mixups = laid_out(training_of()).mixups

    assert [(mixup.count, mixup.right, mixup.predicted) for mixup in mixups] == [
        (4, "2", "1"),
        (1, "1", "0"),
        (1, "1", "2"),
    ]
    assert laid_out(training_of(confusion=[[5, 0, 0], [0, 5, 0], [0, 0, 5]])).mixups == []


# Images


def test_zero_is_grey_and_the_signs_are_black_and_white():
    shown = weights_view([[[-0.5, 0.0, 0.5]]])

    assert shown.images[0].tolist() == [[0, 128, 255]]
    assert shown.most == 0.5


def test_one_huge_weight_does_not_turn_all_others_grey():
    weights = np.tile([-0.1, 0.1], 5000).reshape(1, 100, 100)
    weights[0, 0, 0] = 50

    shown = weights_view(weights)

    assert shown.most == pytest.approx(0.1)
    assert set(shown.images[0].flat) == {0, 255}


def test_weights_that_are_no_numbers_and_no_weights_at_all_can_be_shown():
    assert weights_view([[[math.nan, math.inf, 1.0]]]).images[0].tolist()[0][:2] == [128, 128]
    assert weights_view(np.zeros((2, 3, 3))).images[1].tolist() == [[128] * 3] * 3
    assert weights_view(np.zeros((0, 28, 28))).images == []


def test_of_many_images_the_first_are_shown():
    shown = laid_out(training_of(weights=np.ones((100, 2, 2)), misread=training_of().misread * 50))

    assert (len(shown.weights.images), shown.weights.left_out) == (LIMIT_WEIGHTS, 100 - LIMIT_WEIGHTS)
    assert len(shown.misread) == LIMIT_MISREAD


def test_a_misread_image_says_what_it_is_what_it_was_taken_for_and_how_sure_the_model_was():
    first, second = laid_out(training_of()).misread

    assert (first.right, first.predicted, first.probability) == ("2", "1", "< 0.01%")
    assert second.probability == "= 25.00%"
    assert first.pixels.shape == (28, 28)
    assert first.pixels.max() == 255
