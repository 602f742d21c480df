"""The files of students' reports: which name each has below the folder of reports, and how a page links them."""

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

REPORTS, OVERVIEW = "reports", "class.html"
LONGEST = 80
# Names that mean the same file on every system, and nothing else to any of them.
PLAIN = re.compile(r"[a-z0-9][a-z0-9@+_.-]*")
TAKEN = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|index|class|overview)(\..*)?")  # by Windows, and by other reports
HASHED = re.compile(r"(^|-)[0-9a-f]{16}$")  # as the name of another text ends


def report_name(student: str, assignment: str) -> str:
    """A student's report, below the folder of reports: a folder for the assignment, a file for the student."""
    return f"{file_name(assignment)}/{file_name(student)}.html"


def file_name(text: str) -> str:
    """A name for a file, another one for every text, whatever is in it: a short hash stands for what can't."""
    is_plain = len(text) <= LONGEST and PLAIN.fullmatch(text) and ".." not in text
    if is_plain and not TAKEN.fullmatch(text) and not HASHED.search(text):
        return text
    readable = re.sub(r"[^\w@+-]+", "_", text).strip("_-")[:40]
    return "-".join(filter(None, [readable, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]]))


def report_links(names: Mapping[str, str], reports: Path, page: Path) -> dict[str, str]:
    """Addresses, relative to where the page is, of those reports that are there.

    names: by student, paths below the folder of reports. A student whose report isn't there is left out.
    """
    base, start = reports.resolve(), page.resolve().parent
    there = {student: base / name for student, name in names.items() if (base / name).is_file()}
    try:
        ways = {student: Path(os.path.relpath(file, start)).as_posix() for student, file in there.items()}
    except ValueError:  # they are on another drive
        return {}
    return {student: quote(way, safe="/@+") for student, way in ways.items()}
