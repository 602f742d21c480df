"""The students' reports, written as soon as there are grades."""

from pathlib import Path

from grader.files import write
from grader.report import render_html
from grader.results import Grade


def write_report(file: Path, grade: Grade) -> None:
    """Writes a student's report. Raises UserError if that can't be done."""
    write(file, render_html(grade).encode("utf-8", "replace"))
