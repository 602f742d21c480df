"""Values, points and counts as text."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.showing import counted, number_text, points_text, seconds_text, share_text, value_text
from grader.values import Float, Integer, Items, Large, Other, Pairs, Plain, Raised
from tests.grader.report_examples import array

ONE, TWO = Plain(1), Plain(2)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Plain(None), "None"),
        (Plain(True), "True"),
        (Plain("it's"), '"it\'s"'),
        (Float("0.30000000000000004"), "0.3"),
        (Float("nan"), "nan"),
        (Float("no float"), "no float"),
        (Integer(hex(2**64)), "18446744073709551616"),
        (Items("list", (ONE, TWO)), "[1, 2]"),
        (Items("tuple", (ONE,)), "(1,)"),
        (Items("set", ()), "set()"),
        (Items("set", (ONE,)), "{1}"),
        (Items("frozenset", (ONE,)), "frozenset({1})"),
        (Items("range", (Plain(0), Plain(2), Plain(4))), "range(0, 6, 2)"),
        (Pairs(((Plain("lr"), Float("0.1")),)), "{'lr': 0.1}"),
        (array([[1.0, 0.5], [0.0, 1 / 3]]), "tensor([[1.0, 0.5], [0.0, 0.33333]])"),
        (array(np.uint8(5)), "tensor(5, dtype=uint8)"),
        (array([1.0], requires_grad=True), "tensor([1.0], requires_grad=True)"),
        (array(np.float32(0.5), "scalar"), "float32(0.5)"),
        (array([1, 2], "ndarray"), "array([1, 2])"),
        (array(np.zeros((64, 784))), "tensor (float32, shape (64, 784), from 0.0 to 0.0, mean 0.0)"),
        (Large("a float32 tensor of shape (9, 9)"), "a float32 tensor of shape (9, 9)"),
        (Other("Path", "PosixPath('a')"), "PosixPath('a')"),
        (Other("Net", "net"), "net (Net)"),
        (Raised("TypeError", "no", "x", 1), "TypeError: no"),
        (Raised("KeyboardInterrupt", "", "", 0), "KeyboardInterrupt"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_a_value_reads_as_python_would_write_it(value, text):
    assert value_text(value) == text


def test_a_long_list_is_cut_off_between_items():
    assert value_text(Items("list", (Plain(7),) * 1000), 20) == "[7, 7, 7, 7, 7, 7, …"


texts = st.text(max_size=300)
values = st.recursive(
    st.builds(Plain, texts) | st.builds(Other, texts, texts) | st.builds(Raised, texts, texts, texts, st.just(1)),
    lambda inner: st.builds(Items, st.sampled_from(["list", "tuple", "set"]), st.lists(inner, max_size=4).map(tuple)),
)


@given(values, st.integers(1, 300))
def test_a_value_is_one_printable_line_within_the_limit(value, limit):
    text = value_text(value, limit)
    assert text.isprintable()
    assert len(text) <= limit


@pytest.mark.parametrize(
    ("number", "text"),
    [(1.0, "1.0"), (0.1 + 0.2, "0.3"), (123456.7, "1.2346e+05"), (1e-9, "1e-09"), (12345.6, "12345.6")],
)
def test_a_float_is_short_and_still_a_float(number, text):
    assert number_text(number) == text


@pytest.mark.parametrize(
    ("points", "text"), [(2.0, "2"), (0.5, "0.5"), (1 / 3, "0.33"), (-0.0, "0"), (1234567.0, "1234567")]
)
def test_points_have_no_needless_decimals(points, text):
    assert points_text(points) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0 checks"), (1, "1 check"), (1.0, "1 check"), (1.5, "1.5 checks")])
def test_only_one_is_singular(number, text):
    assert counted(number, "check") == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0%"), (1e-9, "0.01%"), (0.5, "50.00%"), (0.98125, "98.12%"), (0.999999, "99.99%"), (1, "100%")],
)
def test_only_all_is_a_hundred_percent_and_only_nothing_is_none(share, text):
    assert share_text(share) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "less than 1 ms"),
        (0.0012345, "1.23 ms"),
        (0.0994, "99.4 ms"),
        (0.09999, "0.10 s"),
        (2.345, "2.35 s"),
        (9.996, "10.0 s"),
        (99.96, "100 s"),
        (3600, "3,600 s"),
    ],
)
def test_a_time_has_three_digits(seconds, text):
    assert seconds_text(seconds) == text
