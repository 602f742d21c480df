"""What counts as the same, and in which words a difference is told."""

import math
import re

import numpy as np
import pytest
import torch
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from torch import tensor

from grader import agent
from grader.compare import difference
from grader.probes import decoded_value
from grader.values import Raised


def value(thing):
    """A Python value as it is observed."""
    return thing if isinstance(thing, Raised) else decoded_value(agent.Encoder().encode(thing))


def words(expected, observed):
    """What differs between two Python values."""
    return difference(value(expected), value(observed))


def raised(kind, message=""):
    return Raised(kind, message, "", 0)


def label(thing):
    """A test's name for a value: the same in every process, so without addresses."""
    return re.sub(r" at 0x[0-9a-f]+", "", str(thing))


@pytest.mark.parametrize(
    ("expected", "observed"),
    [
        ([1, 2], (1, 2)),
        ((1, 2), [1, 2]),
        ([0, 1], range(2)),
        (range(2), [0, 1]),
        ({1, 2}, frozenset({2, 1})),
        (torch.Size([2, 3]), [2, 3]),
        ([2, 3], torch.Size([2, 3])),
        ({"a": [1], "b": None}, {"b": None, "a": (1,)}),
        (tensor([0.5, 1]), np.array([0.5, 1])),
        (np.array([0.5, 1]), tensor([0.5, 1])),
        (tensor([0.1]), tensor([0.1], dtype=torch.float64)),
        (tensor([0.1], dtype=torch.float64), tensor([0.1])),
        (tensor([0.1]), tensor([0.1], dtype=torch.float16)),
        (tensor([0.1]), tensor([0.1], dtype=torch.bfloat16)),
        (tensor([0.1]), tensor([0.1], requires_grad=True)),
        (tensor([0.0, 1]), tensor([1e-6, 1.00001])),
        (tensor([[1.0, 2], [3, 4]]), tensor([[1.0, 3], [2, 4]]).T),
        (tensor([1, 2]), tensor([1.0, 2.0])),
        (tensor([True, False]), tensor([1, 0])),
        (tensor(2.5), 2.5),
        (2.5, tensor(2.5)),
        (2.5, np.float32(2.5)),
        (3, tensor(3)),
        (3, 3.0),
        (3.0, 3),
        (True, 1),
        (True, np.bool_(True)),
        ([1.5, 2], [tensor(1.5), np.int64(2)]),
        (2**80, 2**80),
        (math.nan, math.nan),
        (-math.inf, tensor(-math.inf)),
        (tensor([math.nan, math.inf]), tensor([math.nan, math.inf])),
        (tensor([1j]), np.array([1j])),
        (torch.empty(0, 3), torch.empty(0, 3)),
        ("seven", np.str_("seven")),
        (b"seven", b"seven"),
        (raised("ValueError", "no"), raised("ValueError", "certainly not")),
    ],
    ids=label,
)
def test_what_makes_no_difference_to_a_notebook_is_none(expected, observed):
    assert words(expected, observed) == ""


