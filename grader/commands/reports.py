"""What instructors read of a class: `grader report`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.batch.places import GRADEBOOK, REPORTS, make_folder, report_name
from grader.commands.shared import PASSED, check_replaceable, check_writable, debug_option
from grader.errors import UserError
from grader.files import write

if TYPE_CHECKING:
    from grader.book.gradebook import Gradebook
    from grader.book.policy import Policy

OVERVIEW = "class.html"  # no student's report is called so


@click.command()
@click.option("--class", "is_class", is_flag=True, help="Write the class overview only, not every student's report.")
@click.option(
    "--gradebook", "where", default=GRADEBOOK, show_default=True, metavar="URL",
    help="The gradebook: a file, or a URL such as postgresql://USER@HOST/DATABASE.",
)  # fmt: skip
@click.option("--assignment", default="", metavar="NAME", help="Which assignment.  [default: the only one]")
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE",
    help="Where to write the class overview.  [default: class.html, among the assignment's reports]",
)  # fmt: skip
@click.option(
    "--reports", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="The folder of all reports, with a folder for each assignment.  [default: reports, beside the gradebook]",
)  # fmt: skip
@click.option(
    "--due", multiple=True, metavar="DATE",
    help="When it was due, such as 2026-11-20T18:00, or lab4=2026-11-20T18:00; several times for several.",
)  # fmt: skip
@click.option(
    "--policy-file", type=click.Path(path_type=Path), metavar="FILE",
    help="A TOML file with due dates, penalties and drop rules.",
)  # fmt: skip
@click.option(
    "--policy", "settings", multiple=True, metavar="NAME=VALUE",
    help="A rule, such as penalty=10% or cut-off=7days; several times for several.",
)  # fmt: skip
@click.option("--open", "is_open", is_flag=True, help="Open the class overview in the browser.")
@debug_option
def report(
    is_class: bool,
    where: str,
    assignment: str,
    html: Path | None,
    reports: Path | None,
    due: tuple[str, ...],
    policy_file: Path | None,
    settings: tuple[str, ...],
    is_open: bool,
) -> int:
    """Write the overview of a class out of the gradebook, and every student's report, which it links.

    The overview shows how the points are distributed, how difficult each exercise is and how well it tells students
    apart, which mistakes and errors are common, who needs a look, and a table of all students.
    """
    from grader.book.gradebook import Gradebook

    with Gradebook(where, must_exist=True) as book:
        chosen = chosen_assignment(assignment, book.assignments(), book.name)
        reports = reports or (Path(REPORTS) if "://" in where else Path(where).parent / REPORTS)
        folder = (reports / report_name("", chosen)).parent
        page = html or folder / OVERVIEW
        if html is None or not is_class:
            make_folder(reports, chosen)
        check_writable(page)
        check_replaceable(page)
        policy = policy_of(book, policy_file, settings, due)
        standings = book.standings(chosen, policy)
        graded = sum(standing.automatic is not None for standing in standings)
        written = 0 if is_class else write_reports(book, chosen, reports, graded)
    from grader.report import render_class
    from grader.report_links import report_links
    from grader.showing import counted, one_line

    links = report_links({one.student: report_name(one.student, chosen) for one in standings}, reports, page)
    made = datetime.now(UTC).isoformat(timespec="seconds")
    write(page, render_class(standings, made, links).encode("utf-8", "replace"))
    if written:
        click.echo(f"Wrote {counted(written, 'report')} of students into {folder}.")
    click.echo(f"Wrote {page}: the overview of {counted(len(standings), 'student')} in {one_line(chosen)}.")
    if is_open and not opened(page):
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


def policy_of(book: "Gradebook", file: Path | None, settings: tuple[str, ...], due: tuple[str, ...]) -> "Policy":
    """The policy; names in it that the gradebook doesn't know are said."""
    from grader.book.policy import unknown_names
    from grader.book.policy_reading import policy_from
    from grader.showing import one_line

    policy = policy_from(file, settings, due)
    if policy.due or policy.extensions:
        for name in unknown_names(policy, book.assignments(), book.students()):
            click.echo(f"The policy has a date for {one_line(name)}, which the gradebook doesn't know.", err=True)
    return policy


def write_reports(book: "Gradebook", assignment: str, reports: Path, graded: int) -> int:
    """Writes the report of every student who has a grade, of which there are about so many; how many it wrote."""
    from grader.progress import telling
    from grader.report import render_html

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


def opened(file: Path) -> bool:
    """Opens a file in the user's browser; whether there was one."""
    import webbrowser

    try:
        return webbrowser.open(file.resolve().as_uri())
    except webbrowser.Error:
        return False
