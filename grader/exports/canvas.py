"""The file that Canvas's gradebook imports, made after one that it has exported.

Only Canvas's own export says by which ids it knows its students and assignments, so the instructor gives it as the
template. What is written holds the columns that tell who the student is, the one assignment, and the students that have
a grade, so that the import can change nothing else. Source: what Canvas's own code writes and takes (canvas-lms,
lib/gradebook_exporter.rb and lib/gradebook_importer.rb): the first columns in their order up to "Section", assignments
headed "Title (id)", and "Points Possible" in the first cell of the row that says so.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from grader.errors import UserError
from grader.exports.cells import Cell, csv_bytes, rounded
from grader.exports.texts import Export, about, assignment_of, cleaned
from grader.showing import points_text
from grader.standing import Standing

ASSIGNMENT = re.compile(r"(.*)\s\((\d+)\)", re.DOTALL)
IDENTITIES = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
WORD = re.compile(r"\w+")
EXPORT_AGAIN = "Export it from Canvas again: Grades > Export > Export Entire Gradebook."


Places = Mapping[object, set[int]]


class Template(msgspec.Struct, frozen=True):
    """A gradebook as Canvas exported it. possible: its row of points; people: how many columns tell who it is."""

    heading: tuple[str, ...]
    possible: tuple[str, ...]
    students: tuple[tuple[str, ...], ...]
    people: int


def canvas_csv(
    standings: Sequence[Standing], template: bytes, column: str = "", *, is_scaled: bool = False, file: str = "template"
) -> Export:
    """The grades of one assignment as Canvas imports them.

    template: the gradebook as Canvas exported it, named `file` in messages. column: the assignment's title or id in
    Canvas; the assignment's name here if empty. is_scaled: whether to make the points such a part of Canvas's possible
    ones as they are of ours. A score that says "EX" (excused) is left alone. The notes name whom the file leaves out.
    Raises UserError if the template is none, or does not have the assignment, or if the standings are of several.
    """
    assignment = assignment_of(standings)
    known = read_template(template, file)
    at = column_of(known, column or assignment, file)
    graded = [standing for standing in standings if rounded(standing.points) is not None]
    ungraded = [standing.student for standing in standings if rounded(standing.points) is None]
    found, notes = matched(graded, known)
    most = number_in(known.possible[at])
    rows: list[Sequence[Cell]] = [
        (*known.heading[: known.people], known.heading[at]),
        (*known.possible[: known.people], known.possible[at] if most is None else most),
    ]
    excused = []
    others = set()
    for place, standing in sorted(found.items()):
        row = known.students[place]
        points = standing.points or 0
        if most and standing.possible and rounded(standing.possible) != most:
            others.add(standing.possible)
            points = points * most / standing.possible if is_scaled else points
        if row[at].strip().upper() == "EX":
            excused.append(standing.student)
        else:
            rows.append((*row[: known.people], rounded(points)))
    if others and not is_scaled:
        ours = " or ".join(points_text(possible) for possible in sorted(others))
        notes.append(
            f'"{cleaned(known.heading[at])}" is worth {points_text(most or 0)} points in Canvas and {ours} here. '
            "The points are written as they are; --scale makes them a part of those there."
        )
    if ungraded:
        notes.append(about(ungraded, "left out, because nothing was graded"))
    if excused:
        notes.append(about(excused, "left out, because Canvas excuses them"))
    return Export(csv_bytes(rows), tuple(notes))


def read_template(content: bytes, file: str = "template") -> Template:
    """The gradebook in a file that Canvas exported. Raises UserError if it is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{file}: not in UTF-8, as Canvas writes it. {EXPORT_AGAIN}") from error
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","  # by the settings of who exported it
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise UserError(f"{file}: not a CSV file ({error}). {EXPORT_AGAIN}") from error
    heading = tuple(cell.strip() for cell in rows[0]) if rows else ()
    if heading[:1] not in (("Student",), ("LastName",)) or "ID" not in heading or "Section" not in heading:
        raise UserError(
            f'{file}: not a gradebook of Canvas (its first line lacks "Student", "ID" or "Section"). {EXPORT_AGAIN}'
        )
    width = len(heading)
    body = [tuple((row + [""] * width)[:width]) for row in rows[1:]]
    place = next((i for i, row in enumerate(body[:3]) if "Points Possible" in row[0]), None)
    if place is None:
        raise UserError(f'{file}: a gradebook of Canvas without its row "Points Possible". {EXPORT_AGAIN}')
    return Template(heading, body[place], tuple(body[place + 1 :]), heading.index("Section") + 1)


