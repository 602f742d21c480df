"""Others' notebooks, written in the book's manner: tests/data/book/. A slice of them gives what all of them gives."""

import importlib.util
from pathlib import Path

import pytest

from grader.course import LoadedCourse
from grader.grading import grade
from grader.kernel import Room, isolated_room
from grader.limits import Limits
from grader.notebook import read_notebook
from grader.places import content_folder
from grader.results import ExerciseResult, Grade
from tests.grader.notebooks import write_notebook

BOOKS = Path(__file__).parent.parent / "data" / "book"
LIMITS = Limits(cell_s=120)
EXERCISES = (
    *("list_comprehensions", "rank_and_shape", "bottom_right", "mnist_distance", "zip_pairs", "data_loader"),
    *("sgd_step", "learner", "full_mnist"),
)
FASTAI = "needs the real fastai, which is an optional extra: pip install 'chapter4-grader[fastai]'"


def has_fastai() -> bool:
    """Whether it is there; that it can be imported is tested with it."""
    return importlib.util.find_spec("fastai") is not None


@pytest.fixture
def graded(course: LoadedCourse, data: Path, tmp_path: Path):
    """Grades code cells, or a notebook of the test set, by some exercises, as the command line does."""

    def run(
        *cells: str,
        book: str = "",
        is_sliced: bool = True,
        exercises=EXERCISES,
        room: Room | None = None,
        **tagged: str,
    ) -> Grade:
        file = BOOKS / f"{book}.ipynb" if book else write_notebook(tmp_path / "lab.ipynb", *cells, **tagged)
        return grade(read_notebook(file), course.selected(exercises), data, LIMITS, room=room, is_sliced=is_sliced)

    return run


def outcomes(result: Grade) -> dict[str, list[tuple[str, str, str]]]:
    return {e.name: [(v.description, v.outcome, v.misconception) for v in e.verdicts] for e in result.exercises}


def of(result: Grade, name: str) -> ExerciseResult:
    return next(exercise for exercise in result.exercises if exercise.name == name)


def run_cells(result: Grade) -> list[int]:
    return [cell.position for cell in result.notebook if cell.seconds is not None]


# The test set


@pytest.mark.parametrize("book", ["own_names", "on_colab", "hard_to_slice"])
def test_a_slice_gives_the_same_verdicts_as_the_whole_notebook(graded, book: str) -> None:
    part, whole = graded(book=book), graded(book=book, is_sliced=False)

    assert outcomes(part) == outcomes(whole)
    assert set(run_cells(part)) < set(run_cells(whole))
    assert part.first_error == whole.first_error


def test_a_student_who_uses_other_names_is_graded_by_them(graded) -> None:
    result = graded(book="own_names")

    assert of(result, "mnist_distance").stand_ins == {"mnist_distance": "mnist_dist"}
    assert of(result, "mnist_distance").points == 5  # though what it calls is defined only below it
    assert of(result, "learner").stand_ins == {"Learner": "MyLearner"}
    assert [v.outcome for v in of(result, "sgd_step").verdicts] == ["missing"] * 2 + ["passed"] * 3
    assert not of(result, "rank_and_shape").is_attempted  # `rank` is a number there
    assert not of(result, "data_loader").is_attempted  # PyTorch's own is imported


def test_a_notebook_of_colab_is_graded_without_its_website(graded) -> None:
    result = graded(book="on_colab")
    errors = {cell.position for cell in result.notebook if cell.error}

    assert errors == {8, 10}
    assert of(result, "list_comprehensions").points == 6
    assert any("`!pip install -Uqq fastbook` (cell 1)" in note for note in result.notes)
    assert result.notebook[0].source.startswith("!pip install -Uqq fastbook")
    assert result.first_error is not None
    assert (result.first_error.cell, result.first_error.exercises) == (8, ("The distance between two images",))


@pytest.mark.skipif(not has_fastai(), reason=FASTAI)
def test_the_books_own_notebook_is_graded_with_the_real_fastai(course: LoadedCourse, tmp_path: Path) -> None:
    from reference import mnist

    mnist.prepare(tmp_path, parts=("mnist_sample",))
    submission = read_notebook(BOOKS / "with_fastai.ipynb")
    part, whole = (grade(submission, course, tmp_path, LIMITS, is_sliced=sliced) for sliced in (True, False))

    assert [(cell.position, cell.error) for cell in whole.notebook if cell.error] == []
    assert outcomes(part) == outcomes(whole)
    assert of(part, "mnist_distance").points == 5
    assert [v.outcome for v in of(part, "sgd_step").verdicts] == ["missing"] * 2 + ["passed"] * 3
    assert not of(part, "learner").is_attempted  # fastai's own is used
    assert len(run_cells(part)) < len(run_cells(whole)) - 15


