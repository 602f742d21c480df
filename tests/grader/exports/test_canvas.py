"""The file that Canvas's gradebook import takes."""

import msgspec
import pytest
from hypothesis import given

from grader.errors import UserError
from grader.exports.canvas import canvas_csv
from tests.grader.exports.standings import ADA, BEGIN_FORMULAS, BOB, CAT, CLASS, DAN, classes
from tests.grader.exports.test_table import table

# As Canvas's lib/gradebook_exporter.rb writes it: ids, sections, a custom column, assignments with their ids, the row
# of manual posting, the row of points, and totals that nobody can change.
TEMPLATE = """\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Lab 3 (901),Lab 4 (902),Current Score,Final Score
,,,,,,,Manual Posting,,
    Points Possible,,,,,,10.00,8.00,(read only),(read only)
"Lovelace, Ada",11,S-1,ada,Section 1,,9.00,1.00,90,90
"O'Neil, Bob",12,S-2,bob@example.edu,"Section 1 and Section 2",,N/A,,0,0
"Müller, Cat",13,S-3,cm77,Section 2,,,,0,0
"Ito, Dan",14,S-4,dan,Section 2,,10.00,,100,100
"Student, Test",15,,0f1e2d,Section 1,,,,,
"""

EXPECTED = [
    ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lab 4 (902)"],
    ["Points Possible", "", "", "", "", "8"],
    ["Lovelace, Ada", "11", "S-1", "ada", "Section 1", "7.5"],
    ["O'Neil, Bob", "12", "S-2", "bob@example.edu", "Section 1 and Section 2", "3"],
    ["Müller, Cat", "13", "S-3", "cm77", "Section 2", "6"],
]


def canvas(standings=CLASS, template=TEMPLATE, column="Lab 4", **options):
    return canvas_csv(standings, template.encode(), column, **options)


def changed(standing, **changes):
    return msgspec.structs.replace(standing, **changes)


def test_the_ids_are_the_templates_and_only_what_was_graded_is_in_it():
    export = canvas()

    assert table(export) == EXPECTED
    assert export.notes == (
        "1 student found in Canvas's gradebook by name only: cat.",
        "1 student left out, because nothing was graded: dan.",
    )


@pytest.mark.parametrize("student", ["11", "S-1", "ada", "ADA", " ada "])
def test_a_student_is_known_by_any_id_of_canvas(student):
    rows = table(canvas([changed(ADA, student=student, name="", email="")]))

    assert rows[2:] == [EXPECTED[2]]


@pytest.mark.parametrize("column", ["Lab 4", "lab 4 ", "902", "Lab 4 (902)"])
def test_the_assignment_is_known_by_title_id_or_heading(column):
    assert table(canvas(column=column))[0][-1] == "Lab 4 (902)"


def test_the_assignment_is_by_default_the_one_of_our_name():
    assert table(canvas(template=TEMPLATE.replace("Lab 4 (902)", "lab4 (902)"), column=""))[0][-1] == "lab4 (902)"


@pytest.mark.parametrize("form", ["semicolons", "a mark of UTF-8", "CRLF"])
def test_the_forms_in_which_canvas_exports_by_its_users_settings_are_read(form):
    semicolons = TEMPLATE.replace(", ", "# ").replace(",", ";").replace("# ", ", ").replace("8.00", "8,00")
    template = {
        "semicolons": semicolons.replace('"Lovelace, Ada"', "Lovelace, Ada"),
        "a mark of UTF-8": "\ufeff" + TEMPLATE,
        "CRLF": TEMPLATE.replace("\n", "\r\n"),
    }[form]

    assert table(canvas(template=template)) == EXPECTED


def test_a_name_that_canvas_splits_in_two_columns_is_found():
    template = TEMPLATE.replace("Student,ID", "LastName,FirstName,ID").replace(
        "    Points Possible,", "    Points Possible,,"
    )
    template = template.replace('"Müller, Cat"', "Müller,Cat")
    template = "\n".join(line for line in template.splitlines() if "Müller" in line or "Points" in line or "ID" in line)

    rows = table(canvas([CAT], template))

    assert rows[0][:3] == ["LastName", "FirstName", "ID"]
    assert rows[2] == ["Müller", "Cat", "13", "S-3", "cm77", "Section 2", "6"]