@pytest.mark.parametrize(
    ("expected", "observed", "sentence"),
    [
        # Kinds
        (tensor([1.0]), None, "It returns None where a tensor of shape (1,) is meant. Is there a `return`?"),
        (1.5, None, "It returns None where a number is meant. Is there a `return`?"),
        ([1, 2], (n for n in [1, 2]), "It is a generator object, which has no items until something asks for them"),
        ([1, 2], map(abs, [1, 2]), "It is a map object, which has no items until something asks for them"),
        ([1, 2], zip([1], [2], strict=True), "It is a zip object"),
        ([1, 2], tensor([1, 2]), "It is a tensor of shape (2,) where a list is meant."),
        (tensor([1, 2]), [1, 2], "It is a list of 2 items where a tensor of shape (2,) is meant."),
        ("seven", 7, "It is a whole number where a text is meant."),
        (7, "seven", "It is a text where a whole number is meant."),
        (None, 7, "It is a whole number where None is meant."),
        ({"a": 1}, [1], "It is a list of 1 item where a dict is meant."),
        (1.5, abs, "It is an object of type builtin_function_or_method where a number is meant."),
        ([1], object(), "It is an object of type object where a list is meant."),
        (b"seven", b"eight", "The value is another one."),
        ("seven", "eight", "The value is another one."),
        ({1}, [1], "It is a list where a set is meant."),
        ([1], {1}, "It is a set where a list is meant."),
        (1.5, range(10**9), "It is a range of 100,000 items where a number is meant."),
        (tensor([0.0]), torch.zeros(2**22 + 1), "What came back is too large to look at: a float32 tensor of shape"),
        # Exceptions
        (1, raised("NameError", "name 'x' is not defined"), "It raises NameError: name 'x' is not defined"),
        (1, raised("AssertionError"), "It raises AssertionError."),
        (1, raised("EOFError"), "nobody sits at the keyboard"),
        (raised("ValueError"), raised("TypeError", "no"), "It should raise ValueError here, and raises TypeError: no"),
        (raised("ValueError"), 3, "It should raise ValueError here, and returns a whole number."),
        # Shapes
        (torch.zeros(3), torch.zeros(4), "The shape is (4,), and (3,) is meant."),
        (torch.zeros(3, 1), torch.zeros(3), "The shape is (3,), and (3, 1) is meant. The axes of size 1 differ."),
        (torch.zeros(2, 3), torch.zeros(3, 2), "The shape is (3, 2), and (2, 3) is meant. The axes are in the reverse"),
        (torch.zeros(2, 3), torch.zeros(6), "The number of elements is right, the number of axes is not."),
        (torch.zeros(2, 3), tensor(0.0), "It is a single number where a tensor of shape (2, 3) is meant."),
        (tensor(0.0), torch.zeros(2, 3), "It is a tensor of shape (2, 3) where a single number is meant."),
        (0.5, np.zeros(2), "It is a numpy array of shape (2,) where a single number is meant."),
        # Kinds of number
        (tensor([1.0, 2]), tensor([1, 2]), "It holds whole numbers (int64) where floating-point numbers are meant."),
        (tensor([1.0]), tensor([1], dtype=torch.uint8), "It holds whole numbers (uint8)"),
        (tensor([1.0]), tensor([True]), "It holds booleans where floating-point numbers are meant."),
        (tensor([1, 0]), tensor([True, False]), "It holds booleans, not numbers."),
        (1, True, "It is true or false where a number is meant."),
        (0.0, False, "It is true or false where a number is meant."),
        # Values
        (tensor([1.0, 2]), tensor([1.0, math.nan]), "It contains nan: not a number."),
        (2.5, math.nan, "It is nan: not a number."),
        (tensor([1.0, math.inf]), tensor([1.0, 2]), "One element differs, the one at [1]."),
        (tensor([1.0, -2]), tensor([-1.0, 2]), "The sign is the wrong way round."),
        (2.5, -2.5, "The sign is the wrong way round."),
        ([1, 2], [-1, -2], "The sign is the wrong way round."),
        (tensor([1.0, 2, 0]), tensor([2.0, 4, 0]), "Every element is 2 times what it should be."),
        ([1.5, 3], [0.5, 1], "Every item is 0.3333 times what it should be."),
        (tensor([1.0, 2, 0]), tensor([1.25, 2.25, 0.25]), "Every element is 0.25 too large."),
        (tensor([1, 2, 4]), tensor([0, 1, 3]), "Every element is 1 too small."),
        (tensor([[1.0, 2], [3, 4]]), tensor([[1.0, 3], [2, 4]]), "Rows and columns are exchanged: it is transposed."),
        (tensor([1, 2, 3]), tensor([3, 1, 2]), "The elements are right, their order is not."),
        ([1, 2, 3], [3, 1, 2], "The items are right, their order is not."),
        (["a", "b"], ["b", "a"], "The items are right, their order is not."),
        (tensor([[1.0, 2], [3, 4]]), tensor([[1.0, 2], [9, 4]]), "One element differs, the one at [1, 0]."),
        (tensor([1.0, 2, 5, 7]), tensor([1.0, 2, 6, 9]), "2 of 4 elements differ."),
        (tensor([1.0, 2, 5]), tensor([3.0, 9, 6]), "Every element differs."),
        (tensor([1.0, 2]), tensor([1.01, 2]), "One element differs, the one at [0]."),
        (2.5, 4, "The number is another one."),
        (1j * torch.ones(2), 2j * torch.ones(2), "Every element differs."),
        (torch.ones(2), torch.ones(2) * 1j, "Every element differs."),
        (2**80, 2**80 + 1, "The value is another one."),
        (2**80, 2.0**80, "The value is another one."),
        # Containers
        ([1, 2], [1], "It has 1 item where 2 are meant."),
        ([1, 2], range(5), "It has 5 items where 2 are meant."),
        (["a", "b"], ["a", "c"], "Item 1 (counted from 0): the value is another one."),
        ([(1, 2), (3, 4)], [(1, 2), (3,)], "Item 1 (counted from 0): it has 1 item where 2 are meant."),
        ([1, 2, 3], [1, 2, 4], "Item 2 (counted from 0): the number is another one."),
        ([1, 2, 5], [1, 4, 4], "2 of 3 items differ."),
        ([1, 2], [2**2000, 2**2001], "2 of 2 items differ."),
        ([2**80, 1], [1, -(2**2000)], "2 of 2 items differ."),
        ([1, "a"], [2, "b"], "Item 0 (counted from 0): the number is another one."),
        ({"a": 1}, {"b": 1}, "The keys are other ones."),
        ({"a": 1}, {"a": 1, "b": 1}, "The keys are other ones."),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, "At 'b': the number is another one."),
        ({(1, 2): 1}, {(1, 2): 2}, "the number is another one."),
    ],
    ids=label,
)
def test_a_difference_is_told_in_words(expected, observed, sentence):
    assert sentence in words(expected, observed)


