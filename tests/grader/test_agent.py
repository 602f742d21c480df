"""What an agent makes of the values, and of the harm, that a notebook's code can do."""

import base64
import contextlib
import gc
import json
import linecache
import math
import os
import random
import select
import signal
import sys
import types
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grader import agent
from grader.values import Array, Float, Integer, Items, Large, Observation, Other, Pairs, Plain, Raised, decode_answers

CALL = "def play(subject, *arguments):\n    return subject(*arguments)\n"

OPEN_FILES = Path("/proc/self/fd")

needs_fork = pytest.mark.skipif(not agent.can_fork(), reason="this platform can't fork safely")


def question(*cases, source=CALL, names=("subject",), seed=1, limit_s=60.0):
    """A probe as the agent gets it; each case is a tuple of Python values."""
    encoded = [[agent.Encoder().encode(argument) for argument in case] for case in cases or [()]]
    return {
        "source": source,
        "function": "play",
        "names": list(names),
        "cases": encoded,
        "seed": seed,
        "limit_s": limit_s,
    }


def received(data):
    """An answer as the grader reads it; it must go with the schema."""
    (answer,) = decode_answers(json.dumps({"answers": [data]}).encode(), 1)
    assert answer.ending != "malformed" or data["ending"] == "malformed", answer.detail
    return answer


def isolated(probe, namespace):
    (answer,) = agent.answers_isolated([probe], namespace)
    return answer


def in_fork(probe, namespace):
    (answer,) = agent.answers_in_fork([probe], namespace)
    return answer


def asked(subject, *cases, answer=isolated, **options):
    """The answer of a namespace in which `subject` is this object."""
    return received(answer(question(*cases, **options), {"subject": subject}))


def values(answer):
    """The values of an answer, one a case."""
    return [observation.value for observation in answer.observations]


def observed(value):
    """What comes back for a function that returns this value."""
    (found,) = values(asked(lambda: value))
    return found


# Arguments

hashables = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=4,
)
plain_data = st.recursive(
    hashables,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.sets(hashables, max_size=4)
        | st.dictionaries(hashables, inner, max_size=4)
    ),
    max_leaves=8,
)


@given(plain_data)
def test_plain_data_arrives_as_it_was_sent(value):
    sent = agent.Encoder().encode(value)

    arrived = agent.decode(json.loads(json.dumps(sent)))

    assert arrived == value
    assert type(arrived) is type(value)
    assert agent.Encoder().encode(arrived) == sent  # 1, 1.0 and True are equal, and yet not the same


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, -0.0, 5e-324, 0.1])
def test_floats_that_json_cannot_write_arrive(number):
    assert repr(agent.decode(json.loads(json.dumps(agent.Encoder().encode(number))))) == repr(number)


dtypes = st.sampled_from(
    ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64", "complex64", "complex128"]
)
shapes = arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)


@given(dtypes.flatmap(lambda dtype: arrays.arrays(dtype, shapes)))
def test_tensors_arrive_as_they_were_sent(array):
    tensor = torch.from_numpy(array)

    arrived = agent.decode(agent.Encoder().encode(tensor))

    assert (arrived.dtype, arrived.shape) == (tensor.dtype, tensor.shape)
    assert torch.equal(arrived.isnan(), tensor.isnan())
    assert torch.equal(arrived[~arrived.isnan()], tensor[~tensor.isnan()])


@given(arrays.arrays(arrays.array_dtypes(dtypes, max_size=1).map(lambda dtype: dtype[0]), shapes))
def test_numpy_arrays_arrive_as_they_were_sent(array):
    arrived = agent.decode(agent.Encoder().encode(array))

    assert isinstance(arrived, np.ndarray)
    assert arrived.dtype == array.dtype
    np.testing.assert_array_equal(arrived, array)


def test_numpy_numbers_arrive_as_numpy_numbers():
    arrived = agent.decode(agent.Encoder().encode(np.float32(0.5)))

    assert type(arrived) is np.float32
    assert arrived == 0.5


def test_big_endian_arrays_arrive_with_their_numbers():
    array = np.arange(3, dtype=">i4")

    assert agent.decode(agent.Encoder().encode(array)).tolist() == [0, 1, 2]


