"""Cells that were run, as a submission."""

import pytest

from grader.jupyter.history import standing, submission_of
from grader.jupyter.messages import Executed
from grader.notebook import is_given, tagged_exercise
from grader.results import CellError


def numbers(*cells):
    return [cell.number for cell in standing(cells)]


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        ((Executed(1, "a = 1"), Executed(2, "b = 2")), [1, 2]),
        ((Executed(1, "a = 1"), Executed(2, "a = 2")), [2]),
        ((Executed(1, "a = b = 1"), Executed(2, "a = 2")), [1, 2]),
        ((Executed(1, "def f(): return 1"), Executed(2, "g = 1"), Executed(3, "%%check f\ndef f(): return 2")), [2, 3]),
        ((Executed(1, "print(1)"), Executed(2, "print(1)"), Executed(3, "print(2)")), [2, 3]),
        ((Executed(1, "a = 1", "id"), Executed(2, "b = 1", "id")), [2]),
        ((Executed(1, "a = 1"), Executed(2, "a = 1 / 0", error=CellError("ZeroDivisionError", ""))), [1, 2]),
    ],
)
def test_what_stands_is_what_was_run_last(cells, kept):
    assert numbers(*cells) == kept


def test_a_cell_stands_where_its_prompt_says(small_course):
    submission = submission_of([Executed(2, "a = 1"), Executed(5, "b = 2")], small_course)

    assert [cell.source for cell in submission.notebook.cells] == ["", "a = 1", "", "", "b = 2"]


@pytest.fixture
def course(load):
    """The small course, which gives something."""
    declared = 'course = Course(title="Numbers", exercises=["spread"], starter="n.ipynb", setup="folder = r\'{data}\'")'
    files = {"exercises/course.py": f"from grader.exercise import Course\n\n{declared}\n"}
    return load(files)


@pytest.mark.parametrize(
    ("cell", "is_gift", "exercise"),
    [
        (Executed(1, "spread = max"), False, ""),
        (Executed(1, "spread = max", "spread"), False, "spread"),
        (Executed(1, "folder = r'/home/me'"), True, ""),
        (Executed(1, "folder = 1", "setup"), True, ""),
        (Executed(1, "x = 1", "spread-given"), True, ""),
    ],
)
def test_the_cells_of_the_starter_notebook_are_known_again(course, cell, is_gift, exercise):
    (node,) = submission_of([cell], course).notebook.cells

    assert (is_given(node), tagged_exercise(node)) == (is_gift, exercise)
