"""Wilson's interval: known values, and the laws that every interval obeys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.uncertainty import wilson_interval

counts = st.integers(0, 100_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@pytest.mark.parametrize(
    ("right", "total", "interval"),
    [
        # Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_the_interval_is_the_published_one(right, total, interval):
    assert wilson_interval(right, total) == pytest.approx(interval, abs=5e-5)


@given(counts)
def test_what_was_counted_lies_inside(count):
    right, total = count
    low, high = wilson_interval(right, total)

    assert 0 <= low <= high <= 1
    if total:
        assert low - 1e-12 <= right / total <= high + 1e-12
        assert high - low < 1


@given(counts)
def test_wrong_is_the_mirror_of_right(count):
    right, total = count
    low, high = wilson_interval(right, total)

    assert wilson_interval(total - right, total) == pytest.approx((1 - high, 1 - low))


def test_more_examples_say_it_more_closely():
    widths = [high - low for low, high in (wilson_interval(9 * n, 10 * n) for n in (1, 10, 100, 1000))]

    assert widths == sorted(widths, reverse=True)


def test_nothing_counted_says_nothing():
    assert wilson_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("right", "total"), [(-1, 5), (6, 5), (0, -1)])
def test_what_can_not_have_been_counted_is_refused(right, total):
    with pytest.raises(ValueError, match="can't be right"):
        wilson_interval(right, total)
