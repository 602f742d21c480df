"""Starting: what is written into a folder, and that nothing that is there is ever changed."""

from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest

from grader.commands.students import start
from grader.errors import UserError
from grader.files import write_new
from grader.notebook import METADATA, role_of, tagged_exercise
from grader.quiz.bank import written_questions
from grader.starter import starter_notebook
from grader.starting import chosen, make_folder, notebooks_in, planned, write_starter


@pytest.fixture(scope="module")
def questions(course):
    return written_questions(course)


@pytest.fixture
def started(course, questions, tmp_path):
    """A function that starts in the test's folder, and gives the file that was written; None if nothing was."""

    def start(*only):
        plan = planned(tmp_path, course, questions, only)
        if plan.file:
            write_starter(plan, tmp_path / "data")
        return plan.file

    return start


def exercises_in(file):
    return [name for cell in nbformat.read(file, 4).cells if (name := tagged_exercise(cell))]


def questions_in(file):
    return [cell.metadata[METADATA].question for cell in nbformat.read(file, 4).cells if role_of(cell) == "question"]


def test_everything_is_written_where_nothing_is(course, questions, started, tmp_path):
    file = started()

    assert file == tmp_path / course.course.starter
    written = nbformat.read(file, 4)
    assert written == starter_notebook(course, str(tmp_path / "data"), questions=questions)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_the_notebook_of_a_course_of_your_own_says_where_that_is(small_course, tmp_path):
    plan = planned(tmp_path / "begun", small_course, (), ())
    make_folder(tmp_path / "begun")
    write_starter(plan, tmp_path / "data")

    (asking,) = (cell.source for cell in nbformat.read(plan.file, 4).cells if role_of(cell) == "grader")
    assert asking == f"import grader\n\n%env GRADER_COURSE={small_course.folder}\n%load_ext grader"


@pytest.mark.parametrize(
    ("only", "names"),
    [
        (["mnist_distance"], ["mnist_distance"]),
        (["mnist_distance", "pixels"], ["pixels", "mnist_distance"]),
        (["sgd and mini-batches"], ["data_loader"]),
        (["SGD and Mini-Batches", "data_loader"], ["data_loader"]),
    ],
)
def test_a_part_is_its_exercises_in_the_courses_order(started, only, names):
    file = started(*only)

    assert exercises_in(file) == names
    assert questions_in(file) == []


def test_a_part_has_the_setup_and_what_its_exercise_is_given(started):
    roles = [role_of(cell) for cell in nbformat.read(started("baseline"), 4).cells if cell.cell_type == "code"]

    assert roles == ["grader", "setup", "given", "answer", "check"]


def test_the_questions_are_a_part_too(course, questions, started):
    file = started(course.course.questionnaire)

    assert exercises_in(file) == []
    assert questions_in(file) == [question.name for question in questions]


@pytest.mark.parametrize(("only", "near"), [("pixel", "pixels"), ("Putting It Together", "Putting It All Together")])
def test_a_part_that_there_is_not_is_told_with_the_nearest(started, tmp_path, only, near):
    with pytest.raises(UserError, match=f"^{only}: no such exercise or section. Do you mean {near}?"):
        started("pixels", only)
    assert list(tmp_path.iterdir()) == []


def test_a_course_without_sections_and_questions_has_no_part_of_no_name(small_course):
    with pytest.raises(UserError, match="no such exercise"):
        chosen(small_course, (), [""])


def test_started_again_it_writes_nothing_and_the_work_is_byte_for_byte_the_same(started):
    file = started()
    notebook = nbformat.read(file, 4)
    notebook.cells[10].source = "# my work"
    nbformat.write(notebook, file)
    before = file.read_bytes(), file.stat().st_mtime_ns

    assert started() is None
    assert started("pixels") is None
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


def test_what_is_missing_goes_into_another_file(course, questions, started, tmp_path):
    first = started("pixels")
    before = first.read_bytes()

    second, third = started("gradients"), started()

    assert [file.name for file in (first, second, third)] == ["chapter4.ipynb", "chapter4-2.ipynb", "chapter4-3.ipynb"]
    assert exercises_in(second) == ["gradients"]
    assert "grader check chapter4-2.ipynb" in nbformat.read(second, 4).cells[0].source
    assert exercises_in(third) == [name for name in course.exercises if name not in ("pixels", "gradients")]
    assert questions_in(third) == [question.name for question in questions]
    assert first.read_bytes() == before
    assert started() is None


def test_an_exercise_counts_as_there_if_its_cell_is_empty_or_the_answer_stands_elsewhere(started):
    file = started("pixels", "gradients")
    notebook = nbformat.read(file, 4)
    for cell in notebook.cells:
        if tagged_exercise(cell) == "pixels":
            cell.source = ""
        elif tagged_exercise(cell) == "gradients":
            cell.metadata = {}
            cell.source = "def gradient_of(f, x):\n    return 1"
    nbformat.write(notebook, file)

    assert started("pixels") is None
    assert started("gradients") is None


