"""How rows get into the gradebook: only what is new, and what is the same once, however many write at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from grader.book.conditions import Conditions
from grader.book.entries import Receipt, clean, now
from grader.book.queries import latest, receipt_of, settled
from grader.book.tables import conditions, gradings, hand_ins, students


def enrol(connection: Connection, people: Mapping[str, tuple[str, str]]) -> None:
    """Adds who came on the roster, who changed, and who left it. people: name and email by id."""
    rows = connection.execute(latest(students, students.c.student))
    before = {row.student: (row.name, row.email, row.is_enrolled) for row in rows}
    roster = {student: (name, email, True) for student, (name, email) in people.items()}
    left = {student: (name, email, False) for student, (name, email, _) in before.items() if student not in roster}
    changed = {student: row for student, row in (roster | left).items() if before.get(student) != row}
    columns = ("name", "email", "is_enrolled")
    add(connection, students, [dict(zip(columns, row, strict=True), student=id_) for id_, row in changed.items()])


def register(connection: Connection, found: Sequence[Receipt]) -> int:
    """Adds the hand-ins that are other ones than the latest of their student."""
    unlike: dict[tuple[str, str], Receipt] = {}
    for assignment in {one.assignment for one in found}:
        query = latest(hand_ins, hand_ins.c.student, hand_ins.c.assignment == assignment)
        unlike |= {(row.student, assignment): receipt_of(row) for row in connection.execute(query)}
    new = []
    for one in found:
        if unlike.get((one.student, one.assignment)) != one:
            unlike[one.student, one.assignment] = one
            new.append(msgspec.structs.asdict(one))
    add(connection, hand_ins, new)
    return len(new)


def add(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Adds rows, made now."""
    if rows:
        made = now()
        connection.execute(insert(table), [{"made": made, **row} for row in rows])


def added(connection: Connection, table: Table, row: dict[str, Any]) -> int | None:
    """The id of a new row; None if there is one already that has to be unique with it."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    query = make(table).values(row).on_conflict_do_nothing().returning(table.c.id)
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else int(found)


def conditions_id(connection: Connection, then: Conditions) -> int:
    """The id of the conditions' row, which is added if it is the first grading under them."""
    query = select(conditions.c.id).where(conditions.c.digest == then.digest)
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        row = {"digest": then.digest, "course": clean(then.course), "course_version": then.course_version}
        row |= {"engine": then.engine, "limits": msgspec.json.encode(then.limits).decode()}
        row |= {"settings": msgspec.json.encode(then.settings, order="sorted").decode()}
        found = added(connection, conditions, row)
    # Another process may have added it in between: then `added` has waited for it.
    return int(found if found is not None else connection.execute(query).scalar_one())


def is_registered(connection: Connection, found: Receipt) -> bool:
    """Whether this content was ever registered for this student and assignment."""
    mine = (hand_ins.c[name] == getattr(found, name) for name in ("assignment", "student", "sha256"))
    return connection.execute(select(hand_ins.c.id).where(*mine).limit(1)).first() is not None


def round_of(connection: Connection, row: Mapping[str, Any]) -> str:
    """The round of a grading: that of the one that counts, if it is under the same conditions; else another one.

    So a grade under earlier conditions that hold again counts again, and of two runs at once only one is kept.
    """
    mine = (gradings.c[name] == row[name] for name in ("student", "assignment", "sha256"))
    counts = connection.execute(settled(*mine)).one_or_none()
    if counts is None:
        return ""
    return str(counts.round) if counts.conditions_id == row["conditions_id"] else f"after {counts.id}"
