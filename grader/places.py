"""The machine around the grader: where its content is, where the user's cache is, and how threads wait."""

import hashlib
import os
from pathlib import Path

import platformdirs

APP = "chapter4-grader"
RECORD = "grader-course.json"  # in a released course, what stands for exercises/ and reference/

DATA = "data"  # beside it: the folder that the notebook reads from

# What OMP_WAIT_POLICY is for the grader and its kernels. By default the threads of torch's OpenMP spin while they
# wait for each other; with other processes on the same cores, a training took 60 s instead of 8 s.
PATIENT = "PASSIVE"


def content_folder() -> Path:
    """The folder that holds exercises/, reference/ and reports/."""
    package = Path(__file__).resolve().parent
    installed = package / "content"
    return installed if installed.is_dir() else package.parent


def released_beside(notebook: Path) -> Path | None:
    """The folder of a notebook, if a course has been released into it."""
    folder = notebook.absolute().parent
    return folder if (folder / RECORD).is_file() else None


def data_folder(course: Path | None = None) -> Path:
    """Where a course's data is prepared: $GRADER_DATA, a released course's own folder, or the user's cache folder.

    course: the folder of a course that is not the built-in one.
    """
    if os.environ.get("GRADER_DATA"):
        return Path(os.environ["GRADER_DATA"]).resolve()
    if course and (course / RECORD).is_file() and (course / DATA).is_dir():
        return (course / DATA).resolve()
    return cache_folder() / id_of(course) if course else cache_folder()


def practice_file(course: Path | None = None) -> Path:
    """Where what somebody practised is kept: in the user's data folder, a file for each course.

    course: the folder of a course that is not the built-in one.
    """
    return Path(platformdirs.user_data_path(APP)) / (f"practice-{id_of(course)}.db" if course else "practice.db")


def hints_file(course: Path | None = None) -> Path:
    """Where is kept how many hints somebody took, beside what was practised. course: as above."""
    return practice_file(course).with_name(f"hints-{id_of(course)}.json" if course else "hints.json")


def id_of(course: Path) -> str:
    """A name for what belongs to a course, unlike that of a course in any other folder."""
    where = str(course.resolve())
    return f"{course.resolve().name}-{hashlib.sha256(where.encode()).hexdigest()[:8]}"


def cache_folder() -> Path:
    """The user's cache folder: what is in it can be made again."""
    return Path(platformdirs.user_cache_path(APP))
