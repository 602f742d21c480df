"""A worker: a process that loads the course once, has its own zygote, and grades one notebook after the other.

It is told what to do on its standard input, and answers on its standard output; see grader/batch/orders.py. Nothing
but the students' reports is written here.
"""

import contextlib
import os
import signal
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NoReturn

import msgspec

from grader.agent import end_with
from grader.batch.orders import Answer, Order, Prepare, Prepared, Ready, Setup, Told, commands, line_of
from grader.batch.reporting import write_report
from grader.book.conditions import packages_of
from grader.course import load_course
from grader.errors import UserError
from grader.grading import grade, judges_of
from grader.intake.reading import Reader, reason_of
from grader.kernel import isolated_room, open_room
from grader.notebook import notebook_in
from grader.results import Grade
from grader.telling import Tell
from grader.wording import without_isolation


class Bench:
    """All that is needed to grade a class's notebooks one after the other: the room, the course, and who reads them.

    Raises UserError if the course can't be loaded, or if this machine can't isolate and is to.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        course, self.data = Path(setup.course), Path(setup.data)
        # Its zygote imports what notebooks import while we do the same.
        if setup.is_isolated:
            self.room = isolated_room(setup.python, self.data, course, has_gpu=setup.has_gpu)
        else:
            self.room = open_room(setup.python, has_gpu=setup.has_gpu)
        if setup.is_isolated and not self.room.is_isolated:
            raise UserError(without_isolation(self.room.problem))
        self.course = load_course(course).selected(setup.exercises)
        self.judges = judges_of(self.course, setup.seed)
        self.reader = Reader()
        self.packages = packages_of(setup.python)

    def prepare(self, tell: Tell) -> Prepared:
        """Makes the course's data, what is not there yet."""
        try:
            self.course.prepare(self.data, tell)
        except UserError as error:
            return Prepared(str(error))
        return Prepared()

    def work(self, order: Order) -> Answer:
        """A notebook's grade, after its report was written if that is done here; or why there is none."""
        started, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
        found: Grade | None = None
        problem, is_settled = "", True
        place = Path(order.location.file, *order.location.members)
        try:
            content = self.reader.content(order.location) if order.content is None else order.content
            submission = notebook_in(content, place)
        except UserError as error:
            problem = reason_of(error, order.location)
        else:
            try:
                found = grade(
                    submission,
                    self.course,
                    self.data,
                    self.setup.limits,
                    room=self.room,
                    is_sliced=not self.setup.is_full,
                    judges=self.judges,
                )
                if order.content is None:
                    write_report(Path(self.setup.reports) / order.report, found)
            except UserError as error:  # no kernel starts, or the disk is full
                found, problem, is_settled = None, reason_of(error, order.location), False
        seconds = round(time.monotonic() - clock, 3)
        return Answer(order.number, found, problem, is_settled, started, seconds, self.packages)


def answer(bench: Bench, order: Order) -> Answer:
    """As `work`; a mistake of the grader's own is a problem of this one notebook."""
    try:
        return bench.work(order)
    except Exception as error:  # noqa: BLE001
        traceback.print_exc()
        started = datetime.now(UTC).isoformat(timespec="seconds")
        reason = f"The grader itself failed ({type(error).__name__}: {error}); please report it."
        return Answer(order.number, None, reason, False, started)


def serve(told: BinaryIO, answers: BinaryIO) -> None:
    """Reads a setup, and does what it is told until nothing more comes."""

    def say(message: msgspec.Struct) -> None:
        answers.write(line_of(message))
        answers.flush()

    setup = msgspec.json.decode(told.readline(), type=Setup)
    try:
        bench = Bench(setup)
    except UserError as error:
        say(Ready(str(error)))
        return
    say(Ready())
    for line in told:
        match commands.decode(line):
            case Prepare():
                say(bench.prepare(lambda stage, done, total: say(Told(stage, done, total))))
            case Order() as order:
                say(answer(bench, order))


def stop(number: int, frame: object) -> NoReturn:  # noqa: ARG001
    """Ends this process in good order: its kernels end, and their folders are removed."""
    sys.exit(1)


def main(parent: int) -> None:
    """Serves the process that has started this one, and ends with it, however that ends."""
    if sys.platform != "win32":
        end_with(parent)
    signal.signal(signal.SIGTERM, stop)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    with contextlib.suppress(BrokenPipeError):
        serve(sys.stdin.buffer, answers)
