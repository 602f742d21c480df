"""Does an observation agree with the expected one, and if not, what differs, in words that a learner knows.

Lenient about what makes no difference to a notebook (list or tuple, numpy or torch, float32 or float64, a Python
number or a tensor of no axes), strict about what does (values, shapes, integers where floats are meant).
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from grader.showing import value_text
from grader.values import Array, Float, Integer, Items, Large, Other, Pairs, Plain, Raised, Value

# Relative and absolute tolerance by dtype: about what another order of the same additions changes. The absolute one
# of half floats is for numbers around 1 and shrinks with smaller ones: zeros would be near to all of them otherwise.
TOLERANCE = {
    "float16": (5e-3, 5e-3),
    "bfloat16": (2e-2, 2e-2),
    "float32": (1e-4, 1e-5),
    "complex64": (1e-4, 1e-5),
}
TOLERANCE_OF_DOUBLES = (1e-7, 1e-9)
LEAST_ABSOLUTE_OF_HALVES = 1e-5

LARGEST = 1e100  # Of larger numbers, quotients and differences may overflow.

Numbers = npt.NDArray[Any]


def difference(expected: Value, observed: Value) -> str:
    """What differs, in one sentence; empty if the two agree.

    expected comes from the oracle, observed from the student's code.
    """
    if isinstance(observed, Raised) or isinstance(expected, Raised):
        return exception_difference(expected, observed)
    if isinstance(observed, Large):
        return f"What came back is too large to look at: {observed.what}."
    if is_numeric(expected) and is_numeric(observed):
        return number_difference(expected, observed)
    if isinstance(expected, Items) and isinstance(observed, Items):
        return items_difference(expected, observed)
    if isinstance(expected, Pairs) and isinstance(observed, Pairs):
        return pairs_difference(expected, observed)
    if isinstance(expected, Plain) and isinstance(observed, Plain) and type(expected.v) is type(observed.v):
        return "" if expected.v == observed.v else "The value is another one."
    if isinstance(expected, Other) and isinstance(observed, Other) and expected == observed:
        return ""
    return type_difference(expected, observed)


def exception_difference(expected: Value, observed: Value) -> str:
    """Two exceptions agree if their types do: a message is nobody's specification."""
    if isinstance(expected, Raised) and isinstance(observed, Raised):
        if expected.type == observed.type:
            return ""
        return f"It should raise {expected.type} here, and raises {observed.type}: {observed.message}"
    if isinstance(expected, Raised):
        return f"It should raise {expected.type} here, and returns {kind_in_words(observed)}."
    assert isinstance(observed, Raised)
    return raised_in_words(observed)


def raised_in_words(observed: Raised) -> str:
    """An exception where none is meant."""
    if observed.type in ("EOFError", "StdinNotImplementedError"):
        return f"It raises {observed.type}: nobody sits at the keyboard while a notebook is graded to answer input()."
    message = f": {observed.message}" if observed.message else "."
    return f"It raises {observed.type}{message}"


def type_difference(expected: Value, observed: Value) -> str:
    """The two are of different kinds."""
    got = kind_in_words(observed)
    meant = f"a {expected.kind}" if isinstance(expected, Items) else kind_in_words(expected)
    if isinstance(observed, Plain) and observed.v is None:
        return f"It returns None where {meant} is meant. Is there a `return`?"
    if isinstance(observed, Other) and observed.type in ("generator", "map", "filter", "zip", "enumerate"):
        return f"It is a {observed.type} object, which has no items until something asks for them; {meant} is meant."
    if got == meant:
        return "The value is another one."
    return f"It is {got} where {meant} is meant."


# Numbers


def is_numeric(value: Value) -> bool:
    """A number, a boolean, or an array of them."""
    if isinstance(value, Plain):
        return isinstance(value.v, int)
    return isinstance(value, Float | Integer | Array)


def as_array(value: Value) -> Numbers:
    """A numeric value as an array; of no axes for a single number."""
    if isinstance(value, Array):
        return value.numpy()
    if isinstance(value, Float):
        return np.asarray(float(value.v))
    if isinstance(value, Integer):
        number = int(value.hex, 16)
        return np.asarray(float(number) if number.bit_length() < 1024 else np.inf if number > 0 else -np.inf)
    assert isinstance(value, Plain)
    return np.asarray(value.v)


