"""`grader similar`: whose code is alike beyond what everybody was given."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.books import roster_of
from grader.commands.shared import (
    PASSED,
    check_replaceable,
    check_writable,
    course_option,
    debug_option,
    load,
)
from grader.errors import UserError
from grader.files import write

if TYPE_CHECKING:
    from grader.intake.submissions import Intake

LISTED = 20  # pairs in the terminal; the page has more
TOLD = 10  # submissions that can't be read
LEAST = 0.2  # grader.similarity's own


@click.command()
@click.argument("submissions", type=click.Path(path_type=Path), metavar="SUBMISSIONS")
@click.option(
    "--roster",
    "roster_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A CSV file of the class, for names.",
)
@click.option("--assignment", default="", metavar="NAME", help="Which assignment.  [default: the only one]")
@click.option(
    "--html", type=click.Path(path_type=Path), default="similar.html", show_default=True, metavar="FILE",
    help="Where to write what is alike, side by side.",
)  # fmt: skip
@click.option(
    "--least", type=click.FloatRange(0, 1), default=LEAST, show_default=True, metavar="SHARE",
    help="How much of the smaller one's own code two submissions must share to be shown.",
)  # fmt: skip
@course_option
@debug_option
def similar(
    submissions: Path,
    roster_file: Path | None,
    assignment: str,
    html: Path,
    least: float,
    course_folder: Path | None,
) -> int:
    """Find pairs of SUBMISSIONS whose code is alike beyond the starter notebook and the course's own answers.

    Other names, comments, layout and another order hide nothing. It is a hint for a person, never a verdict: the page
    shows side by side what is alike, for you to judge. No notebook is run.
    """
    check_writable(html)
    check_replaceable(html)
    started = datetime.now(UTC).isoformat(timespec="seconds")
    from grader.intake.submissions import find_submissions
    from grader.showing import escaped

    roster = roster_of(roster_file)
    found = find_submissions(submissions, roster, assignment)
    check_is_one_assignment(found)
    problems = [f"{problem.where}: {problem.reason}" for problem in found.problems]
    from grader.similar_in_forks import hashing_in_forks, works_in_forks
    from grader.telling import telling

    with telling() as tell:
        works = works_in_forks(found.hand_ins, tell, problems)
    tell_problems(problems)
    if len(works) < 2:
        raise UserError(f"{submissions}: {len(works)} of its notebooks can be read, and two make a pair.")
    course, _ = load(course_folder, ())
    from grader.class_tables import print_alike
    from grader.report import render_similarity
    from grader.similarity import known_code
    from grader.similarity import similar as similar_works

    failed: list[str] = []
    with telling() as tell:
        pairs = similar_works(works, known_code(course), least, hashing=hashing_in_forks(tell, failed))
    tell_problems(failed)
    names = {hand_in.student: hand_in.name for hand_in in found.hand_ins}
    title = found.hand_ins[0].assignment or submissions.resolve().name
    page = render_similarity(pairs, names, len(works), title, course.course.title, started)
    write(html, page.encode("utf-8", "replace"))
    print_alike(pairs, len(works), LISTED)
    click.echo(f"Side by side: {escaped(str(html))}")
    return PASSED


def check_is_one_assignment(found: "Intake") -> None:
    """Raises UserError if there are several assignments: students' work in one is compared with that of others."""
    from grader.intake.names import showable

    names = sorted({hand_in.assignment for hand_in in found.hand_ins})
    if len(names) > 1:
        shown = ", ".join(map(showable, names))
        raise UserError(f"There are several assignments. Give --assignment one of them: {shown}.")


def tell_problems(problems: list[str]) -> None:
    """Says which submissions are not compared, on stderr."""
    from grader.showing import one_line

    for problem in problems[:TOLD]:
        click.echo(f"Not compared: {one_line(problem)}", err=True)
    if len(problems) > TOLD:
        click.echo(f"Not compared: {len(problems) - TOLD} more", err=True)
