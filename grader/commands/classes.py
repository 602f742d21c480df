"""What instructors read of a class: `grader report`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.shared import PASSED, check_replaceable, check_writable, debug_option, write
from grader.errors import UserError

if TYPE_CHECKING:
    from grader.book.gradebook import Gradebook

GRADEBOOK = "gradebook.sqlite"


@click.command()
@click.option("--class", "is_class", is_flag=True, help="Write the class overview only, not every student's report.")
@click.option(
    "--gradebook", "where", default=GRADEBOOK, show_default=True, metavar="URL",
    help="The gradebook: a file, or a URL such as postgresql://USER@HOST/DATABASE.",
)  # fmt: skip
@click.option("--assignment", default="", metavar="NAME", help="Which one.  [default: the only one there is]")
@click.option(
    "--html", type=click.Path(path_type=Path), default="class.report.html", show_default=True, metavar="FILE",
    help="Where to write the class overview.",
)  # fmt: skip
@click.option(
    "--reports", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="The folder of the students' reports, which the overview links.  "
    "[default: beside it, student-reports/ASSIGNMENT]",
)  # fmt: skip
@click.option("--open", "is_open", is_flag=True, help="Open the class overview in the browser.")
@debug_option
def report(is_class: bool, where: str, assignment: str, html: Path, reports: Path | None, is_open: bool) -> int:
    """Write the overview of a class out of the gradebook, and every student's report, which it links.

    The overview shows how the points are distributed, how difficult each exercise is and how well it tells students
    apart, which mistakes and errors are common, who needs a look, and a table of all students.
    """
    check_writable(html)
    check_replaceable(html)
    from grader.book.gradebook import Gradebook
    from grader.report_names import plain_name, report_links

    with Gradebook(where, must_exist=True) as book:
        chosen = chosen_assignment(assignment, book.assignments(), book.name)
        folder = reports or html.parent / "student-reports" / plain_name(chosen)
        standings = book.standings(chosen)
        written = 0 if is_class else write_reports(book, chosen, folder)
    from grader.report import render_class

    links = report_links((standing.student for standing in standings), folder, html)
    made = datetime.now(UTC).isoformat(timespec="seconds")
    write(html, render_class(standings, made, links).encode("utf-8", "replace"))
    from grader.showing import counted

    if written:
        click.echo(f"Wrote {counted(written, 'report')} of students into {folder}.")
    click.echo(f"Wrote {html}: the overview of {counted(len(standings), 'student')} in {chosen}.")
    if is_open and not opened(html):
        click.echo("No browser could be opened: open the file yourself.", err=True)
    return PASSED


def chosen_assignment(wanted: str, known: list[str], name: str) -> str:
    """The assignment that is meant. Raises UserError if that can't be told."""
    if wanted or len(known) == 1:
        return wanted or known[0]
    if not known:
        raise UserError(f"{name}: nothing was handed in yet. Grade submissions into it first: grader grade --help")
    more = f" and {len(known) - 10} more" if len(known) > 10 else ""
    raise UserError(f"{name}: has several assignments. Give one with --assignment: {', '.join(known[:10])}{more}.")


def write_reports(book: "Gradebook", assignment: str, folder: Path) -> int:
    """Writes the report of every student who has a grade; how many they are."""
    from grader.report import render_html
    from grader.report_names import report_name

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: can't be made ({error.strerror}). Give another folder with --reports.") from error
    written = 0
    for student, grade in book.grades(assignment):
        file = folder / report_name(student)
        check_replaceable(file)
        write(file, render_html(grade).encode("utf-8", "replace"))
        written += 1
    return written


def opened(file: Path) -> bool:
    """Opens a file in the user's browser; whether there was one."""
    import webbrowser

    try:
        return webbrowser.open(file.resolve().as_uri())
    except webbrowser.Error:
        return False