def number_difference(expected: Value, observed: Value) -> str:
    """Shape first, then the kind of number, then the values."""
    if isinstance(expected, Integer) or isinstance(observed, Integer):
        return "" if expected == observed else "The value is another one."
    right, got = as_array(expected), as_array(observed)
    if right.shape != got.shape:
        return shape_difference(right, got, expected, observed)
    if right.dtype.kind in "fc" and got.dtype.kind in "iub" and isinstance(expected, Array):
        return f"It holds {dtype_in_words(got)} where floating-point numbers are meant."
    if got.dtype.kind == "b" and right.dtype.kind in "iuf":
        return "It is true or false where a number is meant." if got.ndim == 0 else "It holds booleans, not numbers."
    near = is_near(right, got, tolerance(expected, observed))
    return "" if near.all() else value_difference(right, got, near)


def tolerance(expected: Value, observed: Value) -> tuple[float, float]:
    """The wider of the two dtypes' tolerances; Python floats and whole numbers count as doubles."""
    names = [value.dtype for value in (expected, observed) if isinstance(value, Array)]
    return max((TOLERANCE.get(name, TOLERANCE_OF_DOUBLES) for name in names), default=TOLERANCE_OF_DOUBLES)


def is_near(right: Numbers, got: Numbers, limits: tuple[float, float]) -> npt.NDArray[np.bool_]:
    """Element by element; nan equals nan, and infinity itself."""
    if right.dtype.kind in "iub" and got.dtype.kind in "iub":
        return np.asarray(right == got)
    relative, absolute = limits
    exact = np.complex128 if "c" in (right.dtype.kind, got.dtype.kind) else np.float64
    with np.errstate(all="ignore"):
        absolute = min(absolute, max(absolute * magnitude(right), LEAST_ABSOLUTE_OF_HALVES))
        return np.asarray(
            np.isclose(got.astype(exact), right.astype(exact), rtol=relative, atol=absolute, equal_nan=True)
        )


def magnitude(numbers: Numbers) -> float:
    """The largest absolute value of the finite elements; 0 if there are none."""
    return float(np.abs(numbers[np.isfinite(numbers)]).max(initial=0))


def shape_difference(right: Numbers, got: Numbers, expected: Value, observed: Value) -> str:
    """The shapes differ; says so for numbers against arrays, for axes of size 1, and for the order of axes."""
    if right.ndim == 0:
        return f"It is {kind_in_words(observed)} where a single number is meant."
    if got.ndim == 0:
        return f"It is a single number where {kind_in_words(expected)} is meant."
    words = f"The shape is {shape_in_words(got)}, and {shape_in_words(right)} is meant."
    if tuple(s for s in right.shape if s != 1) == tuple(s for s in got.shape if s != 1):
        return f"{words} The axes of size 1 differ."
    if got.ndim == right.ndim and got.shape == right.shape[::-1]:
        return f"{words} The axes are in the reverse order."
    if got.ndim != right.ndim and got.size == right.size:
        return f"{words} The number of elements is right, the number of axes is not."
    return words


def value_difference(right: Numbers, got: Numbers, near: npt.NDArray[np.bool_]) -> str:
    """Same shape, other values: the simplest relation that explains them."""
    if got.dtype.kind in "fc" and np.isnan(got).any() and not (right.dtype.kind in "fc" and np.isnan(right).any()):
        return "It is nan: not a number." if got.ndim == 0 else "It contains nan: not a number."
    relation = relation_in_words(right, got)
    if relation:
        return relation
    wrong = int((~near).sum())
    if right.ndim == 0:
        return "The number is another one."
    if wrong == 1:
        where = ", ".join(str(int(index)) for index in np.argwhere(~near)[0])
        return f"One element differs, the one at [{where}]."
    if near.any():
        return f"{wrong} of {right.size} elements differ."
    return "Every element differs."


