"""What the assessor answers, with the notebook's namespace in the same process."""

import pytest

from grader.course import released_course
from grader.errors import UserError
from grader.jupyter.assessor import Assessor
from grader.jupyter.kept_hints import NOT_KEPT
from grader.jupyter.messages import Check, Executed, Hint, Progress, Show
from grader.probes import ask_here
from grader.release import record_course
from tests.grader.small_course import FILES

RIGHT = "def spread(numbers):\n    return max(numbers) - min(numbers)"
WRONG = "def spread(numbers):\n    return min(numbers) - max(numbers)"
HINTS = ["Which is the largest?", "And `min`?"]
WITH_HINTS = {
    "exercises/spread.py": FILES["exercises/spread.py"].replace("checks=[", f"hints={HINTS!r},\n    checks=[")
}


class Notebook:
    """Cells that were run, and what they have made."""

    def __init__(self, *sources):
        self.cells, self.namespace = [], {}
        for source in sources:
            self.run(source)

    def run(self, source):
        self.cells.append(Executed(len(self.cells) + 1, source))
        exec(source, self.namespace)

    def ask(self, probes):
        return ask_here(probes, self.namespace)


@pytest.fixture
def hints(tmp_path):
    return tmp_path / "kept" / "hints.json"


@pytest.fixture
def assessor(load, hints):
    return Assessor(load(WITH_HINTS), hints, "a seed")


def checked(assessor, notebook, *names):
    return assessor.answer(Check(names, tuple(notebook.cells)), notebook.ask)


def test_a_right_answer_takes_a_line_for_each_check(assessor):
    shown = checked(assessor, Notebook(RIGHT), "spread")

    assert shown.plain.splitlines() == [
        "The spread of a list (spread): 3 of 3 points",
        "  ✓ the spread of any list",
        "  ✓ leaves the list alone",
    ]
    assert shown.outcomes == {"spread": ("passed", "passed")}
    assert 'class="grader-card good"' in shown.html
    assert shown.html.count("<li") == 2


def test_a_wrong_answer_is_explained_once(assessor):
    shown = checked(assessor, Notebook(WRONG), "spread")

    assert "✗ the spread of any list" in shown.plain
    assert "A known mistake: it subtracts the wrong way round." in shown.plain
    assert "grader.hint('spread') gives a hint." in shown.plain
    for part in ("Input", "Yours", "Expected", "subtracts the wrong way round", "No spread is negative."):
        assert shown.html.count(f">{part}<") == 1, part
    assert "<h" not in shown.html  # a notebook's table of contents would list it


def test_without_names_what_was_tried_is_checked(assessor):
    with pytest.raises(UserError, match=r"Nothing to check.*grader\.show\('spread'\)"):
        checked(assessor, Notebook("x = 1"))

    assert checked(assessor, Notebook("x = 1", RIGHT)).outcomes.keys() == {"spread"}


def test_what_is_not_defined_yet_is_said_once(assessor):
    shown = checked(assessor, Notebook("x = 1"), "spread")

    assert shown.plain.count("`spread` is not defined yet. Run the cell that defines it") == 1
    assert len(shown.plain.splitlines()) == 2


def test_a_name_that_is_no_exercise_is_told_with_the_nearest(assessor):
    with pytest.raises(UserError, match=r"'spraed': no such exercise\. Did you mean 'spread'\?\nThere are: spread\."):
        checked(assessor, Notebook(), "spraed")


def test_text_of_the_student_s_is_no_markup(assessor):
    shown = checked(
        assessor, Notebook("def spread(numbers):\n    raise ValueError('<img src=x onerror=alert(1)>')"), "spread"
    )

    assert "<img" not in shown.html
    assert "&lt;img" in shown.html


def test_progress_shows_what_is_reached_now(assessor):
    notebook = Notebook()
    before = assessor.answer(Progress(()), notebook.ask)
    notebook.run(WRONG)
    after = assessor.answer(Progress(tuple(notebook.cells)), notebook.ask)

    assert "not tried yet (3)" in before.plain
    assert "0 of 3 points; 0 of 1 exercise tried." in before.plain
    assert "1 of 3 points; 1 of 1 exercise tried." in after.plain
    assert "spread" in after.html


def test_each_call_gives_one_hint_more_and_the_next_kernel_goes_on(assessor, hints, small_course):
    first = assessor.answer(Hint("spread"), None)
    again = Assessor(assessor.course, hints, "a seed").answer(Hint("spread"), None)
    last = assessor.answer(Hint("spread"), None)

    assert "Hint 1 of 2" in first.plain
    assert HINTS[1] not in first.plain
    assert "Hint 2 of 2" in again.plain
    assert HINTS[1] in again.plain
    assert "<code>min</code>" in again.html
    assert "These are all there are." in last.plain


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"spread": -7}', b'{"spread": 99}'])
def test_a_damaged_file_of_hints_is_no_obstacle(assessor, hints, content):
    hints.parent.mkdir()
    hints.write_bytes(content)

    shown = Assessor(assessor.course, hints, "a seed").answer(Hint("spread"), None)

    assert HINTS[0] in shown.plain


def test_hints_are_given_where_nothing_can_be_written_down(load, tmp_path):
    (tmp_path / "file").touch()
    assessor = Assessor(load(WITH_HINTS), tmp_path / "file" / "hints.json", "a seed")

    assert NOT_KEPT in assessor.answer(Hint("spread"), None).plain


LATER = FILES["exercises/spread.py"].replace("points=2, hint", "points=2, holds=lambda value, numbers: None, hint")


def test_what_a_released_course_leaves_for_the_grading_is_said(load, hints, tmp_path):
    record = record_course(load({"exercises/spread.py": LATER}))
    assessor = Assessor(released_course(tmp_path, record), hints, "a seed")

    shown = checked(assessor, Notebook(RIGHT), "spread")

    assert shown.outcomes == {"spread": ("passed",)}
    assert shown.plain.splitlines()[-1] == "  1 more check (2 points) runs only when the notebook is graded."
    assert "1 more check (2 points) runs only" in shown.html


def test_an_exercise_without_hints_says_so(small_course, hints):
    with pytest.raises(UserError, match="spread has no hints"):
        Assessor(small_course, hints, "a seed").answer(Hint("spread"), None)


def test_a_statement_is_markdown(assessor):
    shown = assessor.answer(Show("spread"), None)

    assert shown.markdown == "**The spread of a list** (3 points)\n\nWrite `spread(numbers)`."
