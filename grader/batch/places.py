"""Where a run's results go: beside the submissions, so that none of them is ever taken for one."""

import hashlib
import re
from pathlib import Path

from grader.errors import UserError

GRADEBOOK, REPORTS, POLICY = "gradebook.db", "reports", "policy.toml"
LONGEST = 80
# Names that mean the same file on every system, and nothing else to any of them.
PLAIN = re.compile(r"[a-z0-9][a-z0-9@+_.-]*")
TAKEN = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|index|class|overview)(\..*)?")  # by Windows, and by other reports
HASHED = re.compile(r"(^|-)[0-9a-f]{16}$")  # as the name of another text ends


def default_gradebook(submissions: Path) -> Path:
    """The gradebook of a place: beside the folder or the zip, so that several assignments there share one."""
    return submissions.resolve().parent / GRADEBOOK


def default_reports(submissions: Path) -> Path:
    """The folder of the students' reports: beside the folder or the zip."""
    return submissions.resolve().parent / REPORTS


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


def check_reports(reports: Path, submissions: Path) -> None:
    """Refuses a folder for reports that lies among the submissions, where the next run would find them."""
    place = submissions.resolve()
    if place.is_dir() and place in (reports.resolve(), *reports.resolve().parents):
        raise UserError(f"{reports}: lies among the submissions, and would be taken for one. Give another --reports.")


def make_folder(reports: Path, assignment: str) -> None:
    """Makes the folder for an assignment's reports. Raises UserError if that can't be done."""
    folder = (reports / report_name("", assignment)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: can't be made ({error.strerror}). Give another --reports.") from error