def relation_in_words(right: Numbers, got: Numbers) -> str:
    """The sign, a factor, an offset, a transposition or another order; empty if it is none of them."""
    if right.size == 0 or "c" in (right.dtype.kind, got.dtype.kind):
        return ""
    r, g = right.astype(np.float64), got.astype(np.float64)
    # Far from rounding errors only: what is nearly right is also nearly its own transpose, or 1 times itself.
    if not (np.abs(r).max() < LARGEST and np.abs(g).max() < LARGEST) or np.allclose(g, r, rtol=1e-4, atol=1e-6):
        return ""
    if np.abs(r).max() > 0 and np.allclose(g, -r, rtol=1e-4, atol=1e-6):
        return "The sign is the wrong way round."
    if r.ndim == 2 and r.shape[0] == r.shape[1] > 1 and np.allclose(g, r.T, rtol=1e-4, atol=1e-6):
        return "Rows and columns are exchanged: it is transposed."
    if np.count_nonzero(r) > 1 and np.abs(r[r != 0]).min() > 1 / LARGEST and np.array_equal(g == 0, r == 0):
        ratios = g[r != 0] / r[r != 0]
        if np.allclose(ratios, ratios[0], rtol=1e-4, atol=1e-6):
            return f"Every element is {short(ratios[0])} times what it should be."
    if r.size > 1 and np.ptp(r) > 0 and np.allclose(g - r, (g - r).flat[0], rtol=1e-4, atol=1e-6):
        offset = float((g - r).flat[0])
        return f"Every element is {short(abs(offset))} too {'large' if offset > 0 else 'small'}."
    if r.size > 1 and np.allclose(np.sort(r, axis=None), np.sort(g, axis=None), rtol=1e-4, atol=1e-6):
        return "The elements are right, their order is not."
    return ""


# Containers


def items_difference(expected: Items, observed: Items) -> str:
    """Sets against sets, sequences against sequences, item by item."""
    unordered = {"set", "frozenset"}
    if (expected.kind in unordered) != (observed.kind in unordered):
        return f"It is a {observed.kind} where a {expected.kind} is meant."
    if observed.kind == "range" and expected.kind != "range":
        observed = Items("list", observed.v)
    if len(expected.v) != len(observed.v):
        return f"It has {count_in_words(len(observed.v), 'item')} where {len(expected.v)} are meant."
    differences = [(i, difference(e, o)) for i, (e, o) in enumerate(zip(expected.v, observed.v, strict=True))]
    wrong = [(i, words) for i, words in differences if words]
    if not wrong:
        return ""
    if len(wrong) > 1 and all(is_numeric(v) and as_array(v).ndim == 0 for v in (*expected.v, *observed.v)):
        right, got = (np.array([float(np.real(as_array(v))) for v in side.v]) for side in (expected, observed))
        relation = relation_in_words(right, got).replace("element", "item")
        return relation or f"{len(wrong)} of {len(expected.v)} items differ."
    if len(wrong) > 1 and sorted(map(repr, expected.v)) == sorted(map(repr, observed.v)):
        return "The items are right, their order is not."
    i, words = wrong[0]
    count = f"{len(wrong)} of {len(expected.v)} items differ. " if len(wrong) > 1 else ""
    return f"{count}Item {i} (counted from 0): {words[0].lower()}{words[1:]}"


def pairs_difference(expected: Pairs, observed: Pairs) -> str:
    """Two dicts: their keys, then their values."""
    right, got = dict(expected.v), dict(observed.v)
    if right.keys() != got.keys() or len(expected.v) != len(observed.v):
        return "The keys are other ones."
    for key, value in right.items():
        words = difference(value, got[key])
        if words:
            return f"At {value_text(key, 80)}: {words[0].lower()}{words[1:]}"
    return ""


# Words


def kind_in_words(value: Value) -> str:
    """What kind of thing a value is, with its article."""
    if isinstance(value, Array):
        noun = {"tensor": "tensor", "ndarray": "numpy array", "scalar": "numpy number"}[value.kind]
        return f"a {noun} of shape {shape_in_words(value.numpy())}" if value.shape else "a single number"
    if isinstance(value, Plain):
        if value.v is None:
            return "None"
        return {bool: "True or False", int: "a whole number", str: "a text"}[type(value.v)]
    if isinstance(value, Float):
        return "a number"
    if isinstance(value, Integer):
        return "a whole number"
    if isinstance(value, Items):
        return f"a {value.kind} of {count_in_words(len(value.v), 'item')}"
    if isinstance(value, Pairs):
        return "a dict"
    if isinstance(value, Other):
        return f"an object of type {value.type}"
    if isinstance(value, Raised):
        return f"the exception {value.type}"
    return value.what


def shape_in_words(array: Numbers) -> str:
    """A shape as Python writes it."""
    return str(tuple(int(size) for size in array.shape))


def dtype_in_words(array: Numbers) -> str:
    """The kind of an array's elements."""
    return "booleans" if array.dtype.kind == "b" else f"whole numbers ({array.dtype})"


def count_in_words(count: int, noun: str) -> str:
    """A count with its noun in the right number."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def short(number: float) -> str:
    """A number with at most four significant digits."""
    return f"{float(number):.4g}"
