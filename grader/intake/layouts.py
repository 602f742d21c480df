"""Whose work a file is, by its path: the folders and file names of learning management systems.

Only the first parts of a path are believed, which the system has named. What follows is the student's own choice, and
may look like another student's.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping

import msgspec

from grader.intake.gradescope import GradescopeSubmission
from grader.intake.roster import Clue, participant_key

Parts = tuple[str, ...]

# Moodle, mod/assign/classes/downloader.php: the full name (or "Participant") and a number of this assignment alone,
# then the plugin; a folder of its own, with or without "_" at its end, or the beginning of the file's name. In names,
# "_" has become a space. A team's work has the team's name and number.
MOODLE = re.compile(r"(?P<name>[^_]+?)(?:_(?P<number>\d+))?_assignsubmission_(?P<plugin>[a-z0-9]+)(?:_(?P<file>.*))?")
ANONYMOUS_TO_MOODLE = "participant"
# Canvas, lib/content_zipper.rb: the sortable name in small letters without punctuation, LATE, the user's id, the
# attachment's id, and the file's name; "anon" and some letters for the name and the user of an anonymous assignment.
# A file that the student handed in again has "-1", "-2" before its suffix. A text has no attachment.
CANVAS = re.compile(r"(?P<name>\w+?)_(?P<late>LATE_)?(?P<user>\d+)_(?:(?P<number>\d+)_)?(?P<file>.+)")
CANVAS_ANONYMOUS = re.compile(r"(?P<late>LATE_)?(?P<user>anon_[A-Za-z0-9]+)_(?:(?P<number>\d+)_)?(?P<file>.+)")
# nbgrader, its default directory structure: {nbgrader_step}/{student_id}/{assignment_id}/{notebook_id}.ipynb
NBGRADER = "submitted"
NBGRADER_STEPS = frozenset({"source", "release", "autograded", "feedback"})
# GitHub Classroom: repositories are named ASSIGNMENT-USERNAME; `gh classroom clone student-repos` puts them into
# ASSIGNMENT-submissions.
CLONES = "-submissions"
COPY = re.compile(r"^(?P<stem>.+?)(?:-\d+| ?\(\d+\))$")  # a second upload, or a second download


class Owner(msgspec.Struct, frozen=True):
    """Whose a file is, as far as its path tells.

    id: by which the student goes if no roster knows better. number: of the upload; a later one is larger. file: the
    name that the student gave it, where the system has put its own before it; else empty.
    """

    id: str
    clue: Clue
    name: str = ""
    email: str = ""
    assignment: str = ""
    handed_in: str = ""
    is_late: bool = False
    number: int = 0
    file: str = ""


class Surroundings(msgspec.Struct, frozen=True):
    """What is known besides the paths.

    name: of the folder, or of the zip without its suffix. repositories: folders that are git's. metadata: Gradescope's
    by the folder that the file lies in. timestamps: nbgrader's by folder.
    """

    name: str
    is_zip: bool
    assignment: str = ""
    repositories: frozenset[Parts] = frozenset()
    metadata: Mapping[Parts, dict[str, GradescopeSubmission]] = {}
    timestamps: Mapping[Parts, str] = {}


class Layout(msgspec.Struct, frozen=True):
    """How a place is laid out. base: the folders that lead to it. kind: in words, for a reader.

    owners: of a path without the base; none if it doesn't tell whose it is. has_assignments: whether there may be
    several assignments in it.
    """

    kind: str
    base: Parts
    owners: Callable[[Parts], tuple[Owner, ...]]
    is_download: bool = False
    has_assignments: bool = False


def layout_of(paths: list[Parts], around: Surroundings) -> Layout:
    """The layout that most of these paths of files speak for."""
    for base in ((), common_base(paths)):
        inner = [path[len(base) :] for path in paths if len(path) > len(base)]
        if base in around.metadata:
            return Layout("Gradescope's download", base, gradescope(around.metadata[base]), True)
        tops = {path[0] for path in inner}
        if most(tops, MOODLE.fullmatch):
            return Layout("Moodle's download", base, moodle(tops), True)
        files = {path[0] for path in inner if len(path) == 1}
        if len(files) * 2 > len(tops) and most(files, canvas_name):
            return Layout("Canvas's download", base, canvas, True)
        if tops == {NBGRADER} or (NBGRADER in tops and tops & NBGRADER_STEPS):
            base = (*base, NBGRADER)
            return Layout("nbgrader's folders", base, nbgrader(base, around.timestamps), has_assignments=True)
        if (not base and around.name == NBGRADER) or is_nbgrader(base, inner, around):
            return Layout("nbgrader's folders", base, nbgrader(base, around.timestamps), has_assignments=True)
        clones = {path[-1] for path in around.repositories if path and path[:-1] == base}
        if most(tops - files, clones.__contains__):
            parent = base[-1] if base else around.name
            return Layout("GitHub Classroom's clones", base, classroom(clones, parent, around.assignment))
    base = common_base(paths) if around.is_zip and is_wrapped(paths, around.name) else ()
    return Layout("a folder or a file for each student", base, by_name(around.assignment))


def common_base(paths: list[Parts]) -> Parts:
    """The first folder, if all paths lead through it."""
    return paths[0][:1] if paths and all(len(path) > 1 and path[0] == paths[0][0] for path in paths) else ()


def most(names: set[str], fits: Callable[[str], object]) -> bool:
    """Whether more than half of some names fit."""
    return 2 * sum(bool(fits(name)) for name in names) > len(names)


def is_nbgrader(base: Parts, paths: list[Parts], around: Surroundings) -> bool:
    """Whether most students have a folder of the assignment, or one with nbgrader's time stamp."""
    students = {path[0] for path in paths}
    stamped = {folder[-2] for folder in around.timestamps if len(folder) == len(base) + 2 and folder[:-2] == base}
    named = {path[0] for path in paths if len(path) > 2 and plain(path[1]) == plain(around.assignment) != ""}
    return bool(students) and most(students, (stamped | named).__contains__)


