"""Gradescope's submission_metadata.yml: who handed in what, and when.

The file is YAML as Ruby writes it, and looks like this (of otter-grader's tests, which have one):

    submission_123:
      :submitters:
      - :name: Ada Lovelace
        :email: ada@x.edu
        :sid: '12345'
      :created_at: 2019-09-04 21:03:57.297916000 Z
      :score: 10.0

A YAML library is none of the grader's dependencies, and a general one reads far more than this. What is read here are
lines of these forms, by their indentation; all else is passed over, such as the results of tests, in which students'
code may have printed anything: YAML indents a text of several lines deeper than its key. Nothing is executed or made
but strings.
"""

import io
import re
from itertools import chain

import msgspec

from grader.intake.names import cleaned
from grader.intake.timestamps import utc_of

METADATA = "submission_metadata.yml"
LIMIT_BYTES = 50 * 2**20  # it has the results of every test of every student
FIELD = re.compile(r":(?P<key>\w+):(?:\s+(?P<value>.*))?")
ANCHOR = re.compile(r"&(\w+)\s+")
ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "e": "\x1b", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


class Submitter(msgspec.Struct, frozen=True):
    """One of those who handed something in together."""

    name: str = ""
    email: str = ""
    sid: str = ""


class GradescopeSubmission(msgspec.Struct, frozen=True):
    """What was handed in at once. created_at: UTC, ISO 8601; empty if unknown."""

    submitters: tuple[Submitter, ...] = ()
    created_at: str = ""


def read_metadata(text: str) -> dict[str, GradescopeSubmission]:
    """The submissions by the name of their folder or file; those that can't be read have no submitters."""
    found: dict[str, GradescopeSubmission] = {}
    anchors: dict[str, str] = {}
    key, section = "", ""
    people: list[dict[str, str]] = []
    created = ""
    for line in chain(io.StringIO(text.removeprefix("\ufeff"), newline="\n"), ["end:"]):
        depth = len(line) - len(line.lstrip(" "))
        body = line[depth:].rstrip()
        if depth == 0:
            if body.endswith(":"):
                if key:
                    found[key] = GradescopeSubmission(submitters_of(people), created)
                key, section, people, created = scalar(body[:-1], anchors), "", [], ""
            continue
        if depth == 2 and body.startswith("- ") and section == "submitters":
            people.append({})
            depth, body = 4, body[2:]
        field = FIELD.fullmatch(body)
        if field is None:
            continue
        if depth == 2:
            section = field["key"]
            if section == "created_at":
                created = utc_of(scalar(field["value"] or "", anchors))
        elif depth == 4 and section == "submitters" and people and field["key"] in Submitter.__struct_fields__:
            people[-1].setdefault(field["key"], scalar(field["value"] or "", anchors))
    return found


def submitters_of(people: list[dict[str, str]]) -> tuple[Submitter, ...]:
    """Those who handed something in, whose names are what they chose to be called."""
    return tuple(Submitter(**{field: cleaned(text) for field, text in person.items()}) for person in people)


def scalar(text: str, anchors: dict[str, str]) -> str:
    """A value on one line: plain, in quotes, or the same as an earlier one; empty if it is none of these."""
    anchor = ANCHOR.match(text)
    if anchor:
        anchors[anchor[1]] = scalar(text[anchor.end() :], anchors)
        return anchors[anchor[1]]
    if text.startswith("*"):
        return anchors.get(text[1:], "")
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        return ESCAPE.sub(unescaped, text[1:-1])
    return "" if text[:1] in tuple("!|>[{'\"") or text in ("~", "null") else text


def unescaped(found: re.Match[str]) -> str:
    """The character that an escape in double quotes stands for."""
    digits = found[1] or found[2] or found[3]
    if not digits:
        return ESCAPES.get(found[4], found[4])
    code = int(digits, 16)
    return chr(code) if code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"
