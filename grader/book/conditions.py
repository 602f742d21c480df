"""Under which conditions a submission was graded: what has to be the same for a grading to count as the same.

Nothing here imports torch: the gradebook is read where nothing is graded.
"""

import hashlib
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from grader import __version__
from grader.errors import UserError
from grader.limits import Limits

CONTENT = ("exercises", "reference")
LEFT_OUT = ("__pycache__",)  # what Python makes of the files, and not their content
PACKAGES = ("numpy", "torch")
# Prints what `installed_packages` gives, in any Python; with -I, or it would look for modules in this folder, which may
# be that of the submissions.
ASKING = """
import json, platform, sys
from importlib.metadata import PackageNotFoundError, version
found = {"python": platform.python_version()}
for name in sys.argv[1:]:
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        pass
print(json.dumps(found))
"""
ASKED_S = 60.0


class Conditions(msgspec.Struct, frozen=True):
    """What, beside the notebook, decides about its grade; another grading under the same ones would be the same.

    course: its title. course_version: as `course_version` gives it. settings: what else the run was told, such as the
    exercises that were selected, the device, or the interpreter.
    """

    course: str
    course_version: str
    limits: Limits = Limits()
    settings: dict[str, str] = {}
    engine: str = __version__

    @property
    def digest(self) -> str:
        """Another text for other conditions; the course's title is left out, which its files hold."""
        limits = msgspec.json.decode(msgspec.json.encode(self.limits), type=Limits)  # in which 120 seconds are 120.0
        relevant = (self.course_version, self.engine, limits, sorted(self.settings.items()))
        return hashlib.sha256(msgspec.json.encode(relevant)).hexdigest()


def course_version(folder: Path) -> str:
    """The hash of a course's files, in hex: another one when any file of exercises/ or reference/ is another.

    Raises UserError if there are none, or if one of them can't be read.
    """
    total = hashlib.sha256()
    files = sorted((file.relative_to(folder).as_posix(), file) for part in CONTENT for file in content(folder / part))
    if not files:
        raise UserError(f"{folder}: not a course (there is nothing in exercises/ and reference/).")
    for name, file in files:
        # The digests have one length each: no two lists of files give the same bytes.
        total.update(hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest())
        try:
            with file.open("rb") as stream:
                total.update(hashlib.file_digest(stream, "sha256").digest())
        except OSError as error:
            raise UserError(f"{file}: can't be read ({error.strerror}), and belongs to the course.") from error
    return total.hexdigest()


def content(folder: Path) -> list[Path]:
    """The files in a folder at any depth; without hidden ones, such as an editor's, and what Python makes of them."""
    return [
        file
        for file in folder.rglob("*")
        if not any(part.startswith(".") or part in LEFT_OUT for part in file.relative_to(folder).parts)
        and file.is_file()
    ]


def installed_packages() -> dict[str, str]:
    """The versions of the Python that runs this and of what numbers depend on; without what is not installed."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def packages_of(python: str) -> dict[str, str]:
    """As `installed_packages`, of another Python; empty if it does not say. python: the path of an interpreter."""
    if python == sys.executable:
        return installed_packages()
    try:
        ran = subprocess.run(  # noqa: S603  the notebooks' Python, which the user has named
            [python, "-I", "-c", ASKING, *PACKAGES], capture_output=True, check=True, timeout=ASKED_S
        )
        return msgspec.json.decode(ran.stdout, type=dict[str, str])
    except (OSError, subprocess.SubprocessError, msgspec.MsgspecError):
        return {}
