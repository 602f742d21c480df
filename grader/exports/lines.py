"""A class as JSON Lines: one standing a line, for programs.

Each line has the fields of `Standing` (grader/standing.py) by their names, outlines included, and its JSON schema is
`standing_schema`. Texts are as they were, but for control characters and what no encoding can hold.
"""

import math
from collections.abc import Sequence

import msgspec

from grader.exports.texts import Export, cleaned
from grader.standing import CheckOutline, ExerciseOutline, Outline, Standing

COMPACT = (Outline, ExerciseOutline, CheckOutline)  # kept without the names of their fields


def class_lines(standings: Sequence[Standing]) -> Export:
    """One JSON object a line for each standing, in UTF-8."""
    return Export(b"".join(msgspec.json.encode(named(standing)) + b"\n" for standing in standings))


def named(value: object) -> object:
    """Structs as objects with their fields' names, also those that are kept as lists."""
    match value:
        case msgspec.Struct():
            return {field: named(getattr(value, field)) for field in value.__struct_fields__}
        case tuple():
            return [named(part) for part in value]
        case str():
            return cleaned(value)
        case float():
            return value if math.isfinite(value) else None
    return value


def standing_schema() -> bytes:
    """The JSON schema of one line."""
    schema = msgspec.json.schema(Standing)
    for kind in COMPACT:
        listed = schema["$defs"][kind.__name__]
        schema["$defs"][kind.__name__] = {
            "title": listed["title"],
            "description": listed["description"],
            "type": "object",
            "properties": dict(zip(kind.__struct_fields__, listed["prefixItems"], strict=True)),
            "required": list(kind.__struct_fields__),
        }
    return msgspec.json.format(msgspec.json.encode(schema), indent=2) + b"\n"