def test_bfloat16_arrives_as_bfloat16():
    tensor = torch.tensor([0.5, -3.0], dtype=torch.bfloat16)

    arrived = agent.decode(agent.Encoder().encode(tensor))

    assert arrived.dtype == torch.bfloat16
    assert torch.equal(arrived, tensor)


def test_an_argument_arrives_with_its_need_for_a_gradient():
    arrived = agent.decode(agent.Encoder().encode(torch.ones(2, requires_grad=True)))

    assert arrived.requires_grad
    assert arrived.is_leaf


def test_an_argument_can_be_changed_in_place():
    arrived = agent.decode(agent.Encoder().encode(torch.zeros(2)))
    arrived += 1

    assert arrived.tolist() == [1, 1]


def test_a_range_arrives_as_a_list():
    assert agent.decode(agent.Encoder().encode(range(2, 8, 3))) == [2, 5]


def test_what_is_no_plain_data_cannot_be_an_argument():
    with pytest.raises(ValueError, match="no argument can be a other"):
        agent.decode(agent.Encoder().encode(object()))


# Odd values


class HostileText:
    def __repr__(self):
        raise ValueError("no")


class HostileInt(int):
    def __int__(self):
        return 666

    __repr__ = __str__ = __abs__ = __index__ = __int__


class HostileFloat(float):
    def __repr__(self):
        return "666.0"

    __str__ = __repr__


class HostileText2(str):
    def __str__(self):
        return "666"

    __repr__ = __str__

    def encode(self, *_):
        raise ValueError


class HostileList(list):
    def __iter__(self):
        return iter([666])

    def __len__(self):
        return 10**9


class HostileDict(dict):
    def items(self):
        return [(666, 666)]

    __iter__ = None


class HostileTensor(torch.Tensor):
    def detach(self):
        raise ValueError

    numpy = cpu = tolist = contiguous = numel = detach


class OddlyNamed:
    __module__ = "\ud800"


def recursive_list():
    items = []
    items.append(items)
    return items


def endless_tree():
    items = []
    items += [items] * 1000
    return items


