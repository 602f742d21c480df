"""The list of a class: who belongs to it, and whose work something is; from the CSV files that instructors have.

Columns are known by the headers that these programs write:
- Canvas's gradebook export: Student, ID, SIS User ID, SIS Login ID, Section (its second row is "Points Possible");
- Moodle's participants, grades and grading worksheet: First name, Last name or Surname, Full name, ID number,
  Email address, Identifier ("Participant 123", the number in the names of downloaded files);
- nbgrader's students: id, first_name, last_name, email;
- GitHub Classroom's roster: identifier, github_username, github_id, name;
- Gradescope's roster: First Name, Last Name or Name, SID, Email, Role.
"""

import csv
import io
import re
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from grader.errors import UserError
from grader.intake.identities import email_key, name_key, plain_key, squashed_key, squashed_keys
from grader.intake.names import cleaned

Key = TypeVar("Key", bound=Hashable)

LIMIT_BYTES = 20 * 2**20
DELIMITERS = (",", ";", "\t")

# What a column holds, by its header in lower case with single spaces. Of several that hold the same, the first of this
# order that is filled counts.
HEADERS = {
    "id": (
        "student id",
        "student_id",
        "student number",
        "id number",
        "sid",
        "id",
        "identifier",
        "matriculation number",
        "matrikelnummer",
        "sis user id",
        "student",
    ),
    "login": ("sis login id", "login id", "login", "username", "user name", "github_username", "github username"),
    "email": ("email", "email address", "e-mail", "e-mail address", "mail"),
    "name": ("name", "full name", "student name", "student", "display name"),
    "first": ("first name", "first_name", "firstname", "given name", "forename"),
    "last": ("last name", "last_name", "lastname", "surname", "family name"),
    "role": ("role", "roles"),
}
KEYS = ("sis user id", "sis login id", "github_username", "github_id", "lms_user_id", "identifier", "username")
STAFF = frozenset({"instructor", "teacher", "ta", "teaching assistant", "reader", "grader", "staff", "observer"})
NOBODY = frozenset({"points possible", "student, test", "test student"})  # rows of Canvas's export
PARTICIPANT = re.compile(r"^\D+?\s?(\d+)$")  # Moodle's identifier, in any language


class Student(msgspec.Struct, frozen=True):
    """A student of the roster. id: by which the gradebook knows them.

    keys: other ids of theirs (logins, numbers). columns: the row as it stands in the file, for exports that must have
    the columns of the system it came from.
    """

    id: str
    name: str = ""
    email: str = ""
    first: str = ""
    last: str = ""
    keys: tuple[str, ...] = ()
    columns: dict[str, str] = {}


class Clue(msgspec.Struct, frozen=True):
    """What is known of whose work something is; empty where nothing is.

    id: an id of any kind. squashed: a name in small letters without what stands between its parts, as in the names of
    Canvas's files.
    """

    id: str = ""
    email: str = ""
    name: str = ""
    squashed: str = ""


class Match(msgspec.Struct, frozen=True):
    """Whose work it is: a student, or None and why none was chosen, as a sentence's end."""

    student: Student | None = None
    problem: str = ""


class Roster(msgspec.Struct, frozen=True):
    """A class. notes: rows that were left out, one sentence each."""

    students: tuple[Student, ...]
    notes: tuple[str, ...] = ()


def read_roster(file: Path) -> Roster:
    """The class that a CSV file lists.

    Raises UserError if it can't be read, if no column tells who the students are, or if two have the same id.
    """
    rows = table_in(text_of(file), file)
    if not rows:
        raise UserError(f"{file}: empty. Give a CSV file with a row of headers and a row for each student.")
    headers = [" ".join(cell.split()) for cell in rows[0]]
    lowered = [header.lower() for header in headers]
    if not known(lowered):
        raise UserError(
            f"{file}: its first row has none of the headers of a roster. "
            "Name the columns: id, name (or first name, last name), email."
        )
    students: dict[str, Student] = {}
    notes = []
    for number, row in enumerate(rows[1:], 2):
        row = [cleaned(cell) for cell in row]
        cells = {header: cell for header, cell in zip(lowered, row, strict=False) if header}
        if not any(cells.values()):
            continue
        student = student_of(cells, dict(zip(headers, row, strict=False)))
        reason = why_left_out(cells, student)
        if reason:
            notes.append(f"{file.name}, row {number}: {reason}; left out.")
        elif student.id in students:
            raise UserError(
                f"{file}, row {number}: a second student of id {student.id}. Give each student an id of their own."
            )
        else:
            students[student.id] = student
    if not students:
        raise UserError(f"{file}: no student in it. Give a CSV file with a row of headers and a row for each student.")
    return Roster(tuple(students.values()), tuple(notes))


def text_of(file: Path) -> str:
    """A CSV file's text: UTF-8 or, as Excel saves it, UTF-16 or Windows's western code page."""
    try:
        if file.stat().st_size > LIMIT_BYTES:
            raise UserError(f"{file}: too large for a roster (over {LIMIT_BYTES // 2**20} MB).")
        content = file.read_bytes()
    except FileNotFoundError:
        raise UserError(f"{file}: no such file. Look at the spelling and the folder.") from None
    except OSError as error:
        raise UserError(f"{file}: can't be read ({error.strerror}).") from error
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UserError(f"{file}: no text that can be read. Save it as CSV in UTF-8.")


def table_in(text: str, file: Path) -> list[list[str]]:
    """The rows of a CSV text, by the delimiter with which its first row has most known headers."""
    tables = []
    for delimiter in DELIMITERS:
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error as error:
            raise UserError(f"{file}: not a CSV file that can be read ({error}). Save it as CSV in UTF-8.") from None
        tables.append([row for row in rows if any(cell.strip() for cell in row)])
    return max(tables, key=lambda table: known(" ".join(cell.split()).lower() for cell in table[0]) if table else 0)