def test_who_is_not_in_canvas_or_may_be_several_is_left_out_and_named():
    stranger = changed(ADA, student="eve", name="Eve Nobody", email="eve@example.edu")
    both = changed(ADA, student="12", email="")  # is Bob's id in Canvas, and somebody else's here
    export = canvas([stranger, both, BOB])

    assert len(table(export)) == 2
    assert export.notes == (
        "1 student left out, because Canvas's gradebook does not have them: eve.",
        "2 students left out, because it is not clear who of Canvas's gradebook they are: 12, bob.",
    )


def test_a_namesake_takes_no_row_from_whom_an_id_has_found():
    export = canvas([changed(ADA, student="eve", email=""), ADA])

    assert table(export)[2:] == [EXPECTED[2]]
    assert export.notes == ("1 student left out, because Canvas's gradebook does not have them: eve.",)


def test_standings_of_two_assignments_are_refused_even_for_a_column():
    with pytest.raises(UserError, match="of one assignment"):
        canvas([ADA, changed(BOB, assignment="lab5")], column="Lab 4")


def test_an_id_that_is_two_students_is_nobodys():
    export = canvas([changed(ADA, student="12")], TEMPLATE.replace("S-1", "12"))

    assert len(table(export)) == 2
    assert "it is not clear who" in export.notes[0]


def test_one_who_handed_in_nothing_takes_no_row_from_who_did():
    export = canvas([ADA, changed(DAN, student="11")])

    assert table(export)[2:] == [EXPECTED[2]]


def test_an_excused_student_stays_excused():
    export = canvas([ADA], TEMPLATE.replace("9.00,1.00", "9.00,EX"))

    assert len(table(export)) == 2
    assert export.notes == ("1 student left out, because Canvas excuses them: ada.",)


def test_points_are_scaled_only_where_it_is_wanted():
    template = TEMPLATE.replace("8.00", "100.00")

    plain, scaled = (canvas([ADA], template, is_scaled=is_scaled) for is_scaled in (False, True))

    assert plain.notes == (
        (
            '"Lab 4 (902)" is worth 100 points in Canvas and 8 here. '
            "The points are written as they are; --scale makes them a part of those there."
        ),
    )
    assert table(plain)[2][-1] == "7.5"
    assert scaled.notes == ()
    assert table(scaled)[2][-1] == "93.75"


def test_formulas_in_the_template_are_none_in_what_is_written():
    rows = table(canvas([ADA], TEMPLATE.replace('"Lovelace, Ada"', '"=HYPERLINK(1)"')))

    assert rows[2][0] == "'=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a gradebook of Canvas"),
        (b"name,points\nada,3\n", "not a gradebook of Canvas"),
        ("Student,ID,Section\nMüller".encode("latin-1"), "not in UTF-8"),
        (b"Student,ID,SIS Login ID,Section,Lab 4 (1)\nAda,1,ada,S,3\n", 'without its row "Points Possible"'),
        (b'Student,ID,Section\n"' + b"a" * 200_000 + b'"\n', "not a CSV file"),
    ],
)
def test_what_is_no_gradebook_of_canvas_is_told(content, says):
    with pytest.raises(UserError, match=says) as told:
        canvas_csv(CLASS, content, "Lab 4", file="grades.csv")

    assert str(told.value).startswith("grades.csv: ")
    assert "Export Entire Gradebook" in str(told.value)


def test_an_assignment_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(UserError, match=r'no assignment is called "Lab 5".*"Lab 3 \(901\)", "Lab 4 \(902\)"'):
        canvas(column="Lab 5")


def test_an_assignment_of_two_columns_needs_its_id():
    template = TEMPLATE.replace("Lab 3", "Lab 4")

    with pytest.raises(UserError, match="several assignments"):
        canvas(template=template)
    assert table(canvas(template=template, column="902"))[0][-1] == "Lab 4 (902)"


def test_a_column_that_takes_no_scores_is_told():
    with pytest.raises(UserError, match="read only"):
        canvas(template=TEMPLATE.replace("8.00", "(read only)"))


@given(classes.filter(bool))
def test_no_cell_begins_a_formula_unless_it_is_a_number_of_ours(standings):
    template = TEMPLATE.encode() + b"".join(b",%d,,,S,,,,,\n" % n for n in range(20, 24))
    standings = [changed(standing, student=str(20 + i)) for i, standing in enumerate(standings)]

    rows = table(canvas_csv(standings, template, "Lab 4"))

    assert len(rows) == 2 + sum(standing.points is not None for standing in standings)
    for row in rows:
        for cell in row:
            assert not cell.startswith(BEGIN_FORMULAS) or float(cell) < 0
