"""What instructors do with a gradebook: `grader gradebook show`, `override`, `withdraw`, `history` and `export`."""

import getpass
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.shared import PASSED, Command, check_writable, debug_option, write
from grader.errors import UserError

if TYPE_CHECKING:
    from grader.book.gradebook import Gradebook
    from grader.book.policy import Policy
    from grader.exports import Export, Identity
    from grader.intake.roster import Roster
    from grader.standing import Standing

BOOK = "gradebook.db"
NEAREST = 3
POINTS = re.compile(r"\d+(\.\d*)?|\.\d+")

# The forms of an export (those of grader.exports, which takes time to import), with the ends of their files' names.
ENDS = {
    "canvas": ".canvas.csv",
    "moodle": ".moodle.csv",
    "csv": ".grades.csv",
    "jsonl": ".grades.jsonl",
    "junit": ".grades.xml",
}
IDENTITIES = ("email", "idnumber", "username")
OPTIONS_OF = {"canvas": ("template", "column", "is_scaled"), "moodle": ("identity", "item", "most")}
SPELLED = {"is_scaled": "scale", "most": "points"}  # the options that are not called as their parameters


@click.group()
def gradebook() -> None:
    """Look at a gradebook, change points by hand, and export it."""


# Options


def book_option(command: Command) -> Command:
    """Adds --gradebook to a command."""
    text = "The gradebook: a file, or a URL such as postgresql://USER@HOST/DATABASE."
    return click.option("--gradebook", "where", default=BOOK, show_default=True, metavar="URL", help=text)(command)


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
    file = "A TOML file with due dates, penalties and drop rules."
    setting = "A rule, such as penalty=10%, cut-off=7days or drop-lowest=1; several times for several."
    for option in (
        click.option("--policy", "settings", multiple=True, metavar="NAME=VALUE", help=setting),
        click.option("--policy-file", type=click.Path(path_type=Path), metavar="FILE", help=file),
        click.option("--due", multiple=True, metavar="DATE", help=due),
    ):
        command = option(command)
    return command


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


@gradebook.command()
@click.option("--to", "form", type=click.Choice(list(ENDS)), required=True, help="For whom.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE",
    help="Where to write it; - for the standard output.  [default: such as lab4.canvas.csv, in this folder]",
)  # fmt: skip
@assignment_option()
@roster_option
@policy_options
@click.option(
    "--template", type=click.Path(path_type=Path), metavar="FILE", help="Canvas: the gradebook as Canvas exported it."
)
@click.option(
    "--column", default="", metavar="NAME", help="Canvas: the assignment's name or id there.  [default: as here]"
)
@click.option("--scale", "is_scaled", is_flag=True, help="Canvas: make the points a part of those possible there.")
@click.option(
    "--identity", type=click.Choice(IDENTITIES), default="email", show_default=True,
    help="Moodle: by what it finds a student; the last two are the gradebook's id.",
)  # fmt: skip
@click.option("--item", default="", metavar="NAME", help="Moodle: what heads the grades.  [default: the assignment]")
@click.option(
    "--points", "most", type=click.FloatRange(min=0, min_open=True), metavar="NUMBER",
    help="Moodle: what the grade item is worth there, to scale the points to.  [default: as they are]",
)  # fmt: skip
@book_option
@debug_option
@click.pass_context
def export(
    context: click.Context,
    form: str,
    output: Path | None,
    assignment: str,
    roster_file: Path | None,
    due: tuple[str, ...],
    policy_file: Path | None,
    settings: tuple[str, ...],
    template: Path | None,
    column: str,
    is_scaled: bool,
    identity: "Identity",
    item: str,
    most: float | None,
    where: str,
) -> int:
    """Write the grades of an assignment for another program: Canvas, Moodle, spreadsheets, scripts, CI.

    The file is written whole or not at all; what it leaves out, and why, is said.
    """
    check_options(context, form)
    roster = roster_of(roster_file)
    with opened(where) as book:
        policy = policy_of(book, policy_file, settings, due)
        name = chosen(book, assignment)
        file = output or Path(file_name(name) + ENDS[form])
        is_file = str(file) != "-"
        if is_file:
            check_writable(file)
            check_is_not_read(file, template, roster_file, policy_file, Path(book.name))
        standings = standings_of(book, name, policy, roster)
    from grader.exports import canvas_csv, class_junit, class_lines, class_table, moodle_csv

    found: Export
    match form:
        case "canvas":
            found = canvas_csv(standings, content_of(template), column, is_scaled=is_scaled, file=str(template))
        case "moodle":
            found = moodle_csv(standings, identity, item, most or 0)
        case "csv":
            found = class_table(standings)
        case "jsonl":
            found = class_lines(standings)
        case _:
            found = class_junit(standings)
    if is_file:
        write(file, found.content)
    else:
        click.echo(found.content, nl=False)
    tell_notes(found.notes)
    if is_file:
        from grader.showing import counted, escaped

        click.echo(escaped(f"Wrote {file}: {name}, {counted(len(standings), 'student')} in the gradebook."))
    return PASSED


# Parts


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


def policy_of(book: "Gradebook", file: Path | None, settings: tuple[str, ...], due: tuple[str, ...]) -> "Policy":
    """The policy; names in it that the gradebook doesn't know are said."""
    from grader.book.policy import unknown_names
    from grader.book.policy_reading import policy_from

    policy = policy_from(file, settings, due)
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


def check_options(context: click.Context, form: str) -> None:
    """Refuses the options of another form, and Canvas's without its template."""
    for owner, names in OPTIONS_OF.items():
        given = [name for name in names if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE]
        if given and owner != form:
            raise click.UsageError(f"--{SPELLED.get(given[0], given[0])} goes with --to {owner}.")
    if form == "canvas" and context.params["template"] is None:
        raise click.UsageError(
            "Canvas takes only what has its own columns: give --template the file of Grades > Export."
        )


def check_is_not_read(file: Path, *inputs: Path | None) -> None:
    """Refuses to write over a file that the export is made from."""
    for other in inputs:
        if other and other.exists() and file.exists() and file.samefile(other):
            raise UserError(f"{file}: is what the export is made from. Give another file to write.")


def content_of(file: Path | None) -> bytes:
    """A file's bytes. Raises UserError if it can't be read."""
    try:
        return file.read_bytes() if file else b""
    except OSError as error:
        raise UserError(f"{file}: can't be read ({error.strerror}). Look at the spelling.") from error


def file_name(assignment: str) -> str:
    """An assignment's name as the beginning of a file's, with nothing in it that leads elsewhere."""
    return re.sub(r"[^\w.-]+", "-", assignment).strip(".-")[:60] or "assignment"
