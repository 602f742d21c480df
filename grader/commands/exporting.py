"""`grader gradebook export`: the grades of an assignment for other programs."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.books import (
    assignment_option,
    book_option,
    chosen,
    opened,
    policy_of,
    policy_options,
    roster_of,
    roster_option,
    standings_of,
    tell_notes,
)
from grader.commands.shared import PASSED, check_writable, debug_option
from grader.errors import UserError
from grader.files import write

if TYPE_CHECKING:
    from grader.exports import Export, Identity

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


@click.command()
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
    from grader.book.policy import in_words
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
    tell_notes((*in_words(policy), *found.notes))
    if is_file:
        from grader.showing import counted, escaped

        click.echo(escaped(f"Wrote {file}: {name}, {counted(len(standings), 'student')} in the gradebook."))
    return PASSED


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
