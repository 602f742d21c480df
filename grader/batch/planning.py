"""What a run finds: whose work there is, of which assignment, and its hash, by which the gradebook knows it."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader.book import entries
from grader.errors import UserError
from grader.intake.collecting import Location
from grader.intake.reading import Reader, reason_of
from grader.intake.submissions import HandIn, Intake, Problem


class Work(msgspec.Struct, frozen=True):
    """One student's work. entry: as the gradebook keeps it. problem: why it can't be read; it has no location then."""

    entry: entries.Receipt
    location: Location | None
    problem: str = ""
    notes: tuple[str, ...] = ()


def assignment_of(intake: Intake, default: str) -> str:
    """The one assignment that was handed in; the default if nothing tells its name. Raises UserError for several."""
    found: Sequence[HandIn | Problem] = (*intake.hand_ins, *intake.problems)
    names = sorted({each.assignment for each in found if each.assignment})
    if len(names) > 1:
        listed = ", ".join(names[:10]) + (", …" if len(names) > 10 else "")
        raise UserError(
            f"There are {len(names)} assignments here: {listed}. Say which this course grades: --assignment."
        )
    return names[0] if names else default


def chosen(intake: Intake, only: Sequence[str]) -> Intake:
    """The work of these students alone, named by id, name or email; of all if none is named.

    Raises UserError for somebody of whom nothing was found.
    """
    if not only:
        return intake

    def is_named(each: HandIn | Problem) -> bool:
        return any(wanted in (each.student, each.name, each.email) for wanted in only)

    hand_ins = tuple(hand_in for hand_in in intake.hand_ins if is_named(hand_in))
    problems = tuple(problem for problem in intake.problems if problem.student and is_named(problem))
    found: Sequence[HandIn | Problem] = (*hand_ins, *problems)
    known = {name for each in found for name in (each.student, each.name, each.email)}
    for wanted in only:
        if wanted not in known:
            everybody: Sequence[HandIn | Problem] = (*intake.hand_ins, *intake.problems)
            there = sorted({each.student for each in everybody if each.student})
            listed = ", ".join(there[:10]) + (", …" if len(there) > 10 else "")
            raise UserError(f"--only {wanted}: nothing was found of a student of this name. There are: {listed}.")
    return Intake(intake.layout, hand_ins, problems, {})


def works_of(intake: Intake, assignment: str, place: Path) -> list[Work]:
    """Everybody's work, read once for its hash; what can't be read is a problem of its own.

    place: where it was found, which is no part of the names that the gradebook keeps: it may be moved.
    """
    works = []
    with Reader() as reader:
        for hand_in in intake.hand_ins:
            sha256, problem = "", ""
            try:
                sha256 = hashlib.sha256(reader.content(hand_in.location)).hexdigest()
            except UserError as error:
                problem = reason_of(error, hand_in.location)
            entry = entries.Receipt(
                student=hand_in.student,
                assignment=assignment,
                sha256=sha256,
                submission=within(place, hand_in.location.shown),
                handed_in=hand_in.handed_in,
                name=hand_in.name,
                email=hand_in.email,
            )
            works.append(Work(entries.cleaned(entry), None if problem else hand_in.location, problem, hand_in.notes))
    for found in intake.problems:
        if found.student:
            where = within(place, found.where)
            entry = entries.Receipt(found.student, assignment, "", where, name=found.name, email=found.email)
            works.append(Work(entries.cleaned(entry), None, found.reason))
    return works


def within(place: Path, shown: str) -> str:
    """A file's name without the place that it was found in."""
    for start in (Location(str(place)).shown, Location(str(place.resolve())).shown):
        if shown.startswith(f"{start}/"):
            return shown.removeprefix(f"{start}/")
    return shown
