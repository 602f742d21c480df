"""The command as users run it: exit status, messages, and what it writes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest

from grader.commands.students import FORMAT_FILES
from grader.course import load_course
from grader.exports import FORMATS
from tests.grader.notebooks import notebook_of, write_notebook
from tests.grader.training_examples import TRAINER

DISTANCE = "def mnist_distance(a, b):\n    return (a - b).abs().mean((-1, -2))"
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
ONLY = ("--exercise", "mnist_distance")


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the data seems to be prepared: the exercises used here need none."""
    folder = tmp_path_factory.mktemp("data")
    folder.chmod(0o755)  # where root grades, the isolated are another user
    for name in ("mnist_sample", "mnist_png", "salt"):
        (folder / name).mkdir()
    (folder / "mnist_train.npz").touch()
    return folder


@pytest.fixture
def grader(data: Path, tmp_path: Path):
    """Runs the command in tmp_path."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "grader", *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "GRADER_DATA": str(data), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def is_short(message: str) -> bool:
    return 0 < len(message.strip().splitlines()) <= 2 and "Traceback" not in message


# Exit status


def test_a_right_answer_exits_with_0_and_writes_a_report_beside_the_notebook(grader, tmp_path: Path) -> None:
    write_notebook(tmp_path / "lab.ipynb", DISTANCE)

    result = grader("check", "lab.ipynb", *ONLY)

    assert result.returncode == 0, result.stderr
    assert "(100%)" in result.stdout
    assert (tmp_path / "lab.report.html").read_text().startswith("<!doctype html>")


def test_a_wrong_answer_exits_with_1_and_its_mistake_is_told(grader, tmp_path: Path) -> None:
    write_notebook(tmp_path / "lab.ipynb", "def mnist_distance(a, b):\n    return (a - b).abs().mean()")

    result = grader("check", "lab.ipynb", *ONLY)

    assert result.returncode == 1
    assert "averages the batch away" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr


def test_the_grade_is_written_as_json(grader, tmp_path: Path) -> None:
    write_notebook(tmp_path / "lab.ipynb", DISTANCE)

    grader("check", "lab.ipynb", *ONLY, "--html", "r.html", "--json", "g.json")

    grade = json.loads((tmp_path / "g.json").read_text())
    assert grade["points"] == grade["possible"] > 0
    assert [exercise["name"] for exercise in grade["exercises"]] == ["mnist_distance"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["g.json", "lab.ipynb", "r.html"]


def test_several_exercises_may_be_chosen(grader, tmp_path: Path) -> None:
    write_notebook(tmp_path / "lab.ipynb", DISTANCE)

    grader("check", "lab.ipynb", *ONLY, "--exercise", "list_comprehensions", "--json", "g.json")

    grade = json.loads((tmp_path / "g.json").read_text())
    assert [exercise["name"] for exercise in grade["exercises"]] == ["list_comprehensions", "mnist_distance"]


def test_a_file_name_with_spaces_and_other_letters_works(grader, tmp_path: Path) -> None:
    write_notebook(tmp_path / "Übung 4 dígitos 数字.ipynb", DISTANCE)

    result = grader("check", "Übung 4 dígitos 数字.ipynb", *ONLY)

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "Übung 4 dígitos 数字.report.html").exists()


@pytest.mark.parametrize("version", [2, 3])
def test_an_old_notebook_is_upgraded_and_graded(grader, tmp_path: Path, version: int) -> None:
    (tmp_path / "old.ipynb").write_text(json.dumps(nbformat.convert(notebook_of(DISTANCE), version)))

    result = grader("check", "old.ipynb", *ONLY)

    assert result.returncode == 0, result.stderr
    assert f"old format {version}" in result.stdout


def test_the_time_limit_is_the_users(grader, tmp_path: Path) -> None:
    write_notebook(tmp_path / "slow.ipynb", "import time; time.sleep(60)", DISTANCE)

    result = grader("check", "slow.ipynb", *ONLY, "--timeout", "1")

    assert result.returncode == 0
    assert "Cell 1 ended with Timeout" in result.stdout


# Unusable input: status 2, one clear message, nothing written


def unusable(folder: Path) -> dict[str, str]:
    (folder / "folder").mkdir()
    (folder / "text.ipynb").write_text("hello")
    (folder / "data.ipynb").write_text("{}")
    write_notebook(folder / "empty.ipynb")
    other = notebook_of("x <- 1")
    other.metadata["language_info"] = {"name": "R"}
    nbformat.write(other, folder / "r.ipynb")
    with (folder / "large.ipynb").open("wb") as out:
        out.truncate(200 * 2**20)
    return {
        "nothing.ipynb": "no such file",
        "folder": "a folder",
        "text.ipynb": "line 1 is not JSON",
        "data.ipynb": "not a notebook",
        "empty.ipynb": "no code",
        "r.ipynb": "another language",
        "large.ipynb": "too large (200 MB",
    }


def test_what_can_not_be_graded_exits_with_2_and_writes_nothing(grader, tmp_path: Path) -> None:
    for name, words in unusable(tmp_path).items():
        before = sorted(tmp_path.rglob("*"))

        result = grader("check", name, "--json", "g.json")

        assert result.returncode == 2, name
        assert words in result.stderr
        assert is_short(result.stderr), result.stderr
        assert result.stdout == ""
        assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check"], "Missing argument 'NOTEBOOK'"),
        (["check", "lab.ipynb", "--frobnicate"], "--frobnicate"),
        (["check", "lab.ipynb", "--timeout", "0"], "--timeout"),
        (["check", "lab.ipynb", "--timeout", "soon"], "--timeout"),
        (["check", "lab.ipynb", "--exercise", "nothing"], "no such exercise"),
        (["check", "lab.ipynb", "--course", "."], "not a course"),
        (["check", "lab.ipynb", "--html", "no/where.html"], "no folder"),
        (["check", "lab.ipynb", "--html", "lab.ipynb"], "the notebook itself"),
        (["check", "lab.ipynb", "--json", "."], "a folder"),
        (["check", "lab.ipynb", "--format", "word"], "--format"),
        (["check", "lab.ipynb", "--format", "junit", "--output", "lab.ipynb"], "the notebook itself"),
        (["check", "lab.ipynb", "--format", "junit", "--output", "no/where.xml"], "no folder"),
        (["check", "lab.ipynb", "--output", "results.json"], "give --format"),
        (["gradebook", "show"], "there is no gradebook"),
        (["gradebook", "show", "--frobnicate"], "grader gradebook show --help"),
        (["similar", "nowhere"], "no such folder"),
        (["similar", ".", "--html", "lab.ipynb"], "is no report"),
        (["similar", "."], "two make a pair"),
        (["verify", "--exercise", "nothing"], "no such exercise"),
        (["verify", "--junit", "no/where.xml"], "no folder"),
        (["verify", "--workers", "0"], "workers"),
        (["train", "--model", "nothing"], "no such model"),
        (["train", "--target", "99"], "99% is 0.99"),
        (["train", "--target", "nan"], "from 0 to 1"),
        (["train", "--device", "tpu"], "--device"),
        (["train", "--seed", "-1"], "--seed"),
        (["train", "--html", "no/where.html"], "no folder"),
        (["train", "--html", "lab.ipynb"], "is no report"),
        (["list", "--course", "nowhere"], "not a course"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_a_call_that_can_not_be_understood_exits_with_2(
    grader, tmp_path: Path, arguments: list[str], words: str
) -> None:
    write_notebook(tmp_path / "lab.ipynb", DISTANCE)

    result = grader(*arguments)

    assert result.returncode == 2
    assert words in result.stderr
    assert is_short(result.stderr), result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lab.ipynb"]


def test_debug_shows_the_traceback(grader) -> None:
    result = grader("check", "nothing.ipynb", "--debug")

    assert result.returncode == 2
    assert "Traceback" in result.stderr
    assert "no such file" in result.stderr


def test_a_mistake_of_the_graders_own_is_told_as_such(grader, tmp_path: Path) -> None:
    write_notebook(tmp_path / "lab.ipynb", DISTANCE)
    for folder in ("exercises", "reference"):
        (tmp_path / "odd" / folder).mkdir(parents=True)
    (tmp_path / "odd" / "exercises" / "course.py").write_text(
        "from grader.exercise import Course\ncourse = Course('odd', [], 'x.ipynb', prepare='nothing:prepare')"
    )

    result = grader("check", "lab.ipynb", "--course", "odd")

    assert result.returncode == 2
    assert "--debug" in result.stderr
    assert is_short(result.stderr), result.stderr


# Grading inside other services


def test_the_forms_of_a_grade_are_those_of_the_exports() -> None:
    assert tuple(FORMAT_FILES) == tuple(FORMATS)


def test_a_grade_is_written_as_a_service_takes_it(grader, tmp_path: Path) -> None:
    write_notebook(tmp_path / "lab.ipynb", "def mnist_distance(a, b):\n    return (a - b).abs().mean()")

    result = grader("check", "lab.ipynb", *ONLY, "--format", "gradescope", "--json", "g.json")

    grade, results = (json.loads((tmp_path / name).read_text()) for name in ("g.json", "results.json"))
    assert result.returncode == 1
    assert results["score"] == grade["points"]
    assert sum(test["max_score"] for test in results["tests"]) == grade["possible"]
    assert (tmp_path / "lab.report.html").exists()


@pytest.mark.parametrize("form", list(FORMATS))
def test_a_service_is_told_why_a_notebook_can_not_be_graded(grader, tmp_path: Path, form: str) -> None:
    (tmp_path / "text.ipynb").write_text("hello")

    by_name = grader("check", "text.ipynb", "--format", form, "--output", "here.txt")
    by_default = grader("check", "text.ipynb", "--format", form)

    for result in (by_name, by_default):
        assert result.returncode == 2
        assert "line 1 is not JSON" in result.stderr
        assert is_short(result.stderr)
    assert "line 1 is not JSON" in (tmp_path / "here.txt").read_text()
    assert (tmp_path / FORMAT_FILES[form]).read_bytes() == (tmp_path / "here.txt").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["here.txt", "text.ipynb", FORMAT_FILES[form]])


# The other commands


def test_start_writes_the_starter_notebook(grader, tmp_path: Path) -> None:
    result = grader("start", "new/folder")

    assert result.returncode == 0, result.stderr
    notebook = nbformat.read(tmp_path / "new/folder/chapter4.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert "grader check new/folder/chapter4.ipynb" in result.stdout


def test_start_again_keeps_the_work_and_says_so(grader, tmp_path: Path) -> None:
    grader("start", ".", "--only", "pixels")
    before = (tmp_path / "chapter4.ipynb").read_bytes()

    again = grader("start", ".", "--only", "pixels")
    more = grader("start", ".", "--only", "gradients")

    assert (again.returncode, more.returncode) == (0, 0)
    assert "Kept chapter4.ipynb as it is (last changed 20" in again.stdout
    assert "Nothing is missing" in again.stdout
    assert "Kept chapter4.ipynb" in more.stdout
    assert "Wrote chapter4-2.ipynb: 1 exercise not in there yet." in more.stdout
    assert max(map(len, (again.stdout + more.stdout).splitlines())) <= 80
    assert (tmp_path / "chapter4.ipynb").read_bytes() == before


def test_start_never_overwrites_work(grader, tmp_path: Path) -> None:
    (tmp_path / "chapter4.ipynb").write_text("my work")

    result = grader("start", ".")

    assert result.returncode == 2
    assert "is there already" in result.stderr
    assert is_short(result.stderr)
    assert (tmp_path / "chapter4.ipynb").read_text() == "my work"


def test_start_for_colab_adds_the_cell_that_installs(grader, tmp_path: Path) -> None:
    result = grader("start", ".", "--colab", "--package", "https://example.org/grader.whl")
    again = grader("start", ".", "--colab")

    assert result.returncode == 0, result.stderr
    codes = [c for c in nbformat.read(tmp_path / "chapter4.ipynb", as_version=4).cells if c.cell_type == "code"]
    assert "%pip install --quiet https://example.org/grader.whl" in codes[0].source
    assert "upload" not in result.stdout
    assert "put this into a cell" in again.stdout
    assert "upload the grader's wheel" in again.stdout  # the tests' grader is installed from a folder


@pytest.mark.parametrize("options", [("--package", "x"), ("--colab", "--course", ".")])
def test_start_refuses_options_that_do_not_go_together(grader, tmp_path: Path, options: tuple[str, ...]) -> None:
    result = grader("start", "new", *options)

    assert result.returncode == 2
    assert "--colab" in result.stderr
    assert not (tmp_path / "new").exists()


def test_start_in_a_place_that_is_a_file_is_refused(grader, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = grader("start", "file/folder")

    assert result.returncode == 2
    assert is_short(result.stderr), result.stderr


def test_list_shows_every_exercise_within_80_columns(grader) -> None:
    result = grader("list")

    assert result.returncode == 0
    names = load_course().exercises
    assert all(name in result.stdout for name in names)
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize("options", [(), ("--no-mutants",), ("--workers", "1")])
def test_verify_of_one_exercise(grader, tmp_path: Path, options: tuple[str, ...]) -> None:
    result = grader("verify", *ONLY, "--junit", "verified.xml", *options)

    assert result.returncode == 0, result.stdout
    assert "1 exercise" in result.stdout
    assert "all as it should be" in result.stdout
    assert result.stderr.startswith("Trying the checks (")
    kinds = {case.get("classname") for case in ElementTree.parse(tmp_path / "verified.xml").iter("testcase")}
    assert {kind.rpartition(".")[2] for kind in kinds if kind} == {
        *("solution", "answer", "starter", "misconception"),
        *([] if "--no-mutants" in options else ["mutant"]),
    }


def test_verify_tells_what_is_wrong_with_a_course_and_exits_with_1(grader, tmp_path: Path) -> None:
    exercises, reference = tmp_path / "mine" / "exercises", tmp_path / "mine" / "reference"
    exercises.mkdir(parents=True)
    reference.mkdir()
    (reference / "maths.py").write_text("def double(x):\n    return 2 * x\n")
    (exercises / "course.py").write_text(
        "from grader.exercise import Course\ncourse = Course('Maths', ['doubling'], 'maths.ipynb')\n"
    )
    (exercises / "doubling.py").write_text(
        "from hypothesis import strategies as st\n"
        "from grader.exercise import Calls, Exercise, Misconception\n"
        "exercise = Exercise('Doubling', 'double', 'maths:double', 'Double it.', 'def double(x):\\n    ...\\n',\n"
        "    [Calls('a number', st.integers(1, 9))],\n"
        "    [Misconception('adds the number to itself', lambda x: x + x, hint='?')])\n"
    )

    result = grader("verify", "--course", "mine")

    assert result.returncode == 1
    assert "doubling: adds the number to itself: passes every check" in result.stdout
    assert "doubling: double: return 2 * x → return 2 + x" not in result.stdout  # it is caught


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom grader.cli import cli\n"
        "cli.main(['check', '--help'], standalone_mode=False)\n"
        "heavy = "
        "{'torch', 'numpy', 'nbformat', 'nbclient', 'jinja2', 'rich', 'hypothesis', 'IPython'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr


def test_output_into_a_closed_pipe_is_no_error(data: Path) -> None:
    result = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m grader list | true"],
        env={**os.environ, "GRADER_DATA": str(data)}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "Traceback" not in result.stderr
    assert "BrokenPipe" not in result.stderr


def test_a_terminal_gets_a_bar_and_a_file_gets_lines(grader, data: Path, tmp_path: Path) -> None:
    write_notebook(tmp_path / "lab.ipynb", DISTANCE)

    lines = grader("check", "lab.ipynb", *ONLY).stderr
    bar = on_a_terminal(tmp_path, data, "check", "lab.ipynb", *ONLY)

    assert lines == "Running the cells (1) ...\n"
    assert "━" in bar
    assert "Running the cells" in bar


def on_a_terminal(folder: Path, data: Path, *arguments: str) -> str:
    """What the command shows on a terminal of 80 columns."""
    import pty
    import struct
    import termios
    from fcntl import ioctl

    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {**os.environ, "GRADER_DATA": str(data), "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "grader", *arguments]
    with subprocess.Popen(command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
        process.wait()
    os.close(ours)
    return shown.decode()


# Training


@pytest.fixture
def quick_course(tmp_path: Path) -> Path:
    """A course whose trainings take no time: 95 of 100 test images are read right."""
    folder = tmp_path / "quick"
    for name, text in {
        "exercises/course.py": "from grader.exercise import Course\n"
        "course = Course('Quick', [], 'quick.ipynb', training='lessons')\n",
        "reference/lessons.py": TRAINER,
    }.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text)
    return folder


def test_a_training_prints_how_good_the_model_became_and_writes_a_report(grader, tmp_path: Path) -> None:
    result = grader("train", "--model", "mlp", "--device", "cpu", "--target", "0.9", OMP_NUM_THREADS="1")

    assert result.returncode == 0, result.stderr
    assert "of 10,000 test images are read right (95% interval: 9" in result.stdout
    assert "The target of 90% is reached.\nReport: training.report.html\n" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert result.stderr.startswith("Training (step ")
    report = (tmp_path / "training.report.html").read_text()
    assert report.startswith("<!doctype html>")
    assert all(text in report for text in ("The loss of each step", "read as", "of weights, 28 by 28 pixels each"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["training.report.html"]


def test_a_target_that_is_missed_exits_with_1_and_the_report_is_written_all_the_same(
    grader, tmp_path: Path, quick_course: Path
) -> None:
    result = grader("train", "--course", quick_course, "--target", "0.96", "--html", "new.html", "--seed", "7")

    assert result.returncode == 1
    assert "95.00% of 100 test images are read right (95% interval: 88.82% to 97.85%)." in result.stdout
    assert "The target of 96% is missed." in result.stdout
    assert "seed 7" in result.stdout
    assert "Target missed" in (tmp_path / "new.html").read_text()


def test_a_report_is_written_over_an_older_one_and_over_nothing_else(
    grader, tmp_path: Path, quick_course: Path
) -> None:
    (tmp_path / "mine.html").write_text("<!doctype html>my homepage")
    for _ in range(2):
        assert grader("train", "--course", quick_course).returncode == 0

    result = grader("train", "--course", quick_course, "--html", "mine.html")

    assert result.returncode == 2
    assert is_short(result.stderr)
    assert (tmp_path / "mine.html").read_text() == "<!doctype html>my homepage"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--target", "0.999"], "No recipe reaches 99.9%."),
        (["--model", "deep", "--device", "cpu"], "out of memory. It is full with mini-batches of 4096 images."),
        (["--device", "cuda"], "has no GPU to use"),
    ],
)
def test_what_can_not_be_trained_exits_with_2_and_writes_nothing(
    grader, tmp_path: Path, quick_course: Path, arguments: list[str], words: str
) -> None:
    result = grader("train", "--course", quick_course, *arguments, CUDA_VISIBLE_DEVICES="")

    assert result.returncode == 2
    assert words in result.stderr
    assert is_short(result.stderr), result.stderr
    assert list(tmp_path.glob("*.html")) == []


def test_the_models_of_a_course_are_listed_with_a_line_about_each(grader, tmp_path: Path, quick_course: Path) -> None:
    result = grader("train", "--models", "--course", quick_course)

    assert result.returncode == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["linear", "one", "weight", "for", "each", "pixel"] in lines
    assert ["deep", "two", "layers"] in lines


def test_a_terminal_shows_a_training_s_loss_accuracy_and_time_in_one_line(data: Path, quick_course: Path) -> None:
    bar = on_a_terminal(quick_course.parent, data, "train", "--course", "quick")

    lines = [ANSI.sub("", line) for line in re.split(r"[\r\n]+", bar)]
    shown = [line for line in lines if "━" in line and "3/3" in line]
    assert shown
    assert all(part in shown[-1] for part in ("Training", "loss 0.333, accuracy 97.50%", "0:00:0"))
    assert max(map(len, lines)) <= 80


# Notebooks that were not made by `grader start`


def test_a_notebook_of_somebody_elses_is_sliced_unless_all_of_it_is_asked_for(grader, tmp_path: Path) -> None:
    write_notebook(tmp_path / "lab.ipynb", "x = 'heavy'", "y = 1", DISTANCE)

    part = grader("check", "lab.ipynb", *ONLY)
    whole = grader("check", "lab.ipynb", *ONLY, "--full")

    assert (part.returncode, whole.returncode) == (0, 0)
    assert "Not run: cells 1-2; the report says why." in part.stdout
    assert "Not run" not in whole.stdout


def test_exercises_of_which_nothing_is_found_stand_in_one_line_after_the_others(grader, tmp_path: Path) -> None:
    write_notebook(tmp_path / "lab.ipynb", "missing_name", DISTANCE + "\nmissing_name")

    result = grader("check", "lab.ipynb", *ONLY, "--exercise", "zip_pairs", "--exercise", "rank_and_shape")

    assert result.returncode == 1
    lines = [line.strip() for line in result.stdout.splitlines()]
    assert "Not attempted (10 points): Rank and shape, A dataset is a list of pairs" in lines
    assert "For what was attempted: 5 of 5 points." in lines
    assert not any(line.startswith("0 /") for line in lines)


def test_an_alias_and_the_first_error_that_mattered_are_said(grader, tmp_path: Path) -> None:
    write_notebook(
        tmp_path / "lab.ipynb", "nowhere", "scale = nowhere", "def mnist_dist(a, b): return (a - b).abs() * scale"
    )

    result = grader("check", "lab.ipynb", *ONLY)

    assert "Graded your `mnist_dist` as `mnist_distance`." in result.stdout
    text = " ".join(result.stdout.split())
    assert 'The first error that mattered is in cell 2: "The distance between two images" depends on it.' in text
