"""What verification finds out about a course's own code."""

import pytest

from grader.judging import Judge
from grader.results import Verdict
from grader.verify import Finding, verdicts_of, verify

SPREAD = "exercises/spread.py"

EXERCISE = """\
from grader.exercise import Calls, Exercise, Misconception
from grader.inputs import whole_numbers


def is_sorted(value, numbers):
    return None if value == sorted(value) else "It is not sorted."


exercise = Exercise(
    title="",
    provides="spread",
    oracle="extremes:spread",
    statement="",
    starter=@starter@,
    given=@given@,
    finish=@finish@,
    accepts=@accepts@,
    checks=[Calls("any list", whole_numbers(-9, 9, least=1), hint="", holds=@holds@)],
    misconceptions=[@misconceptions@],
)
"""


@pytest.fixture
def problems(load, tmp_path):
    """A function that writes and verifies an exercise of these parts, and gives the problems by subject."""

    def verified(
        *misconceptions,
        starter="def spread(numbers):\n    ...\n",
        given="",
        finish="",
        accepts=None,
        holds=None,
        files=(),
    ):
        text = EXERCISE.replace("@misconceptions@", ", ".join(misconceptions)).replace("@holds@", str(holds))
        text = text.replace("@accepts@", repr(accepts or {}))
        for name, code in (("starter", starter), ("given", given), ("finish", finish)):
            text = text.replace(f"@{name}@", repr(code))
        return {finding.subject: finding.problem for finding in verify(load({SPREAD: text, **dict(files)}), tmp_path)}

    return verified


def mistake(name, code, **changes):
    """The text of a misconception."""
    options = "".join(f", {key}={value!r}" for key, value in changes.items())
    return f"Misconception({name!r}, {code}, hint=''{options})"


def test_nothing_is_wrong_with_a_healthy_course(small_course, tmp_path):
    findings = verify(small_course, tmp_path)

    assert findings == [
        Finding("spread", subject, "")
        for subject in (
            "reference solution",
            "starter",
            "subtracts the wrong way round",
            "takes the first and the last",
            "sorts the list itself",
        )
    ]


def test_progress_is_told_exercise_by_exercise(small_course, tmp_path):
    told = []

    verify(small_course, tmp_path, lambda *words: told.append(words))

    assert told == [("exercises", 0, 1), ("exercises", 1, 1)]


def test_a_solution_that_does_not_pass_is_found(problems):
    found = problems(finish="spread = max")

    assert found["reference solution"].startswith("does not pass 'any list': ")


def test_a_solution_without_the_property_is_found(problems):
    found = problems(holds="is_sorted", files={"reference/extremes.py": "def spread(numbers):\n    return numbers\n"})

    assert found["reference solution"] == "does not pass 'any list': It is not sorted."


def test_a_solution_is_run_after_the_setup_and_what_is_given(problems, tmp_path):
    course = "from grader.exercise import Course\n\ncourse = Course('', ['spread'], '', setup=\"folder = '{data}'\")\n"

    found = problems(
        given="start = folder",
        finish=f"assert start == {str(tmp_path)!r}",
        starter=f"assert start == {str(tmp_path)!r}\n\n\ndef spread(numbers):\n    ...\n",
        files={"exercises/course.py": course},
    )

    assert set(found.values()) == {""}


def test_a_starter_that_passes_is_found(problems):
    found = problems(starter="def spread(numbers):\n    return max(numbers) - min(numbers)\n")

    assert found["starter"] == "passes 'any list' as it stands"


@pytest.mark.parametrize(
    ("starter", "problem"),
    [("spread = ", "can't be run (SyntaxError: "), ("spread = nowhere", "can't be run (NameError: ")],
)
def test_a_starter_that_cannot_be_run_is_found(problems, starter, problem):
    assert problems(starter=starter)["starter"].startswith(problem)


def test_a_starter_that_defines_nothing_is_all_right(problems):
    assert problems(starter="# Your code")["starter"] == ""


def test_a_mistake_that_passes_every_check_is_found(problems):
    found = problems(mistake("subtracts the least", "lambda n: max(n) - min(n)"))

    assert found["subtracts the least"] == "passes every check"


