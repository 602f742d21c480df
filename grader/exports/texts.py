"""Text of anybody's as other programs can take it, and what an export says besides its bytes."""

import re
from collections.abc import Sequence

import msgspec

from grader.errors import UserError
from grader.standing import Standing

NAMED = 10  # students whom a note names

# Lone surrogates, which no encoding can hold; control characters but for tab and line feed; what would show the text
# around it in another order; what is no character.
NO_TEXT = re.compile(
    "[\ud800-\udfff\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff]"
)


class Export(msgspec.Struct, frozen=True):
    """A file's content, and in sentences what a reader should know of it, such as who is not in it and why."""

    content: bytes
    notes: tuple[str, ...] = ()


def cleaned(text: str) -> str:
    """Text without what is no text; its lines end with a line feed."""
    return NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def cleaned_all(value: object) -> object:
    """JSON's lists, dicts and values with every text in them cleaned."""
    match value:
        case str():
            return cleaned(value)
        case list():
            return [cleaned_all(part) for part in value]
        case dict():
            return {cleaned_all(key): cleaned_all(part) for key, part in value.items()}
    return value


def about(students: Sequence[str], what: str) -> str:
    """A note on students: how many they are, and who."""
    names = ", ".join(" ".join(cleaned(student).split()) for student in students[:NAMED])
    more = f" and {len(students) - NAMED} more" if len(students) > NAMED else ""
    return f"{len(students)} {'student' if len(students) == 1 else 'students'} {what}: {names}{more}."


def assignment_of(standings: Sequence[Standing]) -> str:
    """The one assignment that these are of. Raises UserError if there are several, or none."""
    assignments = list(dict.fromkeys(standing.assignment for standing in standings))
    if not assignments:
        raise UserError("The gradebook holds no grades to export. Grade submissions first: grader grade FOLDER")
    if len(assignments) > 1:
        named = ", ".join(cleaned(name) for name in assignments)
        raise UserError(f"An export for a learning platform is of one assignment, and these are {named}. Choose one.")
    return assignments[0]
