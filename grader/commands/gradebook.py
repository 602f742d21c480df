"""What instructors do with a gradebook: `grader gradebook show`, `override`, `withdraw`, `history` and `export`."""

import getpass
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.books import (
    assignment_option,
    book_option,
    chosen,
    known_assignments,
    known_student,
    opened,
    policy_of,
    policy_options,
    roster_of,
    roster_option,
    standings_of,
)
from grader.commands.exporting import export
from grader.commands.shared import PASSED, Command, debug_option
from grader.errors import UserError

if TYPE_CHECKING:
    from grader.standing import Standing

POINTS = re.compile(r"\d+(\.\d*)?|\.\d+")


@click.group()
def gradebook() -> None:
    """Look at a gradebook, change points by hand, and export it."""


gradebook.add_command(export)


# Options


def decision_options(command: Command) -> Command:
    """Adds --comment and --author to a command."""
    author = "Who decides it.  [default: the name you are logged in by]"
    for option in (
        click.option("--author", default="", metavar="NAME", help=author),
        click.option("--comment", required=True, metavar="TEXT", help="Why; it is kept with the points."),
    ):
        command = option(command)
    return command


# Commands


@gradebook.command()
@click.argument("student", default="", metavar="[STUDENT]")
@click.option("--totals", "is_total", is_flag=True, help="The totals over all assignments, by the policy's drop rules.")
@assignment_option("Which assignment.  [default: the only one; for a STUDENT all of them]")
@roster_option
@policy_options
@book_option
@debug_option
def show(
    student: str,
    is_total: bool,
    assignment: str,
    roster_file: Path | None,
    due: tuple[str, ...],
    policy_file: Path | None,
    settings: tuple[str, ...],
    where: str,
) -> int:
    """Show how everybody stands in an assignment, or STUDENT in all of them.

    Points that a person has given are said to be, with those that the grader gave. Late penalties and totals are
    worked out from the policy each time; the gradebook keeps the points as they were graded.
    """
    if is_total and assignment:
        raise click.UsageError("--totals are over all assignments: leave --assignment out.")
    from grader.book.policy import in_words, totals
    from grader.class_tables import print_standings, print_student, print_totals

    roster = roster_of(roster_file)
    with opened(where) as book:
        policy = policy_of(book, policy_file, settings, due)
        names = [chosen(book, assignment)] if assignment or not (student or is_total) else known_assignments(book)
        classes = {name: standings_of(book, name, policy, roster, with_outlines=bool(student)) for name in names}
        student = known_student(book, student, (s for part in classes.values() for s in part)) if student else ""
    words = in_words(policy)
    if is_total:
        found = [total for total in totals(classes, policy) if student in ("", total.student)]
        print_totals(found, names, words)
    elif student:
        mine = [standing for part in classes.values() for standing in part if standing.student == student]
        if not mine:
            raise UserError(f"{student}: nothing was found of them, and they are not on the roster.")
        print_student(mine, words)
    else:
        print_standings(classes[names[0]], names[0], words)
    return PASSED


# So that a negative number is no option, but is refused as one.
@gradebook.command(context_settings={"ignore_unknown_options": True})
@click.argument("student", metavar="STUDENT")
@click.argument("points", metavar="POINTS")
@decision_options
@click.option("--beyond", "is_beyond", is_flag=True, help="Allow more than the possible points.")
@assignment_option()
@policy_options
@book_option
@debug_option
def override(
    student: str,
    points: str,
    comment: str,
    author: str,
    is_beyond: bool,
    assignment: str,
    due: tuple[str, ...],
    policy_file: Path | None,
    settings: tuple[str, ...],
    where: str,
) -> int:
    """Give STUDENT these POINTS, which stand above every automatic grade, now and later.

    No late penalty is taken off them. What was graded stays in the gradebook: `grader gradebook withdraw` lets it
    count again.
    """
    amount = points_in(points)
    with opened(where) as book:
        policy = policy_of(book, policy_file, settings, due)
        name = chosen(book, assignment)
        everybody = book.standings(name, policy, with_outlines=False)
        student = known_student(book, student, everybody)
        before = standing_of(everybody, student, name)
        possible = before.possible or max((standing.possible for standing in everybody), default=0)
        if 0 < possible < amount and not is_beyond:
            raise UserError(
                f"{points} points: {name} has {possible:g}. Give --beyond if {student} shall have more than that."
            )
        book.override(student, name, amount, comment, author or login())
        tell_change(before, standing_of(book.standings(name, policy, with_outlines=False), student, name))
    return PASSED


@gradebook.command()
@click.argument("student", metavar="STUDENT")
@decision_options
@assignment_option()
@policy_options
@book_option
@debug_option
def withdraw(
    student: str,
    comment: str,
    author: str,
    assignment: str,
    due: tuple[str, ...],
    policy_file: Path | None,
    settings: tuple[str, ...],
    where: str,
) -> int:
    """Take STUDENT's override back: what was graded counts again."""
    with opened(where) as book:
        policy = policy_of(book, policy_file, settings, due)
        name = chosen(book, assignment)
        everybody = book.standings(name, policy, with_outlines=False)
        student = known_student(book, student, everybody)
        book.withdraw(student, name, comment, author or login())
        after = standing_of(book.standings(name, policy, with_outlines=False), student, name)
        tell_change(standing_of(everybody, student, name), after)
    return PASSED


@gradebook.command()
@click.argument("student", default="", metavar="[STUDENT]")
@assignment_option("Only this assignment.")
@book_option
@debug_option
def history(student: str, assignment: str, where: str) -> int:
    """Show who did what and when, of everybody or of STUDENT, the oldest first, in local time."""
    from grader.class_tables import print_history

    with opened(where) as book:
        name = chosen(book, assignment) if assignment else ""
        student = known_student(book, student) if student else ""
        events = book.history(student, name)
    print_history(events)
    return PASSED


# Parts


def standing_of(standings: "Iterable[Standing]", student: str, assignment: str) -> "Standing":
    """One student's standing; that of somebody of whom there is nothing, if there is none."""
    from grader.standing import Standing

    found = (standing for standing in standings if standing.student == student)
    return next(found, Standing(student, assignment, problem="nothing handed in"))


def points_in(text: str) -> float:
    """The points in an argument. Raises UserError if it is no number from 0."""
    if not POINTS.fullmatch(text):
        raise UserError(f"{text} points: give a number from 0, such as 3.5.")
    return float(text)


def login() -> str:
    """The name of the one who is logged in. Raises UserError where the machine doesn't know it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise UserError("This machine doesn't know who you are. Give --author your name.") from error


def tell_change(before: "Standing", after: "Standing") -> None:
    """Says what stood before a decision, and what stands now."""
    from grader.class_tables import stands
    from grader.showing import one_line

    who = f"{after.student} ({after.name})" if after.name else after.student
    click.echo(one_line(f"{who}, {after.assignment}:"))
    click.echo(f"  before: {stands(before)}")
    click.echo(f"  now:    {stands(after)}")