@pytest.mark.skipif(has_fastai(), reason="is about a machine without fastai")
def test_without_fastai_the_report_says_which_cells_needed_it(graded) -> None:
    result = graded("import torch", "from fastai.vision.all import *", "def mnist_distance(a, b): return tensor(a - b)")

    assert "Cell 2 needs fastai, which is not installed: pip install 'chapter4-grader[fastai]'" in result.notes
    assert "chapter4-grader[fastai]" in result.notebook[1].error.explanation
    assert result.first_error.cell == 2


# What is run


def test_only_what_an_exercise_needs_is_run_and_the_report_says_why_the_rest_is_not(graded) -> None:
    result = graded(
        "x = 1", "raise ValueError('heavy')", "def mnist_distance(a, b): return (a - b).abs().mean((-1, -2))"
    )

    assert run_cells(result) == [3]
    assert result.notebook[0].left_out == "No exercise that was found needs `x` from here."
    assert result.notebook[1].error is None
    assert of(result, "mnist_distance").points == 5
    assert any("Of 3 cells with code, 1 were run" in note for note in result.notes)


def test_outputs_that_were_saved_are_not_shown_for_a_cell_that_was_not_run(course, data, tmp_path: Path) -> None:
    import nbformat

    file = write_notebook(tmp_path / "lab.ipynb", "x = 1", "def make_dataset(xs, ys): return list(zip(xs, ys))")
    notebook = nbformat.read(file, as_version=4)
    notebook.cells[0].outputs = [nbformat.v4.new_output("stream", text="from last year")]
    nbformat.write(notebook, file)

    result = grade(read_notebook(file), course.selected(("zip_pairs",)), data, LIMITS, is_sliced=True)

    assert result.notebook[0].text == ""


def test_the_courses_own_notebook_is_run_in_full(graded) -> None:
    result = graded("x = 1", zip_pairs="def make_dataset(xs, ys): return list(zip(xs, ys))")

    assert run_cells(result) == [1, 2]
    assert of(result, "zip_pairs").points == 4


def test_a_slice_in_which_a_definition_fails_is_made_larger_and_run_again(graded) -> None:
    cells = (
        "def pairs(xs, ys): return list(zip(xs, ys))",
        "raise ValueError\ndef pairs(xs, ys): return None",
        "def make_dataset(xs, ys): return pairs(xs, ys)",
    )
    part, whole = graded(*cells), graded(*cells, is_sliced=False)

    assert of(part, "zip_pairs").points == of(whole, "zip_pairs").points == 4
    assert run_cells(part) == [1, 2, 3]


def test_each_definition_is_an_attempt(graded) -> None:
    right = "def make_dataset(xs, ys): return list(zip(xs, ys))"

    assert of(graded(right, "def make_dataset(xs): return None"), "zip_pairs").points == 4
    assert of(graded("def make_dataset(xs): return None", right), "zip_pairs").points == 4


# What is found


def test_an_exercise_of_which_nothing_is_found_is_not_attempted(graded) -> None:
    result = graded("import torch", "def make_dataset(xs, ys): return list(zip(xs, ys))")

    assert [exercise.name for exercise in result.exercises if exercise.is_attempted] == ["zip_pairs"]
    assert (result.points, result.attempted) == (4, 4)
    assert result.possible > 60


def test_a_misspelt_alias_is_no_answer_and_a_misspelt_name_is_pointed_out(graded) -> None:
    result = graded("def mnist_distanse(a, b): return (a - b).abs().mean((-1, -2))", exercises=("mnist_distance",))

    assert "but a `mnist_distanse`" in of(result, "mnist_distance").verdicts[0].reason


# Where fastai finds its data

LOOK = """
import os
from pathlib import Path
home = Path(os.environ["FASTAI_HOME"])
found = sorted(p.name for p in (home / "data").iterdir() if p.is_dir())
(home / "archive").mkdir(exist_ok=True)
print(found, (home / "data" / "mnist_sample").resolve() == Path(os.environ["GRADER_DATA"], "mnist_sample").resolve())
"""


@pytest.mark.parametrize("is_isolated", [False, True])
def test_the_data_sets_stand_where_untar_data_looks_for_them(graded, data: Path, is_isolated: bool) -> None:
    import sys

    room = isolated_room(sys.executable, data, content_folder()) if is_isolated else Room()
    if is_isolated and not room.is_isolated:
        pytest.skip(f"no isolation here: {room.problem}")

    result = graded(LOOK, is_sliced=False, exercises=("zip_pairs",), room=room)

    assert result.notebook[0].error is None
    assert result.notebook[0].text == "['mnist_png', 'mnist_sample', 'salt'] True\n"
