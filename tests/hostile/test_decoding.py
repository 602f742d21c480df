"""Data from a hostile kernel: decoded within bounds, shown without harm, never taken for a right answer it is not.

Replies are encoded by the agent, as in a kernel, and then tampered with, in their JSON or in their bytes. Whatever of
them decodes is compared, shown and judged.
"""

import base64
import copy
import io
import json
import math
import re
import signal
import tracemalloc
from contextlib import contextmanager
from html.parser import HTMLParser

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from rich.console import Console

from grader import agent
from grader.compare import difference
from grader.execution import is_reply_to, text_of
from grader.judging import Judge
from grader.probes import decoded_value
from grader.report import render_html
from grader.results import CellError, CellRecord, Evidence, Grade, grade_json
from grader.showing import value_text
from grader.summary import exercise_lines
from grader.values import STORED_AS, Answer, Array, Float, Integer, Items, Large, Other, Pairs, Plain, Raised
from grader.values import decode_answers as decode
from grader.views import difference_text, view
from tests.grader.report_examples import failed, grade_of

LIMIT_S = 20
MEGABYTE = 2**20

ATTACKS = (
    "</samp></pre></figure></article></main><forged>passed</forged>",
    "<script>forged()</script>",
    '"><img src=forged onerror=forged()>',
    "' onforged='forged()",
    "`</code><forged>`",
    "{{ 7 * 7 }}{% raw %}&#60;forged&#62;",
    "\x1b[2J\x1b]0;forged\x07\x9b31m",
    "\0\r\n\x08\x7f\x85\ufeff\uffff",
    "\u202eforged\u2066\u200f",
    "[bold red]forged[/] :boom:",
)
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
BIDIRECTIONAL = re.compile("[\u202a-\u202e\u2066-\u2069]")


def bounded(examples):
    """Settings for that many examples, the same ones in every run; fuzz_decoding.py tries others."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


# What a kernel may send


def encode(thing):
    """A Python value, as an agent sends it."""
    return agent.Encoder().encode(thing)


def message(*answers):
    """A kernel's reply: JSON in bytes, with a number in it that no float can hold where "1e400" stands."""
    return json.dumps({"answers": answers}).replace('"1e400"', "1e400").encode()


def answer_of(*values, printed="", seconds=0.5):
    """The encoded answer to a probe of as many cases as there are encoded values."""
    observations = [{"value": value, "printed": printed, "seconds": seconds} for value in values]
    return {"observations": observations, "ending": "done", "detail": ""}


def array_of(shape, data=b"", dtype="float32", **changes):
    """An encoded array, whether or not its parts go together."""
    text = base64.b64encode(data).decode()
    fields = {"kind": "tensor", "dtype": dtype, "shape": shape, "strides": [], "requires_grad": False, "data": text}
    return {"t": "array"} | fields | changes


def raised(kind, **changes):
    """An encoded exception."""
    return {"t": "raised", "type": kind, "message": "", "line": "", "number": 0} | changes


def items_of(*values, kind="list"):
    """An encoded list, or another kind of items."""
    return {"t": "items", "kind": kind, "v": list(values)}


def places_in(data):
    """Every place in JSON data: what holds it, and its key or index there."""
    for key in list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield data, key
        yield from places_in(data[key])


