"""Messages from a process that isn't trusted: checked, and never an exception."""

import base64
import json

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grader import agent
from grader.compare import difference
from grader.values import (
    STORED_AS,
    Answer,
    Array,
    Float,
    Integer,
    Items,
    Observation,
    Pairs,
    Plain,
    decode_answers,
)


def message(*values, printed="", ending="done", detail=""):
    """A message with one answer that holds these encoded values."""
    observations = [{"value": value, "printed": printed, "seconds": 0.5} for value in values]
    return json.dumps({"answers": [{"observations": observations, "ending": ending, "detail": detail}]}).encode()


def array(dtype="float32", shape=(2,), data=bytes(8), **changes):
    """An encoded array."""
    fields = {"kind": "tensor", "strides": [1], "requires_grad": False, "shape": list(shape), "dtype": dtype}
    return {"t": "array", "data": base64.b64encode(data).decode()} | fields | changes


def nested(levels, value=None):
    """A list in a list in a list, encoded."""
    value = value or {"t": "plain", "v": 1}
    for _ in range(levels):
        value = {"t": "items", "kind": "list", "v": [value]}
    return value


def is_refused(data):
    """Whether a message with one answer is a broken one, with its reason."""
    (answer,) = decode_answers(data, 1)
    return answer.ending == "malformed" and answer.observations == () and answer.detail != ""


def test_a_message_is_read():
    data = message({"t": "plain", "v": "seven"}, array(data=np.float32([1, 2]).tobytes()), printed="hello")

    (answer,) = decode_answers(data, 1)

    assert answer.ending == "done"
    text, numbers = answer.observations
    assert text == Observation(Plain("seven"), "hello", 0.5)
    assert numbers.value.numpy().tolist() == [1, 2]


@pytest.mark.parametrize("count", [0, 2])
def test_another_number_of_answers_is_a_broken_answer_to_every_probe(count):
    answers = decode_answers(message(), count)

    assert [answer.ending for answer in answers] == ["malformed"] * count


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b'{"answers": 5}',
        message(ending="splendid"),
        message({"t": "python", "v": "os"}),
        message({"t": "plain", "v": 1.5}),
        message({"t": "plain", "v": [1]}),
        message({"t": "plain", "v": 2**70}),
        message({"t": "plain", "v": -(2**53)}),
        message({"t": "float", "v": "about three"}),
        message({"t": "integer", "hex": "0xyz"}),
        message({"t": "items", "kind": "deque", "v": []}),
        message({"t": "items", "kind": "list", "v": [{"t": "float", "v": ""}]}),
        message({"t": "pairs", "v": [[{"t": "plain", "v": 1}]]}),
        message({"t": "pairs", "v": [[{"t": "integer", "hex": ""}, {"t": "plain", "v": 1}]]}),
        message({"t": "pairs", "v": [[{"t": "plain", "v": 1}, {"t": "integer", "hex": ""}]]}),
        message(array(data=bytes(7))),
        message(array(data=bytes(9))),
        message(array(shape=(-2, -1))),
        message(array(shape=(3,))),
        message(array(dtype="object")),
        message(array(dtype="float128")),
        message(array(dtype="bfloat16", data=bytes(4))),
        message(array() | {"data": "*"}),
        message(array(kind="matrix")),
        message(array(shape=(1,) * 17, data=bytes(4))),
        message(array(shape=(0, 2**62), data=b"")),
        message(array(shape=(0, 2**40, 2**40), data=b"")),
        message(array(shape=(0, 2**70), data=b"")),
        message(nested(200)),
        message({"t": "plain", "v": 1}, {"t": "plain", "v": 1})[:-20],
        b"[" * 100_000,
        b'{"answers":[{"observations":[{"value":' + b'{"t":"items","kind":"list","v":[' * 100_000,
    ],
    ids=lambda data: data[:90].decode("ascii", "replace"),
)
def test_a_message_that_makes_no_sense_is_refused_with_its_reason(data):
    assert is_refused(data)


def test_as_many_levels_as_an_agent_sends_are_read():
    value = []
    for _ in range(50):
        value = [value]

    assert not is_refused(message(agent.Encoder().encode(value)))


def test_empty_arrays_are_read():
    (answer,) = decode_answers(message(array(shape=(3, 0, 2), data=b"")), 1)

    assert answer.observations[0].value.numpy().shape == (3, 0, 2)


