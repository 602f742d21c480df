"""The files of students' reports: which name each has, and how a page beside them links them."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

ENDING = ".report.html"
LONGEST = 60  # characters of an id in a file's name
# Lower case: some file systems take Ada and ada for one name. No "~": it stands before what tells others apart.
PLAIN = re.compile(r"[a-z0-9][a-z0-9_@.-]*")


def report_name(student: str) -> str:
    """The file name of a student's report."""
    return plain_name(student) + ENDING


def plain_name(text: str) -> str:
    """A name for a file or folder: readable, allowed on every system, and different for different texts."""
    if PLAIN.fullmatch(text) and len(text) <= LONGEST and not text.endswith("."):
        return text
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:LONGEST]
    return f"{readable}~{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def report_links(students: Iterable[str], reports: Path, page: Path) -> dict[str, str]:
    """Of the students whose reports are in the folder: how a page links them, relative to where the page is."""
    try:
        there = {entry.name for entry in os.scandir(reports) if entry.is_file()}
        way = Path(os.path.relpath(reports.resolve(), page.resolve().parent)).as_posix()
    except (OSError, ValueError):  # there is no such folder, or it is on another drive
        return {}
    names = {student: report_name(student) for student in students}
    return {student: quote(f"{way}/{name}", safe="/~@") for student, name in names.items() if name in there}
