"""A run: grades what the gradebook does not know yet, and writes down each grade as soon as it is there.

The one who writes the gradebook is this process; this machine's workers write the reports. Whatever ends it, all that
was finished is kept, and the next run goes on.
"""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from grader.batch.orders import Answer, Order
from grader.batch.places import make_folder, report_name
from grader.batch.planning import Work
from grader.book.conditions import Conditions
from grader.book.entries import now
from grader.book.gradebook import Gradebook
from grader.standing import Standing
from grader.telling import TellGraded


class Graders(Protocol):
    """Who grades: this machine's crew, or a cluster; in a `with` statement."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def answers(self, orders: Sequence[Order]) -> Iterator[Answer]:
        """The answers to all orders as they come, each after its report was written; raises as `grade_all` does."""
        ...

    def stop(self) -> None:
        """Has `answers` raise KeyboardInterrupt after what has been said so far; fit for a signal's handler."""
        ...


@dataclass
class Run:
    """How far a run has come. graded, failed: the students whose work was graded, or could not be.

    seconds: of wall time.
    """

    to_grade: int = 0
    graded: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    seconds: float = 0

    @property
    def done(self) -> int:
        """How many are done of those that were to be graded."""
        return len(self.graded) + len(self.failed)


def to_grade(
    works: Sequence[Work], book: Gradebook, assignment: str, conditions: Conditions, reports: Path, redo: str
) -> list[Work]:
    """Those whose work has to be graded. Writes down what was found, and what can't be read; brings reports up to date.

    redo: as `Gradebook.record` has it; not empty if all are to be graded again.
    """
    before = {found.student: found for found in standings_of(book, assignment)}
    book.register([work.entry for work in works])
    for work in works:
        earlier = before.get(work.entry.student)
        is_known = earlier is not None and (earlier.problem, earlier.sha256) == (work.problem, "")
        if work.problem and not is_known:
            book.record_problem(work.entry, conditions, work.problem, started=now())
    readable = [work for work in works if work.location]
    entries = [work.entry for work in readable]
    needed = set(entries if redo else book.needs_grading(entries, conditions))
    make_folder(reports, assignment)
    outdated = []
    for entry in entries:
        earlier = before.get(entry.student)
        is_current = earlier is not None and earlier.sha256 == entry.sha256
        if entry not in needed and not (is_current and (reports / report_name(entry.student, assignment)).exists()):
            outdated.append(entry.student)
    if outdated:
        write_reports(book, assignment, outdated, reports)
    return [work for work in readable if work.entry in needed]


def standings_of(book: Gradebook, assignment: str) -> list[Standing]:
    """How everybody stands; nobody does in an assignment that is new."""
    return book.standings(assignment, with_outlines=False) if assignment in book.assignments() else []


def write_reports(book: Gradebook, assignment: str, students: Sequence[str], reports: Path) -> None:
    """Writes the reports of grades that are in the gradebook."""
    from grader.batch.reporting import write_report

    for student, grade in book.grades(assignment, students):
        write_report(reports / report_name(student, assignment), grade)


def grade_all(
    works: Sequence[Work],
    book: Gradebook,
    conditions: Conditions,
    redo: str,
    run: Run,
    crew: Graders,
    tell: TellGraded,
) -> None:
    """Grades these, and keeps each grade as soon as it is there. `run` says how far it has come, however it ends.

    Raises KeyboardInterrupt after Ctrl-C, with all that was finished by then kept; UserError if no worker can work.
    """
    clock = time.monotonic()
    tell(0, run.to_grade, 0)
    orders = [order_of(number, work) for number, work in enumerate(works)]
    with crew, stopped_by_signals(crew.stop):
        for answer in crew.answers(orders):
            keep(answer, works[answer.number], book, conditions, redo)
            (run.graded if answer.grade else run.failed).append(works[answer.number].entry.student)
            run.seconds = time.monotonic() - clock
            tell(run.done, run.to_grade, len(run.failed))


def order_of(number: int, work: Work) -> Order:
    """What a worker is told."""
    assert work.location is not None
    return Order(number, work.location, report_name(work.entry.student, work.entry.assignment))


def keep(answer: Answer, work: Work, book: Gradebook, conditions: Conditions, redo: str) -> None:
    """Writes an answer into the gradebook."""
    if answer.grade:
        book.record(work.entry, conditions, answer.grade, answer.packages, redo=redo)
    else:
        book.record_problem(
            work.entry,
            conditions,
            answer.problem,
            started=answer.started,
            seconds=answer.seconds,
            is_settled=answer.is_settled,
            packages=answer.packages,
            redo=redo,
        )


@contextlib.contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Has Ctrl-C, and a request to end, call `stop`: an exception could come in the middle of a transaction.

    The second time they do what they did before.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def handle(number: int, frame: object) -> None:  # noqa: ARG001
        restore()
        stop()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in before:
        signal.signal(number, handle)
    try:
        yield
    finally:
        restore()
