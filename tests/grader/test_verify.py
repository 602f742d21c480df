"""What verification finds out about a course's own code."""

import msgspec
import pytest

from grader.judging import Judge
from grader.results import Verdict
from grader.verify import verdicts_of, verify
from tests.grader.small_course import FILES

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

EXERCISE_OF_THE_SAME = FILES[SPREAD]

DYING = """\
import os
import signal


def spread(numbers):
    os.kill(os.getpid(), signal.SIGKILL)
"""

DANGEROUS = """\
import ctypes

WIDE = bytearray(0 * 3 * 2**30)


def spread(numbers):
    left = 3 + len(WIDE)
    while left:
        left -= 1
    if numbers != []:
        return max(numbers) - min(numbers)
    return ctypes.string_at(0)
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

    assert [(f.exercise, f.kind, f.subject, f.problem) for f in findings] == [
        ("spread", kind, subject, "")
        for kind, subject in (
            ("solution", "reference solution"),
            ("starter", "starter"),
            ("misconception", "subtracts the wrong way round"),
            ("misconception", "takes the first and the last"),
            ("misconception", "sorts the list itself"),
        )
    ]


@pytest.mark.parametrize("with_mutants", [False, True])
@pytest.mark.parametrize("workers", [1, 3])
def test_progress_is_told_trial_by_trial(small_course, tmp_path, with_mutants, workers):
    told = []

    found = verify(small_course, tmp_path, lambda *words: told.append(words), with_mutants, workers)

    total = 5 + 8 * with_mutants
    assert len(found) == total
    assert list(dict.fromkeys(told)) == [("trials", done, total) for done in range(total + 1)]


TWO = {
    "exercises/course.py": "from grader.exercise import Course\n\ncourse = Course('', ['spread', 'width'], '')\n",
    "exercises/width.py": EXERCISE_OF_THE_SAME,
}


def test_exercises_in_processes_of_their_own_give_the_same_findings(load, tmp_path):
    course = load(TWO)

    alone, together = (
        [msgspec.structs.replace(f, seconds=0.0) for f in verify(course, tmp_path, with_mutants=True, workers=workers)]
        for workers in (1, 4)
    )

    assert {finding.exercise for finding in alone} == {"spread", "width"}
    assert alone == together


def test_an_exercise_that_ends_its_process_is_a_finding(load, tmp_path):
    dying = EXERCISE_OF_THE_SAME.replace('oracle="extremes:spread"', 'oracle="dying:spread"')
    course = load(TWO | {"exercises/width.py": dying, "reference/dying.py": DYING})

    found = [finding for finding in verify(course, tmp_path, workers=2) if finding.problem]

    assert [(f.exercise, f.problem) for f in found] == [("width", "did not end: it was killed by SIGKILL")]


# Mutants


def fates(findings):
    """What became of each mutant."""
    return {finding.subject: finding.mutant for finding in findings if finding.kind == "mutant"}


def test_mutants_are_caught(small_course, tmp_path):
    found = verify(small_course, tmp_path, with_mutants=True)

    whole = "spread: return ordered(numbers)[-1] - ordered(numbers)[0] → return"
    assert fates(found) == dict.fromkeys(
        (
            "ordered: return sorted(numbers) → return None",
            f"{whole} None",
            f"{whole} ordered(numbers)[-1] + ordered(numbers)[0]",
            f"{whole} ordered(numbers)[-1] * ordered(numbers)[0]",
            f"{whole} ordered(numbers)[1] - ordered(numbers)[0]",
            f"{whole} ordered(numbers)[-2] - ordered(numbers)[0]",
            f"{whole} ordered(numbers)[-0] - ordered(numbers)[0]",
            f"{whole} ordered(numbers)[-1] - ordered(numbers)[1]",
        ),
        "caught",
    )
    assert all(finding.note for finding in found if finding.kind == "mutant")


ONE = {"reference/extremes.py": "def spread(numbers):\n    return max(numbers) - min(numbers) * 1\n"}
DIVIDED = "spread: return max(numbers) - min(numbers) * 1 → return max(numbers) - min(numbers) / 1"


def test_a_mutant_that_no_check_catches_is_a_problem(load, tmp_path):
    found = [finding for finding in verify(load(ONE), tmp_path, with_mutants=True) if finding.problem]

    assert [(f.kind, f.subject, f.problem, f.mutant) for f in found] == [
        ("mutant", DIVIDED, "passes every check", "survived")
    ]


def with_equivalents(listed):
    """The small course's exercise with equivalents."""
    return FILES[SPREAD].replace("    misconceptions=", f"    equivalents={listed!r},\n    misconceptions=")


