"""The file that Moodle's grade import takes."""

import msgspec
import pytest

from grader.errors import UserError
from grader.exports.moodle import moodle_csv
from tests.grader.exports.standings import ADA, BOB, CAT, CLASS, DAN
from tests.grader.exports.test_table import table

# After the columns that Moodle's grade export writes, and its import offers to map.
EXPECTED = [
    ["Email address", "lab4", "lab4 (Feedback)"],
    ["ada@example.edu", "7.5", "Sums: 4 of 4; Means: 3.5 of 4"],
    ["bob@example.edu", "3", "1 point off for being late; Sums: 4 of 4; Means: 0 of 4"],
    [
        "cat@example.edu",
        "6",
        "Points given by prof: explained it in person, '-2 for style; Sums: 2 of 4; Means: 0 of 4",
    ],
]


def changed(standing, **changes):
    return msgspec.structs.replace(standing, **changes)


def test_who_it_is_the_grade_and_the_feedback_and_nobody_without_a_grade():
    export = moodle_csv(CLASS)

    assert table(export) == EXPECTED
    assert export.notes[:-1] == ("1 student left out, because nothing was graded: dan.",)
    assert not export.content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(("identity", "heading"), [("idnumber", "ID number"), ("username", "Username")])
def test_the_students_id_serves_as_moodles(identity, heading):
    rows = table(moodle_csv([ADA], identity, "Assignment: Lab 4 (Real)"))

    assert rows[0] == [heading, "Assignment: Lab 4 (Real)", "Assignment: Lab 4 (Real) (Feedback)"]
    assert rows[1][0] == "ada"


def test_a_student_id_that_is_an_address_is_one():
    assert table(moodle_csv([changed(ADA, student="a@b.edu", email="")]))[1][0] == "a@b.edu"


@pytest.mark.parametrize("email", ["", " ", "=ada@example.edu", "ada\t@example.edu"])
def test_without_an_identity_a_grade_would_go_to_the_student_of_the_row_before_and_is_left_out(email):
    export = moodle_csv([BOB, changed(ADA, email=email)])

    assert [row[0] for row in table(export)[1:]] == ["bob@example.edu"]
    assert export.notes[:-1] == ("1 student left out for want of what Moodle knows as Email address: ada.",)


def test_of_two_with_one_address_neither_is_given_the_grade_of_the_other():
    export = moodle_csv([ADA, BOB, changed(CAT, email="Ada@example.edu")])

    assert [row[0] for row in table(export)[1:]] == ["bob@example.edu"]
    assert export.notes[:-1] == ("2 students left out, because others have the same Email address: ada, cat.",)


def test_one_who_handed_in_nothing_takes_no_address_from_anybody():
    assert len(table(moodle_csv([ADA, changed(DAN, email="ada@example.edu")]))) == 2


def test_what_the_grades_are_out_of_is_told_unless_it_is_moodles_usual():
    (note,) = moodle_csv([ADA]).notes

    assert note.startswith("The grades are of 8 points: the grade item in Moodle needs that maximum")
    assert moodle_csv([changed(ADA, possible=100)]).notes == ()


def test_points_are_scaled_to_what_the_grade_item_is_worth():
    export = moodle_csv([ADA], most=100)

    assert table(export)[1][1] == "93.75"
    assert export.notes == ()


def test_grades_of_two_assignments_need_a_choice():
    with pytest.raises(UserError, match="of one assignment, and these are lab4, lab5"):
        moodle_csv([ADA, changed(BOB, assignment="lab5")], item="labs")


def test_no_grades_at_all_are_told():
    with pytest.raises(UserError, match="holds no grades"):
        moodle_csv([])
