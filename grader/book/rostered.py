"""The names of a roster for a gradebook's standings, for a class that was graded without its roster. Pure."""

from collections.abc import Sequence

import msgspec

from grader.book.queries import MISSING
from grader.intake.roster import Clue, Roster, index_of, match
from grader.standing import Standing


def with_roster(standings: Sequence[Standing], roster: Roster, assignment: str) -> list[Standing]:
    """The standings of an assignment with the roster's names and addresses, and with everybody who is missing.

    A student keeps the id by which the gradebook knows them. Who is not on the roster stays as they are.
    """
    index = index_of(roster)
    found = [match(index, Clue(standing.student, standing.email, standing.name)).student for standing in standings]
    named = [
        msgspec.structs.replace(standing, name=student.name or standing.name, email=student.email or standing.email)
        if student
        else standing
        for standing, student in zip(standings, found, strict=True)
    ]
    seen = {student.id for student in found if student}
    absent = [
        Standing(student.id, assignment, student.name, student.email, problem=MISSING)
        for student in roster.students
        if student.id not in seen
    ]
    return sorted([*named, *absent], key=lambda standing: standing.student)