def test_a_mutant_that_is_listed_as_equivalent_is_none(load, tmp_path):
    files = ONE | {SPREAD: with_equivalents({DIVIDED: "It is the same number."})}

    found = verify(load(files), tmp_path, with_mutants=True)

    assert [finding for finding in found if finding.problem] == []
    assert [(f.subject, f.note) for f in found if f.mutant == "equivalent"] == [(DIVIDED, "It is the same number.")]


@pytest.mark.parametrize(
    ("name", "why"),
    [(DIVIDED.replace("/ 1", "* 2"), "is caught"), ("spread: no → such", "there is no such mutant")],
)
def test_an_equivalent_that_is_none_is_a_problem(load, tmp_path, name, why):
    files = ONE | {SPREAD: with_equivalents({DIVIDED: "It is the same number.", name: "Really."})}

    found = [finding for finding in verify(load(files), tmp_path, with_mutants=True) if finding.problem]

    assert [(f.subject, f.problem) for f in found] == [(name, f"is listed among the equivalents, and {why}")]


def test_mutants_that_hang_crash_or_take_all_memory_are_caught(load, tmp_path, monkeypatch):
    monkeypatch.setattr("grader.verify.LEAST_LIMIT_S", 0.5)
    monkeypatch.setattr("grader.verify.SLOWNESS", 2)

    found = verify(load({"reference/extremes.py": DANGEROUS}), tmp_path, with_mutants=True, workers=2)

    notes = {finding.subject: finding.note for finding in found if finding.kind == "mutant"}
    assert "after 0." in notes["spread: left -= 1 → pass"]
    assert notes["spread: left -= 1 → left += 1"] == notes["spread: left -= 1 → pass"]
    assert notes["spread: numbers != [] → numbers == []"] == "It was killed by SIGSEGV."
    wide = "WIDE: WIDE = bytearray(0 * 3 * 2 ** 30) → WIDE = bytearray(1 * 3 * 2 ** 30)"
    assert notes[wide] == "It can't be run (MemoryError)."


def test_what_the_notebook_gives_is_not_mutated(load, tmp_path):
    given = "def ordered(numbers):\n    return sorted(numbers)\n"
    files = {SPREAD: FILES[SPREAD].replace("    misconceptions=", f"    given={given!r},\n    misconceptions=")}

    found = verify(load(files), tmp_path, with_mutants=True)

    assert len(fates(found)) == 7
    assert not any(name.startswith("ordered") for name in fates(found))


def test_what_another_exercise_provides_is_mutated_there(load, tmp_path):
    ordering = (
        FILES[SPREAD].replace('provides="spread"', 'provides="ordered"').replace("extremes:spread", "order:ordered")
    )
    ordering = ordering[: ordering.index("    misconceptions=")] + ")\n"
    course = load(
        {
            "exercises/course.py": TWO["exercises/course.py"].replace("width", "ordering"),
            "exercises/ordering.py": ordering,
        }
    )

    alone, both = (verify(course.selected(names), tmp_path, with_mutants=True) for names in (("spread",), ()))

    assert {f.subject.partition(":")[0] for f in alone if f.kind == "mutant"} == {"spread"}
    assert {(f.exercise, f.subject.partition(":")[0]) for f in both if f.kind == "mutant"} == {
        ("spread", "spread"),
        ("ordering", "ordered"),
    }


def test_what_is_trained_is_not_trained_again_for_each_mutant(load, tmp_path):
    trained = "trained.append(1)\nassert len(trained) == 1\nspread_of_one = spread([1])\n"
    files = {
        SPREAD: FILES[SPREAD]
        .replace('provides="spread"', 'provides=("spread", "spread_of_one")')
        .replace('oracle="extremes:spread"', 'oracle="extremes"')
        .replace('Calls("the', 'Calls("the', 1)
        .replace("NUMBERS, points=2", 'NUMBERS, of="spread", points=2')
        .replace('list alone", NUMBERS', 'list alone", NUMBERS, of="spread"')
        .replace("    misconceptions=", f"    given='trained = []', finish={trained!r},\n    misconceptions=")
    }

    found = verify(load(files), tmp_path, with_mutants=True)

    assert [finding for finding in found if finding.problem] == []
    assert len(fates(found)) == 8


def test_a_reference_that_needs_its_annotations_is_found(load, tmp_path):
    code = "def spread(numbers: int):\n    assert spread.__annotations__\n    return max(numbers) - min(numbers)\n"

    found = verify(load({"reference/extremes.py": code}), tmp_path, with_mutants=True)

    assert [(f.subject, f.problem) for f in found if f.problem] == [
        (
            "the reference without annotations",
            "is caught like a mutant: it does not pass 'the spread of any list'",
        )
    ]


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