def endless():
    while True:
        yield 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, Plain(None)),
        (True, Plain(True)),
        (-3, Plain(-3)),
        ("grüß", Plain("grüß")),
        (0.1, Float("0.1")),
        (math.nan, Float("nan")),
        (-math.inf, Float("-inf")),
        (2**53, Integer("0x20000000000000")),
        (-(2**64), Integer("-0x10000000000000000")),
        (10**100_000, Large("an integer of 332,193 bits")),
        ("\ud800", Plain("?")),
        ("a" * 30_000, Plain("a" * 20_000)),
        ((1, None), Items("tuple", (Plain(1), Plain(None)))),
        (torch.Size([2, 3]), Items("tuple", (Plain(2), Plain(3)))),
        (range(0, 6, 3), Items("range", (Plain(0), Plain(3)))),
        (frozenset({3}), Items("frozenset", (Plain(3),))),
        (
            {None: 1, (1, 2): 2.5},
            Pairs(((Plain(None), Plain(1)), (Items("tuple", (Plain(1), Plain(2))), Float("2.5")))),
        ),
        (math, Other("module", "the module math")),
        (types.ModuleType("\ud800"), Other("module", "the module ?")),
        (b"ab", Other("bytes", "b'ab'")),
        (1j, Other("complex", "1j")),
        (np.str_("seven"), Plain("seven")),
        (np.array(["a"], dtype=object), Other("numpy.ndarray", "array(['a'], dtype=object)")),
        (np.array(["a"]), Other("numpy.ndarray", "array(['a'], dtype='<U1')")),
        (HostileInt(7), Plain(7)),
        (HostileFloat(7), Float("7.0")),
        (HostileText2("seven"), Plain("seven")),
        (HostileList([7]), Items("list", (Plain(7),))),
        (HostileDict({7: 8}), Pairs(((Plain(7), Plain(8)),))),
        (torch.zeros(1).expand(10**10), Large("a float32 tensor of shape (10000000000,)")),
        (torch.zeros(2**22 + 1), Large("a float32 tensor of shape (4194305,)")),
        (np.broadcast_to(np.zeros(1), (10**9, 9)), Large("a float64 array of shape (1000000000, 9)")),
        (torch.eye(2).to_sparse(), Other("Tensor", "a torch.sparse_coo torch.float32 tensor of shape (2, 2)")),
        (
            torch.zeros(2).to(torch.float8_e5m2),
            Other("Tensor", "a torch.strided torch.float8_e5m2 tensor of shape (2,)"),
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_is_observed_as_plain_data(value, expected):
    found = observed(value)

    if isinstance(expected, Other):  # how this file is called depends on how the tests are run
        assert (found.type.rpartition(".")[2], found.text) == (expected.type.rpartition(".")[2], expected.text)
    else:
        assert found == expected


@pytest.mark.parametrize(
    "tensor",
    [
        torch.arange(6.0).view(2, 3).T,
        torch.arange(10)[::3],
        torch.arange(3).expand(2, 3),
        torch.tensor(3, dtype=torch.int32),
        torch.empty(0, 4),
        torch.tensor([1 + 2j]).conj(),
        torch.tensor([1 + 2j]).conj().imag,
        torch.tensor([math.nan, math.inf]),
        torch.ones(2, dtype=torch.uint16),
        torch.arange(4.0).as_subclass(HostileTensor),
        torch.nn.Parameter(torch.ones(2)),
    ],
    ids=lambda tensor: f"{type(tensor).__name__} {tensor.dtype} {tuple(tensor.shape)}",
)
def test_a_tensor_is_observed_with_its_numbers_whatever_its_memory_looks_like(tensor):
    found = observed(tensor)

    plain = tensor.as_subclass(torch.Tensor).detach().resolve_conj().resolve_neg()
    assert isinstance(found, Array)
    assert found.kind == "tensor"
    assert found.dtype == str(plain.dtype).removeprefix("torch.")
    assert found.requires_grad == tensor.requires_grad
    np.testing.assert_array_equal(found.numpy(), plain.numpy())


def test_the_strides_of_a_view_are_observed():
    assert observed(torch.zeros(2, 3).T).strides == (1, 3)
    assert observed(np.zeros((2, 3)).T).strides == (1, 3)


def test_bfloat16_is_observed_under_its_own_name():
    found = observed(torch.tensor([0.5], dtype=torch.bfloat16))

    assert found.dtype == "bfloat16"
    assert found.numpy().tolist() == [0.5]


@pytest.mark.parametrize("value", [np.float64(2.5), np.bool_(True), np.array([1, 2], dtype=">i2"), np.ma.array([1.0])])
def test_numpy_values_are_observed_with_their_numbers(value):
    found = observed(value)

    assert isinstance(found, Array)
    assert found.kind == ("ndarray" if isinstance(value, np.ndarray) else "scalar")
    assert found.numpy().tolist() == value.tolist()


@pytest.mark.skipif(np.dtype(np.longdouble).itemsize <= 8, reason="long doubles are doubles here")
def test_a_long_double_is_no_number_that_the_grader_knows():
    assert isinstance(observed(np.longdouble(1)), Other)


def test_arrays_of_very_many_axes_are_no_plain_data():
    assert isinstance(observed(torch.zeros((1,) * 20)), Other)
    assert isinstance(observed(np.zeros((1,) * 20)), Other)


@pytest.mark.parametrize(
    ("value", "kind"),
    [((n for n in [1]), "generator"), (map(abs, [1]), "map"), (lambda: 1, "function"), (HostileText, "type")],
    ids=["generator", "map", "lambda", "class"],
)
def test_an_object_is_observed_as_its_type(value, kind):
    assert observed(value).type == kind


def test_a_generator_is_not_asked_for_its_items():
    assert observed(endless()).type == "generator"


def test_an_object_whose_text_raises_is_observed():
    assert observed(HostileText()).text == "(its text raises ValueError)"


def test_the_name_of_a_type_may_hold_lone_surrogates():
    assert observed(OddlyNamed()).type == "?.OddlyNamed"


def test_texts_of_objects_hold_no_addresses():
    assert " at 0x" in repr(object())
    assert observed(object()).text == "<object object>"


@pytest.mark.parametrize("items", [range(10**18), list(range(200_000))], ids=["range", "list"])
def test_a_long_sequence_is_cut_off(items):
    found = observed(items)

    assert len(found.v) <= agent.LIMIT_ITEMS
    assert found.v[0] == Plain(0)
    assert isinstance(found.v[-1], Large)


def depth_of(value):
    return 1 + max(map(depth_of, value.v), default=0) if isinstance(value, Items) else 0


@pytest.mark.parametrize("make", [recursive_list, endless_tree])
def test_a_list_that_holds_itself_is_cut_off(make):
    assert 1 < depth_of(observed(make())) <= agent.LIMIT_DEPTH + 1


@pytest.mark.parametrize(
    "item", ["a" * agent.LIMIT_TEXT, torch.zeros(2**21)], ids=["texts of 20 kB", "tensors of 8 MB"]
)
def test_a_list_of_large_things_is_cut_off(item):
    found = observed([item] * 50_000)

    assert len(found.v) < 5_000
    assert isinstance(found.v[-1], Large)


def test_a_tensor_subclass_that_fights_back_gives_an_observation_nevertheless():
    class Fighter(torch.Tensor):
        @classmethod
        def __torch_function__(cls, *_, **__):
            raise ValueError("hands off")

    assert observed(torch.ones(2).as_subclass(Fighter)) == Raised("ValueError", "hands off", "", 0)


# Exceptions


def test_an_exception_is_an_observation():
    def subject():
        raise KeyError("no such key")

    assert values(asked(subject)) == [Raised("KeyError", "'no such key'", "", 0)]


def test_an_exception_comes_with_its_line_of_the_notebook():
    code = "def subject():\n    return 1 / 0\n"
    filename = "<ipython-input-3-abc>"
    linecache.cache[filename] = len(code), None, code.splitlines(keepends=True), filename
    namespace = {}
    exec(compile(code, filename, "exec"), namespace)

    (found,) = values(asked(namespace["subject"]))

    assert (found.type, found.line, found.number) == ("ZeroDivisionError", "return 1 / 0", 2)


def test_an_exception_whose_text_raises_is_an_observation():
    class HostileError(Exception):
        def __str__(self):
            raise ValueError

    def subject():
        raise HostileError

    assert values(asked(subject)) == [Raised("HostileError", "(its text raises ValueError)", "", 0)]


def test_leaving_python_is_an_exception_like_others():
    answer = asked(lambda code: sys.exit(code) if code else "still here", (3,), (0,))

    assert values(answer) == [Raised("SystemExit", "3", "", 0), Plain("still here")]
    assert answer.ending == "done"


def test_endless_recursion_is_an_exception_like_others():
    def subject():
        return subject()

    assert values(asked(subject))[0].type == "RecursionError"


# Printing


def printed_by(subject):
    (found,) = asked(subject).observations
    assert isinstance(found, Observation)
    return found.printed


def test_what_is_printed_comes_with_the_observation():
    def subject():
        print("one")
        print("two", file=sys.stderr)

    assert printed_by(subject) == "one\ntwo\n"


@pytest.mark.parametrize("width", [9, 999, 30_000])
def test_only_the_beginning_of_much_printing_is_kept(width):
    def subject():
        for _ in range(100_000 // width):
            print("x" * width)

    assert printed_by(subject) == (("x" * width + "\n") * 10_000)[: agent.LIMIT_TEXT]


def test_lone_surrogates_can_be_printed():
    assert printed_by(lambda: print("\ud800")) == "?\n"


@needs_fork
def test_what_is_printed_past_the_agent_goes_nowhere(capfd):
    def subject():
        print("to the process's own stream", file=sys.__stdout__, flush=True)
        os.write(2, b"to the descriptor")

    assert asked(subject).ending == "done"
    assert capfd.readouterr() == ("", "")


# Forks


@needs_fork
@pytest.mark.parametrize("draw", [random.random, np.random.rand, lambda: torch.rand(()).item()])
def test_a_probes_draws_are_seeded_and_the_kernels_are_left_alone(draw):
    agent.seed(5)
    undisturbed = draw(), draw()
    agent.seed(5)
    first = draw()

    observations = values(asked(draw, (), (), seed=9))

    assert (first, draw()) == undisturbed
    assert observations[0] == observations[1]
    assert observations != values(asked(draw, (), (), seed=10))


@needs_fork
def test_a_fork_keeps_its_changes_to_itself():
    numbers, tensor = [1], torch.zeros(2)

    def subject():
        numbers.append(2)
        tensor.add_(1)
        return numbers, tensor

    (found,) = values(asked(subject))

    assert len(found.v[0].v) == 2
    assert numbers == [1]
    assert tensor.tolist() == [0, 0]


@needs_fork
def test_ending_the_process_ends_the_probe_and_no_more():
    answer = asked(lambda status: os._exit(status) if status else "alive", (0,), (7,), (0,))

    assert values(answer) == [Plain("alive")]
    assert (answer.ending, answer.detail) == ("died", "ended its process with status 7")


@needs_fork
def test_a_crash_ends_the_probe_and_no_more():
    answer = asked(lambda: os.kill(os.getpid(), signal.SIGSEGV))

    assert (answer.ending, answer.detail) == ("died", "was killed by SIGSEGV")


def hang_at_zero(number):
    while not number:
        pass
    return number


@needs_fork
def test_an_endless_loop_is_ended_and_earlier_observations_are_kept():
    answer = asked(hang_at_zero, (1,), (2,), (0,), (3,), limit_s=2.0)

    assert values(answer) == [Plain(1), Plain(2)]
    assert answer.ending == "timeout"


@needs_fork
def test_an_endless_loop_that_hears_no_interrupt_is_ended():
    def subject():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        hang_at_zero(0)

    assert asked(subject, limit_s=1.0).ending == "timeout"


@needs_fork
def test_an_interrupt_of_the_kernel_ends_the_probe():
    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        answer = asked(hang_at_zero, (0,))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    assert answer.ending == "timeout"


@needs_fork
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="this Python has no pidfd_open")
def test_processes_that_student_code_started_end_with_the_probe():
    def subject():
        child = os.fork()
        if not child:
            hang_at_zero(0)
        return child

    (found,) = values(asked(subject))

    try:
        child = os.pidfd_open(found.v)
    except ProcessLookupError:
        return
    assert select.select([child], [], [], 30)[0]
    os.close(child)


@needs_fork
def test_a_probe_leaves_no_process_and_no_open_file_behind():
    gc.collect()
    open_before = set(OPEN_FILES.iterdir())

    (child,) = values(asked(os.getpid))

    assert set(OPEN_FILES.iterdir()) <= open_before
    assert child.v != os.getpid()
    with pytest.raises(ChildProcessError):
        os.waitpid(child.v, os.WNOHANG)


@needs_fork
def test_there_is_nothing_to_read_from_the_keyboard():
    assert observed_in_fork(lambda: os.read(0, 1)) == Other("bytes", "b''")


def observed_in_fork(subject):
    (found,) = values(asked(subject, answer=in_fork))
    return found


@needs_fork
def test_a_probe_that_takes_all_memory_gets_an_exception():
    assert observed_in_fork(lambda: len(bytearray(agent.LIMIT_MEMORY_BYTES + 2**30))).type == "MemoryError"


@needs_fork
def test_an_answer_that_is_too_long_is_not_read_to_its_end():
    answer = asked(lambda: torch.zeros(2**22), (), (), (), ())

    assert answer.ending == "oversized"
    assert 0 < len(answer.observations) < 4


@needs_fork
@pytest.mark.parametrize("garbage", [b"no JSON\n", b"\xff\n", b"[" * 100_000 + b"\n"])
def test_writing_to_the_pipe_makes_a_malformed_answer(garbage):
    def subject():
        for file in OPEN_FILES.iterdir():
            if int(file.name) > 2:
                with contextlib.suppress(OSError):
                    if str(file.readlink()).startswith("pipe:"):
                        os.write(int(file.name), garbage)

    answer = asked(subject)

    assert answer.ending == "malformed"
    assert answer.observations == ()


@needs_fork
def test_a_scenario_that_is_no_python_is_no_end_of_the_kernel():
    assert asked(None, source="def play(:").ending == "died"


# Modes of the notebook


@pytest.fixture
def odd_modes():
    torch.set_grad_enabled(False)
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)


