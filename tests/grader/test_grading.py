"""The main job, end to end: notebooks as students write them are run in a real kernel and graded."""

from pathlib import Path

import nbformat
import pytest

from grader.course import LoadedCourse
from grader.execution import Limits
from grader.grading import grade
from grader.notebook import METADATA, notebook_in, read_notebook
from grader.quiz.bank import written_questions
from grader.results import ExerciseResult, Grade, Verdict, grade_json
from grader.starter import starter_notebook
from tests.grader.notebooks import write_notebook

SAMPLES = Path(__file__).parent.parent / "data"
LIMITS = Limits(cell_s=60)


@pytest.fixture
def graded(course: LoadedCourse, data: Path, tmp_path: Path):
    """Grades code cells, or a sample, by some exercises of the built-in course."""

    def run(
        *cells: str, exercises: tuple[str, ...] = ("mnist_distance",), limits: Limits = LIMITS, **tagged: str
    ) -> Grade:
        file = write_notebook(tmp_path / "lab.ipynb", *cells, **tagged)
        return grade(read_notebook(file), course.selected(exercises), data, limits)

    return run


def sample(name: str, course: LoadedCourse, data: Path, *exercises: str) -> Grade:
    return grade(read_notebook(SAMPLES / f"{name}.ipynb"), course.selected(exercises), data, LIMITS)


def verdicts(result: Grade) -> list[Verdict]:
    return [verdict for exercise in result.exercises for verdict in exercise.verdicts]


def only(result: Grade) -> ExerciseResult:
    (exercise,) = result.exercises
    return exercise


def test_a_notebook_from_an_archive_is_graded_in_an_empty_folder(
    course: LoadedCourse, data: Path, tmp_path: Path
) -> None:
    file = write_notebook(
        tmp_path / "class.zip",
        "import os\nprint(os.listdir())",
        "def mnist_distance(a, b): return (a - b).abs().mean((-1, -2))",
    )
    submission = notebook_in(file.read_bytes(), file / "ada" / "l\udce9b.ipynb")  # no text: a name from Latin-1

    result = grade(submission, course.selected(("mnist_distance",)), data, LIMITS)

    assert result.points == result.possible > 0
    assert result.notebook[0].text.strip() == "[]"
    assert result.submission == "l?b.ipynb"
    assert b"l?b.ipynb" in grade_json(result)


# The samples


def test_the_reference_as_a_notebook_gets_full_marks(course: LoadedCourse, data: Path) -> None:
    result = sample("full_marks", course, data)

    assert [(v.description, v.reason) for v in verdicts(result) if v.outcome != "passed"] == []
    assert result.points == result.possible > 50
    assert not any(cell.error for cell in result.notebook)


def test_the_full_marks_sample_is_the_solved_starter_notebook(course: LoadedCourse) -> None:
    written = nbformat.read(SAMPLES / "full_marks.ipynb", as_version=4)

    assert written == starter_notebook(course, "mnist", questions=written_questions(course), is_solved=True)


def test_half_right_answers_get_partial_credit(course: LoadedCourse, data: Path) -> None:
    result = sample("half_right", course, data)

    assert 0.25 < result.points / sum(e.possible for e in result.exercises if e.is_attempted) < 0.75
    partial = [e for e in result.exercises if 0 < e.points < e.possible]
    assert len(partial) >= 6
    assert all(verdict.reason for verdict in verdicts(result) if verdict.outcome != "passed")


def test_the_starter_notebook_as_it_is_earns_nothing_and_is_called_unanswered(
    course: LoadedCourse, data: Path, tmp_path: Path
) -> None:
    nbformat.write(starter_notebook(course, str(data)), tmp_path / "starter.ipynb")

    result = grade(read_notebook(tmp_path / "starter.ipynb"), course, data, LIMITS)

    assert result.points == 0
    assert {verdict.outcome for verdict in verdicts(result)} == {"missing"}
    assert all("not answered yet" in verdict.reason for verdict in verdicts(result))


