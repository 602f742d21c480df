"""Watching a notebook: when a file was saved, what is graded of it and when, and what is said of it."""

from itertools import count, islice, pairwise

import msgspec
import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UserError
from grader.results import Verdict
from grader.watching import (
    NAMED,
    PATIENCE,
    Stamp,
    State,
    change_in_words,
    line_of,
    sentence_of,
    settled,
    stamp_of,
    stamps_of,
    states,
    work_in,
)
from tests.grader.notebooks import notebook_of, prose, write_notebook
from tests.grader.report_examples import grade_of

A, B = Stamp(1, 10, 5), Stamp(2, 10, 5)
LOOKS = st.lists(st.sampled_from([A, B, None]), max_size=60)


# When a file was saved


def test_the_first_look_counts_at_once():
    assert next(settled(iter([A]))) == A


def test_a_save_counts_once_it_has_lasted_for_two_looks():
    assert list(settled([A, A, B])) == [A]
    assert list(settled([A, A, B, B, B])) == [A, B]


def test_a_file_that_is_still_being_written_is_waited_for():
    growing = [Stamp(n, n, 5) for n in range(2, 9)]

    assert list(settled([A, *growing, growing[-1]])) == [A, growing[-1]]


def test_a_file_that_is_replaced_is_away_for_a_moment_only():
    assert list(settled([A, None, None, A, None, B, B])) == [A, B]


def test_a_file_that_stays_away_is_gone_until_it_is_back():
    assert list(settled([A, *[None] * (PATIENCE + 2), A, A])) == [A, None, A]


@given(LOOKS)
def test_nothing_counts_twice_in_a_row_and_nothing_that_was_not_seen(looks):
    found = list(settled(looks))

    assert all(one != another for one, another in pairwise(found))
    assert set(found) <= set(looks)


@given(LOOKS, st.sampled_from([A, B, None]))
def test_whatever_came_before_what_lasts_counts_in_the_end(looks, last):
    assert list(settled([*looks, *[last] * PATIENCE]))[-1] == last


def test_a_file_is_another_when_it_is_written_again_or_replaced(tmp_path):
    file, other = tmp_path / "lab.ipynb", tmp_path / "other"
    looks = stamps_of(file, 0)
    assert next(looks) is None
    file.write_text("one")
    first = next(looks)
    file.write_text("longer")
    second = next(looks)
    other.write_text("longer")
    other.replace(file)

    assert len({first, second, next(looks)}) == 3


# What is graded, and when


class Bench:
    """Grades by the length of the first cell, and keeps what it has graded."""

    def __init__(self):
        self.graded = []
        self.problem = ""

    def __call__(self, submission):
        self.graded.append(submission.notebook.cells[0].source)
        if self.problem:
            raise UserError(self.problem)
        return grade_of(Verdict("adds", "passed", float(len(self.graded[-1])), 9.0))


@pytest.fixture
def bench():
    return Bench()


@pytest.fixture
def lab(tmp_path):
    return tmp_path / "lab.ipynb"


def followed(lab, bench, *actions):
    """The states after each action upon the file, which each are a save; the first list is of the file as it is."""

    def saves():
        yield stamp_of(lab)
        for action in actions:
            seen.append([])
            action()
            yield stamp_of(lab)

    seen = [[]]
    ticks = count(1)
    for state in states(lab, saves(), bench, lambda: f"14:03:{next(ticks):02}"):
        seen[-1].append(state)
    return seen


def stages(states_of_a_save):
    return [state.stage for state in states_of_a_save]


def test_a_notebook_is_graded_at_once_and_after_each_save(lab, bench):
    write_notebook(lab, "x")

    first, second = followed(lab, bench, lambda: write_notebook(lab, "x=1"))

    assert stages(first) == stages(second) == ["grading", "graded"]
    assert [first[-1].number, second[-1].number] == [1, 2]
    assert (first[-1].change, second[-1].change) == ("", "+2: sums")
    assert second[0].grade == first[-1].grade
    assert bench.graded == ["x", "x=1"]


def test_a_save_that_changes_outputs_and_text_alone_is_not_graded_again(lab, bench):
    def save(text, output):
        notebook = notebook_of("x")
        notebook.cells[0].outputs = [nbformat.v4.new_output("stream", text=output)]
        notebook.cells[0].execution_count = len(output)
        notebook.cells.append(prose(text))
        notebook.metadata["title"] = text
        nbformat.write(notebook, lab)

    save("one", "")

    assert list(map(stages, followed(lab, bench, lambda: save("two", "out")))) == [["grading", "graded"], []]


@pytest.mark.parametrize(
    "other",
    [notebook_of("y"), notebook_of("x", "y"), notebook_of(sums="x"), nbformat.v4.new_notebook(cells=[prose("x")])],
    ids=["other code", "one cell more", "a cell for an exercise", "no code"],
)
def test_other_code_is_other_work(other):
    assert work_in(notebook_of("x")) != work_in(other)