def is_wrapped(paths: list[Parts], name: str) -> bool:
    """Whether the one folder of a zip is not a student's: it is named as the zip is, or has several others in it."""
    base = common_base(paths)
    return bool(base) and (base[0].casefold() == name.casefold() or len({path[1] for path in paths}) > 1)


def gradescope(metadata: dict[str, GradescopeSubmission]) -> Callable[[Parts], tuple[Owner, ...]]:
    """The owners of a path in Gradescope's download: everyone who handed it in together."""

    def owners(path: Parts) -> tuple[Owner, ...]:
        submission = metadata.get(path[0], GradescopeSubmission())
        return tuple(
            Owner(
                id=person.sid or person.email or person.name,
                clue=Clue(id=person.sid, email=person.email, name=person.name),
                name=person.name,
                email=person.email,
                handed_in=submission.created_at,
            )
            for person in submission.submitters
            if person.sid or person.email or person.name
        )

    return owners


def moodle(tops: set[str]) -> Callable[[Parts], tuple[Owner, ...]]:
    """The owner of a path in Moodle's download. Those of the same name are told apart by their numbers."""
    found = [match for match in map(MOODLE.fullmatch, tops) if match]
    several = Counter(name for name, _ in {(match["name"], match["number"]) for match in found})

    def owners(path: Parts) -> tuple[Owner, ...]:
        match = MOODLE.fullmatch(path[0])
        if match is None:
            return ()
        name, number = match["name"].strip(), match["number"] or ""
        is_named = name.lower() != ANONYMOUS_TO_MOODLE
        return (
            Owner(
                id=name if is_named and several[match["name"]] == 1 else f"{name} {number}".strip(),
                clue=Clue(id=participant_key(number) if number else "", name=name if is_named else ""),
                name=name if is_named else "",
                file=match["file"] or "" if len(path) == 1 else "",
            ),
        )

    return owners