def test_what_the_notebook_defines_for_the_student_answers_no_exercise(
    course: LoadedCourse, data: Path, tmp_path: Path
) -> None:
    notebook = starter_notebook(course, str(data))
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get(METADATA, {}).get("role") != "answer"]
    nbformat.write(notebook, tmp_path / "starter.ipynb")

    result = grade(read_notebook(tmp_path / "starter.ipynb"), course, data, LIMITS)

    assert result.points == 0


@pytest.mark.parametrize(
    ("name", "exercise", "mistake"),
    [
        ("seed_floor_division", "list_comprehensions", "divides instead of taking the remainder"),
        ("seed_if_first", "list_comprehensions", "puts the condition in front of the loop"),
        ("seed_single_elements", "bottom_right", "takes single numbers"),
        ("seed_dot_for_times", "sgd_step", "writes a dot for times"),
        ("seed_zip_printed", "zip_pairs", "prints the pairs instead of returning them"),
    ],
)
def test_an_authors_own_wrong_answer_is_diagnosed_as_the_mistake_that_it_is(
    course: LoadedCourse, data: Path, name: str, exercise: str, mistake: str
) -> None:
    result = only(sample(name, course, data, exercise))

    assert result.points < result.possible
    assert mistake in {verdict.misconception for verdict in result.verdicts if verdict.outcome != "passed"}
    assert all(verdict.misconception in ("", mistake) for verdict in result.verdicts)


# Answers that are right, written in unusual ways

TORCH = "import torch"


@pytest.mark.parametrize(
    "source",
    [
        "mnist_distance = lambda a, b: (a - b).abs().mean(dim=(-1, -2))",
        "def mnist_distance(x, y):\n    return abs(x - y).mean(-1).mean(-1)",
        "import numpy as np\ndef mnist_distance(a, b):\n    return np.abs(np.array(a) - np.array(b)).mean((-1, -2))",
        "def mnist_distance(a, b): return (a - b).abs().mean((-1, -2)).requires_grad_()",
        "def mnist_distance(a, b): return (a.double() - b).abs().mean((-1, -2))",
        "class D:\n    def __call__(self, a, b): return (a - b).abs().mean((-1, -2))\nmnist_distance = D()",
        "def mnist_distance(a, b):\n    d = (a - b).abs()\n    return d.view(*d.shape[:-2], -1).mean(-1)",
        "exec('def mnist_distance(a, b): return (a - b).abs().mean((-1, -2))')",
        "%matplotlib inline\ndef mnist_distance(a, b):\n    !true\n    return (a - b).abs().mean((-1, -2))",
    ],
)
def test_a_right_answer_passes_however_it_is_written(graded, source: str) -> None:
    result = only(graded(TORCH, source))

    assert [(v.description, v.reason) for v in result.verdicts if v.outcome != "passed"] == []
    assert result.points == result.possible


def test_a_view_of_the_argument_is_as_good_as_a_copy(graded) -> None:
    result = graded(
        "import torch\nnine = torch.arange(1., 10.).view(3, 3)\ndef double_corner(t): return (2 * t)[-2:, -2:]",
        "def rank(t): return len(t.shape)\ndef shape_of(t): return list(t.shape)\n"
        "def flatten_images(x): return x.view(x.shape[0], -1)",
        exercises=("bottom_right", "rank_and_shape"),
    )

    assert [(v.description, v.reason) for v in verdicts(result) if v.outcome != "passed"] == []


# Answers that are wrong in every way that a function can be


