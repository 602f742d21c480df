"""What the commands around a gradebook share: their options, and the gradebook, policy and names that these give."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.batch.places import GRADEBOOK, POLICY
from grader.commands.shared import Command
from grader.errors import UserError

if TYPE_CHECKING:
    from grader.book.gradebook import Gradebook
    from grader.book.policy import Policy
    from grader.intake.roster import Roster
    from grader.standing import Standing

NEAREST = 3

# Options


def book_option(command: Command) -> Command:
    """Adds --gradebook to a command."""
    text = "The gradebook: a file, or a URL such as postgresql://USER@HOST/DATABASE."
    return click.option("--gradebook", "where", default=GRADEBOOK, show_default=True, metavar="URL", help=text)(command)


def assignment_option(text: str = "Which assignment.  [default: the only one]") -> Callable[[Command], Command]:
    """Adds --assignment to a command."""
    return click.option("--assignment", default="", metavar="NAME", help=text)


def roster_option(command: Command) -> Command:
    """Adds --roster to a command."""
    text = "A CSV file of the class, for names and who is missing; by default those that were graded with."
    return click.option("--roster", "roster_file", type=click.Path(path_type=Path), metavar="FILE", help=text)(command)


def policy_options(command: Command) -> Command:
    """Adds --due, --policy-file and --policy to a command."""
    due = "When it was due, such as 2026-11-20T18:00, or lab4=2026-11-20T18:00; several times for several."
    file = f"A TOML file with due dates, penalties and drop rules.  [default: {POLICY} beside the gradebook, if any]"
    setting = "A rule, such as penalty=10%, cut-off=7days or drop-lowest=1; several times for several."
    for option in (
        click.option("--policy", "settings", multiple=True, metavar="NAME=VALUE", help=setting),
        click.option("--policy-file", type=click.Path(path_type=Path), metavar="FILE", help=file),
        click.option("--due", multiple=True, metavar="DATE", help=due),
    ):
        command = option(command)
    return command


# What they give


def opened(where: str) -> "Gradebook":
    """The gradebook, which has to be there."""
    from grader.book.gradebook import Gradebook

    return Gradebook(where, must_exist=True)


def roster_of(file: Path | None) -> "Roster | None":
    """The roster of a file, if there is one; what was left out of it is said."""
    if file is None:
        return None
    from grader.intake.roster import read_roster

    roster = read_roster(file)
    tell_notes(roster.notes)
    return roster


def policy_file_of(gradebook: str | Path, file: Path | None) -> Path | None:
    """The policy's file: the given one, or else the one beside the gradebook, so that every command goes by the same.

    gradebook: a file, or a URL, which has nothing beside it.
    """
    beside = Path(gradebook).parent / POLICY
    return file if file or "://" in str(gradebook) or not beside.is_file() else beside


def policy_of(book: "Gradebook", file: Path | None, settings: tuple[str, ...], due: tuple[str, ...]) -> "Policy":
    """The policy; names in it that the gradebook doesn't know are said."""
    from grader.book.policy import unknown_names
    from grader.book.policy_reading import policy_from

    policy = policy_from(policy_file_of(book.name, file), settings, due)
    if policy.due or policy.extensions:
        unknown = unknown_names(policy, book.assignments(), book.students())
        tell_notes(f"The policy has a date for {name}: the gradebook knows nothing of that name." for name in unknown)
    return policy


def tell_notes(notes: Iterable[str]) -> None:
    """Says what a reader should know, on stderr."""
    from grader.showing import one_line

    for note in notes:
        click.echo(f"Note: {one_line(note)}", err=True)


def known_assignments(book: "Gradebook") -> list[str]:
    """The gradebook's assignments. Raises UserError if it has none."""
    names = book.assignments()
    if not names:
        raise UserError(f"{book.name}: is empty. Grade submissions first: grader grade FOLDER")
    return names


def chosen(book: "Gradebook", assignment: str) -> str:
    """The assignment that is asked for, or the only one. Raises UserError if there is none such, or several."""
    from grader.book.entries import clean_id
    from grader.book.gradebook import likely

    names = known_assignments(book)
    if assignment:
        if clean_id(assignment) not in names:
            raise UserError(f"{book.name}: knows no assignment {assignment!r}. {likely(assignment, names)}")
        return clean_id(assignment)
    if len(names) > 1:
        raise UserError(f"{book.name}: has several assignments. Give --assignment one of them: {', '.join(names)}.")
    return names[0]


def known_student(book: "Gradebook", asked: str, standings: "Iterable[Standing]" = ()) -> str:
    """A student's id as the gradebook has it. Raises UserError with the nearest ids and names if it has none such."""
    import difflib

    from grader.book.entries import clean_id

    student = clean_id(asked)
    named = {standing.student: standing.name for standing in standings}
    people = {name: named.get(name, "") for name in {*book.students(), *named}}
    if student in people:
        return student
    called: dict[str, str] = {}
    for one, name in sorted(people.items()):
        for key in (one, name, *name.split()):
            called.setdefault(key.casefold(), one)
    keys = difflib.get_close_matches(student.casefold(), called, 3 * NEAREST)
    near = list(dict.fromkeys(called[key] for key in keys))[:NEAREST]
    shown = [f"{one} ({people[one]})" if people[one] else one for one in near]
    advice = f"Did you mean {' or '.join(shown)}?" if near else "`grader gradebook show` lists the students."
    raise UserError(f"{book.name}: knows no student {asked!r}. {advice}")


def standings_of(
    book: "Gradebook", assignment: str, policy: "Policy", roster: "Roster | None", *, with_outlines: bool = True
) -> "list[Standing]":
    """How everybody stands, with the names of the roster if one was given."""
    from grader.book.rostered import with_roster

    found = book.standings(assignment, policy, with_outlines=with_outlines)
    return with_roster(found, roster, assignment) if roster else found
