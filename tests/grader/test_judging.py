"""Verdicts on the answers of namespaces, right, wrong, and broken in every way."""

import json

import pytest
import torch

from grader import agent
from grader.errors import UserError
from grader.judging import Judge
from grader.probes import ask_here, encoded
from grader.values import Answer, Array, Items, Large, Observation, Plain, Raised, decode_answers

SALT = "a salt"
LONG_S = 60
SPREAD = "exercises/spread.py"

# `draw(low, high)` may give any number between the two: there is no one right value.
PROPERTY = """\
from hypothesis import strategies as st

from grader.exercise import Calls, Exercise, Misconception


def is_between(value, low, high):
    if not low <= value[0] <= high:
        return f"{value[0]:g} is not from {low} to {high}."


def what_was_drawn(value, low, high):
    return f"It drew {value[0]:g} from {low} to {high}."


exercise = Exercise(
    title="A random number",
    provides="draw",
    oracle="extremes:draw",
    statement="",
    starter="",
    checks=[
        Calls("a number between the two", st.integers(0, 9), st.integers(10, 19), holds=is_between,
              remark=what_was_drawn, hint="Scale it."),
    ],
    misconceptions=[Misconception("draws one too large", lambda low, high: [high + 1], hint="Up to high.")],
)
"""
DRAW = "import random\n\n\ndef draw(low, high):\n    return [random.uniform(low, high)]\n"

# Reads a variable, and calls with tensors; two mistakes that differ in the second check only.
TENSORS = """\
import torch

from grader.exercise import Calls, Exercise, Misconception, Reads, Scenario
from grader.inputs import Dim, tensors

N = Dim("n", 1, 5)


def apply_to_both(mean, one, other):
    return [mean(one), mean(other)]


exercise = Exercise(
    title="A mean",
    provides=("mean", "rate"),
    oracle="means",
    statement="",
    starter="",
    checks=[
        Reads("the rate", of="rate", hint="A tenth."),
        Calls("the mean of a row", tensors(N), of="mean", points=2, hint="Sum, then divide."),
        Calls("the mean of a matrix", tensors(N, 3), of="mean", hint="Over all."),
        Scenario("two means", apply_to_both, tensors(N), tensors(N), of="mean"),
    ],
    misconceptions=[
        Misconception("divides by the rows", {"mean": lambda t: t.sum() / len(t)}, hint="How many are there?"),
        Misconception("adds only", {"mean": lambda t: t.sum()}, hint="Divide as well."),
        Misconception("sets the rate to one", {"rate": 1.0}, hint="Smaller steps."),
        Misconception("takes one row", "def mean(t):\\n    return t[0].mean()\\n", hint="All rows."),
        Misconception("names it otherwise", "def average(t): ...", hint="The name!", pattern=r"def average"),
    ],
)
"""
MEANS = "rate = 0.1\n\n\ndef mean(t):\n    return t.mean()\n"


@pytest.fixture
def judge(small_course):
    return Judge(small_course, "spread", SALT)


@pytest.fixture
def patient_judge(small_course):
    """A judge with more time to make counterexamples smaller than that can take."""
    return Judge(small_course, "spread", SALT, shrinking_s=LONG_S)


@pytest.fixture
def property_judge(load):
    return Judge(load({SPREAD: PROPERTY, "reference/extremes.py": DRAW}), "spread", SALT)


@pytest.fixture
def tensor_judge(load):
    return Judge(load({SPREAD: TENSORS, "reference/means.py": MEANS}), "spread", SALT)


def verdicts(judge, **namespace):
    """The verdicts on a namespace of this process."""

    def ask(probes):
        return ask_here(probes, namespace)

    return judge.verdicts(ask(judge.probes), ask)


def refuse(probes):
    """Stands for a kernel that must not be asked, or has nothing to say any more."""
    return [Answer((), "died")] * len(probes)


def answers_of(judge, **namespace):
    """What a namespace of this process answers to all checks."""
    return ask_here(judge.probes, namespace)


def right(numbers):
    return max(numbers) - min(numbers)


# Right and wrong