@pytest.mark.parametrize("dtype", STORED_AS)
def test_every_dtype_that_the_agent_sends_is_read(dtype):
    assert dtype in agent.DTYPES
    size = np.dtype(STORED_AS[dtype]).itemsize

    (answer,) = decode_answers(message(array(dtype, (2, 1), bytes(2 * size))), 1)

    assert answer.observations[0].value.numpy().tolist() == [[0], [0]]


def test_the_agent_sends_no_dtype_that_is_not_read():
    assert set(agent.DTYPES) == set(STORED_AS)


def test_an_arrays_numbers_cannot_be_changed():
    found = Array("tensor", "uint8", (2,), (1,), False, b"ab").numpy()

    with pytest.raises(ValueError, match="read-only"):
        found[0] = 1


# Laws

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
sizes = st.integers(-1, 4) | st.sampled_from([2**31, 2**62, 2**63, 2**64, 2**100])
numbers = st.sampled_from(sorted(STORED_AS.keys() - {"bfloat16"})).flatmap(
    lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
)
near_values = st.deferred(
    lambda: st.one_of(
        st.fixed_dictionaries({"t": st.just("plain"), "v": st.none() | st.booleans() | st.integers() | st.text()}),
        st.fixed_dictionaries({"t": st.just("float"), "v": st.floats().map(repr) | st.text()}),
        numbers.map(agent.Encoder().encode),
        st.fixed_dictionaries({"t": st.just("integer"), "hex": st.text() | st.integers().map(hex)}),
        st.builds(
            array,
            st.sampled_from([*STORED_AS, "object", "V8", ""]),
            st.lists(sizes, max_size=4),
            st.binary(max_size=16) | st.integers(0, 16).map(bytes),
            kind=st.sampled_from(["tensor", "ndarray", "scalar", "list"]),
            requires_grad=st.booleans(),
        ),
        st.fixed_dictionaries(
            {
                "t": st.just("items"),
                "kind": st.sampled_from(["list", "tuple", "set", "frozenset", "range"]),
                "v": st.lists(near_values, max_size=3),
            }
        ),
        st.fixed_dictionaries({"t": st.just("pairs"), "v": st.lists(st.tuples(near_values, near_values), max_size=2)}),
        st.fixed_dictionaries({"t": st.just("large"), "what": st.text()}),
        st.fixed_dictionaries({"t": st.just("other"), "type": st.text(), "text": st.text()}),
        st.fixed_dictionaries(
            {
                "t": st.just("raised"),
                "type": st.text(),
                "message": st.text(),
                "line": st.text(),
                "number": st.integers(),
            }
        ),
    )
)


@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode()), st.integers(0, 3))
def test_any_bytes_give_as_many_answers_as_there_were_probes(data, count):
    answers = decode_answers(data, count)

    assert len(answers) == count
    assert all(isinstance(answer, Answer) for answer in answers)


@given(json_values, st.integers(0, 2))
def test_any_json_in_the_place_of_answers_gives_as_many_answers_as_there_were_probes(value, count):
    assert len(decode_answers(json.dumps({"answers": value}).encode(), count)) == count


@given(st.data(), near_values)
def test_a_message_that_was_cut_off_is_refused(data, value):
    whole = message(value)

    assert is_refused(whole[: data.draw(st.integers(0, len(whole) - 1))])


def numbers_in(value):
    """All numbers in a value, as numpy or Python has them."""
    if isinstance(value, Array):
        yield value.numpy()
    elif isinstance(value, Float):
        yield float(value.v)
    elif isinstance(value, Integer):
        yield int(value.hex, 16)
    elif isinstance(value, Items):
        for item in value.v:
            yield from numbers_in(item)
    elif isinstance(value, Pairs):
        for pair in value.v:
            yield from numbers_in(pair[0])
            yield from numbers_in(pair[1])


@settings(max_examples=500)
@given(near_values, near_values)
@example(array(shape=(0, 2**62), data=b""), nested(1))
@example({"t": "float", "v": "x"}, {"t": "float", "v": "y"})
def test_whatever_is_accepted_can_be_looked_at_and_compared(one, other):
    answers = decode_answers(message(one), 1) + decode_answers(message(other), 1)
    values = [observation.value for answer in answers for observation in answer.observations]

    for value in values:
        list(numbers_in(value))
    for expected in values:
        for observed in values:
            assert isinstance(difference(expected, observed), str)
