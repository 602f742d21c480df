"""An exercise whose statement says how long its cells may run: they are stopped then, and nothing else is."""

import dataclasses
from pathlib import Path

import pytest

from grader.budgets import USUAL
from grader.course import LoadedCourse
from grader.endings import timeout_error
from grader.grading import grade
from grader.limits import Limits
from grader.notebook import read_notebook
from grader.report import render_html
from grader.results import Grade
from tests.grader.notebooks import write_notebook

HALF_THE_USUAL = Limits(cell_s=USUAL.cell_s / 2)
SLOW = "import time, torch\nfor _ in range(20): time.sleep(0.1)\n"
DISTANCE = "def mnist_distance(a, b):\n    return (a - b).abs().mean((-1, -2))\n"
MEAN = "def rmse(a, b):\n    return ((a - b)**2).mean().sqrt()\n"


@pytest.fixture
def graded(course: LoadedCourse, data: Path, tmp_path: Path):
    """Grades code cells by the exercise `mnist_distance` with this budget at half the usual time for a cell."""

    def run(*cells: str, budget_s: float, others: tuple[str, ...] = ()) -> Grade:
        chosen = course.selected(("mnist_distance", *others))
        exercises = dict(chosen.exercises)
        exercises["mnist_distance"] = dataclasses.replace(exercises["mnist_distance"], budget_s=budget_s)
        file = write_notebook(tmp_path / "lab.ipynb", *cells)
        return grade(read_notebook(file), dataclasses.replace(chosen, exercises=exercises), data, HALF_THE_USUAL)

    return run


def test_a_cell_that_takes_longer_is_stopped_and_says_why(graded) -> None:
    result = graded(SLOW + DISTANCE, budget_s=1)

    (error,) = (cell.error for cell in result.notebook if cell.error)
    assert error.type == "Timeout"
    assert error.message.startswith("The cell had not ended after 0.5 seconds")
    assert error.message.endswith('No more was left of the 0.5 seconds of "The distance between two images".')
    assert '"The distance between two images" may run 0.5 seconds in all' in error.explanation
    assert result.points == 0


def test_the_budget_is_that_of_all_cells_together_and_is_not_spent_twice(graded) -> None:
    result = graded(SLOW + "pause = 1\n", f"assert pause\n{DISTANCE}", budget_s=1)

    errors = [cell.error.message if cell.error else "" for cell in result.notebook]
    assert errors[0].startswith("The cell had not ended after 0.5 seconds")
    assert errors[1] == 'Not run: the cells above it took all 0.5 seconds of "The distance between two images".'


def test_within_the_budget_nothing_is_stopped_and_the_report_says_how_long_it_took(graded) -> None:
    result = graded(SLOW + DISTANCE, budget_s=120)

    (exercise,) = result.exercises
    assert result.is_passed
    assert 2 <= exercise.seconds < exercise.budget_s == 60
    assert "of the 60 s that they may" in render_html(result)


def test_cells_that_another_exercise_needs_are_not_of_the_budget(graded) -> None:
    result = graded(f"{SLOW}from math import pi\n{DISTANCE}{MEAN}", budget_s=1, others=("distances",))

    assert not any(cell.error for cell in result.notebook)


@pytest.mark.parametrize(("limit_s", "words"), [(6.16198, "6.2"), (120.0, "120"), (0.04, "0.04")])
def test_what_was_left_is_said_in_few_digits(limit_s: float, words: str) -> None:
    assert f"after {words} seconds" in timeout_error(limit_s, is_killed=False).message


def test_without_a_budget_the_report_says_nothing_of_one(graded) -> None:
    result = graded(DISTANCE, budget_s=0)

    assert "that they may" not in render_html(result)
