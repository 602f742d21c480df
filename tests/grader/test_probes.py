"""Cases, and the questions that are made of them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import strategies as st

from grader.errors import UserError
from grader.exercise import Calls, Reads, Scenario
from grader.inputs import Dim, tensors, whole_numbers
from grader.probes import ask_here, decoded_value, draw_cases, encoded, make_probe, python_value, seed_of
from grader.values import Float, Large, Other, Plain, Raised

ROOT = Path(__file__).parents[2]
NUMBERS = Calls("lists", whole_numbers(), st.integers(-9, 9))


def twice(subject, number):
    """A scenario with a helper."""
    return applied(subject, applied(subject, number))


def applied(subject, number):
    return subject(number)


def texts(cases):
    """Cases in a form that can be compared."""
    return [json.dumps(encoded(case)) for case in cases]


def ask(check, namespace, cases, names=("subject",), seed=1):
    """The answer of a namespace to one check."""
    (answer,) = ask_here([make_probe(check, names, cases, seed)], namespace)
    return answer


# Cases


def test_the_same_seed_draws_the_same_cases():
    assert texts(draw_cases(NUMBERS, 7)) == texts(draw_cases(NUMBERS, 7))


def test_the_same_seed_draws_the_same_cases_in_another_process_whatever_is_loaded_there(tmp_path):
    (tmp_path / "constants.py").write_text(f"NUMBERS = {[*range(100_000, 100_999)]}")  # which Hypothesis likes to draw
    code = (
        "import constants\n"
        "from hypothesis import strategies as st\n"
        "from grader.exercise import Calls\n"
        "from grader.probes import draw_cases\n"
        "print([draw_cases(Calls('numbers', st.lists(st.integers(0, 10**6))), seed) for seed in range(9)])"
    )
    paths = os.pathsep.join([str(tmp_path), str(ROOT)])

    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )

    large = Calls("numbers", st.lists(st.integers(0, 10**6)))
    assert ran.stdout.strip() == str([draw_cases(large, seed) for seed in range(9)])


def test_another_seed_draws_other_cases():
    assert texts(draw_cases(NUMBERS, 7)) != texts(draw_cases(NUMBERS, 8))


def test_no_case_is_drawn_twice():
    few = draw_cases(Calls("few", st.integers(0, 2), cases=50), 1)

    assert sorted(few) == [(0,), (1,), (2,)]


def test_no_more_cases_are_drawn_than_the_check_asks_for():
    assert 1 < len(draw_cases(Calls("numbers", st.integers(), cases=5), 1)) <= 5


def test_smaller_cases_come_first_and_those_of_nothing_but_zeros_last():
    cases = draw_cases(Calls("tensors", tensors(Dim("n", 1, 9), step=1), cases=100), 1)
    lengths = [len(text) for text, (tensor,) in zip(texts(cases), cases, strict=True) if tensor.any()]
    is_zero = [not tensor.any() for (tensor,) in cases]

    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1]
    assert is_zero == sorted(is_zero)
    assert is_zero[-1]


@pytest.mark.parametrize("nothing", [0, 0.0, "", None, False, [], [0, [0.0]], {}, torch.zeros(2)], ids=str)
def test_a_case_of_nothing_comes_last(nothing):
    cases = draw_cases(Calls("something or nothing", st.sampled_from([nothing, "a rather long text"])), 1)

    assert len(cases) == 2
    assert cases[0] == ("a rather long text",)


def test_a_check_without_inputs_has_one_case_without_arguments():
    assert draw_cases(Reads("a variable"), 1) == [()]


def test_inputs_of_a_case_share_their_sizes():
    n = Dim("n", 1, 9)
    cases = draw_cases(Calls("pairs", tensors(n), tensors(n)), 1)

    assert all(len(a) == len(b) for a, b in cases)
    assert len({len(a) for a, _ in cases}) > 1


def test_inputs_that_cannot_be_sent_are_an_error_of_the_course():
    with pytest.raises(UserError, match="'functions': an input can't be sent to a notebook"):
        draw_cases(Calls("functions", st.just(abs)), 1)


@pytest.mark.parametrize("parts", [("a", "b"), ("ab",), ("", "ab"), ("ab", "")])
def test_a_seed_depends_on_each_of_its_parts(parts):
    others = {("a", "b"), ("ab",), ("", "ab"), ("ab", "")} - {parts}

    assert seed_of(*parts) == seed_of(*parts)
    assert seed_of(*parts) not in {seed_of(*other) for other in others}
    assert 0 <= seed_of(*parts) < 2**32


# Questions


def test_a_namespace_of_this_process_answers():
    answer = ask(NUMBERS, {"subject": lambda items, n: [*items, n]}, [([1], 2), ([], 3)])

    assert [python_value(observation.value) for observation in answer.observations] == [[1, 2], [3]]
    assert answer.ending == "done"


def test_a_scenario_comes_with_its_helpers():
    answer = ask(Scenario("twice", twice, st.integers()), {"subject": lambda n: n * 3}, [(1,), (2,)])

    assert [observation.value for observation in answer.observations] == [Plain(9), Plain(18)]


def test_every_probe_is_answered_with_names_of_its_own():
    namespace = {"f": lambda n: n + 1, "rate": 0.5}
    probes = [
        make_probe(Calls("f", st.integers()), ("f",), [(1,)], 1),
        make_probe(Reads("gone"), ("gone",), [()], 1),
        make_probe(Reads("rate"), ("rate",), [()], 1),
    ]

    called, missing, read = ask_here(probes, namespace)

    assert called.observations[0].value == Plain(2)
    assert (missing.ending, missing.detail) == ("missing", "gone")
    assert read.observations[0].value == Float("0.5")


def test_what_a_namespace_raises_is_an_observation():
    answer = ask(Calls("division", st.integers()), {"subject": lambda n: 1 // n}, [(0,), (1,)])

    assert isinstance(answer.observations[0].value, Raised)
    assert answer.observations[1].value == Plain(1)


def test_a_namespace_is_left_as_it_was():
    namespace = {}
    exec("count = 0\ndef subject(n):\n    global count\n    count += n\n    return count", namespace)

    answer = ask(Calls("counts", st.integers()), namespace, [(1,), (1,)])

    assert [observation.value for observation in answer.observations] == [Plain(1), Plain(2)]
    assert namespace["count"] == 0


def test_random_draws_depend_on_the_probes_seed_only():
    namespace = {"subject": lambda n: torch.rand(n).tolist()}
    check = Calls("draws", st.integers())

    first, second, other = (ask(check, namespace, [(2,), (2,)], seed=seed) for seed in (1, 1, 2))

    values = [[observation.value for observation in answer.observations] for answer in (first, second, other)]
    assert values[0] == values[1]
    assert values[0][0] == values[0][1]
    assert values[0] != values[2]


def test_arguments_are_encoded_anew_for_every_question():
    case = ([1, 2],)
    check = Calls("empties its list", st.just([]))

    ask(check, {"subject": lambda items: items.clear()}, [case])

    assert case == ([1, 2],)


def test_an_argument_is_a_value_for_the_report():
    (data,) = encoded((0.5,))

    assert decoded_value(data) == Float("0.5")


@pytest.mark.parametrize("value", [Other("object", ""), Large("a lot"), Raised("ValueError", "", "", 0)])
def test_what_is_no_plain_data_has_no_python_value(value):
    with pytest.raises(ValueError, match="no argument can be"):
        python_value(value)