@pytest.mark.parametrize(
    ("source", "outcome", "words"),
    [
        ("def mnist_distance(a): return a.mean()", "error", "takes 1 positional argument but 2 were given"),
        ("def mnist_distance(a, b): return (a - b).abs().mean((-1, -2)) * float('nan')", "failed", "nan"),
        ("def mnist_distance(a, b): return (p for p in a - b)", "failed", "generator object"),
        ("def mnist_distance(a, b): (a - b).abs().mean((-1, -2))", "failed", "Is there a `return`?"),
        ("def mnist_distance(a, b): print((a - b).abs().mean((-1, -2)))", "failed", "prints its answer instead"),
        ("def mnist_distance(a, b): return lambda: 1", "failed", "an object of type function"),
        ("def mnist_distance(a, b): return (a - b).abs().mean((-1, -2)).int()", "failed", "whole numbers (int32)"),
        ("def mnist_distance(a, b): return torch.zeros(3000, 3000)", "failed", "too large to look at"),
        ("def mnist_distance(a, b): return torch.zeros(10**6, 10**6)", "error", "allocate"),
        ("def mnist_distance(a, b): return input()", "error", "nobody sits at the keyboard"),
        ("def mnist_distance(a, b): raise SystemExit", "error", "SystemExit"),
        ("def mnist_distance(a, b):\n    import os\n    os._exit(1)", "error", "ended its process with status 1"),
        ("def mnist_distance(a, b):\n    import os\n    os.kill(os.getpid(), 11)", "error", "SIGSEGV"),
        ("def mnist_distance(a, b): return mnist_distance(a, b)", "error", "RecursionError"),
        ("def mnist_distance(a, b): return nothing_of_that_name", "error", "NameError"),
        ("mnist_distance = object()", "error", "not callable"),
        ("def mnist_distance(a, b): return (b - a).mean((-1, -2)) + 99", "failed", "another one"),
        ("def mnist_distance(a, b): return torch.tensor(0.5)", "failed", "the same answer whatever the input"),
    ],
)
def test_a_wrong_answer_gets_a_verdict_that_says_what_happened(graded, source: str, outcome: str, words: str) -> None:
    result = only(graded(TORCH, source))

    first = result.verdicts[0]
    assert (first.outcome, first.points) == (outcome, 0)
    assert words in first.reason
    assert result.points < result.possible


def test_a_function_that_never_ends_is_a_timeout(graded) -> None:
    result = only(graded("def mnist_distance(a, b):\n    while True: pass"))

    assert {verdict.outcome for verdict in result.verdicts} == {"timeout"}


def test_a_function_that_changes_its_argument_keeps_the_other_points(graded) -> None:
    result = only(graded("def mnist_distance(a, b):\n    a -= b\n    return a.abs().mean((-1, -2))"))

    assert [v.description for v in result.verdicts if v.outcome != "passed"] == ["leaves its arguments alone"]
    assert "changes its arguments" in result.verdicts[-1].reason


def test_a_counterexample_is_small_and_shows_both_sides(graded) -> None:
    result = only(graded("def mnist_distance(a, b): return (a - b).abs().mean((-1, -2)) * 2"))

    evidence = result.verdicts[0].evidence
    assert evidence is not None
    assert evidence.call == "mnist_distance(a, b)"
    assert [argument.name for argument in evidence.arguments] == ["a", "b"]
    nonzero = sum((argument.value.numpy() != 0).sum() for argument in evidence.arguments)
    assert nonzero <= 3
    assert evidence.observed != evidence.expected


# Cells: never-ending, deleted, doubled, redefined, misspelt


def test_what_one_probe_leaves_behind_costs_no_other_its_points(graded) -> None:
    right = "def mnist_distance(a, b):\n    calls.append(a)\n    return (a - b).abs().mean((-1, -2)){}"
    counting = [f"calls = []\n{right.format(extra)}" for extra in ("", " if len(calls) <= 20 else None")]

    always, not_for_long = (graded(source) for source in counting)

    assert not_for_long.points == always.points == always.possible


def test_a_cell_that_never_ends_costs_only_itself(graded) -> None:
    right = "def mnist_distance(a, b): return (a - b).abs().mean((-1, -2))"

    result = graded(TORCH, "while True: pass", right, limits=Limits(cell_s=2))

    assert result.is_passed
    error = result.notebook[1].error
    assert error is not None
    assert error.type == "Timeout"


@pytest.mark.parametrize("ending", ["import os; os._exit(1)", "raise SystemExit", "input()", "1/0", "[if x]"])
def test_a_cell_that_ends_badly_costs_only_itself(graded, ending: str) -> None:
    right = "def mnist_distance(a, b): return (a - b).abs().mean((-1, -2))"

    result = graded(TORCH, ending, right)

    assert result.is_passed
    assert result.notebook[1].error is not None


def test_a_deleted_cell_is_not_attempted(graded) -> None:
    result = only(graded(TORCH, exercises=("mnist_distance",), another_exercise="x = 1"))

    assert {verdict.outcome for verdict in result.verdicts} == {"missing"}
    assert "has no cell for this and defines no `mnist_distance`" in result.verdicts[0].reason


