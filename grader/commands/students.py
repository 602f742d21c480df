"""What students call: `grader start` and `grader check`."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

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

# The forms of a grade (those of grader.exports, which takes time to import), with the names that its readers expect:
# Gradescope's is fixed; in GitHub Classroom's environment variable it has none.
FORMAT_FILES = {"gradescope": "results.json", "github": "autograding.json", "junit": "junit.xml"}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@course_option
@debug_option
def start(folder: Path, course_folder: Path | None) -> int:
    """Write the starter notebook into DIR, and prepare the data that it uses."""
    import nbformat

    from grader.starter import starter_notebook
    from grader.telling import telling

    course, data = load(course_folder, (), may_be_released=True)
    file = folder / course.course.starter
    if file.exists():
        raise UserError(f"{file}: is there already, and may hold your work. Move it away, or give another folder.")
    with telling() as tell:
        course.prepare(data, tell)
    notebook = starter_notebook(course, str(data))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as out:
            nbformat.write(notebook, out)
    except OSError as error:
        raise UserError(f"{file}: can't be written ({error.strerror}). Give a folder of your own.") from error
    click.echo(f"Wrote {file}: {len(course.exercises)} exercises. Open it in Jupyter, and grade it with")
    click.echo(f'  grader check "{file}"' if " " in str(file) else f"  grader check {file}")
    return PASSED


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

    Without --course, the course is the one that `grader release` has written beside NOTEBOOK, if there is one, or the
    built-in one. With --format it never is the one beside NOTEBOOK, which may be the student's own.

    Exit status: 0 if every check passed, 1 if some did not, 2 if the notebook can't be graded.
    """
    if output and not form:
        raise click.UsageError("--output is where to write what --format asks for: give --format as well.")
    if form:
        output = output or Path(FORMAT_FILES[form])
        check_writable(output, notebook)
    elif course_folder is None:
        from grader.places import released_beside

        course_folder = released_beside(notebook)
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

        course, data = load(course_folder, names, may_be_released=True)
        if seed and course.records:
            raise UserError("--seed: a course as it was released has one set of cases. Give --course the course's own.")
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
