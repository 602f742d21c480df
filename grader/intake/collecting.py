"""The files in a folder or a zip that may be somebody's work, without a look at what is in them."""

import calendar
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from grader.errors import UserError
from grader.intake.archives import OF_A_CLASS, OF_ONE_STUDENT, Archive
from grader.intake.gradescope import LIMIT_BYTES as METADATA_LIMIT_BYTES
from grader.intake.gradescope import METADATA, GradescopeSubmission, read_metadata
from grader.intake.names import problem_of_path, showable
from grader.intake.timestamps import utc_of

NOTEBOOK, ZIP = ".ipynb", ".zip"
TIMESTAMP = "timestamp.txt"  # nbgrader's, in the folder of each submission
TIMESTAMP_LIMIT_BYTES = 1000
DEEPEST = 20  # folders within each other
MOST_FILES = 500_000
NESTED_LIMIT_BYTES = 200 * 2**20  # of a student's zip within another, which is read into memory
LEFT_OUT = frozenset({"__MACOSX", "__pycache__"})  # with hidden files, such as .ipynb_checkpoints and .git

Parts = tuple[str, ...]


class Location(msgspec.Struct, frozen=True):
    """Where a notebook is: a file; or a member of a zip; or a member of a zip that is one of another's."""

    file: str
    members: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """As it stands in messages."""
        return "/".join(showable(part) for part in "/".join((self.file, *self.members)).split("/"))


class Found(msgspec.Struct, frozen=True):
    """A file of a place. parts: its path there, without that in a student's zip, which `inner` is.

    changed: when, as far as the file system or the zip tells; good for comparisons with others only. problem: why it
    can't be read, as the end of a sentence.
    """

    parts: Parts
    location: Location
    inner: Parts = ()
    changed: float = 0
    problem: str = ""

    @property
    def is_notebook(self) -> bool:
        """Whether it may be graded, by its name."""
        return is_of_kind((*self.parts, *self.inner)[-1], NOTEBOOK) and not self.problem


class Collection(msgspec.Struct, frozen=True):
    """What is in a place. problems: files that were refused, with the reason, by what may be shown of their names."""

    files: tuple[Found, ...]
    repositories: frozenset[Parts] = frozenset()
    metadata: dict[Parts, dict[str, GradescopeSubmission]] = {}
    timestamps: dict[Parts, str] = {}
    problems: tuple[tuple[str, str], ...] = ()


def collect(place: Path) -> Collection:
    """The files of a folder or of a zip.

    Raises UserError if it is neither, or can't be read at all.
    """
    try:
        mode = place.stat().st_mode
    except FileNotFoundError:
        raise UserError(f"{place}: no such folder or zip file. Look at the spelling.") from None
    except OSError as error:
        raise UserError(f"{place}: can't be read ({error.strerror}).") from error
    if stat.S_ISDIR(mode):
        return in_folder(place)
    if stat.S_ISREG(mode) and is_of_kind(place.name, ZIP):
        return in_zip(place)
    raise UserError(f"{place}: no folder and no zip file. Give the folder of submissions, or the zip you downloaded.")


def is_of_kind(name: str, suffix: str) -> bool:
    """Whether a file has this suffix, in whichever case."""
    return name.lower().endswith(suffix)


def is_work(found: Found) -> bool:
    """Whether a file may be somebody's work, and not something beside the students' folders, such as a roster."""
    return len(found.parts) > 1 or is_of_kind(found.parts[-1], NOTEBOOK) or is_of_kind(found.parts[-1], ZIP)


def is_left_out(name: str) -> bool:
    """Whether a file or folder is nobody's work, by its name."""
    return name.startswith(".") or name in LEFT_OUT