texts = st.sampled_from(ATTACKS) | st.text(max_size=12)
numbers = st.booleans() | st.integers(-9, 9) | st.integers() | st.floats()
DTYPES = sorted(STORED_AS.keys() - {"bfloat16", "complex128"})
any_array = st.sampled_from(DTYPES).flatmap(
    lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
)
things = st.recursive(
    st.none() | numbers | texts | any_array | st.sampled_from([abs, b"seven", 2**80, range(3), ValueError("no")]),
    lambda held: (
        st.lists(held, max_size=3)
        | st.tuples(held, held)
        | st.frozensets(st.integers() | texts, max_size=3)
        | st.dictionaries(st.integers() | texts, held, max_size=3)
    ),
    max_leaves=6,
)
sound_answers = st.lists(
    st.builds(
        lambda values, printed: answer_of(*map(encode, values), printed=agent.clean(printed)),
        st.lists(things, max_size=3),
        texts,
    ),
    min_size=1,
    max_size=2,
)
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda held: st.lists(held, max_size=3) | st.dictionaries(texts, held, max_size=3),
    max_leaves=6,
)
numbers_out_of_place = st.sampled_from(
    [0, 1, -1, True, 0.5, -0.0, math.nan, -math.inf, 2**31, 2**53, -(2**63), 2**64, 10**400, "1e400", "nan", "-0x1"]
)
words_out_of_place = st.sampled_from(["bool", "float64", "complex128", "object", "scalar", "set", "range", "timeout"])
junk = numbers_out_of_place | words_out_of_place | any_json | st.lists(numbers_out_of_place, max_size=20)
fragments = st.sampled_from(
    [b"", b"[", b'{"t":', b'"', b",", b"NaN", b"1e400", b"\xff", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"9" * 5000]
)


@st.composite
def tampered(draw, sound):
    """JSON data in some places of which stands something else: of the same type, from another place, or anything."""
    data = copy.deepcopy(draw(sound))
    for _ in range(draw(st.integers(1, 3))):
        places = list(places_in(data))
        holder, key = draw(st.sampled_from(places))
        source, other = draw(st.sampled_from(places))
        holder[key] = draw(of_the_type_of(holder[key]) | st.just(source[other]).map(copy.deepcopy) | junk)
    return data


def of_the_type_of(data):
    """Other JSON data of the same type."""
    match data:
        case bool():
            return st.booleans()
        case int():
            return st.integers(-1, 5) | st.integers()
        case str():
            return texts | words_out_of_place
        case list():
            return st.sampled_from([data[1:], data[::-1], data * 2, data * 20]).map(copy.deepcopy)
    return junk


