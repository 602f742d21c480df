"""What counts of the gradebook's rows: of each student the latest of each kind. No whole grade is read here."""

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, null, select

from grader.book.entries import Event, Grading, Receipt, What
from grader.book.tables import conditions, grades, gradings, hand_ins, overrides, students
from grader.standing import Outline, Override, Standing

MISSING = "missing"
NOT_YET = "not graded yet"

outlines = msgspec.msgpack.Decoder(Outline)


def bare_standings(connection: Connection, assignment: str, with_outlines: bool) -> list[Standing]:
    """How everybody stands in an assignment before any policy, in the order of their ids.

    Everybody: who handed something in, has an override, or is on the roster.
    """
    roster = {row.student: row for row in connection.execute(latest(students, students.c.student))}
    decided = {
        row.student: row
        for row in connection.execute(latest(overrides, overrides.c.student, overrides.c.assignment == assignment))
    }
    found = {row.student: row for row in connection.execute(counting(assignment, with_outlines))}
    enrolled = {student for student, row in roster.items() if row.is_enrolled}
    overridden = {student for student, row in decided.items() if row.points is not None}
    return [
        standing_of(student, assignment, found.get(student), roster.get(student), decided.get(student))
        for student in sorted(enrolled | overridden | found.keys())
    ]


def standing_of(
    student: str, assignment: str, found: Row[Any] | None, person: Row[Any] | None, decided: Row[Any] | None
) -> Standing:
    """One student's standing. What the roster says of a name goes before what a file's name says."""
    override = override_of(decided)
    bare = Standing(
        student=student,
        assignment=assignment,
        name=(person.name if person else "") or (found.name if found else ""),
        email=(person.email if person else "") or (found.email if found else ""),
        points=override.points if override else None,
        override=override,
        problem=MISSING,
    )
    if found is None:
        return bare
    return msgspec.structs.replace(
        bare,
        points=override.points if override else found.points,
        automatic=found.points,
        possible=found.possible or 0,
        handed_in=found.handed_in,
        problem=NOT_YET if found.problem is None else found.problem,
        submission=found.submission,
        sha256=found.sha256,
        started=found.started or "",
        outline=outlines.decode(found.outline) if found.outline is not None else None,
    )


def override_of(row: Row[Any] | None) -> Override | None:
    """The override that stands; None if there is none, or if it was withdrawn."""
    if row is None or row.points is None:
        return None
    return Override(row.points, row.comment, row.author, row.made)


def latest(table: Table, *by: ColumnElement[Any]) -> Select[Any]:
    """The latest row for every value of the first column; the rest are conditions."""
    column, *where = by
    newest = select(func.max(table.c.id)).where(*where).group_by(column)
    return select(table).where(table.c.id.in_(newest))


def counting(assignment: str, with_outlines: bool) -> Select[Any]:
    """The latest hand-in of each student with the grading that counts for it, if there is one yet.

    It is the latest one of what was handed in; but one that settled nothing, such as a lost worker's, never stands
    above one that did.
    """
    newest = select(func.max(hand_ins.c.id)).where(hand_ins.c.assignment == assignment).group_by(hand_ins.c.student)
    order = (gradings.c.is_settled.desc(), gradings.c.id.desc())
    place = func.row_number().over(partition_by=(gradings.c.student, gradings.c.sha256), order_by=order).label("place")
    ranked = select(gradings, place).where(gradings.c.assignment == assignment).subquery()
    on = (ranked.c.student == hand_ins.c.student) & (ranked.c.sha256 == hand_ins.c.sha256) & (ranked.c.place == 1)
    columns = [
        *(hand_ins.c[name] for name in ("student", "sha256", "submission", "handed_in", "name", "email")),
        *(ranked.c[name] for name in ("points", "possible", "problem", "started")),
        ranked.c.id.label("grading_id"),
    ]
    source = hand_ins.outerjoin(ranked, on)
    if not with_outlines:
        chosen = select(*columns, null().label("outline")).select_from(source)
    else:
        source = source.outerjoin(grades, grades.c.grading_id == ranked.c.id)
        chosen = select(*columns, grades.c.outline).select_from(source)
    return chosen.where(hand_ins.c.id.in_(newest)).order_by(hand_ins.c.student)


