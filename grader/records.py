"""Records: a released course, in which the oracle's answers stand in the oracle's place.

A record holds what students are given anyway, the cases of the checks, and what the reference and the misconceptions
answered to them. There is no code in it but that of the scenarios, which is sent into notebooks' kernels as it is.
"""

from pathlib import Path
from typing import Literal

import msgspec

from grader import __version__
from grader.errors import UserError
from grader.exercise import Course, Exercise, Misconception, Scenario, call, sentence_on_arguments
from grader.results import LaterCheck
from grader.values import Answer, Observation, Value, check_answer, check_value

FORMAT = 1
LIMIT_BYTES = 200 * 2**20
AGAIN = "Get it again from whoever gave you the course."

Data = Literal["none", "enclosed", "built-in"]


class Seen(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of a case with a mistake: a value, and what was printed."""

    value: Value
    printed: str = ""


class CheckRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A check with its cases and the right answers.

    source: the text of its scenario, in which `function` is the one to call, with `seed` for what it draws. keeps:
    whether it is about the arguments, as `Keeps` is. arguments: what to call those of a case. cases, expected: for
    each case its arguments, and the right answer. mistakes: by the names of the misconceptions that some case shows,
    what comes back from them; None for a case in which it is right.
    """

    description: str
    points: float
    source: str
    function: str
    seed: int
    limit_s: float
    cases: tuple[tuple[Value, ...], ...]
    expected: tuple[Value, ...]
    mistakes: dict[str, tuple[Seen | None, ...]] = {}
    arguments: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    hint: str = ""
    keeps: bool = False

    def __post_init__(self) -> None:
        """Refuses answers that do not go with the cases."""
        count, width = len(self.cases), len(self.arguments)
        if not count or any(len(case) != width for case in self.cases):
            raise ValueError("its cases have other arguments")
        if any(len(answers) != count for answers in (self.expected, *self.mistakes.values())):
            raise ValueError("its answers are to other cases")


class MistakeRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A misconception, without the code that shows it. pattern: as `Misconception` has it."""

    name: str
    hint: str
    pattern: str = ""


class ExerciseRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """An exercise: as `Exercise` has it, without the oracle. callables: which of its names are functions or classes."""

    name: str
    title: str
    provides: tuple[str, ...]
    statement: str
    starter: str
    checks: tuple[CheckRecord, ...] = ()
    later: tuple[LaterCheck, ...] = ()
    misconceptions: tuple[MistakeRecord, ...] = ()
    callables: tuple[str, ...] = ()
    section: str = ""
    aliases: dict[str, tuple[str, ...]] = {}
    given: str = ""
    budget_s: float = 0
    hints: tuple[str, ...] = ()


class CourseRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A released course. grader: the version that wrote it.

    data: where what the notebook reads comes from: there is none, it is handed out with the record, or the installed
    grader prepares it, whose own course's it is.
    """

    format: int
    grader: str
    title: str
    starter: str
    exercises: tuple[ExerciseRecord, ...]
    introduction: str = ""
    setup: str = ""
    data: Data = "none"


class _Head(msgspec.Struct, frozen=True):
    """What every format of a record begins with."""

    format: int
    grader: str


class RecordedCheck(Scenario):
    """A check that has the text of its function, and not the function itself."""

    def __init__(self, record: CheckRecord) -> None:
        super().__init__(
            record.description, call, points=record.points, of=record.of, hint=record.hint, limit_s=record.limit_s
        )
        self.source = record.source
        self.function_name = record.function
        self.keeps = record.keeps

    def sentence(self, words: str, observed: Value) -> str:
        """As the check said it of which this is the record."""
        return sentence_on_arguments(words, observed) if self.keeps else words


def record_json(record: CourseRecord) -> bytes:
    """A record as a file has it."""
    return msgspec.json.encode(record) + b"\n"


def read_record(file: Path) -> CourseRecord:
    """The record in a file; raises UserError if it is damaged, or for a newer grader."""
    try:
        if file.stat().st_size > LIMIT_BYTES:
            raise UserError(f"{file}: too large for a released course. {AGAIN}")
        content = file.read_bytes()
    except OSError as error:
        raise UserError(f"{file}: can't be read ({error.strerror}).") from error
    try:
        head = msgspec.json.decode(content, type=_Head)
        if head.format > FORMAT:
            raise UserError(
                f"{file}: this course was made by grader {head.grader}, for which this grader {__version__} is too "
                "old: pip install --upgrade chapter4-grader"
            )
        record = msgspec.json.decode(content, type=CourseRecord)
        check_record(record)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise UserError(f"{file}: damaged, or no released course ({str(error)[:200]}). {AGAIN}") from error
    return record


def check_record(record: CourseRecord) -> None:
    """Raises ValueError for what fits the schema, and yet nothing can be done with."""
    if Path(record.starter).name != record.starter:
        raise ValueError(f"{record.starter!r} is no name of a notebook")
    for exercise in record.exercises:
        for check in exercise.checks:
            for value in (*check.expected, *(argument for case in check.cases for argument in case)):
                check_value(value)
            for seen in (seen for answers in check.mistakes.values() for seen in answers if seen):
                check_answer(Answer((Observation(seen.value, seen.printed, 0),), "done"))


def course_of(record: CourseRecord, prepare: str) -> Course:
    """What the record's course says of itself. prepare: as `Course` has it."""
    return Course(
        title=record.title,
        exercises=[exercise.name for exercise in record.exercises],
        starter=record.starter,
        introduction=record.introduction,
        setup=record.setup,
        prepare=prepare,
    )


def exercise_of(record: ExerciseRecord) -> Exercise:
    """The exercise, with those of its checks that are recorded."""
    return Exercise(
        title=record.title,
        provides=record.provides,
        oracle="",
        statement=record.statement,
        starter=record.starter,
        checks=[RecordedCheck(check) for check in record.checks],
        misconceptions=[Misconception(m.name, {}, m.hint, m.pattern) for m in record.misconceptions],
        section=record.section,
        aliases=record.aliases,
        given=record.given,
        budget_s=record.budget_s,
        hints=record.hints,
    )