def known(headers: Iterable[str]) -> int:
    """How many of these headers are those of a roster."""
    return sum(any(header in names for names in HEADERS.values()) for header in headers)


def student_of(cells: dict[str, str], columns: dict[str, str]) -> Student:
    """The student of a row, whose id is the first that there is of: id, login, email, name."""
    passing = PARTICIPANT.match(cells.get("identifier", ""))  # of one assignment of Moodle's only
    numbers = {header: text for header, text in cells.items() if not (passing and header == "identifier")}
    ids = [header for header in HEADERS["id"] if numbers.get(header)]
    if ids != ["student"] or looks_like_a_name(cells["student"]):  # else that column has ids, and no names
        numbers.pop("student", None)
    else:
        cells = {header: text for header, text in cells.items() if header != "student"}
    first, last = cell_of(cells, "first"), cell_of(cells, "last")
    name = f"{first} {last}".strip() or in_reading_order(cell_of(cells, "name"))
    email = cell_of(cells, "email")
    identity = cell_of(numbers, "id") or cell_of(cells, "login") or email or name
    keys = {numbers.get(header, "") for header in KEYS} | {cell_of(cells, "login")}
    if passing:
        keys.add(participant_key(passing[1]))
    return Student(identity, name, email, first, last, tuple(sorted(keys - {"", identity})), columns)


def participant_key(number: str) -> str:
    """The key of a student by Moodle's number of one assignment, which is no id of theirs elsewhere."""
    return f"participant:{number}"


def cell_of(cells: dict[str, str], kind: str) -> str:
    """What a row says of one thing; of several columns the first that is filled."""
    return next((cells[header] for header in HEADERS[kind] if cells.get(header)), "")


def looks_like_a_name(text: str) -> bool:
    """Whether a text has several words and no digits: Canvas's column "Student" has names, others' have ids."""
    return len(name_key(text)) > 1 and not any(character.isdigit() for character in text)


def in_reading_order(name: str) -> str:
    """A name without the comma that sets its last part first: "Lovelace, Ada" is Ada Lovelace."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}".strip() if comma and "," not in first else name


def why_left_out(cells: dict[str, str], student: Student) -> str:
    """Why a row is no student of the class; empty if it is one."""
    if cells.get("student", "").lower() in NOBODY or student.name.lower() in NOBODY:
        return f"“{cells.get('student') or student.name}” is no student"
    role = cell_of(cells, "role").lower()
    if role in STAFF:
        return f"{student.name or student.id} is no student but {role}"
    return "" if student.id else "nothing says who it is"


# Whose work something is


class Index(msgspec.Struct, frozen=True):
    """The students of a roster by what they may be known by. logins: what stands before the @ of their emails."""

    ids: dict[str, tuple[Student, ...]]
    emails: dict[str, tuple[Student, ...]]
    logins: dict[str, tuple[Student, ...]]
    names: dict[tuple[str, ...], tuple[Student, ...]]
    squashed: dict[str, tuple[Student, ...]]


def index_of(roster: Roster) -> Index:
    """The students of a roster by their ids, emails and names."""
    students = roster.students
    emails = {s.id: {email_key(text) for text in (s.email, s.id, *s.keys) if "@" in text} for s in students}
    return Index(
        ids=grouped(students, lambda s: {plain_key(key) for key in (s.id, *s.keys)}),
        emails=grouped(students, lambda s: emails[s.id]),
        logins=grouped(students, lambda s: {email.partition("@")[0] for email in emails[s.id]}),
        names=grouped(students, lambda s: {name_key(s.name)} - {()}),
        squashed=grouped(students, lambda s: squashed_keys(s.name)),
    )


def grouped(students: tuple[Student, ...], keys: Callable[[Student], Iterable[Key]]) -> dict[Key, tuple[Student, ...]]:
    """The students by each of their keys."""
    groups: dict[Key, tuple[Student, ...]] = {}
    for student in students:
        for one in keys(student):
            groups[one] = (*groups.get(one, ()), student)
    return groups


def match(index: Index, clue: Clue) -> Match:
    """Whose work something is: by id (or login), by email, by full name; else by what stands before an email's @.

    Nothing is guessed: every clue that fits anybody has to fit the one who is chosen, and nobody else may be left.
    """
    fitting = [
        ("id", clue.id, index.ids.get(plain_key(clue.id), ())),
        ("email", clue.email, index.emails.get(email_key(clue.email), ())),
        ("email", clue.id, index.emails.get(email_key(clue.id), ())),
        ("name", clue.name, index.names.get(name_key(clue.name), ())),
        ("name", clue.squashed, index.squashed.get(squashed_key(clue.squashed), ())),
    ]
    fitting = [(what, text, found) for what, text, found in fitting if text and found]
    if not fitting and clue.id:
        fitting = [("login", clue.id, index.logins.get(plain_key(clue.id), ()))]
    left: tuple[Student, ...] | None = None
    for what, text, found in fitting:
        both = found if left is None else tuple(student for student in left if student in found)
        if left and not both:
            return Match(None, f"the {what} “{text}” is another student's in the roster than {fitting[0][1]}")
        left = both
    if left and len(left) > 1:
        what, text, _ = fitting[0]
        return Match(None, f"the {what} “{text}” is that of several students of the roster ({ids_of(left)})")
    return Match(left[0] if left else None)


def ids_of(students: tuple[Student, ...]) -> str:
    """Some students' ids."""
    return ", ".join(student.id for student in students[:5])
