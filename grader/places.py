"""Where the content is (in a checkout, in an installed wheel) and where the user's cache is."""

import hashlib
import os
from pathlib import Path

import platformdirs

APP = "chapter4-grader"


def content_folder() -> Path:
    """The folder that holds exercises/, reference/ and reports/."""
    package = Path(__file__).resolve().parent
    installed = package / "content"
    return installed if installed.is_dir() else package.parent


def data_folder(course: Path | None = None) -> Path:
    """Where a course's data is prepared: $GRADER_DATA, or the user's cache folder.

    course: the folder of a course that is not the built-in one.
    """
    if os.environ.get("GRADER_DATA"):
        return Path(os.environ["GRADER_DATA"]).resolve()
    if course is None:
        return cache_folder()
    where = str(course.resolve())
    return cache_folder() / f"{course.resolve().name}-{hashlib.sha256(where.encode()).hexdigest()[:8]}"


def cache_folder() -> Path:
    """The user's cache folder: what is in it can be made again."""
    return Path(platformdirs.user_cache_path(APP))