@pytest.mark.parametrize("answer", [pytest.param(in_fork, marks=needs_fork), agent.answer_here])
def test_modes_that_a_notebook_left_behind_make_no_difference(odd_modes, answer):
    (found,) = values(asked(lambda: torch.ones(2, requires_grad=True) * 2, answer=answer))

    assert (found.dtype, found.requires_grad) == ("float32", True)
    assert torch.get_default_dtype() == torch.float64
    assert not torch.is_grad_enabled()


# Without a fork


@pytest.fixture
def _without_fork(monkeypatch):
    monkeypatch.setattr(agent, "can_fork", lambda: False)


@pytest.mark.usefixtures("_without_fork")
def test_without_a_fork_an_endless_loop_is_interrupted_and_earlier_observations_are_kept():
    answer = asked(hang_at_zero, (1,), (2,), (0,), (3,), limit_s=0.5)

    assert values(answer) == [Plain(1), Plain(2)]
    assert answer.ending == "timeout"


@pytest.mark.usefixtures("_without_fork")
def test_without_a_fork_a_user_s_interrupt_is_passed_on():
    before = signal.getsignal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        asked(lambda: signal.raise_signal(signal.SIGINT))

    assert signal.getsignal(signal.SIGINT) is before


def test_without_a_fork_the_namespace_is_put_back():
    namespace = {"number": 1, "gone": 2}
    exec(
        "def subject():\n    global number, new\n    number = new = 5\n    del globals()['gone']\n    return number",
        namespace,
    )
    before = dict(namespace)

    answer = received(agent.answer_here(question(), namespace))

    assert values(answer) == [Plain(5)]
    assert namespace == before


