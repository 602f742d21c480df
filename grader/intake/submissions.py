"""What a class has handed in: each student's notebook, found in a folder or in a zip as instructors have it.

Nothing is unpacked and nothing is run. What can't be read is a problem of its own and stops nothing else.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import msgspec

from grader.errors import UserError
from grader.intake.collecting import NOTEBOOK, ZIP, Collection, Found, Location, collect, is_of_kind, is_work
from grader.intake.layouts import Layout, Owner, Surroundings, layout_of, names_the_assignment, plain
from grader.intake.names import showable
from grader.intake.roster import Index, Match, Roster, Student, index_of, match


class HandIn(msgspec.Struct, frozen=True):
    """A student's notebook in one assignment, found but not read yet.

    student: the id by which the gradebook knows them: the roster's, or what the file's path tells. name, email: from
    the roster, or as far as the path tells. assignment: as asked for, or as the path tells; else empty. handed_in:
    UTC, ISO 8601; empty if unknown: it is that of nbgrader's and Gradescope's records, never a file's time, which
    changes with each copy. in_roster: None without a roster.
    notes: what a reader should know of how it was found, one sentence each.
    """

    student: str
    assignment: str
    location: Location
    name: str = ""
    email: str = ""
    handed_in: str = ""
    in_roster: bool | None = None
    notes: tuple[str, ...] = ()


class Problem(msgspec.Struct, frozen=True):
    """What could not be taken in. where: a file, fit to be shown. reason: one sentence.

    student: whose it is, if that is known and nothing else of theirs can be graded; else empty.
    """

    where: str
    reason: str
    student: str = ""
    assignment: str = ""
    name: str = ""
    email: str = ""


class Intake(msgspec.Struct, frozen=True):
    """What a class has handed in. layout: how the place was understood, in words.

    missing: for each assignment, the students of the roster of whom nothing was found, not even a problem.
    """

    layout: str
    hand_ins: tuple[HandIn, ...]
    problems: tuple[Problem, ...]
    missing: dict[str, tuple[Student, ...]]


class Claim(msgspec.Struct, frozen=True):
    """A file as somebody's work."""

    student: str
    owner: Owner
    found: Found
    match: Match


def find_submissions(place: Path, roster: Roster | None = None, assignment: str = "") -> Intake:
    """What was handed in, in a folder or a zip.

    assignment: only this one is looked for where a place has several; a notebook of its name is preferred.
    Raises UserError if the place can't be read, or if there is nothing in it.
    """
    place, collection, layout = understood(place, assignment)
    index = index_of(roster) if roster else None
    claims, nobodys = claimed(collection, layout, index)
    if layout.has_assignments and assignment:
        claims = of_assignment(claims, assignment, place)
    groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[assignment or claim.owner.assignment, claim.student].append(claim)
    hand_ins: list[HandIn] = []
    problems = [Problem(name, sentence(reason)) for name, reason in collection.problems]
    problems += [
        Problem(found.location.shown, sentence(found.problem or "its path doesn't tell whose it is; it was left out"))
        for found in nobodys
        if found.problem or found.is_notebook or is_of_kind(found.parts[-1], ZIP)
    ]
    for (name, _), group in sorted(groups.items()):
        hand_in, its_problems = taken(group, name, index is not None)
        hand_ins += [hand_in] if hand_in else []
        problems += its_problems
    if not hand_ins and not problems:
        raise UserError(
            f"{place}: there is no notebook in it. Give the folder of submissions, or the zip you downloaded."
        )
    return Intake(layout.kind, tuple(hand_ins), tuple(problems), missing(roster, hand_ins, problems, assignment))


def understood(place: Path, assignment: str) -> tuple[Path, Collection, Layout]:
    """What is in a place, and how it is laid out; of a folder with a single download in it, of that."""
    collection = collect(place)
    layout = layout_in(place, collection, assignment)
    works = {found.parts for found in collection.files if is_work(found)}
    if place.is_dir() and len(works) == 1 and all(len(parts) == 1 for parts in works):
        inner = place / works.pop()[0]
        if is_of_kind(inner.name, ZIP):
            try:
                inside = collect(inner)
            except UserError:  # which stands among the problems of the folder
                return place, collection, layout
            layout_inside = layout_in(inner, inside, assignment)
            if layout_inside.is_download:
                return inner, inside, layout_inside
    return place, collection, layout


def layout_in(place: Path, collection: Collection, assignment: str) -> Layout:
    """How a place is laid out."""
    is_zip = place.is_file()
    around = Surroundings(
        name=place.stem if is_zip else place.resolve().name,
        is_zip=is_zip,
        assignment=assignment,
        repositories=collection.repositories,
        metadata=collection.metadata,
        timestamps=collection.timestamps,
    )
    paths = [found.parts for found in collection.files if is_work(found)]
    return layout_of(paths, around)


def of_assignment(claims: list[Claim], assignment: str, place: Path) -> list[Claim]:
    """The work in one assignment of several. Raises UserError if there is none."""
    chosen = [claim for claim in claims if plain(claim.owner.assignment) == plain(assignment)]
    if claims and not chosen:
        others = ", ".join(sorted({showable(claim.owner.assignment) for claim in claims})[:10])
        raise UserError(f"{place}: nothing of the assignment {assignment}. There are: {others}.")
    return chosen


