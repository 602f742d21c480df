"""The command line. What takes time to import is imported by the command that needs it: --help is instant."""

import contextlib
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from grader import __version__
from grader.devices import WISHES, Wish
from grader.errors import UserError

if TYPE_CHECKING:
    from grader.course import LoadedCourse

PASSED, NOT_PASSED, UNUSABLE, STOPPED = 0, 1, 2, 130
DEFAULT_TIMEOUT_S = 120.0
GENERATOR, LIMIT_HEAD = b'name="generator" content="chapter4-grader', 2_000  # in a report's first bytes
NOTEBOOK_FACTOR = 15  # a notebook may take this many times as long as one of its cells


Command = Callable[..., Any]


def debug_option(command: Command) -> Command:
    """Adds --debug to a command."""
    text = "Show the traceback of an error."  # `run` looks for it, wherever it stands
    return click.option("--debug", is_flag=True, expose_value=False, help=text)(command)


def course_option(command: Command) -> Command:
    """Adds --course to a command."""
    text = "A folder with exercises/ and reference/ instead of the built-in course."
    return click.option("--course", "course_folder", type=click.Path(path_type=Path), metavar="DIR", help=text)(command)


def exercise_option(command: Command) -> Command:
    """Adds --exercise to a command."""
    text = "Only this exercise; may be given several times."
    return click.option("--exercise", "names", multiple=True, metavar="NAME", help=text)(command)


def device_option(default: Wish, text: str) -> Callable[[Command], Command]:
    """Adds --device to a command."""
    return click.option("--device", "wish", type=click.Choice(WISHES), default=default, show_default=True, help=text)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="grader %(version)s")
@debug_option
def cli() -> None:
    """Grade Jupyter notebooks of the fast.ai book's chapter 4 (MNIST basics).

    Begin with `grader start DIR`, work on the notebook that it writes, and run `grader check` on it.
    """


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@course_option
@debug_option
def start(folder: Path, course_folder: Path | None) -> int:
    """Write the starter notebook into DIR, and prepare the data that it uses."""
    import nbformat

    from grader.progress import telling
    from grader.starter import starter_notebook

    course, data = load(course_folder, ())
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


@cli.command()
@click.argument("notebook", type=click.Path(path_type=Path), metavar="NOTEBOOK")
@click.option(
    "--html", "html", type=click.Path(path_type=Path), metavar="FILE",
    help="Where to write the report.  [default: beside the notebook, ending in .report.html]",
)  # fmt: skip
@click.option("--json", "json", type=click.Path(path_type=Path), metavar="FILE", help="Write the grade as JSON too.")
@exercise_option
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), default=DEFAULT_TIMEOUT_S, show_default=True,
    metavar="SECONDS", help=f"How long a cell may run; the whole notebook {NOTEBOOK_FACTOR} times as long.",
)  # fmt: skip
@click.option(
    "--limit", "settings", multiple=True, metavar="NAME=VALUE",
    help="What else the notebook may take, such as memory=2GB; several times for several. See: grader doctor",
)  # fmt: skip
@click.option(
    "--python", default=sys.executable, metavar="PATH",
    help="The Python of the notebook: its path, or the name of a Jupyter kernel.  [default: the grader's own]",
)  # fmt: skip
@click.option(
    "--files", multiple=True, type=click.Path(path_type=Path, exists=True), metavar="PATH",
    help="A file or folder that the notebook finds beside itself; may be given several times.",
)  # fmt: skip
@click.option(
    "--full", "is_full", is_flag=True,
    help="Run all cells. Of a notebook not made by `grader start`, otherwise only those run that the exercises need.",
)  # fmt: skip
@device_option("cpu", "Whether the notebook may use a GPU; auto: if there is one.")
@click.option(
    "--no-isolation", "is_open", is_flag=True,
    help="Let the notebook use the network and your files: only for your own.",
)  # fmt: skip
@course_option
@debug_option
def check(
    notebook: Path,
    html: Path | None,
    json: Path | None,
    names: tuple[str, ...],
    timeout: float,
    settings: tuple[str, ...],
    python: str,
    files: tuple[Path, ...],
    is_full: bool,
    wish: Wish,
    is_open: bool,
    course_folder: Path | None,
) -> int:
    """Run NOTEBOOK, grade it, print a summary and write its report.

    Exit status: 0 if every check passed, 1 if some did not, 2 if the notebook can't be graded.
    """
    report = html or notebook.with_name(notebook.stem + ".report.html")
    for file in filter(None, (report, json)):
        check_writable(file, notebook)
    from grader.notebook import read_notebook

    submission = read_notebook(notebook)
    from grader.interpreters import interpreter
    from grader.kernel import isolated_room, open_room
    from grader.limits import Limits, with_limits

    limits = with_limits(Limits(timeout, timeout * NOTEBOOK_FACTOR), settings)
    python = interpreter(python)
    has_gpu = is_gpu_given(wish, python)
    # Its zygote imports what notebooks import while we do the same.
    if is_open:
        room = open_room(python, has_gpu=has_gpu)
    else:
        room = isolated_room(python, *places(course_folder), files, has_gpu=has_gpu)
    from grader.grading import grade
    from grader.progress import telling
    from grader.results import grade_json
    from grader.summary import print_summary

    course, data = load(course_folder, names)
    with telling() as tell:
        course.prepare(data, tell)
        result = grade(submission, course, data, limits, tell, room, is_sliced=not is_full)
    from grader.report import render_html

    write(report, render_html(result).encode("utf-8", "replace"))
    if json:
        write(json, grade_json(result))
    print_summary(result, report)
    return PASSED if result.is_passed else NOT_PASSED