def course_of(connection: Connection, assignment: str) -> str:
    """The title of the course by which an assignment was graded last; empty if it never was."""
    query = select(conditions.c.course).join(gradings).where(gradings.c.assignment == assignment)
    return connection.execute(query.order_by(gradings.c.id.desc()).limit(1)).scalar() or ""


def settled(*where: ColumnElement[bool]) -> Select[Any]:
    """Of the gradings that fulfil the conditions, for everything that was handed in the latest that settled it."""
    by = (gradings.c.student, gradings.c.assignment, gradings.c.sha256)
    newest = select(func.max(gradings.c.id)).where(gradings.c.is_settled, *where).group_by(*by)
    return select(gradings).where(gradings.c.id.in_(newest))


def gradings_of(connection: Connection, *where: ColumnElement[bool]) -> list[Grading]:
    """The gradings that fulfil the conditions, the oldest first."""
    query = (
        select(gradings, *(conditions.c[name] for name in ("course", "course_version", "engine", "limits", "settings")))
        .join(conditions)
        .where(*where)
        .order_by(gradings.c.id)
    )
    return [
        Grading(
            **{name: getattr(row, name) for name in ("student", "assignment", "sha256", "made", "started", "seconds")},
            **{name: getattr(row, name) for name in ("points", "possible", "problem", "is_settled")},
            **{name: getattr(row, name) for name in ("course", "course_version", "engine")},
            **{name: msgspec.json.decode(getattr(row, name)) for name in ("limits", "settings", "packages")},
            number=row.id,
        )
        for row in connection.execute(query)
    ]


def events(connection: Connection, student: str, assignment: str) -> list[Event]:
    """The history of a student, an assignment or both, the oldest first; of everything where both are empty."""
    found = [
        *handed_in(connection, student, assignment),
        *graded(connection, student, assignment),
        *decided_by_hand(connection, student, assignment),
        *([] if assignment else enrolments(connection, student)),
    ]
    return sorted(found, key=lambda event: event.made)  # a stable sort: what happened at once stays in this order


def wanted(table: Table, student: str, assignment: str) -> list[ColumnElement[bool]]:
    """The conditions for the rows of a student, an assignment or both."""
    asked = {"student": student, "assignment": assignment}
    return [table.c[name] == value for name, value in asked.items() if value and name in table.c]


def rows(connection: Connection, table: Table, student: str, assignment: str) -> Iterable[Row[Any]]:
    """The rows of a table in the order in which they were written."""
    return connection.execute(select(table).where(*wanted(table, student, assignment)).order_by(table.c.id))


def handed_in(connection: Connection, student: str, assignment: str) -> list[Event]:
    """What was found of students."""
    return [
        Event(row.made, row.student, "handed in", row.student, row.assignment, text=row.submission)
        for row in rows(connection, hand_ins, student, assignment)
    ]


def graded(connection: Connection, student: str, assignment: str) -> list[Event]:
    """The gradings."""
    found = gradings_of(connection, *wanted(gradings, student, assignment))
    return [
        Event(
            grading.made,
            f"grader {grading.engine}",
            "graded" if grading.points is not None else "not graded",
            grading.student,
            grading.assignment,
            grading.points,
            grading.possible,
            grading.problem or f"course {grading.course_version[:12]}, notebook {grading.sha256[:12]}",
        )
        for grading in found
    ]


def decided_by_hand(connection: Connection, student: str, assignment: str) -> list[Event]:
    """The overrides and their withdrawals."""
    return [
        Event(row.made, row.author, kind, row.student, row.assignment, row.points, text=row.comment)
        for row in rows(connection, overrides, student, assignment)
        for kind in (what_of(row.points is not None, "overridden", "override withdrawn"),)
    ]


def enrolments(connection: Connection, student: str) -> list[Event]:
    """Who came on the roster or left it."""
    return [
        Event(row.made, "roster", kind, row.student, text=" ".join(filter(None, (row.name, row.email))))
        for row in rows(connection, students, student, "")
        for kind in (what_of(row.is_enrolled, "on the roster", "off the roster"),)
    ]


def what_of(is_so: bool, yes: What, no: What) -> What:
    """One of two things that can happen."""
    return yes if is_so else no


def receipt_of(row: Row[Any]) -> Receipt:
    """A row of hand_ins as it was found."""
    return Receipt(**{name: getattr(row, name) for name in Receipt.__struct_fields__})