def in_folder(place: Path) -> Collection:
    """The files of a folder."""
    root = place.resolve()
    files: list[Found] = []
    repositories: set[Parts] = set()
    metadata: list[Parts] = []
    timestamps: dict[Parts, str] = {}
    problems: list[tuple[str, str]] = []
    for parts, entry in walk(root, (), repositories, problems):
        try:
            problem = problem_of_path("/".join(parts)) or problem_of_entry(entry)
            if problem:
                refuse(parts, Location(str(place.joinpath(*parts))), problem, files, problems)
            elif parts[-1] == TIMESTAMP:
                timestamps[parts[:-1]] = utc_of(text_of(Path(entry), TIMESTAMP_LIMIT_BYTES))
            elif parts[-1] == METADATA and len(parts) < 3:
                metadata.append(parts)
            else:
                found = Found(parts, Location(str(place.joinpath(*parts))), changed=entry.stat().st_mtime)
                files += in_students_zip(found, Path(entry)) if is_of_kind(parts[-1], ZIP) else [found]
        except (OSError, UserError) as error:
            reason = f"it can't be read ({error.strerror})" if isinstance(error, OSError) else str(error)
            refuse(parts, Location(str(place.joinpath(*parts))), reason, files, problems)
        if len(files) > MOST_FILES:
            raise UserError(f"{place}: more than {MOST_FILES:,} files. Give the folder that has the submissions only.")
    read = read_one(metadata, files, problems, lambda parts: text_of(root.joinpath(*parts), METADATA_LIMIT_BYTES))
    return Collection(tuple(files), frozenset(repositories), read, timestamps, tuple(problems))


def read_one(
    metadata: list[Parts], files: list[Found], problems: list[tuple[str, str]], text: Callable[[Parts], str]
) -> dict[Parts, dict[str, GradescopeSubmission]]:
    """Gradescope's metadata, from the file that lies above all others: another is a student's."""
    highest = min(metadata, key=len, default=())
    if not highest or any(found.parts[: len(highest) - 1] != highest[:-1] for found in files if is_work(found)):
        return {}
    try:
        return {highest[:-1]: read_metadata(text(highest))}
    except (UserError, OSError) as error:
        problems.append((showable("/".join(highest)), f"it can't be read: {error}"))
        return {}


def walk(
    folder: Path, parts: Parts, repositories: set[Parts], problems: list[tuple[str, str]]
) -> Iterator[tuple[Parts, os.DirEntry[str]]]:
    """The files below a folder by their paths in it, in order; what is left out is, but git's folders are noted."""
    try:
        with os.scandir(folder) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
    except OSError as error:
        problems.append((Location(str(folder)).shown, f"the folder can't be read ({error.strerror})"))
        return
    for entry in entries:
        if entry.name == ".git":
            repositories.add(parts)
        if is_left_out(entry.name):
            continue
        inner = (*parts, entry.name)
        if not entry.is_dir(follow_symlinks=False):
            yield inner, entry
        elif len(inner) > DEEPEST:
            problems.append((Location(str(folder / entry.name)).shown, f"it lies more than {DEEPEST} folders deep"))
        else:
            yield from walk(Path(entry), inner, repositories, problems)


def problem_of_entry(entry: os.DirEntry[str]) -> str:
    """Why what lies in a folder is not read, as the end of a sentence; empty if it is an ordinary file.

    A link may not even lead to the folder beside: that is another student's, whose work it would hand in. A clone of
    a student's repository has the links that the student put into it.
    """
    if entry.is_symlink():
        try:
            target = Path(entry).resolve(strict=True)
        except (OSError, RuntimeError):
            return "it is a symbolic link that leads nowhere"
        if not target.is_relative_to(Path(entry).parent):
            return "it is a symbolic link that leads out of its folder"
        if target.is_dir():
            return "it is a symbolic link to a folder"
    return "" if entry.is_file() else "it is no file but a device or the like"


def refuse(parts: Parts, location: Location, reason: str, files: list[Found], problems: list[tuple[str, str]]) -> None:
    """Notes that a file is refused: as its owner's, if the folders that it is in, or else its name, are plain."""
    if problem_of_path("/".join(parts[:-1] or parts)):
        problems.append((location.shown, reason))
    else:
        files.append(Found(parts, location, problem=reason))