def test_a_right_solution_passes_with_all_points(judge):
    spread, keeps = verdicts(judge, spread=right)

    assert [(v.outcome, v.points, v.possible) for v in (spread, keeps)] == [("passed", 2, 2), ("passed", 1, 1)]
    assert spread.passed_cases == spread.cases > 1
    assert (spread.reason, spread.hint, spread.misconception, spread.evidence) == ("", "", "", None)
    assert spread.description == "the spread of any list"


def test_a_known_mistake_is_named_and_earns_its_hint(judge):
    spread, keeps = verdicts(judge, spread=lambda numbers: min(numbers) - max(numbers))

    assert (spread.outcome, spread.points) == ("failed", 0)
    assert spread.misconception == "subtracts the wrong way round"
    assert spread.hint == "No spread is negative."
    assert spread.reason == "The sign is the wrong way round."
    assert keeps.outcome == "passed"


def test_a_mistake_that_shows_in_one_check_only_is_named_there(judge):
    def sorts(numbers):
        numbers.sort()
        return numbers[-1] - numbers[0]

    spread, keeps = verdicts(judge, spread=sorts)

    assert (spread.outcome, spread.misconception) == ("passed", "")
    assert (keeps.outcome, keeps.misconception) == ("failed", "sorts the list itself")
    assert keeps.reason.startswith("It changes its arguments. ")


def test_an_unknown_mistake_is_told_with_the_checks_hint(judge):
    spread, _ = verdicts(judge, spread=lambda numbers: 3 * right(numbers) + 1)

    assert (spread.outcome, spread.points, spread.misconception) == ("failed", 0, "")
    assert spread.reason == "The number is another one."
    assert spread.hint == "On which two numbers does it depend?"


def test_agreeing_with_a_known_mistake_here_and_there_is_not_making_it(judge):
    def wrong_sometimes(numbers):
        return numbers[-1] - numbers[0] if len(numbers) < 3 else 77

    def right_sometimes(numbers):
        return numbers[-1] - numbers[0] if len(numbers) < 4 else right(numbers)

    def wrong_elsewhere_too(numbers):
        return 77 if numbers[-1] - numbers[0] == right(numbers) else numbers[-1] - numbers[0]

    for mistake in (wrong_sometimes, right_sometimes, wrong_elsewhere_too):
        spread, _ = verdicts(judge, spread=mistake)
        assert (spread.outcome, spread.misconception) == ("failed", "")


def test_points_are_given_check_by_check(tensor_judge):
    found = verdicts(tensor_judge, rate=0.5, mean=lambda t: t.mean())

    assert [verdict.points for verdict in found] == [0, 2, 1, 1]
    assert found[0].hint == "A tenth."


def test_a_mistake_in_a_variable_is_named(tensor_judge):
    rate, *means = verdicts(tensor_judge, rate=1.0, mean=lambda t: t.mean())

    assert rate.misconception == "sets the rate to one"
    assert all(verdict.outcome == "passed" for verdict in means)


def test_of_two_mistakes_that_agree_in_a_check_the_one_that_explains_more_is_named(tensor_judge):
    by_rows = verdicts(tensor_judge, rate=0.1, mean=lambda t: t.sum() / len(t))
    sums = verdicts(tensor_judge, rate=0.1, mean=lambda t: t.sum())

    assert [verdict.misconception for verdict in by_rows] == ["", "", "divides by the rows", ""]
    assert [verdict.misconception for verdict in sums] == ["", "adds only", "adds only", "adds only"]


def test_a_mistake_that_is_given_as_a_text_is_named(tensor_judge):
    found = verdicts(tensor_judge, rate=0.1, mean=lambda t: t[0].mean())

    assert found[2].misconception == "takes one row"


def test_printing_instead_of_returning_is_told(judge):
    spread, _ = verdicts(judge, spread=lambda numbers: print(right(numbers)))

    assert spread.reason == "It prints its answer instead of returning it."
    assert spread.evidence.printed.strip().isdigit()


def test_returning_nothing_is_told(judge):
    spread, keeps = verdicts(judge, spread=lambda numbers: None)

    assert spread.reason == "It returns None where a whole number is meant. Is there a `return`?"
    assert keeps.outcome == "failed"


