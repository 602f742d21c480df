"""What hands out a course: `grader release`."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from grader.commands.shared import PASSED, course_option, debug_option, load, seed_option
from grader.errors import UserError

LIMIT_DATA_BYTES = 100 * 2**20  # more of it is not handed out with a course: somebody sends it on, or downloads it
DATA_COMES = "The first `grader check` in the folder above prepares the data here.\n"


@click.command()
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="DIR",
    help="Where to write: a folder that is not there yet, or empty.",
)  # fmt: skip
@click.option("--only", "names", multiple=True, metavar="NAME", help="Only this exercise; may be given several times.")
@seed_option("the same cases for every release")
@course_option
@debug_option
def release(out: Path, names: tuple[str, ...], seed: str | None, course_folder: Path | None) -> int:
    """Write a folder for students, in which `grader check` works without the course's reference.

    It holds the starter notebook, and the right answers to some cases of each check, but no solution. Grading draws
    other cases. Which checks can't be handed out, and so only run at grading, is listed with the reason.
    """
    import nbformat

    from grader.places import DATA, RECORD
    from grader.records import record_json
    from grader.release import SEED, readme, record_course, size_of_folder
    from grader.starter import starter_notebook
    from grader.summary import print_release
    from grader.telling import telling

    with new_folder(out) as folder:
        course, data = load(course_folder, ())
        with telling() as tell:
            record = record_course(course, names, seed or SEED, tell)
            if record.data == "enclosed":
                course.prepare(data, tell)
        notebook = starter_notebook(course.selected(names), DATA)
        (folder / record.starter).write_text(nbformat.writes(notebook) + "\n", "utf-8")
        (folder / RECORD).write_bytes(record_json(record))
        (folder / "README.md").write_text(readme(record), "utf-8")
        size = size_of_folder(data) if record.data == "enclosed" else 0
        is_left_out = size > LIMIT_DATA_BYTES
        if record.data == "enclosed" and not is_left_out:
            shutil.copytree(data, folder / DATA)
        elif record.data == "built-in":
            (folder / DATA).mkdir()
            (folder / DATA / "README.txt").write_text(DATA_COMES, "utf-8")
    print_release(record, out, size_of_folder(out))
    if is_left_out:
        click.echo(
            f"Not written: the data, {size / 2**20:,.0f} MB. Students need what is in {data} as {DATA}/ in their "
            "folder, or a GRADER_DATA in their environment that names it."
        )
    if record.data == "built-in":
        click.echo(
            "This course comes with the grader itself, its reference too: who looks for it in an installed grader "
            "finds it there."
        )
    return PASSED


@contextlib.contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder that takes the other's name when all is written into it, and is gone if that fails.

    Raises UserError if there is something in the way, and if it can't be written.
    """
    try:
        if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
            raise UserError(f"{folder}: is there already, and not empty. Give a new folder, or empty this one.")
        place = folder.absolute().parent
        place.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=place))
        try:
            yield unfinished
            unfinished.chmod(0o755)  # a temporary folder is nobody else's
            if folder.is_dir():
                folder.rmdir()
            unfinished.rename(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise UserError(f"{folder}: can't be written ({error.strerror}). Give another folder.") from error
