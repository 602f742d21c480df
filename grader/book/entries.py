"""What goes into the gradebook and what comes out of its history: data, and the form in which its texts are kept."""

import datetime
import hashlib
from typing import Literal

import msgspec

from grader.errors import UserError

LONGEST_ID = 200  # PostgreSQL's indexes take rows of 2,704 bytes, in which two ids and a hash have to fit

What = Literal[
    "handed in", "graded", "not graded", "overridden", "override withdrawn", "on the roster", "off the roster"
]


class Person(msgspec.Struct, frozen=True):
    """A student of the roster."""

    student: str
    name: str = ""
    email: str = ""


class Receipt(msgspec.Struct, frozen=True):
    """What the gradebook keeps of what a student handed in for an assignment.

    sha256: of the file, in hex; empty if it could not be read. submission: its name, for readers. handed_in: ISO 8601
    with its time zone; empty if unknown. name, email: what the file's name or folder says of the student, or empty.
    """

    student: str
    assignment: str
    sha256: str
    submission: str = ""
    handed_in: str = ""
    name: str = ""
    email: str = ""


class Grading(msgspec.Struct, frozen=True):
    """One grading, as the gradebook keeps it, without its grade.

    number: by which its grade can be asked for. made: when it was written down; started: when it began, both UTC.
    points: None if it could not be graded, and problem why. is_settled: whether grading it again under the same
    conditions would be for nothing. packages: versions by name.
    """

    number: int
    student: str
    assignment: str
    sha256: str
    made: str
    started: str
    seconds: float
    points: float | None
    possible: float
    problem: str
    is_settled: bool
    course: str
    course_version: str
    engine: str
    limits: dict[str, float]
    settings: dict[str, str]
    packages: dict[str, str]


class Event(msgspec.Struct, frozen=True):
    """One line of the history: who did what, and when (UTC, ISO 8601). text: in words, what there is to say of it."""

    made: str
    who: str
    what: What
    student: str
    assignment: str = ""
    points: float | None = None
    possible: float = 0
    text: str = ""


def clean(text: str) -> str:
    """A text that every database can hold: lone surrogates, as in names of files, and NUL are replaced."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def clean_id(text: str) -> str:
    """The id of a student or assignment as it is kept: of a very long one the beginning, and its hash."""
    text = clean(text).strip()
    if len(text) <= LONGEST_ID:
        return text
    return f"{text[: LONGEST_ID - 17]}…{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def cleaned(found: Receipt) -> Receipt:
    """A receipt as it is kept. Raises ValueError for a time without a time zone."""
    return Receipt(
        clean_id(found.student),
        clean_id(found.assignment),
        found.sha256,
        clean(found.submission),
        utc(found.handed_in),
        clean(found.name).strip(),
        clean(found.email).strip(),
    )


def utc(moment: str) -> str:
    """A moment in ISO 8601, in UTC; empty if unknown. Raises ValueError for one without a time zone."""
    if not moment:
        return ""
    found = datetime.datetime.fromisoformat(moment)
    if found.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return found.astimezone(datetime.UTC).isoformat()


def now() -> str:
    """The moment for a row, in a form whose order is that of time."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")


def said(text: str, what: str) -> str:
    """A text that has to be there; raises UserError if it is not."""
    if not clean(text).strip():
        raise UserError(f"There is no {what}. Give one: it is kept with the change, for those who read it later.")
    return clean(text).strip()
