"""The gradebook: who handed in what, every grading of it, what people decided, and what counts of all that.

Its rows are only ever added (grader/tables.py). Each method that writes is one transaction: when it returns, what it
wrote is kept, whatever happens to the process afterwards.
"""

import difflib
import math
import secrets
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from sqlalchemy import Connection, insert, select

from grader.book.conditions import Conditions, installed_packages
from grader.book.database import opened, reading, writing
from grader.book.entries import Event, Grading, Person, Receipt, clean, clean_id, cleaned, now, said, utc
from grader.book.policy import Policy, Total, totals, with_policy
from grader.book.queries import (
    bare_standings,
    counting,
    course_of,
    events,
    gradings_of,
    latest,
    override_of,
    settled,
    wanted,
)
from grader.book.tables import conditions, grades, gradings, hand_ins, overrides, students
from grader.book.writing import added, conditions_id, enrol, is_registered, register, round_of
from grader.errors import UserError
from grader.results import Grade
from grader.standing import Standing, outline_of

DEFAULT = Policy()


class Gradebook:
    """A gradebook in an SQLite file or a PostgreSQL database.

    Threads may share one, processes may not: after a fork, open another. Every method raises UserError when the
    database can't be used.
    """

    def __init__(self, where: str | Path, *, must_exist: bool = False) -> None:
        """where: a file, or a URL such as postgresql://USER@HOST/DATABASE.

        must_exist: whether it is an error if there is none; otherwise it is made.
        """
        self._engine, self.name = opened(where, must_exist=must_exist)

    def close(self) -> None:
        """Closes the database; what was written is kept without it, too."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What a run writes down.

    def enrol(self, roster: Iterable[Person]) -> None:
        """Makes this the roster: who is not on it any more is not missing any more."""
        people = {clean_id(p.student): (clean(p.name).strip(), clean(p.email).strip()) for p in roster}
        with writing(self._engine, self.name) as connection:
            enrol(connection, people)

    def register(self, found: Iterable[Receipt]) -> int:
        """Writes down what was found; the last that is registered of a student counts. Returns how many are new."""
        with writing(self._engine, self.name) as connection:
            return register(connection, [cleaned(one) for one in found])

    def needs_grading(self, found: Sequence[Receipt], conditions_now: Conditions) -> list[Receipt]:
        """Those whose grade that counts was not given under these conditions, in their order; one query for all."""
        with reading(self._engine, self.name) as connection:
            query = (
                settled(gradings.c.assignment.in_({clean_id(one.assignment) for one in found}))
                .join(conditions)
                .with_only_columns(gradings.c.student, gradings.c.assignment, gradings.c.sha256)
                .where(conditions.c.digest == conditions_now.digest)
            )
            there = {tuple(row) for row in connection.execute(query)}
        return [one for one in found if (clean_id(one.student), clean_id(one.assignment), one.sha256) not in there]

    def record(
        self,
        found: Receipt,
        conditions_then: Conditions,
        grade: Grade,
        packages: dict[str, str] | None = None,
        redo: str = "",
    ) -> bool:
        """Keeps a grade. False if the same grading is in the book already: then nothing is written.

        packages: versions, by name, that the notebook ran with; by default those of this Python. redo: a text of its
        own for a run that grades all again, although nothing has changed.
        """
        found = msgspec.structs.replace(cleaned(found), sha256=grade.sha256)
        row = {"started": utc(grade.started), "seconds": grade.seconds, "points": grade.points}
        row |= {"possible": grade.possible, "problem": "", "is_settled": True}
        kept = msgspec.structs.replace(grade, submission=clean(grade.submission))  # the name of a file may be no text
        blobs = {
            "outline": msgspec.msgpack.encode(outline_of(kept)),
            "content": zlib.compress(msgspec.json.encode(kept)),
        }
        return self._keep(found, conditions_then, row, blobs, packages, redo)

    def record_problem(
        self,
        found: Receipt,
        conditions_then: Conditions,
        problem: str,
        *,
        started: str,
        seconds: float = 0,
        is_settled: bool = True,
        packages: dict[str, str] | None = None,
        redo: str = "",
    ) -> bool:
        """Keeps why a submission could not be graded. False if that is in the book already.

        is_settled: whether it would come to the same another time, as with a damaged notebook; what was not the
        notebook's fault, such as a lost worker, is tried again by the next run.
        """
        row: dict[str, object] = {"started": utc(started), "seconds": seconds, "points": None, "possible": 0}
        row |= {"problem": clean(problem) or "unknown", "is_settled": is_settled and bool(found.sha256)}
        return self._keep(cleaned(found), conditions_then, row, {}, packages, redo)

    def _keep(
        self,
        found: Receipt,
        then: Conditions,
        row: dict[str, object],
        blobs: dict[str, bytes],
        packages: dict[str, str] | None,
        redo: str,
    ) -> bool:
        """One grading, with its hand-in and its grade, in one transaction."""
        versions = installed_packages() if packages is None else packages
        row |= {name: getattr(found, name) for name in ("student", "assignment", "sha256")}
        row |= {"made": now(), "packages": msgspec.json.encode(versions, order="sorted").decode()}
        with writing(self._engine, self.name) as connection:
            row["conditions_id"] = conditions_id(connection, then)
            # What settles nothing is like nothing else.
            row["round"] = (redo or round_of(connection, row)) if row["is_settled"] else secrets.token_hex(8)
            new = added(connection, gradings, row)
            if new is None:
                return False
            if blobs:
                connection.execute(insert(grades), {"grading_id": new, **blobs})
            if not is_registered(connection, found):  # it was never registered, or has changed since
                register(connection, [found])
        return True

    # What people decide.

    def override(self, student: str, assignment: str, points: float, comment: str, author: str) -> None:
        """Gives points that stand above every automatic grade, now and later, until they are withdrawn.

        More than the possible points may be given. Raises UserError for negative points, without comment or author,
        and for a student or an assignment that the gradebook doesn't know.
        """
        if not math.isfinite(points) or points < 0:
            raise UserError(f"{points:g} points: give a number from 0.")
        self._decide(student, assignment, points, comment, author)

    def withdraw(self, student: str, assignment: str, comment: str, author: str) -> None:
        """Takes an override back: the automatic grade counts again. Raises UserError if there is none."""
        self._decide(student, assignment, None, comment, author)

    def _decide(self, student: str, assignment: str, points: float | None, comment: str, author: str) -> None:
        """Adds a row to the overrides."""
        row = {"student": clean_id(student), "assignment": clean_id(assignment), "points": points}
        row |= {"made": now(), "comment": said(comment, "comment"), "author": said(author, "author")}
        mine = (overrides.c.student == row["student"], overrides.c.assignment == row["assignment"])
        with writing(self._engine, self.name) as connection:
            check_known(connection, self.name, str(row["student"]), str(row["assignment"]))
            if points is None:
                standing = connection.execute(latest(overrides, overrides.c.student, *mine)).one_or_none()
                if override_of(standing) is None:
                    raise UserError(f"{student}, {assignment}: there is no override to withdraw.")
            connection.execute(insert(overrides), row)

    # What counts of it.

    def assignments(self) -> list[str]:
        """The assignments of which something was handed in, by name."""
        with reading(self._engine, self.name) as connection:
            return assignments_in(connection)

    def students(self) -> list[str]:
        """The ids of all students, those who left the roster as well."""
        with reading(self._engine, self.name) as connection:
            return students_in(connection)

    def standings(self, assignment: str, policy: Policy = DEFAULT, *, with_outlines: bool = True) -> list[Standing]:
        """How everybody stands in an assignment, in the order of their ids; also those of the roster who are missing.

        Raises UserError for an assignment of which nothing was handed in.
        """
        with reading(self._engine, self.name) as connection:
            known = assignments_in(connection)
            if clean_id(assignment) not in known:
                raise UserError(f"{self.name}: knows no assignment {assignment!r}. {likely(assignment, known)}")
            found = bare_standings(connection, clean_id(assignment), with_outlines)
        return [with_policy(standing, policy) for standing in found]

    def course(self, assignment: str) -> str:
        """The title of the course by which an assignment was graded last; empty if it never was."""
        with reading(self._engine, self.name) as connection:
            return course_of(connection, clean_id(assignment))

    def totals(self, policy: Policy = DEFAULT) -> list[Total]:
        """What every student has of all assignments, by the policy, in the order of their ids."""
        with reading(self._engine, self.name) as connection:
            found = {name: bare_standings(connection, name, False) for name in assignments_in(connection)}
        return totals({name: [with_policy(one, policy) for one in part] for name, part in found.items()}, policy)

    def grades(self, assignment: str, only: Collection[str] | None = None) -> Iterator[tuple[str, Grade]]:
        """The automatic grades that count, one after the other, by student; of all, or of these students only."""
        with reading(self._engine, self.name) as connection:
            numbers = {
                row.student: row.grading_id
                for row in connection.execute(counting(clean_id(assignment), False))
                if row.points is not None
            }
        chosen = None if only is None else {clean_id(student) for student in only}
        for student, number in numbers.items():
            if chosen is None or student in chosen:
                yield student, self.grade(number)

    def grade(self, number: int) -> Grade:
        """The whole grade of a grading. Raises UserError if there is none, or if it is of a form no longer read."""
        with reading(self._engine, self.name) as connection:
            content = connection.execute(select(grades.c.content).where(grades.c.grading_id == number)).scalar()
        if content is None:
            raise UserError(f"{self.name}: there is no grade of a grading {number}.")
        try:
            return msgspec.json.decode(zlib.decompress(content), type=Grade)
        except (msgspec.MsgspecError, zlib.error) as error:
            raise UserError(
                f"{self.name}: the grade of grading {number} can't be read ({error}); it may be an older grader's. "
                "Its points still count. Grade it again to see it whole."
            ) from error

    # What was.

    def gradings(self, student: str = "", assignment: str = "") -> list[Grading]:
        """The gradings of a student, of an assignment, or of both, the oldest first."""
        asked = wanted(gradings, clean_id(student), clean_id(assignment))
        with reading(self._engine, self.name) as connection:
            return gradings_of(connection, *asked)

    def history(self, student: str = "", assignment: str = "") -> list[Event]:
        """Who did what and when, of a student, of an assignment, or of both, the oldest first."""
        with reading(self._engine, self.name) as connection:
            return events(connection, clean_id(student), clean_id(assignment))


def assignments_in(connection: Connection) -> list[str]:
    """The assignments of which something was handed in."""
    return sorted(connection.execute(select(hand_ins.c.assignment).distinct()).scalars())


def students_in(connection: Connection) -> list[str]:
    """Everybody who handed something in, or ever was on the roster."""
    return sorted(connection.execute(select(students.c.student).union(select(hand_ins.c.student))).scalars())


def check_known(connection: Connection, name: str, student: str, assignment: str) -> None:
    """Raises UserError for an assignment or a student that the gradebook has never seen."""
    known = assignments_in(connection)
    if assignment not in known:
        raise UserError(f"{name}: knows no assignment {assignment!r}. {likely(assignment, known)}")
    people = students_in(connection)
    if student not in people:
        raise UserError(f"{name}: knows no student {student!r}. {likely(student, people)}")


def likely(name: str, names: Sequence[str]) -> str:
    """What may have been meant by a name that there is not."""
    found = difflib.get_close_matches(name, names, 1)
    if found:
        return f"Did you mean {found[0]!r}?"
    return f"There are: {', '.join(names[:10])}{', …' if len(names) > 10 else ''}." if names else "It is empty."
