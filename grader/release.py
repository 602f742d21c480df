"""Releasing: what students are given of a course, so that they can check their answers without its oracle.

A check is recorded with the cases that the release draws, the reference's answers to them, and what comes back from
each misconception. Grading draws other cases, from the submission. What a record can't hold, or would give away, is
listed as a check that only runs at grading.
"""

from pathlib import Path

import msgspec

from grader import __version__
from grader.course import LoadedCourse
from grader.errors import UserError
from grader.exercise import Keeps
from grader.judging import Judge
from grader.places import DATA, RECORD, content_folder
from grader.records import (
    FORMAT,
    CheckRecord,
    CourseRecord,
    Data,
    ExerciseRecord,
    MistakeRecord,
    Seen,
)
from grader.results import LaterCheck
from grader.showing import counted
from grader.telling import Tell, quietly
from grader.values import Value
from grader.withholding import secrets_of, why_withheld

SEED = "release"
LIMIT_CHECK_BYTES = 128 * 2**10  # of a check as it is recorded: of one with more, the largest cases are left out
TOO_LARGE = "even its smallest case is too large to record"


def record_course(
    course: LoadedCourse, names: tuple[str, ...] = (), seed: str = SEED, tell: Tell = quietly
) -> CourseRecord:
    """The record of a course, or of those of its exercises that are named.

    seed: what the cases are drawn from; with the same seed, the record is the same. tell: called as exercises are done.
    Raises UserError if the course's own code can't be run.
    """
    secrets = secrets_of(course)
    chosen = course.selected(names)
    exercises = []
    for done, name in enumerate(chosen.exercises):
        tell("records", done, len(chosen.exercises))
        try:
            exercises.append(record_exercise(chosen, name, seed, secrets))
        except UserError:
            raise
        except Exception as error:
            raise UserError(
                f"exercises/{name}.py: its reference can't be run ({type(error).__name__}: {error}). "
                f"See: grader verify --exercise {name}"
            ) from error
    tell("records", len(chosen.exercises), len(chosen.exercises))
    return CourseRecord(
        format=FORMAT,
        grader=__version__,
        title=course.course.title,
        starter=course.course.starter,
        exercises=tuple(exercises),
        introduction=course.course.introduction,
        setup=course.course.setup,
        data=data_of(course),
    )


def data_of(course: LoadedCourse) -> Data:
    """Where the students' data comes from: every grader can prepare that of the built-in course, and of no other."""
    if not course.course.prepare:
        return "none"
    return "built-in" if course.folder == content_folder().resolve() else "enclosed"


def record_exercise(course: LoadedCourse, name: str, seed: str, secrets: frozenset[str]) -> ExerciseRecord:
    """The record of one exercise."""
    exercise, judge = course.exercises[name], Judge(course, name, seed, shrinking_s=0)
    checks: list[CheckRecord] = []
    later: list[LaterCheck] = []
    for index, check in enumerate(exercise.checks):
        why = why_withheld(exercise, index, judge.oracle, secrets)
        recorded = None if why else within_limit(record_check(judge, index))
        if recorded:
            checks.append(recorded)
        else:
            later.append(LaterCheck(exercise.title, check.description, check.points, why or TOO_LARGE))
    shown = {name for check in checks for name in check.mistakes}
    return ExerciseRecord(
        name=name,
        title=exercise.title,
        provides=exercise.names,
        statement=exercise.statement,
        starter=exercise.starter,
        checks=tuple(checks),
        later=tuple(later),
        misconceptions=tuple(
            MistakeRecord(m.name, m.hint, m.pattern) for m in exercise.misconceptions if m.pattern or m.name in shown
        ),
        callables=tuple(sorted(course.callables(name))),
        section=exercise.section,
        aliases=dict(exercise.aliases),
        given=exercise.given,
        budget_s=exercise.budget_s,
        hints=tuple(exercise.hints),
    )


def record_check(judge: Judge, index: int) -> CheckRecord:
    """A check with all of its cases. Of a misconception only what is wrong is recorded."""
    check, probe = judge.exercise.checks[index], judge.probes[index]
    mistakes = {}
    for misconception in judge.exercise.misconceptions:
        if not misconception.pattern and any(judge.mistakes(index, misconception)):
            answer, wrong = judge.answer(index, misconception), judge.mistakes(index, misconception)
            pairs = list(zip(answer.observations, wrong, strict=False))
            if len(pairs) == len(probe.cases):
                mistakes[misconception.name] = tuple(Seen(o.value, o.printed) if words else None for o, words in pairs)
    return CheckRecord(
        description=check.description,
        points=check.points,
        source=probe.source,
        function=probe.function,
        seed=probe.seed,
        limit_s=check.limit_s,
        cases=msgspec.convert(probe.cases, tuple[tuple[Value, ...], ...]),
        expected=tuple(observation.value for observation in judge.expected(index).observations),
        mistakes=mistakes,
        arguments=judge.oracle.argument_names(index),
        of=check.of,
        hint=check.hint,
        keeps=isinstance(check, Keeps),
    )


def within_limit(check: CheckRecord) -> CheckRecord | None:
    """The check with as many of its cases, the smallest first, as may be recorded; None if that is none of them."""
    for count in range(len(check.cases), 0, -1):
        mistakes = {name: answers[:count] for name, answers in check.mistakes.items() if any(answers[:count])}
        shorter = msgspec.structs.replace(
            check, cases=check.cases[:count], expected=check.expected[:count], mistakes=mistakes
        )
        if len(msgspec.json.encode(shorter)) <= LIMIT_CHECK_BYTES:
            return shorter
    return None


def readme(record: CourseRecord) -> str:
    """What a student has to know about the folder, in Markdown."""
    checks = sum(len(exercise.checks) for exercise in record.exercises)
    later = [check for exercise in record.exercises for check in exercise.later]
    data = {
        "none": "",
        "enclosed": f"- `{DATA}/`: what the notebook reads.\n",
        "built-in": f"- `{DATA}/`: what the notebook reads. It is prepared by the first `grader check`; until then the "
        "notebook finds nothing there.\n",
    }[record.data]
    rest = ""
    if later:
        more = f"{counted(len(later), 'check')} more ({counted(sum(check.points for check in later), 'point')})"
        rest = f"\n{more} will only run at grading; `grader check` lists them.\n"
    return f"""\
# {record.title}

- `{record.starter}`: the notebook. Open it in Jupyter, and replace the dots by your answers.
{data}- `{RECORD}`: what your answers are checked with. Leave it beside the notebook.

You need Python 3.11 or later, and the grader, version {record.grader} or later:

    pip install chapter4-grader

In this folder, run

    grader check {record.starter}

It runs the notebook from top to bottom and tells what is right and what is not, as often as you like. Nothing is sent
anywhere.

{counted(checks, "check")} can be tried here, with inputs and right answers that were recorded. At grading the same
checks run with other inputs, so that an answer has to be right and not only to fit these.
{rest}"""


def size_of_folder(folder: Path) -> int:
    """The bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
