"""Values as the grader sees them: plain data from a process that it does not trust, checked against a schema.

The agent (grader/agent.py) makes these from whatever a notebook's code returns. Nothing here runs anything.
"""

import math
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

# What an agent keeps to, with some room; the last is one that no honest answer comes near.
LIMIT_AXES = 16
LIMIT_ELEMENTS = 2**24
LIMIT_DEPTH = 24
LIMIT_ITEMS = 2**17
LIMIT_TEXT = 2**16  # characters of any text, an integer's digits among them
LIMIT_LARGE_INTEGERS = 10_000  # Python hashes integers modulo 2**61 - 1: a set of many equal ones takes minutes

# The dtypes that numbers may have, and how many bytes of data each element takes in an observation.
STORED_AS = {
    "bool": "?",
    "uint8": "u1",
    "int8": "i1",
    "int16": "<i2",
    "uint16": "<u2",
    "int32": "<i4",
    "uint32": "<u4",
    "int64": "<i8",
    "uint64": "<u8",
    "float16": "<f2",
    "bfloat16": "<f4",
    "float32": "<f4",
    "float64": "<f8",
    "complex64": "<c8",
    "complex128": "<c16",
}


class Plain(msgspec.Struct, frozen=True, tag="plain", tag_field="t"):
    """None, a boolean, an integer up to 2**53, or a text."""

    v: bool | int | str | None


class Float(msgspec.Struct, frozen=True, tag="float", tag_field="t"):
    """A Python float, as its repr, which JSON has no other way to write when it is nan or inf."""

    v: str


class Integer(msgspec.Struct, frozen=True, tag="integer", tag_field="t"):
    """An integer too large for JSON numbers."""

    hex: str


class Items(msgspec.Struct, frozen=True, tag="items", tag_field="t"):
    """A list, tuple, set, frozenset or range."""

    kind: Literal["list", "tuple", "set", "frozenset", "range"]
    v: tuple["Value", ...]


class Pairs(msgspec.Struct, frozen=True, tag="pairs", tag_field="t"):
    """A dict, as its items."""

    v: tuple[tuple["Value", "Value"], ...]


class Array(msgspec.Struct, frozen=True, tag="array", tag_field="t"):
    """A tensor, a numpy array or a numpy scalar: its elements in C order, little endian."""

    kind: Literal["tensor", "ndarray", "scalar"]
    dtype: str
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    requires_grad: bool
    data: bytes

    def __post_init__(self) -> None:
        """Refuses a shape or dtype that does not go with the data."""
        stored = STORED_AS.get(self.dtype)
        if stored is None:
            raise ValueError(f"no dtype {self.dtype[:40]}")
        if len(self.shape) > LIMIT_AXES or len(self.strides) > LIMIT_AXES:  # the product of a million sizes takes days
            raise ValueError("too many axes")
        extent = math.prod(size or 1 for size in self.shape)  # rows take time even if there is nothing in them
        if extent > LIMIT_ELEMENTS or any(size < 0 for size in self.shape):
            raise ValueError("no such shape")
        if any(abs(step) >= 2**63 for step in self.strides):
            raise ValueError("no such strides")
        if math.prod(self.shape) * np.dtype(stored).itemsize != len(self.data):
            raise ValueError(f"{len(self.data)} bytes are no {self.dtype} array of shape {self.shape}")
        if self.dtype == "bool" and self.data.translate(None, b"\0\1"):
            raise ValueError("a boolean is neither 0 nor 1")  # a sum would count it as up to 255

    def numpy(self) -> npt.NDArray[np.generic]:
        """The elements as a read-only numpy array; bfloat16 as float32."""
        return np.frombuffer(self.data, STORED_AS[self.dtype]).reshape(self.shape)


class Large(msgspec.Struct, frozen=True, tag="large", tag_field="t"):
    """Something too large to send, in words."""

    what: str


class Other(msgspec.Struct, frozen=True, tag="other", tag_field="t"):
    """Anything that is no plain data: its type and a short text."""

    type: str
    text: str


class Raised(msgspec.Struct, frozen=True, tag="raised", tag_field="t"):
    """An exception, with the line of the notebook that it came from where there is one."""

    type: str
    message: str
    line: str
    number: int


Value = Plain | Float | Integer | Items | Pairs | Array | Large | Other | Raised


class Observation(msgspec.Struct, frozen=True):
    """What came of one case: a value or an exception, what was printed, and how long it took."""

    value: Value
    printed: str
    seconds: float


Ending = Literal["done", "died", "timeout", "oversized", "missing", "malformed"]


class Answer(msgspec.Struct, frozen=True):
    """What came of one probe: an observation for each case, fewer if it did not get that far."""

    observations: tuple[Observation, ...]
    ending: Ending
    detail: str = ""


class _Answers(msgspec.Struct, frozen=True):
    answers: tuple[Answer, ...]


def decode_answers(data: bytes, count: int) -> list[Answer]:
    """The answers to `count` probes, from the JSON that a kernel sent.

    Data that does not fit the schema is a broken answer to every probe, never an exception: it comes from a
    process in which student code may have done anything.
    """
    try:
        answers = list(msgspec.json.decode(data, type=_Answers).answers)
        if len(answers) != count:
            raise ValueError(f"{len(answers)} answers to {count} probes")
        for answer in answers:
            check_answer(answer)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return [Answer((), "malformed", str(error)[:200])] * count
    return answers


def check_answer(answer: Answer) -> None:
    """Raises ValueError for what fits the schema and yet is no answer that an agent sends."""
    check_texts(answer)
    for observation in answer.observations:
        check_texts(observation)
        check_value(observation.value)


def check_value(value: Value) -> None:
    """Raises ValueError for what fits the schema and yet is no value that an agent sends."""
    large_integers = 0
    for count, part in enumerate(parts_of(value)):
        large_integers += isinstance(part, Integer)
        if count >= LIMIT_ITEMS or large_integers > LIMIT_LARGE_INTEGERS:
            raise ValueError("it holds too many items")
        check_part(part)


def check_part(part: Value) -> None:
    """Raises ValueError for a text that is no number, or that is too long, and for a number that is too large."""
    check_texts(part)
    match part:
        case Float(v=text):
            float(text)
        case Integer(hex=text):
            int(text, 16)
        case Plain(v=int(number)) | Raised(number=number):
            if abs(number) >= 2**53:
                raise ValueError("an integer is too large")


def check_texts(data: msgspec.Struct) -> None:
    """Raises ValueError for a text that is too long."""
    for field in msgspec.structs.astuple(data):
        if isinstance(field, str) and len(field) > LIMIT_TEXT:
            raise ValueError("a text is too long")


def parts_of(value: Value) -> Iterator[Value]:
    """A value and all that it holds, level by level; raises ValueError if it is nested too deeply."""
    level = [value]
    for _ in range(LIMIT_DEPTH + 1):
        yield from level
        level = [held for part in level for held in held_by(part)]
    if level:
        raise ValueError("it is nested too deeply")


def held_by(value: Value) -> Iterable[Value]:
    """The items of a list, a tuple or a set, and a dict's keys and values."""
    if isinstance(value, Items):
        return value.v
    return chain.from_iterable(value.v) if isinstance(value, Pairs) else ()