def test_raising_is_an_error_with_its_message(judge):
    def broken(numbers):
        raise NameError("name 'np' is not defined")

    spread, _ = verdicts(judge, spread=broken)

    assert (spread.outcome, spread.hint) == ("error", "")
    assert spread.reason == "It raises NameError: name 'np' is not defined"
    assert isinstance(spread.evidence.observed, Raised)


def test_the_same_answer_whatever_the_input_is_told(judge):
    spread, _ = verdicts(judge, spread=lambda numbers: 1000)

    assert spread.reason.endswith(" It gives the same answer whatever the input.")


def test_a_constant_among_other_answers_is_not_told_as_one(judge):
    spread, _ = verdicts(judge, spread=lambda numbers: 1000 + (len(numbers) > 2))

    assert "whatever the input" not in spread.reason


def test_what_is_not_defined_is_missing(judge):
    spread, keeps = verdicts(judge, sprad=right)

    assert (spread.outcome, keeps.outcome) == ("missing", "missing")
    assert (spread.reason, spread.evidence) == ("The notebook defines no spread.", None)


def test_another_salt_asks_with_other_cases(small_course):
    cases = [Judge(small_course, "spread", salt).oracle.cases(0) for salt in ("one", "two", "one")]

    assert cases[0] != cases[1]
    assert cases[0] == cases[2]


# Evidence


def test_evidence_shows_the_call_what_came_back_and_what_was_expected(judge):
    spread, _ = verdicts(judge, spread=lambda numbers: 1000)
    evidence = spread.evidence

    (argument,) = evidence.arguments
    assert (evidence.call, argument.name) == ("spread(numbers)", "numbers")
    assert evidence.observed == Plain(1000)
    assert evidence.expected == Plain(right([item.v for item in argument.value.v]))


def test_evidence_names_the_arguments_as_the_scenario_does(tensor_judge):
    *_, both = verdicts(tensor_judge, rate=0.1, mean=lambda t: t.sum() + 1)

    assert both.evidence.call == "mean(one, other)"
    assert [argument.name for argument in both.evidence.arguments] == ["one", "other"]


def test_evidence_of_a_variable_is_its_name_and_value(tensor_judge):
    rate, *_ = verdicts(tensor_judge, rate=5, mean=None)

    assert (rate.evidence.call, rate.evidence.arguments, rate.evidence.observed) == ("rate", (), Plain(5))


def test_arrays_too_large_to_read_are_described(tensor_judge):
    _, mean, *_ = verdicts(tensor_judge, rate=0.1, mean=lambda t: torch.zeros(300, 300))

    assert mean.evidence.observed == Large("a tensor of shape (300, 300)")


def test_a_counterexample_is_as_small_as_can_be(patient_judge):
    spread, _ = verdicts(patient_judge, spread=lambda numbers: numbers[0] - numbers[-1])

    (argument,) = spread.evidence.arguments
    assert len(argument.value.v) == 2


def test_a_counterexample_is_never_larger_than_the_first_case_that_failed(small_course):
    def wrong(numbers):
        return 1000 if len(numbers) > 3 else right(numbers)

    shrunk, first = (
        verdicts(Judge(small_course, "spread", SALT, shrinking_s=seconds), spread=wrong)[0].evidence
        for seconds in (LONG_S, 0)
    )

    assert len(shrunk.arguments[0].value.v) == 4
    assert len(first.arguments[0].value.v) >= 4
    assert first.arguments[0].value in [items_of(case) for case in Judge(small_course, "spread", SALT).oracle.cases(0)]


def items_of(case):
    """A list of whole numbers as it is observed."""
    return Items("list", tuple(Plain(number) for number in case[0]))


def test_a_smaller_counterexample_fails_in_the_same_way(patient_judge):
    def wrong(numbers):
        if len(numbers) == 1:
            return None
        return 1000 if len(numbers) > 4 else right(numbers)

    def only_long(numbers):
        return right(numbers) if len(numbers) == 1 else wrong(numbers)

    answers = answers_of(patient_judge, spread=only_long)

    spread, _ = patient_judge.verdicts(answers, lambda probes: ask_here(probes, {"spread": wrong}))

    assert spread.evidence.observed == Plain(1000)
    assert len(spread.evidence.arguments[0].value.v) == 5