def text_of(file: Path, limit_bytes: int) -> str:
    """A file's text. Raises UserError if it is longer than such files are."""
    with file.open("rb") as opened:
        content = opened.read(limit_bytes + 1)
    if len(content) > limit_bytes:
        raise UserError(f"{file.name} is far too large")
    return content.decode("utf-8", "replace")


def in_zip(place: Path) -> Collection:
    """The files of a zip."""
    files: list[Found] = []
    repositories: set[Parts] = set()
    metadata: list[Parts] = []
    timestamps: dict[Parts, str] = {}
    with Archive(place, str(place), OF_A_CLASS) as archive:
        problems: list[tuple[str, str]] = []
        for refusal in archive.refused:
            parts, location = tuple(refusal.name.split("/")), Location(str(place), (refusal.name,))
            if refusal.is_hostile or is_of_kind(refusal.name, NOTEBOOK) or is_of_kind(refusal.name, ZIP):
                refuse(parts, location, refusal.reason, files, problems)
            else:
                files.append(Found(parts, location))  # it would not be read in any case
        for member in archive.members:
            parts = tuple(member.split("/"))
            if ".git" in parts:
                repositories.add(parts[: parts.index(".git")])
            if any(map(is_left_out, parts)):
                continue
            try:
                if parts[-1] == TIMESTAMP:
                    stamp = archive.read(member, TIMESTAMP_LIMIT_BYTES).decode("utf-8", "replace")
                    timestamps[parts[:-1]] = utc_of(stamp)
                elif parts[-1] == METADATA and len(parts) < 3:
                    metadata.append(parts)
                else:
                    found = Found(parts, Location(str(place), (member,)), changed=seconds(archive.time_of(member)))
                    if is_of_kind(member, ZIP):
                        files += in_students_zip(found, archive)
                    else:
                        files.append(found)
            except UserError as error:
                refuse(parts, Location(str(place), (member,)), str(error), files, problems)

        def text(parts: Parts) -> str:
            return archive.read("/".join(parts), METADATA_LIMIT_BYTES).decode("utf-8", "replace")

        read = read_one(metadata, files, problems, text)
    return Collection(tuple(files), frozenset(repositories), read, timestamps, tuple(problems))


def in_students_zip(found: Found, source: Path | Archive) -> list[Found]:
    """The notebooks in a zip that a student handed in, or the zip itself with its problem. Zips in it are not read."""
    shown = found.location.shown
    try:
        content = source if isinstance(source, Path) else source.read(found.location.members[-1], NESTED_LIMIT_BYTES)
        with Archive(content, shown, OF_ONE_STUDENT) as archive:
            inside = [
                Found(found.parts, within(found.location, member), parts, seconds(archive.time_of(member)))
                for member in archive.members
                if is_of_kind(member, NOTEBOOK) and not any(map(is_left_out, parts := tuple(member.split("/"))))
            ]
            refused = [
                Found(found.parts, within(found.location, refusal.name), (refusal.name,), problem=refusal.reason)
                for refusal in archive.refused
                if refusal.is_hostile or is_of_kind(refusal.name, NOTEBOOK)
            ]
    except UserError as error:
        reason = str(error).removeprefix(f"{shown}: ").rstrip(".")
        return [msgspec.structs.replace(found, problem=f"the zip was {reason}" if "refused" in reason else reason)]
    return [*inside, *refused] or [msgspec.structs.replace(found, problem="there is no notebook in the zip")]


def within(location: Location, member: str) -> Location:
    """The place of a member of a zip that is at a location."""
    return Location(location.file, (*location.members, member))


def seconds(time: tuple[int, int, int, int, int, int]) -> float:
    """A zip's time, as a file's: seconds since 1970, as if its clock were in UTC; 0 if it is no time."""
    try:
        return calendar.timegm(time)
    except ValueError:
        return 0
