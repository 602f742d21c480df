"""What instructors read of a class: `grader report`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.batch.places import REPORTS, make_folder, report_name
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
)
from grader.commands.shared import PASSED, check_replaceable, check_writable, debug_option
from grader.files import write

if TYPE_CHECKING:
    from grader.book.gradebook import Gradebook

OVERVIEW = "class.html"  # no student's report is called so


@click.command()
@click.option("--class", "is_class", is_flag=True, help="Write the class overview only, not every student's report.")
@book_option
@assignment_option()
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE",
    help="Where to write the class overview.  [default: class.html, among the assignment's reports]",
)  # fmt: skip
@click.option(
    "--reports", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="The folder of all reports, with a folder for each assignment.  [default: reports, beside the gradebook]",
)  # fmt: skip
@roster_option
@policy_options
@click.option("--open", "is_open", is_flag=True, help="Open the class overview in the browser.")
@debug_option
def report(
    is_class: bool,
    where: str,
    assignment: str,
    html: Path | None,
    reports: Path | None,
    roster_file: Path | None,
    due: tuple[str, ...],
    policy_file: Path | None,
    settings: tuple[str, ...],
    is_open: bool,
) -> int:
    """Write the overview of a class out of the gradebook, and every student's report, which it links.

    The overview shows how the points are distributed, how difficult each exercise is and how well it tells students
    apart, which mistakes and errors are common, who needs a look, and a table of all students.
    """
    with opened(where) as book:
        assignment = chosen(book, assignment)
        reports = reports or (Path(REPORTS) if "://" in where else Path(where).parent / REPORTS)
        folder = (reports / report_name("", assignment)).parent
        page = html or folder / OVERVIEW
        if html is None or not is_class:
            make_folder(reports, assignment)
        check_writable(page)
        check_replaceable(page)
        policy = policy_of(book, policy_file, settings, due)
        standings = standings_of(book, assignment, policy, roster_of(roster_file))
        course = book.course(assignment)
        graded = sum(standing.automatic is not None for standing in standings)
        written = 0 if is_class else write_reports(book, assignment, reports, graded)
    from grader.book.policy import in_words
    from grader.report import render_class
    from grader.report_links import report_links
    from grader.showing import counted, one_line

    links = report_links({one.student: report_name(one.student, assignment) for one in standings}, reports, page)
    made = datetime.now(UTC).isoformat(timespec="seconds")
    write(page, render_class(standings, made, links, course, in_words(policy)).encode("utf-8", "replace"))
    if written:
        click.echo(f"Wrote {counted(written, 'report')} of students into {folder}.")
    click.echo(f"Wrote {page}: the overview of {counted(len(standings), 'student')} in {one_line(assignment)}.")
    if is_open and not is_shown(page):
        click.echo("No browser could be opened: open the file yourself.", err=True)
    return PASSED


def write_reports(book: "Gradebook", assignment: str, reports: Path, graded: int) -> int:
    """Writes the report of every student who has a grade, of which there are about so many; how many it wrote."""
    from grader.report import render_html
    from grader.telling import telling

    written = 0
    with telling() as tell:
        for student, grade in book.grades(assignment):
            tell("reports", written, graded)
            file = reports / report_name(student, assignment)
            check_replaceable(file)
            write(file, render_html(grade).encode("utf-8", "replace"))
            written += 1
        tell("reports", written, graded)
    return written


def is_shown(file: Path) -> bool:
    """Opens a file in the user's browser; whether there was one."""
    import webbrowser

    try:
        return webbrowser.open(file.resolve().as_uri())
    except webbrowser.Error:
        return False
