"""Words of the tables that the terminal shows of a class."""

import pytest

from grader.class_tables import class_line, late_text, print_student, stands
from grader.standing import ExerciseOutline, Outline, Override, Standing


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_725, "1 h 2 min"),
        (86_400, "1 d"),
        (86_400 + 300, "1 d"),
        (180_000, "2 d 2 h"),
        (40 * 86_400 + 3_600, "40 d 1 h"),
    ],
)
def test_a_length_of_time_is_told_in_two_units_at_most(seconds, words):
    assert late_text(seconds) == words


def test_a_class_is_told_in_a_line():
    graded = [Standing(str(n), "lab4", points=points, possible=4) for n, points in enumerate((4, 0, 2))]
    given = Standing("eve", "lab4", points=3, override=Override(3, "on paper", "Ines", ""), problem="missing")
    others = [Standing("cyd", "lab4", problem="missing"), Standing("dan", "lab4", problem="no notebook")]

    assert class_line([*graded, given, *others]) == (
        "6 students: 4 with points, 1 missing, 1 not graded. Mean: 50% of the possible points."
    )
    assert class_line(others[:1]) == "1 student: 1 missing."
    assert class_line([given]) == "1 student: 1 with points."
    assert class_line([]) == "No students."


def test_how_somebody_stands_is_told_in_one_line_whatever_was_written():
    given = Override(3, "on\npaper \x1b[31m", "Ines", "2026-11-21T08:00:00+00:00")

    assert stands(Standing("eve", "lab4", points=3, possible=4, override=given)) == (
        "3 of 4 points, given by Ines: on paper \\x1b[31m"
    )
    assert stands(Standing("eve", "lab4", problem="bad \x1b[31m")) == "no points (bad \\x1b[31m)"


def test_titles_of_exercises_have_the_room_that_the_numbers_leave(capsys):
    title = "What the library has for it, and how it differs"
    outline = Outline((ExerciseOutline("library", title, 1, 4, ()),), 1.0, True)

    print_student([Standing("ada", "lab4", points=1, possible=4, outline=outline)], ())

    assert any(title in line for line in capsys.readouterr().out.splitlines())