def canvas_name(name: str) -> re.Match[str] | None:
    """The parts of a file's name in Canvas's download; None if it is no such name."""
    anonymous = CANVAS_ANONYMOUS.fullmatch(name)
    if anonymous:
        return anonymous
    found = CANVAS.fullmatch(name)
    return found if found and found["name"] == found["name"].lower() else None


def canvas(path: Parts) -> tuple[Owner, ...]:
    """The owner of a file in Canvas's download, by the id of the user."""
    found = canvas_name(path[0])
    if found is None:
        return ()
    squashed = found.groupdict().get("name") or ""
    return (
        Owner(
            id=found["user"],
            clue=Clue(id=found["user"], squashed=squashed),
            name=squashed,
            is_late=bool(found["late"]),
            number=int((found["number"] or "0")[:18]),
            file=found["file"],
        ),
    )


def nbgrader(base: Parts, timestamps: Mapping[Parts, str]) -> Callable[[Parts], tuple[Owner, ...]]:
    """The owner of a path in nbgrader's folders."""

    def owners(path: Parts) -> tuple[Owner, ...]:
        if len(path) < 3:
            return ()
        student, assignment = path[:2]
        handed_in = timestamps.get((*base, student, assignment), "")
        return (Owner(student, Clue(id=student), assignment=assignment, handed_in=handed_in),)

    return owners


def classroom(clones: set[str], parent: str, assignment: str) -> Callable[[Parts], tuple[Owner, ...]]:
    """The owner of a path in a GitHub Classroom's clones: who follows the assignment in the repository's name."""
    names = [assignment, parent.removesuffix(CLONES), shared_beginning(clones)]
    slug = next((name for name in names if name and most(clones, begins_with(name))), "")

    def owners(path: Parts) -> tuple[Owner, ...]:
        repository = path[0]
        if repository not in clones:
            return ()
        is_named = bool(slug) and begins_with(slug)(repository)
        login = repository[len(slug) + 1 :] if is_named else repository
        return (Owner(login, Clue(id=login), assignment=slug if is_named else ""),)

    return owners


def begins_with(slug: str) -> Callable[[str], bool]:
    """Whether a repository is one of an assignment."""
    return lambda repository: repository.lower().startswith(f"{slug.lower()}-")


def shared_beginning(names: set[str]) -> str:
    """What several names have in common up to a hyphen; empty for one name."""
    if len(names) < 2:
        return ""
    first, last = min(names), max(names)
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:same].rpartition("-")[0]


def by_name(assignment: str) -> Callable[[Parts], tuple[Owner, ...]]:
    """The owner of a path by the folder it is in, or else by the file's own name, without that of the assignment."""
    word = re.escape(assignment)
    around = re.compile(rf"(?:{word}[-_ ]+(?P<after>.+)|(?P<before>.+?)[-_ ]+{word})", re.IGNORECASE)

    def owners(path: Parts) -> tuple[Owner, ...]:
        student = path[0]
        if len(path) == 1:
            student = uncopied(student.rpartition(".")[0] or student)
            found = around.fullmatch(student) if assignment else None
            student = (found["after"] or found["before"]) if found else student
        return (Owner(student, Clue(id=student, name=student)),)

    return owners


def uncopied(stem: str) -> str:
    """A file's name without what a second download puts at its end: "ada (1)" is "ada"."""
    found = COPY.fullmatch(stem)
    return found["stem"] if found and stem.endswith(")") else stem


def names_the_assignment(stem: str, assignment: str) -> bool:
    """Whether a notebook is named as the assignment is, first upload or later."""
    found = COPY.fullmatch(stem)
    wanted = plain(assignment)
    return bool(wanted) and wanted in (plain(stem), plain(found["stem"]) if found else "")


def plain(name: str) -> str:
    """A name's letters and digits in small letters: "Lab 4" is "lab_4"."""
    return "".join(character for character in name.casefold() if character.isalnum())
