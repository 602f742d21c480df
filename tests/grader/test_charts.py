"""Axes with round numbers, and every value at its place."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, chart_of, round_step

numbers = st.floats(-1e9, 1e9, allow_subnormal=False).map(lambda x: round(x, 6))


@given(st.lists(numbers, min_size=1, max_size=30))
def test_every_value_is_inside_and_the_ticks_are_few_and_different(values):
    chart = chart_of([1, len(values)], values)

    for y in (chart.y.at(value) for value in values):
        assert TOP - 0.1 <= y <= HEIGHT - BOTTOM + 0.1
    for axis in (chart.x, chart.y):
        texts = [tick.text for tick in axis.ticks]
        assert 2 <= len(texts) <= 8
        assert len(set(texts)) == len(texts)
    assert all(LEFT <= tick.at <= WIDTH - RIGHT for tick in chart.x.ticks)


@pytest.mark.parametrize(
    ("values", "unit", "top", "texts"),
    [
        ([0, 2.31], "", None, ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]),
        ([93, 98.1], "%", 100, ["92%", "94%", "96%", "98%", "100%"]),
        ([100, 100], "%", 100, ["80%", "85%", "90%", "95%", "100%"]),
        ([0, 4e7], "", None, ["0", "1e+07", "2e+07", "3e+07", "4e+07"]),
    ],
)
def test_ticks_are_round_numbers_with_their_unit(values, unit, top, texts):
    assert [tick.text for tick in chart_of([1, 9], values, unit, top).y.ticks] == texts


def test_what_is_counted_has_whole_ticks():
    assert [tick.text for tick in chart_of([1, 3], [0, 1]).x.ticks] == ["1", "2", "3"]


def test_without_a_number_there_are_axes_all_the_same():
    assert [tick.text for tick in chart_of([0, 1], [math.nan]).y.ticks][::5] == ["0.0", "1.0"]


@pytest.mark.parametrize(("span", "step"), [(1, 0.2), (5, 1), (6, 2), (11, 5), (26, 10), (0.003, 0.001)])
def test_steps_are_1_2_or_5_times_a_power_of_ten(span, step):
    assert round_step(span) == pytest.approx(step)
