"""Numbers and shapes as people write them."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.quiz.quantities import UnreadableError, is_near, read_number, read_shape


@pytest.mark.parametrize(
    ("text", "number"),
    {
        "1/3": 1 / 3,
        "-1 / 3": -1 / 3,
        "0,5": 0.5,
        "0,500": 0.5,
        ".5": 0.5,
        "5.": 5,
        "1e-3": 0.001,
        "1E3": 1000,
        "2 \N{MULTIPLICATION SIGN} 10⁻³": 0.002,
        "2x10^-3": 0.002,
        "2*10**(-3)": 0.002,
        "50 %": 0.5,
        "50%": 0.5,
        "\N{MINUS SIGN}4": -4,
        "+4": 4,
        "≈ 0.33": 0.33,
        "= 7": 7,
        "about 7": 7,
        "1 000": 1000,
        "1_000": 1000,
        "12'396": 12396,
        "1,234,567": 1234567,
        "1,234.5": 1234.5,
        "1.234,5": 1234.5,
        "1 000,5": 1000.5,
        "½": 0.5,
        "`7850`": 7850,
        "  7850\n": 7850,
        "٣": 3,
    }.items(),
)
def test_a_number_is_read_as_people_write_it(text, number):
    assert read_number(text) == pytest.approx(number, rel=1e-15)


@pytest.mark.parametrize("text", ["3 s", "3s", "3 S", "3"])
def test_the_unit_may_be_written_or_not(text):
    assert read_number(text, "s") == 3


def test_the_unit_may_be_in_the_singular_or_in_the_plural():
    assert read_number("1 image", "images") == read_number("1 images", "image") == 1


@pytest.mark.parametrize("text", ["50", "50 %", "50 percent"])
def test_percent_may_be_the_unit(text):
    assert read_number(text, "%") == 50


@pytest.mark.parametrize(
    ("text", "words"),
    {
        "": "There is no answer",
        " \n": "There is no answer",
        "a half": "Write it in digits",
        "1,000": "Write 1000 or 1.000",
        "3 apples": "more in it than a number",
        "3 or 4": "more in it than a number",
        "1 2": "not one number",
        "1.2.3": "not one number",
        "1/0": "divides by zero",
        "1e999": "of a size that can be compared",
        "9" * 90 + "e399": "of a size that can be compared",
        "inf": "not a number",
        "nan": "not a number",
        "7" * 101: "101 characters long",
        "1/2/3": "more in it than a number",
    }.items(),
)
def test_what_is_no_number_is_told_and_not_taken_for_a_wrong_one(text, words):
    with pytest.raises(UnreadableError, match=words):
        read_number(text)


def test_another_unit_is_told():
    with pytest.raises(UnreadableError, match=r"not in s\. Write the number in s"):
        read_number("3 ms", "s")


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(5e-324)
def test_every_float_is_read_as_python_writes_it(number):
    assert read_number(repr(number)) == number


@given(st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**6))
def test_every_fraction_is_read(number):
    assert read_number(str(number)) == float(number)


@given(st.integers(-(10**15), 10**15))
def test_every_whole_number_is_read_with_its_digits_grouped(number):
    assert read_number(f"{number:_}".replace("_", " ")) == number


@given(st.text(max_size=30) | st.text("0123456789.,eE+-/%x*^() _'", max_size=20))
def test_any_text_is_a_finite_number_or_a_message(text):
    try:
        assert math.isfinite(read_number(text))
    except UnreadableError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("text", "shape"),
    {
        "(3, 1)": (3, 1),
        "3x1": (3, 1),
        "3 \N{MULTIPLICATION SIGN} 1": (3, 1),
        "[3,1]": (3, 1),
        "3 by 1": (3, 1),
        "3, 1": (3, 1),
        "3 1": (3, 1),
        "torch.Size([3, 1])": (3, 1),
        "torch.size([])": (),
        "Size([28, 28])": (28, 28),
        "the shape is (2,)": (2,),
        "shape: 2": (2,),
        "(5,)": (5,),
        "5,": (5,),
        "5": (5,),
        "()": (),
        "[]": (),
        "( )": (),
        "scalar": (),
        "a scalar.": (),
        "`(1, 28)`": (1, 28),
        "(0, 3)": (0, 3),
    }.items(),
)
def test_a_shape_is_read_as_people_write_it(text, shape):
    assert read_shape(text) == shape


@pytest.mark.parametrize("text", ["(n, 1)", "(3, -1)", "3.0", "(3, 1", "three", ",", "(,)", "3,,1", "(1,000)", "shape"])
def test_what_is_no_shape_is_told(text):
    with pytest.raises(UnreadableError, match="not read as a shape"):
        read_shape(text)


@given(st.lists(st.integers(0, 10**9), max_size=7).map(tuple))
def test_every_shape_is_read_as_python_and_torch_write_it(shape):
    assert read_shape(str(shape)) == shape
    assert read_shape(f"torch.Size({list(shape)})") == shape


@given(st.text(max_size=30) | st.text("0123456789,x()[] ", max_size=20))
def test_any_text_is_a_shape_or_a_message(text):
    try:
        assert all(size >= 0 for size in read_shape(text))
    except UnreadableError as error:
        assert str(error)


def test_a_number_is_right_within_its_tolerance_however_floats_round():
    assert is_near(0.31, 0.3, 0.01)
    assert is_near(1 / 3, 0.333333333333, 0)
    assert not is_near(0.3111, 0.3, 0.01)
    assert not is_near(0.334, 1 / 3, 0)