def test_a_cell_more_is_other_work_since_reports_number_the_cells():
    notebook = notebook_of("x")
    notebook.cells.insert(0, prose("A thought."))

    assert work_in(notebook) != work_in(notebook_of("x"))


def test_a_damaged_notebook_keeps_the_last_report_and_is_said(lab, bench):
    write_notebook(lab, "x")
    whole = lab.read_bytes()

    first, damaged, again = followed(lab, bench, lambda: lab.write_bytes(whole[:50]), lambda: lab.write_bytes(whole))

    assert stages(damaged) == ["waiting"]
    assert "not a notebook" in damaged[0].problem
    assert damaged[0].grade == first[-1].grade
    assert again == [first[-1]]  # with the time at which it was graded
    assert bench.graded == ["x"]


def test_a_notebook_that_is_none_at_first_is_waited_for(lab, bench):
    lab.write_text("")

    first, second = followed(lab, bench, lambda: write_notebook(lab, "x"))

    assert (stages(first), stages(second)) == (["waiting"], ["grading", "graded"])
    assert first[0].grade is None
    assert second[-1].number == 1


def test_a_file_that_is_gone_is_said_and_its_return_is_no_news(lab, bench):
    write_notebook(lab, "x")
    whole = lab.read_bytes()

    _, gone, back = followed(lab, bench, lab.unlink, lambda: lab.write_bytes(whole))

    assert stages(gone) == ["waiting"]
    assert "no such file" in gone[0].problem
    assert stages(back) == ["graded"]


def test_what_could_not_be_graded_is_tried_again_at_the_next_save(lab, bench):
    write_notebook(lab, "x")
    bench.problem = "No kernel starts."

    def mend():
        bench.problem = ""

    first, again = followed(lab, bench, mend)

    assert stages(first) == ["grading", "waiting"]
    assert first[-1].problem == "No kernel starts."
    assert stages(again) == ["grading", "graded"]


def test_of_several_saves_during_a_grading_the_last_is_graded(lab, bench):
    looks = iter([A, A, B, B])
    versions = ["x", "xx", "xxx"]

    def grade(submission):
        while versions:
            write_notebook(lab, versions.pop(0))
        return bench(submission)

    write_notebook(lab, "w")
    list(states(lab, settled(looks), grade, lambda: ""))

    assert bench.graded == ["w", "xxx"]


# What is said


def test_points_gained_and_lost_are_named_by_their_exercises():
    def grade(**points):
        (exercise,) = grade_of(Verdict("adds", "passed", 1.0, 9.0)).exercises
        return grade_of(
            exercises=tuple(msgspec.structs.replace(exercise, name=name, points=p) for name, p in points.items())
        )

    before = grade(sums=1.0, spread=2.0, total=0.1)

    assert change_in_words(None, before) == ""
    assert change_in_words(before, grade(sums=3.0, spread=2.0, total=0.1)) == "+2: sums"
    assert change_in_words(before, grade(sums=1.5, spread=0.0, total=0.1)) == "+0.5: sums, -2: spread"
    assert change_in_words(before, grade(sums=1.0, spread=2.0, total=0.1 + 1e-12)) == "the same points"


def test_of_many_changes_the_first_are_named():
    (exercise,) = grade_of(Verdict("adds", "passed", 1.0, 9.0)).exercises
    names = [f"e{number}" for number in range(NAMED + 2)]
    after = grade_of(exercises=tuple(msgspec.structs.replace(exercise, name=name) for name in names))

    assert change_in_words(grade_of(), after) == "+1: e0, +1: e1, +1: e2, +1: e3, +1: e4, 2 more"


def test_a_grade_is_one_line():
    grade = grade_of(Verdict("adds", "passed", 1.0, 9.0))
    state = State("graded", "14:03:12", grade, 2, "+1: sums")

    assert line_of(state) == "14:03:12  1 of 9 points  +1: sums"
    assert "Graded at 14:03:12: 1 of 9 points (+1: sums)." in sentence_of(state)
    assert line_of(State("graded", "14:03:12", grade, 1)) == "14:03:12  1 of 9 points"


def test_a_problem_is_said_and_what_the_report_below_is_of():
    problem = "lab.ipynb: not a notebook (line 1 is not JSON). Export it again."
    grade = grade_of(Verdict("adds", "passed", 1.0, 9.0))

    assert line_of(State("waiting", "14:03:12", problem=problem)) == f"14:03:12  {problem}"
    assert sentence_of(State("waiting", "14:03:12", problem=problem)) == problem
    assert sentence_of(State("waiting", "14:03:12", grade, 1, "", problem)).startswith(f"{problem} Below is the report")


def test_looking_at_a_file_goes_on_for_ever(tmp_path):
    assert list(islice(stamps_of(tmp_path / "none", 0), 5)) == [None] * 5
