"""Grades as other programs take them: data in, bytes out, nothing written.

A module for each form; `FORMATS` are those of one grade (`grader check --format`). Those of a class take a list of
standings, and give an `Export`.
"""

from collections.abc import Callable

import msgspec

from grader.exports.canvas import canvas_csv
from grader.exports.github import github_json, github_problem
from grader.exports.gradescope import gradescope_json, gradescope_problem
from grader.exports.lines import class_lines, standing_schema
from grader.exports.moodle import HEADINGS, Identity, moodle_csv
from grader.exports.suites import class_junit, grade_junit, junit_problem
from grader.exports.table import class_table
from grader.exports.texts import Export
from grader.results import Grade

__all__ = [
    "CLASS_FORMATS",
    "FORMATS",
    "HEADINGS",
    "Export",
    "Format",
    "Identity",
    "canvas_csv",
    "class_junit",
    "class_lines",
    "class_table",
    "moodle_csv",
    "standing_schema",
]


class Format(msgspec.Struct, frozen=True):
    """A form of one grade. graded: its bytes. ungraded: those that say why a submission can't be graded."""

    graded: Callable[[Grade], bytes]
    ungraded: Callable[[str], bytes]


FORMATS: dict[str, Format] = {
    "gradescope": Format(gradescope_json, gradescope_problem),
    "github": Format(github_json, github_problem),
    "junit": Format(grade_junit, junit_problem),
}

CLASS_FORMATS = ("canvas", "moodle", "csv", "jsonl", "junit")