@cli.command()
@click.option(
    "--mutants/--no-mutants", "with_mutants", default=True, show_default=True,
    help="Whether the checks must also catch machine-made mistakes in the reference.",
)  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(min=1), metavar="N", help="How many processes work at it.  [default: one per core]"
)
@click.option(
    "--junit", type=click.Path(path_type=Path), metavar="FILE", help="Write the findings as JUnit XML too, for CI."
)
@exercise_option
@course_option
@debug_option
def verify(
    with_mutants: bool, workers: int | None, junit: Path | None, names: tuple[str, ...], course_folder: Path | None
) -> int:
    """Prove the course: right answers pass, and each known mistake fails with its own diagnosis.

    Mutants are copies of the reference with one small mistake in each: some check must fail for every one of
    them. Exit status: 0 if all is as it should be, 1 if not.
    """
    if junit:
        check_writable(junit)
    from grader.parallel import cores
    from grader.progress import telling
    from grader.summary import print_findings
    from grader.verify import verify as verify_course

    course, data = load(course_folder, names)
    with telling() as tell:
        course.prepare(data, tell)
        findings = verify_course(course, data, tell, with_mutants, workers or cores())
    if junit:
        from grader.junit import junit_xml

        write(junit, junit_xml(findings))
    print_findings(findings)
    return NOT_PASSED if any(finding.problem for finding in findings) else PASSED


@cli.command()
@device_option("auto", "Where to train; auto takes a GPU if there is one.")
@click.option(
    "--model", default="", metavar="NAME", help="Which model.  [default: the quickest that reaches the target]"
)
@click.option(
    "--target", type=float, default=0.0, metavar="SHARE",
    help="The accuracy on the test images to train for, such as 0.99.  [default: the model's usual training]",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), default=42, show_default=True, metavar="N",
    help="Of all that is random: with the same seed, the same model.",
)  # fmt: skip
@click.option(
    "--html", type=click.Path(path_type=Path), default="training.report.html", show_default=True, metavar="FILE",
    help="Where to write the report.",
)  # fmt: skip
@click.option("--models", "is_list", is_flag=True, help="List the models, and train none.")
@course_option
@debug_option
def train(
    wish: Wish, model: str, target: float, seed: int, html: Path, is_list: bool, course_folder: Path | None
) -> int:
    """Train one of the course's models, print how good it became, and write a report.

    The report shows the loss, what is taken for what, the worst mistakes, the first layer's weights and where the
    time went. Exit status: 0 if the target was reached or there was none, 1 if it was missed, 2 if nothing could be
    trained.
    """
    if not is_list:
        check_writable(html)
        check_replaceable(html)
    from grader.summary import print_models, print_training

    course, _ = load(course_folder, ())
    models = course.trainer().MODELS
    if is_list:
        print_models(models)
        return PASSED
    from grader.devices import device_of
    from grader.progress import telling_training
    from grader.report import render_training
    from grader.training import check_wish, score_of

    check_wish(model, target, models)
    device = device_of(wish)
    started = datetime.now(UTC).isoformat(timespec="seconds")
    with telling_training() as tell:
        training = course.train(model, device, target, seed, tell)
    write(html, render_training(training, course.course.title, started, target).encode("utf-8", "replace"))
    print_training(training, target, html)
    return PASSED if score_of(training).share >= target else NOT_PASSED