def column_of(template: Template, wanted: str, file: str) -> int:
    """Where an assignment stands, by its heading, title or id. Raises UserError if there is none, or several."""
    titles = {
        at: match for at in range(template.people, len(template.heading)) if (match := as_assignment(template, at))
    }
    key = folded(wanted)
    found = [at for at, match in titles.items() if key in (folded(match[0]), folded(match[1]), match[2])]
    if len(found) == 1:
        if "read only" in template.possible[found[0]]:
            raise UserError(f'{file}: Canvas takes no scores for "{cleaned(wanted)}" (read only).')
        return found[0]
    there = ", ".join(f'"{cleaned(match[0])}"' for match in titles.values()) or "none"
    if found:
        raise UserError(f'{file}: several assignments are called "{cleaned(wanted)}". Give the id of one of: {there}.')
    raise UserError(
        f'{file}: no assignment is called "{cleaned(wanted)}". Give the name or id of one of those in it: {there}.'
    )


def as_assignment(template: Template, at: int) -> re.Match[str] | None:
    """The title and id of the assignment that a column holds; None of any other column."""
    return ASSIGNMENT.fullmatch(template.heading[at])


def matched(standings: Sequence[Standing], template: Template) -> tuple[dict[int, Standing], list[str]]:
    """For rows of the template, whose they are; and notes on those for whom there is no sure one.

    By the gradebook's student id if Canvas has it as any of its ids, or else by the email address if it is the login,
    or else by the name, of those whom no id has found.
    """
    ids, logins, names = places_of_students(template)
    found = [ids.get(folded(s.student)) or logins.get(folded(s.email), set()) for s in standings]
    taken = set[int]().union(*found)
    claims: dict[int, list[Standing]] = defaultdict(list)
    absent: list[str] = []
    unsure: list[str] = []
    named: list[str] = []
    for standing, places in zip(standings, found, strict=True):
        if not places and (words := words_of(standing.name)):
            places = names.get(words, set()) - taken
            named += [standing.student] if len(places) == 1 else []
        if len(places) == 1:
            claims[min(places)].append(standing)
        else:
            (unsure if places else absent).append(standing.student)
    unsure += [standing.student for claim in claims.values() if len(claim) > 1 for standing in claim]
    reasons = {
        "left out, because Canvas's gradebook does not have them": absent,
        "left out, because it is not clear who of Canvas's gradebook they are": unsure,
        "found in Canvas's gradebook by name only": [student for student in named if student not in unsure],
    }
    notes = [about(students, what) for what, students in reasons.items() if students]
    return {place: claim[0] for place, claim in claims.items() if len(claim) == 1}, notes


def places_of_students(template: Template) -> tuple[Places, Places, Places]:
    """The rows of the template by any of the students' ids, by their logins, and by their names."""
    ids, logins, names = (defaultdict[object, set[int]](set) for _ in range(3))
    columns = [template.heading.index(name) for name in IDENTITIES if name in template.heading[: template.people]]
    for place, row in enumerate(template.students):
        for column in columns:
            if row[column].strip():
                ids[folded(row[column])].add(place)
                if template.heading[column] == "SIS Login ID":
                    logins[folded(row[column])].add(place)
        names[words_of(" ".join(row[: template.heading.index("ID")]))].add(place)
    return ids, logins, names


def folded(text: str) -> str:
    """Text for comparing ids and titles."""
    return text.strip().casefold()


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, whatever their order: "Doe, Jane" and "Jane Doe" are alike."""
    return tuple(sorted(WORD.findall(name.casefold())))


def number_in(cell: str) -> float | None:
    """The number that a cell of Canvas holds, with a comma or a point; None if it holds none."""
    try:
        return rounded(float(cell.strip().replace(",", ".")))
    except ValueError:
        return None
