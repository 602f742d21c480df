"""What students call: `grader start` and `grader check`."""

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.shared import (
    NOT_PASSED,
    PASSED,
    check_writable,
    course_option,
    debug_option,
    exercise_option,
    is_gpu_given,
    limit_options,
    limits_of,
    load,
    places,
    running_options,
    seed_option,
)
from grader.devices import Wish
from grader.errors import UserError
from grader.files import write

if TYPE_CHECKING:
    from grader.starting import Plan

# The forms of a grade (those of grader.exports, which takes time to import), with the names that its readers expect:
# Gradescope's is fixed; in GitHub Classroom's environment variable it has none.
FORMAT_FILES = {"gradescope": "results.json", "github": "autograding.json", "junit": "junit.xml"}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--only", multiple=True, metavar="NAME",
    help="Only this exercise, or this section, or the questions; may be given several times.",
)  # fmt: skip
@click.option("--colab", "is_for_colab", is_flag=True, help="Add the cell that installs the grader on Google Colab.")
@click.option(
    "--package", metavar="ADDRESS",
    help="What that cell installs, as pip takes it.  [default: what was installed here]",
)  # fmt: skip
@course_option
@debug_option
def start(
    folder: Path, only: tuple[str, ...], is_for_colab: bool, package: str | None, course_folder: Path | None
) -> int:
    """Write the starter notebook into DIR, and prepare the data that it uses.

    A notebook that is there already is never changed: what it lacks is written into another one beside it.
    """
    if package is not None and not is_for_colab:
        raise click.UsageError("--package is what --colab installs: give --colab as well.")
    if is_for_colab and course_folder:
        raise click.UsageError("--colab is for the built-in course: Colab has no folder of yours.")
    from grader.installed import package_address, wheel_name
    from grader.quiz.bank import written_questions
    from grader.starter import COLAB
    from grader.starting import make_folder, planned, write_starter
    from grader.telling import telling

    course, data = load(course_folder, ())
    plan = planned(folder, course, written_questions(course), only)
    if plan.file:
        make_folder(folder)
    with telling() as tell:
        course.prepare(data, tell)
    address = package or package_address()
    installed = (address or f"/content/{wheel_name()}") if is_for_colab else ""
    if plan.file:
        write_starter(plan, data, installed)
    tell_started(plan)
    if is_for_colab and not plan.file:
        click.echo("For Colab, put this into a cell of its own above the others:\n")
        click.echo(COLAB.format(package=installed))
    if is_for_colab and not address:
        click.echo("Colab can't install what is on your computer: upload the grader's wheel there,")
        click.echo(f"  {wheel_name()}")
        click.echo("(pip wheel --no-deps makes it), or give its address with --package.")
    return PASSED


def tell_started(plan: "Plan") -> None:
    """Says what was kept and what was written."""
    for file in plan.kept:
        changed = datetime.fromtimestamp(file.stat().st_mtime).astimezone()
        click.echo(f"Kept {file} as it is (last changed {changed:%Y-%m-%d %H:%M}).")
    if not plan.file:
        click.echo("Nothing is missing. To begin anew, give another folder.")
        return
    from grader.showing import counted

    exercises = counted(len(plan.course.exercises), "exercise") if plan.course.exercises else ""
    questions = counted(len(plan.questions), "question") if plan.questions else ""
    others = "" if not plan.kept else " not in there yet"
    click.echo(f"Wrote {plan.file}: {' and '.join(filter(None, [exercises, questions]))}{others}.")
    name = f'"{plan.file}"' if " " in str(plan.file) else str(plan.file)
    click.echo("Open it in Jupyter, and have it graded with")
    click.echo(f"  grader check {name}" if exercises else f"  grader quiz mark {name}")


@click.command()
@click.argument("notebook", type=click.Path(path_type=Path), metavar="NOTEBOOK")
@click.option(
    "--html", "html", type=click.Path(path_type=Path), metavar="FILE",
    help="Where to write the report.  [default: beside the notebook, ending in .report.html]",
)  # fmt: skip
@click.option("--json", "json", type=click.Path(path_type=Path), metavar="FILE", help="Write the grade as JSON too.")
@click.option(
    "--format", "form", type=click.Choice(list(FORMAT_FILES)),
    help="Write the grade as this service takes it too; also where NOTEBOOK can't be graded: then it says why.",
)  # fmt: skip
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE",
    help=f"Where to write what --format asks for.  [default: in this folder, {' or '.join(FORMAT_FILES.values())}]",
)  # fmt: skip
@exercise_option
@seed_option("others for every other code")
@limit_options
@running_options
@click.option(
    "--files", multiple=True, type=click.Path(path_type=Path, exists=True), metavar="PATH",
    help="A file or folder that the notebook finds beside itself; may be given several times.",
)  # fmt: skip
@course_option
@debug_option
def check(
    notebook: Path,
    html: Path | None,
    json: Path | None,
    form: str | None,
    output: Path | None,
    names: tuple[str, ...],
    seed: str | None,
    timeout: float,
    limit_settings: tuple[str, ...],
    python: str,
    is_full: bool,
    wish: Wish,
    is_open: bool,
    files: tuple[Path, ...],
    course_folder: Path | None,
) -> int:
    """Run NOTEBOOK, grade it, print a summary and write its report.

    Exit status: 0 if every check passed, 1 if some did not, 2 if the notebook can't be graded.
    """
    if output and not form:
        raise click.UsageError("--output is where to write what --format asks for: give --format as well.")
    if form:
        output = output or Path(FORMAT_FILES[form])
        check_writable(output, notebook)
    with ungraded_written(form, output):
        report = html or notebook.with_name(notebook.stem + ".report.html")
        for file in filter(None, (report, json)):
            check_writable(file, notebook)
        from grader.notebook import read_notebook

        submission = read_notebook(notebook)
        from grader.interpreters import interpreter
        from grader.kernel import isolated_room, open_room

        limits = limits_of(timeout, limit_settings)
        python = interpreter(python)
        has_gpu = is_gpu_given(wish, python)
        # Its zygote imports what notebooks import while we do the same.
        if is_open:
            room = open_room(python, has_gpu=has_gpu)
        else:
            room = isolated_room(python, *places(course_folder), files, has_gpu=has_gpu)
        from grader.grading import grade, judges_of
        from grader.results import grade_json
        from grader.summary import print_summary
        from grader.telling import telling

        course, data = load(course_folder, names)
        with telling() as tell:
            course.prepare(data, tell)
            judges = judges_of(course, seed) if seed else None
            result = grade(submission, course, data, limits, tell, room, is_sliced=not is_full, judges=judges)
        from grader.report import render_html

        write(report, render_html(result).encode("utf-8", "replace"))
        if json:
            write(json, grade_json(result))
        if form and output:
            from grader.exports import FORMATS

            write(output, FORMATS[form].graded(result))
        print_summary(result, report)
    return PASSED if result.is_passed else NOT_PASSED


@contextlib.contextmanager
def ungraded_written(form: str | None, output: Path | None) -> Iterator[None]:
    """Writes why a notebook can't be graded in the form that was asked for, before the error goes on its way.

    A service that finds no such file says that the grader is broken, and nothing else.
    """
    try:
        yield
    except UserError as error:
        if form and output:
            from grader.exports import FORMATS

            write(output, FORMATS[form].ungraded(str(error)))
        raise