@pytest.mark.parametrize("draw", [random.random, np.random.rand, lambda: torch.rand(()).item()])
def test_without_a_fork_the_random_states_are_put_back(draw):
    agent.seed(5)
    undisturbed = draw(), draw()
    agent.seed(5)
    first = draw()

    asked(draw, answer=agent.answer_here)

    assert (first, draw()) == undisturbed


# Messages


def observe(namespace, *questions):
    """The answers to a whole message."""
    request = base64.b64encode(json.dumps({"probes": questions}).encode()).decode()
    return decode_answers(base64.b64decode(agent.observe(request, namespace)), len(questions))


def test_a_message_of_several_probes_is_answered_in_order():
    namespace = {"double": lambda n: 2 * n, "subject": abs}

    answers = observe(namespace, question((-4,)), question((2,), (3,), names=["double"]))

    assert [values(answer) for answer in answers] == [[Plain(4)], [Plain(4), Plain(6)]]


def test_names_that_the_notebook_does_not_define_are_named():
    present, absent = observe({"subject": abs}, question((-4,)), question((1,), names=["subject", "lr", "epochs"]))

    assert present.ending == "done"
    assert (absent.ending, absent.detail, absent.observations) == ("missing", "lr, epochs", ())


@needs_fork
def test_probes_of_a_message_that_end_well_share_a_fork():
    pids = [values(answer) for answer in observe({"subject": os.getpid}, question(), question(), question())]

    assert pids[0] == pids[1] == pids[2] != [Plain(os.getpid())]


