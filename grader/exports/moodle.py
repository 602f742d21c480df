"""The file that Moodle's "Import > CSV file" takes into a course's grades.

Moodle asks on import which column says who the student is (map from "Email address" to "useremail", for instance), and
which are the grade and the feedback of which grade item. Both must be mapped: Moodle's documentation warns that
feedback imported alone wipes the grades. Sources: docs.moodle.org, "Grade import"; Moodle's
grade/import/csv/classes/load_data.php, and for the columns' names grade/export/lib.php, `format_column_name`.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from grader.exports.cells import Cell, csv_bytes, rounded, safe
from grader.exports.texts import Export, about, assignment_of
from grader.showing import counted, points_text
from grader.standing import Standing

Identity = Literal["email", "idnumber", "username"]

HEADINGS: dict[Identity, str] = {"email": "Email address", "idnumber": "ID number", "username": "Username"}
USUAL_MOST = 100  # points; a grade above it ends the import, unless the site allows unlimited grades


def moodle_csv(standings: Sequence[Standing], identity: Identity = "email", item: str = "", most: float = 0) -> Export:
    """The grades of a class as Moodle imports them: who, the grade, the feedback.

    identity: what the first column holds: the email address, or the gradebook's student id as Moodle's ID number or
    user name. item: heads the grade; the assignment's name if empty. most: what the grade item is worth in Moodle, for
    points to be made such a part of it as they are of ours; as they are if 0.
    Who was not graded is left out, so that no grade in Moodle is wiped; so is who has no such identity, because Moodle
    would give that grade to the student of the row before. The notes name them.
    """
    assignment = assignment_of(standings)
    item = item or assignment
    rows: list[Sequence[Cell]] = [(HEADINGS[identity], item, f"{item} (Feedback)")]
    graded = [standing for standing in standings if rounded(standing.points) is not None]
    keys = [identity_of(standing, identity) for standing in graded]
    shared = Counter(key.casefold() for key in keys)
    unknown, doubled = [], []
    for standing, key in zip(graded, keys, strict=True):
        if not key or safe(key) != key:  # with an apostrophe before it, it is nobody's, and ends the import
            unknown.append(standing.student)
        elif shared[key.casefold()] > 1:
            doubled.append(standing.student)
        else:
            points = standing.points or 0
            scale = most / standing.possible if most and standing.possible else 1
            rows.append((key, rounded(points * scale), feedback(standing)))
    reasons = {
        "left out, because nothing was graded": [s.student for s in standings if rounded(s.points) is None],
        f"left out for want of what Moodle knows as {HEADINGS[identity]}": unknown,
        f"left out, because others have the same {HEADINGS[identity]}": doubled,
    }
    notes = [about(students, what) for what, students in reasons.items() if students]
    possible = sorted({most or standing.possible for standing in graded} - {USUAL_MOST})
    if possible:
        notes.append(
            f"The grades are of {' or '.join(map(points_text, possible))} points: the grade item in Moodle needs that "
            f"maximum, which usually is {USUAL_MOST}. Above {USUAL_MOST}, the site must allow unlimited grades."
        )
    return Export(csv_bytes(rows), tuple(notes))


def identity_of(standing: Standing, identity: Identity) -> str:
    """By what Moodle knows the student; addresses as they are, because Moodle tells capitals from small letters."""
    if identity == "email":
        return (standing.email or (standing.student if "@" in standing.student else "")).strip()
    return standing.student.strip()


def feedback(standing: Standing) -> str:
    """What the student reads beside the grade, in one line."""
    parts = []
    if standing.override:
        comment = standing.override.comment.strip()
        parts.append(f"Points given by {standing.override.author}" + (f": {comment}" if comment else ""))
    elif standing.penalty:
        parts.append(f"{counted(standing.penalty, 'point')} off for being late")
    parts += [
        f"{exercise.title}: {points_text(exercise.points)} of {points_text(exercise.possible)}"
        for exercise in (standing.outline.exercises if standing.outline else ())
    ]
    return "; ".join(parts) or f"{points_text(standing.points or 0)} of {points_text(standing.possible)}"