@cli.command("list")
@course_option
@debug_option
def list_exercises(course_folder: Path | None) -> int:
    """List the exercises with their points."""
    from grader.summary import print_exercises

    course, _ = load(course_folder, ())
    print_exercises(course)
    return PASSED


@cli.command()
@click.option("--python", default=sys.executable, metavar="PATH", help="As in `grader check`.")
@course_option
@debug_option
def doctor(python: str, course_folder: Path | None) -> int:
    """Say what this machine offers for running notebooks safely and fast, and what to install for more.

    Exit status: 0 if notebooks are isolated here, 1 if not.
    """
    from grader.doctor import examine
    from grader.interpreters import interpreter
    from grader.summary import print_facts

    facts = examine(interpreter(python), *places(course_folder))
    print_facts(facts)
    return PASSED if all(fact.is_fine for fact in facts if fact.is_needed) else NOT_PASSED


def is_gpu_given(wish: Wish, python: str) -> bool:
    """Whether a notebook of this Python gets a GPU. Raises UserError if it is to have one and there is none."""
    if wish == "cpu":
        return False
    from grader.devices import device_of
    from grader.isolation import graphics

    if python == sys.executable:
        return device_of(wish) == "cuda"
    return wish == "cuda" or bool(graphics())  # what another Python's torch can do is its notebooks' to find out


def places(course: Path | None) -> tuple[Path, Path]:
    """The folders of a course's data, and of the course."""
    from grader.places import content_folder, data_folder

    return data_folder(course), course or content_folder()


def load(folder: Path | None, names: tuple[str, ...]) -> "tuple[LoadedCourse, Path]":
    """The course, with the selected exercises, and the folder of its data."""
    from grader.places import PATIENT, cache_folder, data_folder

    os.environ.setdefault("OMP_WAIT_POLICY", PATIENT)
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(cache_folder() / "hypothesis"))  # or it takes this folder
    from grader.course import load_course

    course = load_course(folder).selected(names)
    return course, data_folder(folder)


def check_writable(file: Path, notebook: Path | None = None) -> None:
    """Refuses a file that could not be written in the end, before anything takes time."""
    folder = file.parent
    if not folder.is_dir():
        raise UserError(f"{file}: can't be written, there is no folder {folder}. Make it, or give another file.")
    if file.is_dir():
        raise UserError(f"{file}: a folder. Give the name of a file to write.")
    if notebook and file.resolve() == notebook.resolve():
        raise UserError(f"{file}: is the notebook itself. Give another file to write.")
    if not os.access(file if file.exists() else folder, os.W_OK):
        raise UserError(f"{file}: can't be written (no permission). Give another file.")


def check_replaceable(file: Path) -> None:
    """Refuses to write over a file that is no report of ours."""
    if file.is_file():
        head = b""
        with contextlib.suppress(PermissionError), file.open("rb") as opened:
            head = opened.read(LIMIT_HEAD)
        if GENERATOR not in head:
            raise UserError(f"{file}: is there already, and is no report. Move it away, or give another file.")


def write(file: Path, content: bytes) -> None:
    """Writes a file whole or not at all."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(file)
    except OSError as error:
        raise UserError(f"{file}: can't be written ({error.strerror}). Give another file.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def run() -> NoReturn:
    """The command `grader`: runs the command line, and turns every error into a line or two for its reader."""
    debug = "--debug" in sys.argv
    try:
        status = cli.main(standalone_mode=False)
    except UserError as error:
        status = fail(str(error), debug)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "grader"
        status = fail(f"{error.format_message()} See: {command} --help", debug)
    except click.ClickException as error:
        status = fail(error.format_message(), debug)
    except (KeyboardInterrupt, click.Abort):
        click.echo("Stopped.", err=True)
        status = STOPPED
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = PASSED
    except Exception as error:  # noqa: BLE001  a mistake of the grader's own
        status = fail(
            f"The grader itself failed ({type(error).__name__}: {error}).\n"
            "This is its mistake, not yours. --debug shows where; please report it.",
            debug,
        )
    sys.exit(status or PASSED)


def fail(message: str, debug: bool) -> int:
    """Says what is wrong on stderr; with --debug, after the traceback."""
    if debug:
        import traceback

        traceback.print_exc()
    click.echo(f"grader: {message}", err=True)
    return UNUSABLE