@needs_fork
def test_a_probe_that_shares_a_fork_finds_the_names_as_the_notebook_has_them():
    namespace = {"number": 1}
    exec("def subject():\n    global number\n    number += 1\n    return number", namespace)

    answers = observe(namespace, question(), question())

    assert [values(answer) for answer in answers] == [[Plain(2)], [Plain(2)]]


LATE = """
calls = []
def subject(*arguments):
    calls.append(1)
    if len(calls) > 2:
        {harm}
    return len(calls)
"""


@needs_fork
@pytest.mark.parametrize("harm", ["__import__('os')._exit(1)", "while True: pass"])
def test_what_goes_wrong_late_in_a_shared_fork_is_asked_again_as_the_first_of_another(harm):
    namespace = {}
    exec(LATE.format(harm=harm), namespace)

    answers = observe(namespace, *[question((), (), limit_s=3.0)] * 3)

    assert [values(answer) for answer in answers] == [[Plain(1), Plain(2)]] * 3


@needs_fork
@given(st.lists(st.lists(st.binary(min_size=1).filter(lambda line: b"\n" not in line)), min_size=1), st.data())
def test_lines_are_those_that_were_written_however_they_come(answers, data):
    reading, writing = os.pipe()
    text = b"".join(b"".join(line + b"\n" for line in lines) + b"\n" for lines in answers)
    lines, found = agent.Lines(reading), []
    while text:
        size = data.draw(st.integers(1, len(text)))
        text = os.write(writing, text[:size]) and text[size:]
        while (part := lines.until_empty(0))[1] == "done":
            found.append(part[0])
    os.close(writing)
    os.close(reading)

    assert found == answers


@needs_fork
def test_one_probe_that_dies_takes_no_other_with_it():
    died, done = observe({"subject": os._exit, "other": abs}, question((1,)), question((-4,), names=["other"]))

    assert died.ending == "died"
    assert values(done) == [Plain(4)]