def test_a_cell_that_was_deleted_can_be_had_again(started):
    file = started("pixels", "gradients")
    notebook = nbformat.read(file, 4)
    notebook.cells = [cell for cell in notebook.cells if tagged_exercise(cell) != "pixels"]
    nbformat.write(notebook, file)

    assert exercises_in(started("pixels")) == ["pixels"]


@pytest.mark.parametrize("content", [b"my work", b"", b"[]", b'{"nbformat": 4, "cells": 3}', b"\xff\xfe", b"{}"])
@pytest.mark.parametrize("name", ["chapter4.ipynb", "chapter4-2.ipynb"])
def test_what_is_no_notebook_is_left_as_it_is(started, tmp_path, content, name):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(UserError, match=f"{name}: is there already") as refused:
        started()

    assert len(str(refused.value).splitlines()) == 1
    assert (tmp_path / name).read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_or_a_link_to_nowhere_in_its_place_is_left_too(started, tmp_path):
    (tmp_path / "chapter4.ipynb").mkdir()
    with pytest.raises(UserError, match="is there already"):
        started()

    (tmp_path / "chapter4.ipynb").rmdir()
    (tmp_path / "chapter4.ipynb").symlink_to("nowhere")
    with pytest.raises(UserError, match="is there already"):
        started()


def test_others_notebooks_are_not_looked_at(started, tmp_path):
    for name in ("chapter4-solved.ipynb", "chapter4-02.ipynb", "Chapter4.report.html", "chapter4-2.txt"):
        (tmp_path / name).write_text("no notebook")

    assert started().name == "chapter4.ipynb"


@pytest.mark.parametrize(
    ("there", "next_one"),
    [([], "chapter4.ipynb"), ([2], "chapter4.ipynb"), ([1], "chapter4-2.ipynb"), ([1, 3, 10], "chapter4-11.ipynb")],
)
def test_the_next_file_is_none_that_is_there(started, tmp_path, there, next_one):
    first = started("pixels")
    content = first.read_bytes()
    first.unlink()
    for number in there:
        (tmp_path / (f"chapter4-{number}.ipynb" if number > 1 else "chapter4.ipynb")).write_bytes(content)

    assert started("gradients").name == next_one


def test_of_two_that_start_at_once_one_writes_and_the_other_is_told(course, questions, tmp_path):
    plans = [planned(tmp_path, course, questions, [name]) for name in ("pixels", "gradients")]

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(write_starter, plan, tmp_path) for plan in plans]
    errors = [str(one.exception()) for one in done if one.exception()]

    (told,) = errors
    assert "somebody else has just written this file" in told
    assert exercises_in(tmp_path / "chapter4.ipynb") in (["pixels"], ["gradients"])
    assert len(list(tmp_path.iterdir())) == 1


def test_the_command_prepares_the_data_also_beside_a_notebook_that_it_keeps(
    write_course, tmp_path, monkeypatch, capsys
):
    course = write_course(
        {
            "exercises/course.py": "from grader.exercise import Course\n\n"
            "course = Course(title='N', exercises=['spread'], starter='n.ipynb', prepare='making:make')\n",
            "reference/making.py": "def make(folder, progress):\n"
            "    folder.mkdir(exist_ok=True)\n    (folder / 'data').touch()\n",
        }.items()
    )
    monkeypatch.setenv("GRADER_DATA", str(tmp_path / "made"))
    arguments = [str(tmp_path / "work"), "--course", str(course)]

    start.main(arguments, standalone_mode=False)
    before = (tmp_path / "work" / "n.ipynb").read_bytes()
    (tmp_path / "made" / "data").unlink()
    capsys.readouterr()
    start.main(arguments, standalone_mode=False)

    assert (tmp_path / "made" / "data").exists()
    assert (tmp_path / "work" / "n.ipynb").read_bytes() == before
    assert "Nothing is missing. To begin anew, give another folder." in capsys.readouterr().out


def test_a_folder_that_may_not_be_written_to_is_told(public_folder, without_privileges):
    folder = public_folder / "closed"
    folder.mkdir(mode=0o555)
    without_privileges()

    with pytest.raises(UserError, match="can't be written to"):
        make_folder(folder)
    with pytest.raises(UserError, match="can't be written to"):
        make_folder(folder / "below")


def test_a_folder_that_may_not_be_read_is_told(public_folder, without_privileges):
    folder = public_folder / "closed"
    folder.mkdir(mode=0o300)
    without_privileges()

    with pytest.raises(UserError, match="can't be looked into"):
        notebooks_in(folder, "chapter4.ipynb")


def test_a_new_file_is_written_also_where_there_are_no_links(tmp_path, monkeypatch):
    def no_links(self, target):
        raise OSError("not supported")

    monkeypatch.setattr(type(tmp_path), "hardlink_to", no_links)
    write_new(tmp_path / "a", b"1")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a", b"2")

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"1"}