def test_two_mistakes_that_behave_alike_are_found(problems):
    found = problems(mistake("one", "lambda n: max(n) + 1"), mistake("other", "lambda n: 1 + sorted(n)[-1]"))

    assert found["one"] == ""
    assert found["other"] == "is diagnosed as 'one'"


def test_mistakes_with_another_reason_to_raise_are_told_apart(problems):
    found = problems(mistake("divides", "lambda n: 1 / 0"), mistake("looks up", "lambda n: n[99]"))

    assert (found["divides"], found["looks up"]) == ("", "")


def test_a_mistake_that_is_never_the_same_is_found(problems):
    counter = "(lambda n, box=[0]: box.__setitem__(0, box[0] + 99) or box[0])"

    assert problems(mistake("counts", counter))["counts"] == "is diagnosed as nothing"


def test_a_mistake_that_defines_nothing_new_is_found(problems):
    assert problems(mistake("renames", repr("def sprad(n): ...")))["renames"] == "passes every check"


WRONG_NAME = repr("def sprad(numbers):\n    return 0\n")


def test_a_pattern_that_finds_its_example_and_nothing_else_is_all_right(problems):
    assert problems(mistake("misspells", WRONG_NAME, pattern=r"def sprad\("))["misspells"] == ""


@pytest.mark.parametrize(
    ("code", "pattern", "starter", "problem"),
    [
        (WRONG_NAME, r"def spred", "", "its pattern does not find its own example"),
        (WRONG_NAME, r"def spr.*ad", "", "its pattern finds the reference solution as well"),
        (WRONG_NAME, r"return 0", "def spread(n):\n    return 0\n", "its pattern finds the starter code as well"),
        ("lambda n: 0", r"lambda", "", "has a pattern, and so needs its implementation as a text"),
        (repr("x = 1  # def sprad"), r"def sprad", "", "its pattern does not find its own example"),
    ],
)
def test_a_pattern_that_finds_the_wrong_code_is_found(problems, code, pattern, starter, problem):
    assert problems(mistake("misspells", code, pattern=pattern), starter=starter)["misspells"] == problem


def test_what_stands_in_comments_is_not_found_by_a_pattern(problems):
    found = problems(
        mistake("misspells", WRONG_NAME, pattern=r"def sprad\("), starter="# Not: def sprad(numbers)\nspread = None\n"
    )

    assert found["misspells"] == ""


def test_a_mistake_may_be_code_that_uses_the_oracles_helpers(problems):
    code = repr("def spread(numbers):\n    return ordered(numbers)[-1]\n")

    assert problems(mistake("forgets to subtract", code))["forgets to subtract"] == ""


def test_a_namespace_of_this_process_gets_its_verdicts(small_course):
    found = verdicts_of(Judge(small_course, "spread", "salt", shrinking_s=0), {"spread": len})

    assert all(isinstance(verdict, Verdict) for verdict in found)
    assert [verdict.outcome for verdict in found] == ["failed", "passed"]


def test_code_that_can_not_be_run_is_a_finding(problems):
    found = problems(
        mistake("is no Python", "'def spread(numbers'"),
        mistake("needs a name that is not there", "'nothing_of_that_name'"),
        starter="1 / 0\n",
        finish="1 / 0\n",
    )

    assert "can't be run (ZeroDivisionError" in found["reference solution"]
    assert "can't be run (ZeroDivisionError" in found["starter"]
    assert "can't be run (SyntaxError" in found["is no Python"]
    assert "can't be run (NameError" in found["needs a name that is not there"]


def test_right_answers_in_another_style_are_run_after_the_reference(problems):
    found = problems(
        accepts={
            "a loop": "def spread(numbers):\n    return max(numbers) - min(numbers)\n",
            "another name": "width = spread\n",
            "half": "def spread(numbers):\n    return (max(numbers) - min(numbers)) / 2\n",
        }
    )

    assert (found["right answer: a loop"], found["right answer: another name"]) == ("", "")
    assert found["right answer: half"].startswith("does not pass 'any list'")