def test_a_kernel_that_dies_meanwhile_leaves_the_first_counterexample(judge):
    answers = answers_of(judge, spread=lambda numbers: 1000)

    spread, _ = judge.verdicts(answers, refuse)

    assert spread.evidence.arguments[0].value == items_of(judge.oracle.cases(0)[0])


# Checks that decide by a property


def test_any_value_with_the_property_passes(property_judge):
    for number in (10, 9.5):
        (verdict,) = verdicts(property_judge, draw=lambda low, high, number=number: [number])
        assert (verdict.outcome, verdict.evidence) == ("passed", None)


def test_there_may_be_something_to_say_of_an_answer_that_passed(property_judge) -> None:
    (verdict,) = verdicts(property_judge, draw=lambda low, high: [high])

    low, high = property_judge.oracle.cases(0)[0]
    assert verdict.outcome == "passed"
    assert verdict.remark == f"It drew {high} from {low} to {high}."


def test_a_value_without_the_property_is_told_in_the_checks_words(property_judge):
    (verdict,) = verdicts(property_judge, draw=lambda low, high: [low - 1])
    assert verdict.remark == ""

    assert verdict.outcome == "failed"
    assert verdict.reason == "-1 is not from 0 to 10."
    assert verdict.hint == "Scale it."
    assert (verdict.evidence.observed, verdict.evidence.expected) == (Items("list", (Plain(-1),)), None)
    assert verdict.evidence.call == "draw(low, high)"


def test_a_known_mistake_is_named_by_the_words_that_it_earns(property_judge):
    (same,) = verdicts(property_judge, draw=lambda low, high: [float(high) + 1, "and more"])
    (other,) = verdicts(property_judge, draw=lambda low, high: [high + 2])

    assert same.misconception == "draws one too large"
    assert other.misconception == ""


def test_a_value_of_a_form_that_the_property_cannot_take_fails(property_judge):
    (verdict,) = verdicts(property_judge, draw=lambda low, high: 5)

    assert verdict.outcome == "failed"
    assert verdict.reason.startswith("What came back has another form than was asked for (TypeError: ")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (len, "It is an object of type builtin_function_or_method, which can't be looked at."),
        ([len], "It is an object of type builtin_function_or_method, which can't be looked at."),
        ([[abs]], "It is an object of type builtin_function_or_method, which can't be looked at."),
        ({1: abs}, "It is an object, which can't be looked at."),
        (torch.zeros(2**23), "It is a float32 tensor of shape (8388608,), which can't be looked at."),
    ],
    ids=str,
)
def test_a_value_that_is_no_plain_data_has_no_property(property_judge, value, words):
    (verdict,) = verdicts(property_judge, draw=lambda low, high: value)

    assert (verdict.outcome, verdict.reason) == ("failed", words)


def test_a_property_may_be_asked_of_a_range(property_judge):
    (verdict,) = verdicts(property_judge, draw=range)

    assert verdict.outcome == "passed"


def test_raising_has_no_property(property_judge):
    (verdict,) = verdicts(property_judge, draw=lambda low, high: 1 / 0)

    assert (verdict.outcome, verdict.reason) == ("error", "It raises ZeroDivisionError: division by zero")


@pytest.mark.parametrize(
    "value",
    [
        {"t": "array", "kind": "tensor", "dtype": "int64", "shape": [], "strides": [], "requires_grad": True},
        {"t": "items", "kind": "set", "v": [{"t": "items", "kind": "list", "v": []}]},
        {"t": "items", "kind": "range", "v": []},
        {"t": "pairs", "v": [[{"t": "items", "kind": "list", "v": []}, {"t": "plain", "v": 1}]]},
        {"t": "items", "kind": "list", "v": [{"t": "raised", "type": "", "message": "", "line": "", "number": 1}]},
    ],
    ids=lambda value: f"{value['t']} {value.get('kind', '')}",
)
def test_a_forged_value_fails_and_is_no_error_of_the_grader(property_judge, value):
    if value["t"] == "array":
        value = value | {"data": "AAAAAAAAAAA="}
    observation = {"value": value, "printed": "", "seconds": 0.0}
    data = {"answers": [{"observations": [observation], "ending": "done", "detail": ""}]}
    answers = decode_answers(json.dumps(data).encode(), 1)
    assert answers[0].ending == "done"

    (verdict,) = property_judge.verdicts(answers, refuse)

    assert verdict.outcome == "failed"


