"""Verifying a course: right answers pass every check, and every misconception fails with its own diagnosis.

All of it runs in this process: it is the course's own code that is on trial, not a student's.
"""

import functools
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from grader.course import LoadedCourse, run_in
from grader.errors import UserError
from grader.exercise import Misconception
from grader.judging import Judge, mistaken_namespace
from grader.notebook import without_comments
from grader.probes import Probe, ask_here
from grader.progress import Tell, quietly
from grader.results import Verdict
from grader.values import Answer

SALT = "verify"


class Finding(msgspec.Struct, frozen=True):
    """What was found out about one right answer or misconception; problem is empty if all is well."""

    exercise: str
    subject: str
    problem: str


def verify(
    course: LoadedCourse,
    data: Path,
    tell: Tell = quietly,
) -> list[Finding]:
    """A finding for every right answer and every misconception of the course.

    data: where the course's data was prepared. tell: called as exercises are done, with what is done,
    how many of them and of how many.
    """
    findings: list[Finding] = []
    for done, (name, exercise) in enumerate(course.exercises.items()):
        tell("exercises", done, len(course.exercises))
        judge = Judge(course, name, SALT, shrinking_s=0)
        solved = functools.cache(partial(course.solved_namespace, exercise, data))
        trials: list[tuple[str, Callable[[], str]]] = [
            ("reference solution", partial(solution_problem, judge, solved)),
            *(
                (f"right answer: {style}", partial(solution_problem, judge, solved, answer))
                for style, answer in exercise.accepts.items()
            ),
            ("starter", partial(starter_problem, judge, data)),
            *((mistake.name, partial(misconception_problem, judge, mistake)) for mistake in exercise.misconceptions),
        ]
        findings += [Finding(name, subject, problem_of(trial)) for subject, trial in trials]
    tell("exercises", len(course.exercises), len(course.exercises))
    return findings


def problem_of(trial: Callable[[], str]) -> str:
    """What a trial finds, or why the course's code can't be tried at all."""
    try:
        return trial()
    except UserError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001  an instructor's code may fail in any way
        return f"can't be run ({type(error).__name__}: {error})"


def verdicts_of(judge: Judge, namespace: dict[str, object]) -> list[Verdict]:
    """The verdicts on a namespace of this process."""

    def ask(probes: Sequence[Probe]) -> list[Answer]:
        return ask_here(probes, namespace)

    return judge.verdicts(ask(judge.probes), ask)


def solution_problem(judge: Judge, solved: Callable[[], dict[str, object]], answer: str = "") -> str:
    """Which check the reference does not pass, or another right answer that is run after it."""
    namespace = dict(solved())
    run_in(namespace, answer)
    for verdict in verdicts_of(judge, namespace):
        if verdict.outcome != "passed":
            return f"does not pass {verdict.description!r}: {verdict.reason}"
    return ""


def starter_problem(judge: Judge, data: Path) -> str:
    """Whether the starter code earns something as it stands."""
    namespace: dict[str, object] = {"__name__": "starter"}
    for part in (judge.course.setup(data), judge.exercise.given, judge.exercise.starter):
        run_in(namespace, part)
    passed = [v.description for v in verdicts_of(judge, namespace) if v.outcome == "passed"]
    return f"passes {passed[0]!r} as it stands" if passed else ""


def misconception_problem(judge: Judge, misconception: Misconception) -> str:
    """Whether a mistake passes, or is taken for another one."""
    if misconception.pattern:
        return pattern_problem(judge, misconception)
    verdicts = verdicts_of(judge, mistaken_namespace(judge.oracle, judge.exercise, misconception))
    names = {verdict.misconception for verdict in verdicts if verdict.outcome not in ("passed", "missing")}
    if not names:
        return "passes every check"
    if misconception.name not in names:
        return f"is diagnosed as {' and '.join(sorted(repr(name) for name in names if name)) or 'nothing'}"
    return ""


def pattern_problem(judge: Judge, misconception: Misconception) -> str:
    """Whether the pattern finds the example, and neither the reference nor the starter code."""
    if not isinstance(misconception.implementation, str):
        return "has a pattern, and so needs its implementation as a text"
    if not re.search(misconception.pattern, without_comments(misconception.implementation)):
        return "its pattern does not find its own example"
    for what, code in (
        ("the reference solution", judge.course.solution(judge.exercise)),
        ("the starter code", judge.exercise.starter),
    ):
        if re.search(misconception.pattern, without_comments(code)):
            return f"its pattern finds {what} as well"
    return ""
