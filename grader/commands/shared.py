"""What the commands share: their options, the course, and files that are written whole or not at all."""

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.devices import WISHES, Wish
from grader.errors import UserError

if TYPE_CHECKING:
    from grader.course import LoadedCourse
    from grader.kernel import Room
    from grader.limits import Limits

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


def seed_option(default: str) -> Callable[[Command], Command]:
    """Adds --seed to a command. default: which cases are drawn without it."""
    text = f"Draw the checks' cases from this: as a grade's JSON has it, the same ones again.  [default: {default}]"
    return click.option("--seed", metavar="TEXT", help=text)


def device_option(default: Wish, text: str) -> Callable[[Command], Command]:
    """Adds --device to a command."""
    return click.option("--device", "wish", type=click.Choice(WISHES), default=default, show_default=True, help=text)


def limit_options(command: Command) -> Command:
    """Adds --timeout and --limit to a command; `limits_of` takes what they give."""
    seconds = f"How long a cell may run; a whole notebook {NOTEBOOK_FACTOR} times as long."
    other = "What else a notebook may take, such as memory=2GB; several times for several. See: grader doctor"
    for option in (
        click.option("--limit", "limit_settings", multiple=True, metavar="NAME=VALUE", help=other),
        click.option(
            "--timeout",
            type=click.FloatRange(min=0, min_open=True),
            default=DEFAULT_TIMEOUT_S,
            show_default=True,
            metavar="SECONDS",
            help=seconds,
        ),
    ):
        command = option(command)
    return command


def running_options(command: Command) -> Command:
    """Adds --python, --full, --device and --no-isolation to a command: how notebooks are run."""
    python = "The Python of the notebook: its path, or the name of a Jupyter kernel.  [default: the grader's own]"
    full = "Run all cells. Of a notebook not made by `grader start`, otherwise only those run that the exercises need."
    opened = "Let the notebook use the network and your files: only where you trust who wrote it."
    for option in (
        click.option("--no-isolation", "is_open", is_flag=True, help=opened),
        device_option("cpu", "Whether the notebook may use a GPU; auto: if there is one."),
        click.option("--full", "is_full", is_flag=True, help=full),
        click.option("--python", default=sys.executable, metavar="PATH", help=python),
    ):
        command = option(command)
    return command


def files_option(command: Command) -> Command:
    """Adds --files to a command."""
    text = "A file or folder that the notebook finds beside itself; may be given several times."
    kind = click.Path(path_type=Path, exists=True)
    return click.option("--files", multiple=True, type=kind, metavar="PATH", help=text)(command)


def limits_of(timeout: float, limit_settings: tuple[str, ...]) -> "Limits":
    """The limits that --timeout and --limit give. Raises UserError for a setting that there is not."""
    from grader.limits import Limits, with_limits

    return with_limits(Limits(timeout, timeout * NOTEBOOK_FACTOR), limit_settings)


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


def room_of(python: str, wish: Wish, is_open: bool, course: Path | None, files: tuple[Path, ...]) -> "Room":
    """What one notebook runs in, as --python, --device, --no-isolation, --course and --files say.

    Its zygote starts with this, and goes on preloading. Raises UserError if there is no such Python, or no GPU.
    """
    from grader.interpreters import interpreter
    from grader.kernel import isolated_room, open_room

    python = interpreter(python)
    has_gpu = is_gpu_given(wish, python)
    if is_open:
        return open_room(python, has_gpu=has_gpu)
    return isolated_room(python, *places(course), files, has_gpu=has_gpu)


def check_seed(seed: str | None, course: "LoadedCourse") -> None:
    """Raises UserError for a seed with a released course."""
    if seed and course.records:
        raise UserError("--seed: a course as it was released has one set of cases. Give --course the course's own.")


def load(folder: Path | None, names: tuple[str, ...], *, may_be_released: bool = False) -> "tuple[LoadedCourse, Path]":
    """The course, with the selected exercises, and the folder of its data.

    may_be_released: whether a course will do that was released to students, and has no reference.
    """
    from grader.places import PATIENT, cache_folder, data_folder

    os.environ.setdefault("OMP_WAIT_POLICY", PATIENT)
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(cache_folder() / "hypothesis"))  # or it takes this folder
    from grader.course import RELEASED, load_course

    course = load_course(folder).selected(names)
    if course.records and not may_be_released:
        raise UserError(f"{folder}: {RELEASED}")
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


def check_is_text(*files: Path) -> None:
    """Refuses files and folders whose names can't be written down as text, such as into a message to a worker."""
    for file in files:
        try:
            str(file).encode()
        except UnicodeEncodeError:
            raise UserError(
                f"{file}: a name in this path is not text (it is no UTF-8). Rename that folder or file."
            ) from None


def check_replaceable(file: Path) -> None:
    """Refuses to write over a file that is no report of ours."""
    if file.is_file():
        head = b""
        with contextlib.suppress(PermissionError), file.open("rb") as opened:
            head = opened.read(LIMIT_HEAD)
        if GENERATOR not in head:
            raise UserError(f"{file}: is there already, and is no report. Move it away, or give another file.")