def test_of_two_definitions_the_better_one_counts(graded) -> None:
    right = "def mnist_distance(a, b): return (a - b).abs().mean((-1, -2))"
    wrong = "def mnist_distance(a, b): return 0"

    assert graded(wrong, right, wrong).is_passed


def test_a_later_redefinition_of_a_helper_harms_nothing(graded) -> None:
    cells = (
        "def apart(a, b): return (a - b).abs()",
        "def mnist_distance(a, b): return apart(a, b).mean((-1, -2))",
        "def apart(a, b): return None",
    )

    assert graded(*cells).is_passed


def test_a_doubled_exercise_cell_counts_once(graded) -> None:
    right = "def mnist_distance(a, b): return (a - b).abs().mean((-1, -2))"

    result = graded(right, mnist_distance=right)

    assert result.points == result.possible


def test_an_answer_in_another_cell_than_its_own_counts(graded) -> None:
    result = graded("def mnist_distance(a, b): return (a - b).abs().mean((-1, -2))", mnist_distance="# see above")

    assert result.is_passed


def test_an_answer_above_a_starter_cell_that_was_left_as_it_was_counts(graded) -> None:
    result = graded(
        "def mnist_distance(a, b): return (a - b).abs().mean((-1, -2))",
        mnist_distance="def mnist_distance(a, b):\n    ...",
    )

    assert result.is_passed


def test_restarts_are_counted_for_the_reader(graded) -> None:
    once = graded("import os; os._exit(1)", "x = 1")
    twice = graded("import os; os._exit(1)", "x = 1", "import os; os._exit(1)", "x = 2")

    assert once.notes == ("The kernel ended once and was started again.",)
    assert twice.notes == ("The kernel ended 2 times and was started again.",)


def test_a_misspelt_name_is_recognised(graded) -> None:
    result = only(graded("def mnist_distanse(a, b): return (a - b).abs().mean((-1, -2))"))

    assert "but a `mnist_distanse`" in result.verdicts[0].reason


def test_an_error_in_the_exercises_own_cell_is_its_reason(graded) -> None:
    result = only(graded("import torhc\ndef mnist_distance(a, b): return 1"))

    assert {verdict.outcome for verdict in result.verdicts} == {"error"}
    assert "Cell 1 ended with ModuleNotFoundError" in result.verdicts[0].reason


# What student code can't do


@pytest.mark.parametrize(
    "attack",
    [
        "import torch\ntorch.allclose = torch.equal = lambda *a, **k: True",
        "import builtins\nbuiltins.abs = builtins.sum = builtins.round = lambda *a: 1",
        "class Same(float):\n    __eq__ = __ne__ = lambda s, o: True\n    __hash__ = None\nanswer = Same(1)",
        "import sys\nfor name in [n for n in sys.modules if 'grader' in n]: sys.modules.pop(name)",
        "import json\njson.dumps = lambda *a, **k: '{}'",
    ],
)
def test_tampering_with_the_kernel_earns_nothing(graded, attack: str) -> None:
    result = graded(attack, "def mnist_distance(a, b): return globals().get('answer', 1.0)")

    assert [verdict.description for verdict in verdicts(result) if verdict.outcome == "passed"] in (
        [],
        ["leaves its arguments alone"],
    )


def test_recorded_answers_do_not_replay(graded) -> None:
    answers: list[list[float]] = []
    for _ in range(2):
        table = f"answers = {answers!r}\ndef mnist_distance(a, b):\n    print((a - b).abs().mean((-1, -2)).tolist())"
        result = only(graded(table))
        answers = [[float(v.evidence.printed.strip("[]\n").split(",")[0])] for v in result.verdicts[:1] if v.evidence]

    assert answers
    assert result.points == 0


def test_the_readers_notebook_is_as_it_ran(graded) -> None:
    result = graded("print('hello')\n7", "import matplotlib.pyplot as plt\nplt.plot([1, 2]);", "1/0")

    assert result.notebook[0].text == "hello\n7\n"
    assert result.notebook[1].pictures[0].png.startswith(b"\x89PNG")
    assert result.notebook[2].error is not None
    assert not result.is_isolated
