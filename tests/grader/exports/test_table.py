"""A class as a table for spreadsheets."""

import csv
import io

import msgspec
import pytest
from hypothesis import given

from grader.exports.moodle import moodle_csv
from grader.exports.table import HEADINGS, class_table
from tests.grader.exports.standings import ADA, BEGIN_FORMULAS, BOB, CAT, CLASS, DAN, classes, outline


def table(export):
    """The rows of a CSV export."""
    return list(csv.reader(io.StringIO(export.content.decode("utf-8-sig"), newline="")))


def rows_by_student(standings):
    """The table's rows as dicts, by the student."""
    heading, *rows = table(class_table(standings))
    return {row[0]: dict(zip(heading, row, strict=True)) for row in rows}


def test_each_student_has_a_row_and_each_exercise_a_column():
    heading, *rows = table(class_table(CLASS))

    assert heading == [*HEADINGS, "exercise sums", "exercise means"]
    assert [row[0] for row in rows] == ["ada", "bob", "cat", "dan"]
    assert rows[0] == [
        *("ada", "Ada Lovelace", "ada@example.edu", "lab4", "7.5", "8", "93.75", "7.5"),
        *("0", "0", "", "", "", "", "4", "3.5"),
    ]


def test_lateness_override_and_what_is_missing_are_told():
    rows = rows_by_student(CLASS)

    assert {name: rows["bob"][name] for name in ("points", "automatic", "late (hours)", "penalty")} == {
        "points": "3", "automatic": "4", "late (hours)": "1.5", "penalty": "1",
    }  # fmt: skip
    assert [rows["cat"][name] for name in ("points", "automatic", "override", "override by", "override comment")] == [
        *("6", "2", "6", "prof", "explained it in person, '-2 for style"),
    ]
    assert [rows["dan"][name] for name in ("points", "possible", "percent", "problem", "exercise sums")] == [
        *("", "", "", "missing", ""),
    ]


def test_an_exercise_that_only_some_were_graded_in_is_empty_for_the_others():
    rows = rows_by_student([ADA, msgspec.structs.replace(BOB, outline=outline(extra=2))])

    assert rows["ada"]["exercise extra"] == ""
    assert rows["bob"]["exercise extra"] == "2"
    assert rows["bob"]["exercise sums"] == ""


def test_nobody_is_a_table_with_headings_only():
    assert table(class_table([])) == [list(HEADINGS)]


@given(classes.filter(bool))
def test_no_cell_begins_a_formula_unless_it_is_a_number_of_ours(standings):
    for export in (class_table(standings), moodle_csv(standings, item="lab4"), moodle_csv(standings, "username", "=1")):
        for row in table(export):
            for cell in row:
                assert not cell.startswith(BEGIN_FORMULAS) or float(cell) < 0
                assert cell.isprintable() or not {c for c in cell if ord(c) < 32}


@pytest.mark.parametrize("standing", [ADA, BOB, CAT, DAN])
def test_a_table_says_of_everybody_what_the_standing_says(standing):
    row = rows_by_student(CLASS)[standing.student]

    assert (row["name"], row["email"], row["problem"]) == (standing.name, standing.email, standing.problem)