@st.composite
def damaged(draw, whole):
    """Bytes with some stretches cut out, doubled, or replaced."""
    data = bytearray(draw(whole))
    for _ in range(draw(st.integers(1, 3))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
        data[start:end] = draw(fragments | st.binary(max_size=4) | st.just(bytes(data[start:end]) * 2))
    return bytes(data)


messages = (
    st.binary()
    | any_json.map(lambda data: json.dumps(data).encode())
    | tampered(sound_answers).map(lambda answers: message(*answers))
    | damaged(sound_answers.map(lambda answers: message(*answers)))
)


# What must hold of it


@contextmanager
def at_most(seconds):
    """Fails what takes longer, which a hostile message could otherwise make last for days."""

    def give_up(_signal, _frame):
        raise TimeoutError(f"took more than {seconds} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def values_in(answers):
    """All observed values."""
    return [observation.value for answer in answers for observation in answer.observations]


def look_at(values):
    """Compares, prints and lays out values, all against all."""
    for value in values:
        text = value_text(value)
        assert len(text) <= 200
        assert text.isprintable()
        for other in values:
            assert isinstance(difference(other, value), str)
            assert isinstance(difference_text(value, other), str)
            assert len(str(view(value, other).facts)) < 10_000


def check_decoding(data, count):
    """A message gives as many answers as were asked for; they are sound data, and can be looked at."""
    answers = decode(data, count)

    assert len(answers) == count
    assert msgspec.json.decode(msgspec.json.encode(answers), type=list[Answer]) == answers
    look_at(values_in(answers))


def is_same(expected, observed):
    """Whether two values are equal but for rounding: a plainer and wider definition than the comparison's own."""
    if is_number(expected) and is_number(observed):
        return is_same_number(expected, observed)
    match expected, observed:
        case Items(), Items():
            is_alike = (expected.kind in ("set", "frozenset")) == (observed.kind in ("set", "frozenset"))
            return is_alike and len(expected.v) == len(observed.v) and all(map(is_same, expected.v, observed.v))
        case Pairs(), Pairs():
            right, got = dict(expected.v), dict(observed.v)
            return right.keys() == got.keys() and all(is_same(right[key], got[key]) for key in right)
        case Raised(), Raised():
            return expected.type == observed.type
        case Plain(), Plain():
            return type(expected.v) is type(observed.v) and expected.v == observed.v
        case Other(), Other():
            return expected == observed
    return False


def is_number(value):
    return isinstance(value, Float | Integer | Array) or (isinstance(value, Plain) and isinstance(value.v, int))


def is_same_number(expected, observed):
    """Numbers and arrays of them: shape by shape, element by element; no boolean is a number."""
    dtypes = {side.dtype for side in (expected, observed) if isinstance(side, Array)}
    right, got = (elements_of(side) for side in (expected, observed))
    if right.shape != got.shape or any(
        isinstance(g, bool) and not isinstance(r, bool) for r, g in zip(right.flat, got.flat, strict=True)
    ):
        return False
    largest = max((abs(r) for r in right.flat if abs(r) < math.inf), default=0)
    if dtypes & {"float16", "bfloat16"}:
        relative, absolute = 0.021, max(0.021 * min(1, largest), 1.1e-5)
    else:
        relative, absolute = (1.1e-4, 1.1e-5) if dtypes & {"float32", "complex64"} else (1.1e-7, 1.1e-9)
    return all(
        r == g or (r != r and g != g) or abs(r - g) <= relative * abs(r) + absolute < math.inf
        for r, g in zip(right.flat, got.flat, strict=True)
    )


def elements_of(value):
    """A number, or an array's, as an array of Python numbers."""
    match value:
        case Array():
            return np.array(value.numpy().tolist(), object).reshape(value.shape)
        case Float(v=text):
            return np.array(float(text), object)
        case Integer(hex=text):
            return np.array(int(text, 16), object)
    return np.array(value.v, object)


# Replies

PATH = ("content", "user_expressions", "answer", "data", "text/plain")


def reply_of(content, path=PATH):
    """A kernel's reply with something at the end of a path into it."""
    for key in reversed(path):
        content = {key: content}
    return {"parent_header": {"msg_id": "1"}} | content


def test_the_text_of_a_reply_is_what_the_agent_gave():
    sent = json.loads(message(answer_of(encode("seven"))))
    text = base64.b64encode(json.dumps(sent).encode()).decode()

    assert json.loads(text_of(reply_of(repr(text)))) == sent


@bounded(300)
@given(st.integers(1, len(PATH)), any_json | st.just({}))
def test_a_reply_of_any_form_has_a_text(length, content):
    assert isinstance(text_of(reply_of(content, PATH[:length])), bytes)


@bounded(150)
@given(texts | st.binary().map(base64.b64encode).map(repr) | damaged(st.just(b"'QUJD'")).map(repr))
def test_any_text_in_a_reply_is_decoded_or_none(text):
    assert isinstance(text_of(reply_of(text)), bytes)


@pytest.mark.parametrize(
    "text",
    ["1," * 10**6, "(" * 10**6, "-" * 10**6 + "1", "'a'" * 10**6, "'QUJD", "b'QUJD'", "'\xe9'", "__import__('os')"],
    ids=lambda text: text[:20],
)
def test_a_text_that_is_no_base64_is_none_and_takes_no_memory(text):
    tracemalloc.start()
    found = text_of(reply_of(text))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found in (b"", b"ABC")
    assert peak_bytes < 4 * len(text) + MEGABYTE


@pytest.mark.parametrize("header", [None, [], "1", 1, {}, {"msg_id": ["1"]}, {"msg_id": "2"}], ids=repr)
def test_a_header_of_any_form_is_another_message_s(header):
    assert is_reply_to("1", reply_of("x"))
    assert not is_reply_to("1", {"parent_header": header})


# Decoding


@bounded(300)
@given(messages, st.integers(0, 3))
def test_whatever_comes_is_as_many_sound_answers_as_were_asked_for(data, count):
    with at_most(LIMIT_S):
        check_decoding(data, count)


@bounded(300)
@given(st.data(), things)
def test_a_value_with_something_else_in_it_is_a_sound_answer(data, thing):
    for observed in data.draw(st.lists(tampered(st.just([encode(thing)])), min_size=1, max_size=3)):
        check_decoding(message(answer_of(*observed, encode(thing))), 1)


HIDDEN_DEPTH = b'{"hidden": ' + b"[" * 100_000
REFUSED = {
    "a terabyte in no bytes": lambda: array_of([2**40]),
    "a million axes": lambda: array_of([2**62] * 300_000),
    "a million strides": lambda: array_of([0], strides=[1] * 100_000),
    "a stride that no machine has": lambda: array_of([0], strides=[10**4000]),
    "empty rows without end": lambda: array_of([2**25, 0]),
    "sizes below zero": lambda: array_of([-2, -1], bytes(8)),
    "truth values that count more than 1": lambda: array_of([4], b"\0\1\2\xff", "bool"),
    "a set of integers that all hash alike": lambda: items_of(
        *({"t": "integer", "hex": hex(2**53 + i * (2**61 - 1))} for i in range(20_000)), kind="set"
    ),
    "more items than an agent sends": lambda: items_of(*[encode(1)] * 150_000),
    "more items than an agent sends, in many lists": lambda: items_of(*[items_of(*[encode(1)] * 500)] * 500),
    "a long text": lambda: {"t": "plain", "v": "x" * MEGABYTE},
    "a long float": lambda: {"t": "float", "v": "1" * MEGABYTE},
    "a long integer": lambda: {"t": "integer", "hex": "f" * MEGABYTE},
    "a long type": lambda: {"t": "other", "type": "x" * MEGABYTE, "text": ""},
    "a long description": lambda: {"t": "large", "what": "x" * MEGABYTE},
    "a long exception": lambda: raised("E", message="x" * MEGABYTE),
    "a line number of 4,000 digits": lambda: raised("E", number=10**4000),
    "a lone surrogate": lambda: {"t": "plain", "v": "\ud800"},
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_agent_sends_is_refused_in_little_time_and_memory(name):
    data = message(answer_of(REFUSED[name]()))

    with at_most(LIMIT_S):
        tracemalloc.start()
        (answer,) = decode(data, 1)
        _, peak_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert answer.ending == "malformed"
    assert peak_bytes < 10 * len(data) + MEGABYTE


@pytest.mark.parametrize(
    "data",
    [
        message(answer_of(encode(1), printed="x" * MEGABYTE)),
        message(answer_of(encode(1)) | {"detail": "x" * MEGABYTE}),
        message(answer_of(encode(1), seconds="1e400")),
        message(answer_of(encode(1), seconds=math.nan)),
        message(*[answer_of()] * 100_000),
        message(answer_of(encode("\xe9"))).replace(b"\\u00e9", b"\xe9"),
        message(answer_of(encode("\xe9"))).replace(b"\\u00e9", b"\xed\xa0\x80"),
        b"\x80\x04\x95cposix\nsystem\n.",
        HIDDEN_DEPTH,
    ],
    ids=[
        "a long output",
        "a long ending",
        "a time over all floats",
        "no time",
        "more answers than questions",
        "Latin 1",
        "a surrogate's bytes",
        "a pickle",
        "a depth where nobody looks",
    ],
)
def test_a_message_that_no_agent_sends_is_refused(data):
    (answer,) = decode(data, 1)

    assert (answer.ending, answer.observations) == ("malformed", ())


@pytest.mark.parametrize(
    "value",
    [
        array_of([2**24, 0]),
        array_of([0] + [1] * 15),
        array_of([0, 784]),
        array_of([28, 28], np.eye(28).tobytes(), "float64") | {"kind": "scalar"},
        array_of([28, 28], (np.eye(28) * 1e-310).tobytes(), "float64"),
        array_of([2], b"\x7f" * 16, "complex64"),
        items_of(*[encode("x")] * 100_000, kind="range"),
        items_of(*[array_of([2**16], bytes(2**18))] * 20),
        {"t": "pairs", "v": [[encode(math.nan), encode(1)]] * 1000},
        {"t": "plain", "v": "\u202e\x1b[0m" * 10_000},
    ],
    ids=[
        "a million empty rows",
        "many axes",
        "no flattened image",
        "a scalar of two axes",
        "an image of denormal numbers",
        "complex numbers that are none",
        "a range of texts",
        "a list of large arrays",
        "a dict of one key",
        "a long text of control characters",
    ],
)
def test_odd_values_that_an_agent_might_send_can_be_looked_at(value):
    with at_most(LIMIT_S):
        answers = decode(message(answer_of(value, encode([1.0, 2.0]), encode(np.zeros((2, 3))))), 1)
        assert answers[0].ending == "done"
        look_at(values_in(answers))


# Comparing


def near_misses(data):
    """Encoded values that are nearly this encoded one, and some that pretend to be it."""
    for thing in (None, True, False, 0, 1, "", math.nan, math.inf, -0.0, [], np.float32(math.nan), np.bool_(True)):
        yield encode(thing)
    yield {"t": "other", "type": "Tensor", "text": str(data)[:100]}
    yield raised("ValueError")
    yield {"t": "large", "what": "a tensor"}
    yield items_of(data)
    yield encode(str(decoded_value(data)))
    match data["t"]:
        case "plain" | "float" | "integer":
            yield from near_numbers(agent.decode(data))
        case "array":
            yield from near_arrays(data)
        case "items" | "pairs":
            held = data["v"]
            for other in (held[::-1], held[:-1], held + held[-1:], held[-1:] + held[1:]):
                yield data | {"v": other}
            yield items_of(*(item for item in held if isinstance(item, dict)), kind="set")
            yield items_of(*(item for item in held if isinstance(item, dict)), kind="tuple")
        case "other" | "raised":
            yield data | {"type": data["type"].lower()}
            yield data | {"type": data["type"] + "\u200b"}


def near_numbers(number):
    """A number's neighbours, its text, and the same as other kinds of number; of a text, other texts."""
    if isinstance(number, str):
        yield from map(encode, (number + " ", number.upper(), number.encode()))
    elif number is not None and abs(number) < 1e30:
        for other in (-number, number + 1, number * 1.001 + 1e-3, float(number), repr(number), bool(number)):
            yield encode(other)
        yield array_of([], np.float32(number).tobytes(), "bfloat16")
        yield array_of([1], np.float64(number).tobytes(), "float64")


def near_arrays(data):
    """An array with other elements, in another form, of another dtype, or saying so."""
    elements = decoded_value(data).numpy()
    for dtype in DTYPES:
        with np.errstate(all="ignore"):
            yield encode(np.asarray(elements.real.astype(dtype)))
    for other in (elements[None], elements.T, elements.ravel(), elements == elements, np.zeros_like(elements)):
        yield encode(np.asarray(other))
    yield encode(elements.tolist())
    for filling in (0.0, math.nan, math.inf, 1e-3):
        yield array_of(data["shape"], np.full(elements.shape, filling, "float32").tobytes(), "bfloat16")
    changed = elements.copy()
    if elements.size:
        changed.flat[-1] = not changed.flat[-1]
    yield encode(changed)


@st.composite
def with_near_misses(draw, data):
    """Encoded data some values in which are replaced by near misses."""
    holder = [copy.deepcopy(data)]
    for _ in range(draw(st.integers(1, 2))):
        places = [(where, key) for where, key in places_in(holder) if is_value(where[key])]
        where, key = draw(st.sampled_from(places))
        where[key] = draw(st.sampled_from(list(near_misses(where[key]))))
    return holder[0]


def is_value(data):
    return isinstance(data, dict) and "t" in data


@bounded(1000)
@given(st.data(), things)
def test_what_agrees_with_the_expected_value_is_equal_to_it(data, thing):
    expected = encode(thing)
    (answer,) = decode(message(answer_of(data.draw(with_near_misses(expected)))), 1)
    assume(answer.observations)
    observed = answer.observations[0].value

    if not difference(decoded_value(expected), observed):
        assert is_same(decoded_value(expected), observed)


@pytest.mark.parametrize(
    ("expected", "observed"),
    [
        (encode(np.float32([0.01, -0.015])), array_of([2], bytes(8), "bfloat16")),
        (encode(np.float32([1e-3, -2e-3])), encode(np.zeros(2, np.float16))),
        (encode({1.0: "one"}), {"t": "pairs", "v": [[encode("Float(v='1.0')"), encode("one")]]}),
        (encode({"a": 1}), {"t": "pairs", "v": [[encode("a"), encode(2)], [encode("a"), encode(1)]]}),
        (encode([0.5]), items_of(array_of([], np.float32(0.53).tobytes(), "bfloat16"))),
        (encode(1), encode(True)),
        (encode([0.0, 1.0]), encode([False, True])),
        (encode(1.0), encode("1.0")),
        (encode(0.5), encode(math.nan)),
        (encode(math.inf), encode(-math.inf)),
        (encode(np.float32([0.5, math.nan])), encode(np.float32([math.nan, 0.5]))),
        (encode(np.zeros((0, 3))), encode(np.zeros((3, 0)))),
        (encode([1, 2]), items_of(encode(1), encode(2), kind="set")),
        (encode(None), encode("None")),
        (encode(2**80), {"t": "float", "v": repr(2.0**80)}),
    ],
    ids=[
        "zeros in bfloat16 for small numbers",
        "zeros in float16 for small numbers",
        "a text for a key that reads like it",
        "a wrong value and then the right one",
        "half a float far off",
        "a boolean for a number",
        "booleans for numbers",
        "a text for a number",
        "nan for a number",
        "the other infinity",
        "nan elsewhere",
        "another kind of nothing",
        "a set for a list",
        "a text for None",
        "a float for a large integer",
    ],
)
def test_a_near_miss_does_not_agree(expected, observed):
    assert difference(decoded_value(expected), decoded_value(observed)) != ""


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_floats_agree_with_the_numbers_that_they_round(dtype):
    rounded = np.float32([0.0, 1.0 + 2**-7, 300.0, 0.001, -math.inf, math.nan])
    stored = rounded if dtype == "bfloat16" else rounded.astype(np.float16)
    observed = array_of([6], stored.tobytes(), dtype)

    assert difference(decoded_value(encode(rounded)), decoded_value(observed)) == ""


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_floats_may_be_as_far_from_tiny_numbers_as_floats_may(dtype):
    expected, observed = encode(np.float32([1e-6])), array_of([1], bytes(2 if dtype == "float16" else 4), dtype)

    assert difference(decoded_value(expected), decoded_value(observed)) == ""


# Showing


class Outline(HTMLParser):
    """Reads a document; notes its elements' and attributes' names, and refuses elements that don't nest."""

    VOID = ("meta", "img", "br", "hr", "input", "link")

    def __init__(self, document):
        super().__init__()
        self.names, self.open = set(), []
        self.feed(document)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.handle_startendtag(tag, attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.names |= {tag, *(name for name, _ in attrs)}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def assert_harmless(grade):
    """The report has no element that the templates don't make, and neither it nor the terminal hides anything."""
    document = render_html(grade)
    names = Outline(document).names
    assert not [name for name in names if "forged" in name or name == "script" or name.startswith("on")]
    assert not UNSEEN.search(document)
    assert not BIDIRECTIONAL.search(document)
    terminal = Console(file=io.StringIO(), width=80)
    for exercise in grade.exercises:
        terminal.print(exercise_lines(exercise))
    shown = terminal.file.getvalue()
    assert not UNSEEN.search(shown)
    assert not BIDIRECTIONAL.search(shown)


ATTACKED = {
    "a text": lambda text: Plain(text),
    "an object": lambda text: Other(text, text),
    "something large": lambda text: Large(text),
    "an exception": lambda text: Raised(text, text, text, 1),
    "a list": lambda text: Items("list", (Plain(text), Raised(text, text, text, 1))),
    "a dict": lambda text: Pairs(((Plain(text), Other(text, text)),)),
}


@pytest.mark.parametrize("name", ATTACKED)
def test_texts_in_a_value_do_no_harm_where_it_is_shown(name):
    for attack in (*ATTACKS, "\ud800 alone"):
        value = ATTACKED[name](attack)
        words = difference(Plain(1), value)
        observed = failed(value, Plain(1), reason=words, outcome="error")
        expected = failed(Plain(1), value, ("a", value), reason=words)
        assert_harmless(grade_of(observed, expected))


@pytest.mark.parametrize("name", ATTACKED)
def test_a_value_is_laid_out_in_texts_that_hide_nothing(name):
    for attack in ATTACKS:
        laid_out = view(ATTACKED[name](attack))
        assert laid_out.line.isprintable()
        assert all(part.text.isprintable() for part in (*laid_out.facts, *laid_out.parts))


def test_what_cells_and_probes_print_does_no_harm():
    for attack in ATTACKS:
        error = CellError(attack, attack, attack, 1)
        verdict = failed(None, None, evidence=Evidence("f(x)", printed=attack))
        assert_harmless(grade_of(verdict, notebook=(CellRecord(1, "code", attack, attack, error=error),)))


@bounded(60)
@given(messages)
def test_whatever_decodes_does_no_harm_where_it_is_shown(data):
    values = values_in(decode(data, 1))
    verdicts = [failed(value, values[0], reason=difference(values[0], value)) for value in values]

    assert_harmless(grade_of(*verdicts))


# Judging


@pytest.fixture(scope="module", params=["broadcasting", "data_loader"])
def judge(request, course):
    """A judge of an exercise that has both kinds of checks."""
    return Judge(course, request.param, "a salt")


@pytest.fixture(scope="module")
def right_answers(judge):
    """What a kernel with the right solution sends, as JSON data."""
    return [agent.answer_here(msgspec.to_builtins(probe), judge.oracle.namespace) for probe in judge.probes]


def check_judging(judge, answers, shrinking_s=0.0):
    """A check passes only with the oracle's answers, and the grade can be kept and shown."""
    judge.shrinking_s = shrinking_s
    observed = decode(message(*answers), len(judge.probes))
    verdicts = judge.verdicts(observed, lambda probes: [observed[0]] * len(probes))
    for index, (check, verdict) in enumerate(zip(judge.exercise.checks, verdicts, strict=True)):
        if verdict.outcome == "passed" and check.holds is None:
            pairs = zip(judge.expected(index).observations, observed[index].observations, strict=True)
            assert all(is_same(right.value, got.value) for right, got in pairs)
    grade = grade_of(*verdicts)
    assert msgspec.json.decode(grade_json(grade), type=Grade) == grade
    assert_harmless(grade)
    return verdicts


def test_right_answers_pass(judge, right_answers):
    assert {verdict.outcome for verdict in check_judging(judge, right_answers)} == {"passed"}


@bounded(12)
@given(st.data())
def test_tampered_answers_pass_only_where_they_are_right(judge, right_answers, data):
    check_judging(judge, data.draw(tampered(st.just(right_answers))))


@bounded(12)
@given(st.data())
def test_answers_with_near_misses_pass_only_where_they_are_right(judge, right_answers, data):
    answers = copy.deepcopy(right_answers)
    for answer in answers:
        place = data.draw(st.sampled_from(answer["observations"]))
        place["value"] = data.draw(with_near_misses(place["value"]))

    check_judging(judge, answers)


@pytest.mark.parametrize("value", [math.nan, [1, 2], "\0", ValueError], ids=repr)
def test_one_answer_to_whatever_is_asked_ends_the_search_for_a_smaller_case(judge, right_answers, value):
    answers = [answer_of(encode(value))] * len(right_answers)

    check_judging(judge, answers, shrinking_s=0.1)