# Broken answers


def with_ending(judge, ending, count=0, detail=""):
    """The right answers, but the first one broke off after `count` observations."""
    first, *rest = answers_of(judge, spread=right)
    return [Answer(first.observations[:count], ending, detail), *rest]


@pytest.mark.parametrize(
    ("ending", "detail", "outcome", "reason"),
    [
        ("timeout", "", "timeout", "It had not ended after 10 seconds."),
        ("died", "was killed by SIGSEGV", "error", "It was killed by SIGSEGV."),
        ("died", "", "error", "It ended the kernel."),
        ("oversized", "", "failed", "What came back is too large to look at."),
        ("malformed", "no JSON", "error", "What came back can't be read: no JSON."),
        ("done", "", "error", "Only a part of the answer came back."),
    ],
)
def test_an_answer_that_broke_off_earns_nothing(judge, ending, detail, outcome, reason):
    for count in (0, 2):
        broken, whole = judge.verdicts(with_ending(judge, ending, count, detail), refuse)

        assert (broken.outcome, broken.points, broken.passed_cases) == (outcome, 0, count)
        assert whole.outcome == "passed"
        assert broken.reason == reason


@pytest.mark.parametrize("ending", ["timeout", "died", "oversized", "malformed", "done"])
def test_the_case_at_which_an_answer_broke_off_is_shown(judge, ending):
    broken, _ = judge.verdicts(with_ending(judge, ending, 2), refuse)

    evidence = broken.evidence
    assert evidence.arguments[0].value == items_of(judge.oracle.cases(0)[2])
    assert evidence.expected == Plain(right(judge.oracle.cases(0)[2][0]))
    assert evidence.observed is None


def test_a_wrong_observation_counts_more_than_a_later_timeout(judge):
    first, second = answers_of(judge, spread=lambda numbers: -1)

    spread, _ = judge.verdicts([Answer(first.observations[:1], "timeout"), second], refuse)

    assert spread.outcome == "failed"
    assert spread.evidence.observed == Plain(-1)


def test_more_observations_than_were_asked_for_earn_nothing(judge):
    first, second = answers_of(judge, spread=right)
    more = Answer((*first.observations, first.observations[0]), "done")

    spread, _ = judge.verdicts([more, second], refuse)

    assert (spread.outcome, spread.points, spread.passed_cases) == ("failed", 0, 0)
    assert spread.reason == "More came back than was asked for."


def test_an_answer_in_which_a_whole_kernel_broke_is_judged_for_every_check(judge):
    found = judge.verdicts(decode_answers(b"nonsense", 2), refuse)

    assert [verdict.outcome for verdict in found] == ["error", "error"]


def test_observations_of_another_kind_altogether_are_judged(judge):
    odd = [Array("tensor", "bool", (0,), (1,), False, b""), Items("set", ()), Large("a lot"), Raised("E", "", "", 0)]
    _, second = answers_of(judge, spread=right)

    for value in odd:
        first = Answer((Observation(value, "", 0.0),) * len(judge.oracle.cases(0)), "done")
        spread, _ = judge.verdicts([first, second], refuse)
        assert spread.outcome in ("failed", "error")


# Errors of a course's author


def test_a_check_that_the_oracle_cannot_answer_is_an_error_of_the_course(load):
    course = load({SPREAD: TENSORS, "reference/means.py": MEANS.replace("rate", "pace")})

    with pytest.raises(UserError, match=r"exercises/spread\.py: nothing to compare with in 'the rate'"):
        verdicts(Judge(course, "spread", SALT), rate=0.1, mean=lambda t: t.mean())


def test_a_notebook_is_asked_with_the_cases_themselves(judge):
    sent = [list(case) for case in judge.probes[0].cases]

    assert sent == [list(encoded(case)) for case in judge.oracle.cases(0)]
    assert [agent.decode(case[0]) for case in sent] == [case[0] for case in judge.oracle.cases(0)]