def claimed(collection: Collection, layout: Layout, index: Index | None) -> tuple[list[Claim], list[Found]]:
    """The files as somebody's work, and those that are nobody's."""
    claims, nobodys = [], []
    depth = len(layout.base)
    matches: dict[Owner, tuple[str, Match]] = {}
    for found in collection.files:
        path = found.parts[depth:]
        if found.parts[:depth] != layout.base or not path:
            continue
        is_file = is_of_kind(path[-1], NOTEBOOK) or is_of_kind(path[-1], ZIP)
        if len(path) == 1 and not is_file and not layout.is_download:
            continue
        owners = [owner for owner in layout.owners(path) if owner.id.strip()]
        for owner in owners:
            if owner not in matches:
                matches[owner] = identified(owner, index)
            student, its_match = matches[owner]
            claims.append(Claim(student, owner, found, its_match))
        if not owners:
            nobodys.append(found)
    return claims, nobodys


def identified(owner: Owner, index: Index | None) -> tuple[str, Match]:
    """The id by which a student goes, and who of the roster it is."""
    own = unicodedata.normalize("NFC", owner.id)  # macOS takes letters and their accents apart in files' names
    if index is None:
        return own, Match()
    found = match(index, owner.clue)
    if found.student:
        return found.student.id, found
    is_anothers = found.problem and any(student.id == own for group in index.ids.values() for student in group)
    return (f"{own}?" if is_anothers else own), found


def taken(group: list[Claim], assignment: str, has_roster: bool) -> tuple[HandIn | None, list[Problem]]:
    """A student's notebook of all that is theirs, and the problems of the rest."""
    first = group[0]
    student = first.match.student
    name = (student.name if student else "") or unicodedata.normalize("NFC", first.owner.name)
    email = (student.email if student else "") or first.owner.email
    notebooks = [claim for claim in group if claim.found.is_notebook]
    broken = [claim for claim in group if claim.found.problem]
    whose = Problem("", "", first.student, assignment, name, email) if not notebooks else Problem("", "")
    problems = [
        msgspec.structs.replace(whose, where=claim.found.location.shown, reason=sentence(claim.found.problem))
        for claim in broken
    ]
    problems = list(dict.fromkeys(problems))  # of several files of one name each is refused
    if not notebooks:
        if not problems:
            others = ", ".join(sorted({showable(claim.found.parts[-1]) for claim in group})[:3])
            where = Location(first.found.location.file, first.found.location.members[:1]).shown
            reason = f"There is no notebook among what was handed in ({others})."
            problems = [msgspec.structs.replace(whose, where=where, reason=reason)]
        return None, problems
    chosen, note = choice(notebooks, assignment)
    notes = [note] if note else []
    if has_roster and student is None:
        why = first.match.problem or f"nobody in the roster is known as {showable(first.owner.id)}"
        notes.append(f"Not in the roster: {why}.")
    if chosen.owner.is_late:
        notes.append("Canvas marks it as late and not by how much: nothing is taken off for that.")
    hand_in = HandIn(
        student=first.student,
        assignment=assignment,
        location=chosen.found.location,
        name=name,
        email=email,
        handed_in=chosen.owner.handed_in,
        in_roster=student is not None if has_roster else None,
        notes=tuple(notes),
    )
    return hand_in, problems


def choice(notebooks: list[Claim], assignment: str) -> tuple[Claim, str]:
    """The notebook that is graded of a student's several, and why it is that one; nothing is said of a single one.

    One that is named as the assignment goes before others; then the latest: by when it was handed in, by its number
    where the system counts uploads, and by the file's time.
    """
    if len(notebooks) == 1:
        return notebooks[0], ""

    def rank(claim: Claim) -> tuple[bool, str, int, float]:
        is_named = names_the_assignment(own_name(claim).rpartition(".")[0], assignment)
        return is_named, claim.owner.handed_in, claim.owner.number, claim.found.changed

    # Of equals the first by name, so that another run chooses the same one.
    ranked = sorted(sorted(notebooks, key=lambda claim: claim.found.location.shown), key=rank, reverse=True)
    best, second = rank(ranked[0]), rank(ranked[1])
    if best[0] and not second[0]:
        reason = "it is named as the assignment"
    elif best == second:
        reason = "it is the first by name; nothing tells which is newer"
    else:
        reason = "it is the newest"
    names = [showable(own_name(claim)) for claim in ranked]
    others = ", ".join(names[1:4]) + (", …" if len(names) > 4 else "")
    return ranked[0], f"Of {len(names)} notebooks {names[0]} was taken: {reason}. Others: {others}."


def own_name(claim: Claim) -> str:
    """A notebook's name as its student gave it."""
    return claim.found.inner[-1] if claim.found.inner else claim.owner.file or claim.found.parts[-1]


def missing(
    roster: Roster | None, hand_ins: list[HandIn], problems: list[Problem], assignment: str
) -> dict[str, tuple[Student, ...]]:
    """For each assignment, the students of the roster of whom nothing was found."""
    if roster is None:
        return {}
    found: dict[str, set[str]] = defaultdict(set)
    seen: Iterable[HandIn | Problem] = [*hand_ins, *(problem for problem in problems if problem.student)]
    for each in seen:
        found[each.assignment].add(each.student)
    if not found:
        found[assignment] = set()
    return {
        name: tuple(student for student in roster.students if student.id not in students)
        for name, students in sorted(found.items())
    }


def sentence(reason: str) -> str:
    """A reason as a sentence."""
    return reason[:1].upper() + reason[1:].rstrip(".") + "."