@pytest.mark.parametrize(
    ("expected", "observed"),
    [
        (tensor([1.0, 2], dtype=torch.float64), tensor([1.00001, 2.00002], dtype=torch.float64)),
        (tensor([[1.0, 2], [2, 1]], dtype=torch.float64), tensor([[1.00001, 2], [2, 1]], dtype=torch.float64)),
        (1e-8, 5e-8),
    ],
    ids=["a factor of nearly 1", "nearly its own transpose", "tiny numbers"],
)
def test_numbers_that_are_nearly_right_are_not_explained_by_something_else(expected, observed):
    found = words(expected, observed)

    assert "differ" in found or found == "The number is another one."


def test_doubles_are_compared_more_strictly_than_floats():
    right = torch.ones(2, dtype=torch.float64)

    assert words(right, right + 1e-5) != ""
    assert words(right.float(), right.float() + 1e-5) == ""


# Laws

numbers = st.floats(-1e6, 1e6) | st.integers(-(2**60), 2**60) | st.booleans()
tensors = arrays.arrays(
    st.sampled_from([np.dtype(name) for name in ("bool", "uint8", "int64", "float16", "float32", "complex64")]),
    arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
).map(torch.from_numpy)
things = st.recursive(
    st.none() | numbers | st.floats() | st.text() | st.binary() | tensors,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.frozensets(numbers | st.text(), max_size=3)
        | st.dictionaries(st.text() | numbers, inner, max_size=3)
    ),
    max_leaves=6,
)


@given(things)
def test_a_value_agrees_with_itself(thing):
    assert words(thing, thing) == ""


@given(things, things)
def test_a_difference_is_one_sentence_or_more(expected, observed):
    found = words(expected, observed)

    assert found == "" or (not found[0].islower() and found.rstrip().endswith((".", "?")))


@given(
    arrays.arrays("float64", arrays.array_shapes(max_dims=2, max_side=3), elements=st.floats(allow_nan=False)),
    arrays.arrays("float64", arrays.array_shapes(max_dims=2, max_side=3), elements=st.floats(allow_nan=False)),
)
@example(np.full(2, 1e-310), np.full(2, 1e99))
@example(np.full(2, 1e308), np.full(2, -1e308))
def test_arrays_of_any_size_of_number_are_compared_without_a_warning(expected, observed):
    assert isinstance(words(expected, observed), str)


@given(arrays.arrays("int64", st.integers(1, 5), elements=st.integers(-9, 9)), st.data())
def test_integers_that_differ_anywhere_do_not_agree(array, data):
    other = array.copy()
    other[data.draw(st.integers(0, len(array) - 1))] += data.draw(st.sampled_from([-3, -1, 1, 2]))

    assert words(array, other) != ""
    assert words(other, array) != ""


@given(st.floats(-1e6, 1e6, width=32), st.floats(-1e-6, 1e-6))
def test_floats_agree_both_ways_within_the_tolerance_of_their_kind(number, nudge):
    assume(abs(number) > 1)
    one, other = tensor(number), tensor(number * (1 + nudge))

    assert words(one, other) == words(other, one) == ""


@given(
    arrays.arrays("float32", (3, 2), elements=st.sampled_from([-4.0, -2.0, 0.0, 1.0, 3.0])),
    st.sampled_from([2.0, -3.0, 0.5]),
)
def test_a_factor_is_named_whatever_the_numbers(array, factor):
    assume(np.count_nonzero(array) > 1)

    assert words(array, array * np.float32(factor)) == f"Every element is {factor:g} times what it should be."


@given(arrays.arrays("float32", (3, 2), elements=st.sampled_from([-4.0, -2.0, 0.0, 1.0, 3.0])))
def test_an_exchange_of_rows_and_columns_is_named_by_its_shape(array):
    assert "The axes are in the reverse order." in words(array, array.T)
