"""Isolation as users meet it: what `grader check` says and allows, where there are walls and where there are none."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.course import LoadedCourse
from grader.kernel import isolated_room
from tests.grader.notebooks import write_notebook

DISTANCE = "def mnist_distance(a, b):\n    return (a - b).abs().mean((-1, -2))"
NO_WALLS = "Ran without isolation"


@pytest.fixture
def walls(data: Path, course: LoadedCourse) -> None:
    """Only where notebooks can be isolated."""
    problem = isolated_room(sys.executable, data, course.folder).problem
    if problem:
        pytest.skip(f"notebooks can't be isolated here: {problem}")


@pytest.fixture
def check(data: Path, tmp_path: Path):
    """Checks a notebook of these cells with further arguments: what came of it, and the grade."""

    def run(*cells: str, arguments: tuple[object, ...] = (), **environment: str):
        write_notebook(tmp_path / "lab.ipynb", *cells)
        options = ("--json", "grade.json", "--exercise", "mnist_distance", "--full")
        result = grader("check", "lab.ipynb", *options, *arguments,
                        folder=tmp_path, GRADER_DATA=str(data), **environment)  # fmt: skip
        file = tmp_path / "grade.json"
        return result, json.loads(file.read_text()) if file.exists() else None

    return run


def grader(*arguments: object, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grader", *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def no_bubblewrap(tmp_path: Path) -> str:
    """A PATH on which there is no bubblewrap."""
    (tmp_path / "bin").mkdir()
    return str(tmp_path / "bin")


def errors(grade) -> list[tuple[str, str]]:
    return [(cell["error"]["type"], cell["error"]["explanation"]) for cell in grade["notebook"] if cell["error"]]


# With walls


def test_a_notebook_is_isolated_by_default_and_its_limits_are_told(walls, check, tmp_path: Path) -> None:
    result, grade = check(DISTANCE, arguments=("--limit", "memory=2GiB", "--limit", "processes=99"))

    assert result.returncode == 0, result.stderr
    assert NO_WALLS not in result.stdout
    assert (grade["is_isolated"], grade["isolation_problem"]) == (True, "")
    assert (grade["limits"]["memory_bytes"], grade["limits"]["processes"]) == (2 * 2**30, 99)
    report = (tmp_path / "lab.report.html").read_text()
    assert "Isolated: no network" in report
    assert "memory 2 GiB" in report


def test_neither_files_nor_environment_nor_network_are_there(walls, check, tmp_path: Path) -> None:
    (tmp_path / "beside.txt").write_text("secret")

    _, grade = check(
        "import os\nprint(os.listdir('.'), os.environ.get('TOKEN'), os.path.exists(os.path.expanduser('~/.ssh')))",
        "open('beside.txt')",
        "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:1')",
        TOKEN="secret",
    )

    assert grade["notebook"][0]["text"] == "[] None False\n"
    (no_file, why), (_, no_network) = errors(grade)
    assert no_file == "FileNotFoundError"
    assert "--files" in why
    assert "no network" in no_network


def test_a_notebook_that_downloads_data_is_told_where_the_data_is(walls, check) -> None:
    _, grade = check(
        "import urllib.request\n"
        "try: urllib.request.urlopen('https://example.org/train-images-idx3-ubyte.gz')\n"
        "except OSError as error: raise RuntimeError(f'Error downloading train-images-idx3-ubyte.gz: {error}')",
    )

    ((name, explanation),) = errors(grade)
    assert name == "RuntimeError"  # as torchvision's datasets end
    assert "There is no network" in explanation
    assert "GRADER_DATA" in explanation


def test_files_may_be_given(walls, check, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("1,2\n")
    (tmp_path / "helpers").mkdir()
    (tmp_path / "helpers" / "sums.py").write_text("total = 7\n")

    _, grade = check(
        "print(open('table.csv').read())\nimport helpers.sums\nprint(helpers.sums.total)",
        "open('table.csv', 'w').write('changed')",
        arguments=("--files", "table.csv", "--files", "helpers"),
    )

    assert errors(grade) == []
    assert grade["notebook"][0]["text"] == "1,2\n\n7\n"
    assert (tmp_path / "table.csv").read_text() == "1,2\n"


def test_a_limit_that_is_reached_is_told_with_how_to_raise_it(walls, check) -> None:
    _, grade = check("x = bytearray(10**9)", arguments=("--limit", "memory=500MB"))

    ((name, explanation),) = errors(grade)
    assert name == "MemoryError"
    assert "--limit memory=" in explanation


def test_another_python_runs_the_notebook(walls, check, tmp_path: Path) -> None:
    python = other_python(tmp_path / "other")

    result, grade = check(f"import sys\nprint(sys.prefix)\n{DISTANCE}", arguments=("--python", python))

    assert result.returncode == 0, result.stdout + result.stderr
    assert grade["is_isolated"]
    assert grade["notebook"][0]["text"] == f"{tmp_path / 'other'}\n"


def other_python(folder: Path) -> Path:
    """The interpreter of an environment of its own, with the packages of this one."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    ours = [path for path in sys.path if Path(path).name == "site-packages"]
    (packages / "ours.pth").write_text("\n".join(ours))
    return folder / "bin" / "python"


def test_a_python_without_ipykernel_is_told_in_two_lines(check, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)

    result, grade = check(DISTANCE, arguments=("--python", tmp_path / "bare" / "bin" / "python"))

    assert result.returncode == 2
    assert grade is None
    assert len(result.stderr.strip().splitlines()) <= 2
    assert "ipykernel" in result.stderr


# Without


def test_without_bubblewrap_ones_own_notebook_runs_and_is_told_so(check, no_bubblewrap: str, tmp_path: Path) -> None:
    (tmp_path / "beside.txt").write_text("there")

    result, grade = check(f"print(open('beside.txt').read())\n{DISTANCE}", PATH=no_bubblewrap)

    assert result.returncode == 0, result.stderr
    assert f"{NO_WALLS} (bubblewrap is not installed)" in result.stdout
    assert not grade["is_isolated"]
    assert grade["notebook"][0]["text"] == "there\n"
    assert "ran without isolation (bubblewrap is not installed)" in (tmp_path / "lab.report.html").read_text()


def test_isolation_may_be_left_out(check) -> None:
    result, grade = check(DISTANCE, arguments=("--no-isolation",))

    assert f"{NO_WALLS} (not asked for)" in result.stdout
    assert not grade["is_isolated"]


def test_a_sandbox_that_does_not_start_is_told(check, tmp_path: Path) -> None:
    broken = tmp_path / "bin" / "bwrap"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho bwrap: no permission >&2\nexit 1\n")
    broken.chmod(0o755)

    result, grade = check(DISTANCE, PATH=f"{broken.parent}:{os.environ['PATH']}")

    assert result.returncode == 0
    assert f"{NO_WALLS} (bwrap: no permission)" in result.stdout
    assert not grade["is_isolated"]


# The doctor


def test_the_doctor_says_what_this_machine_offers(walls, data: Path, tmp_path: Path) -> None:
    result = grader("doctor", folder=tmp_path, GRADER_DATA=str(data))

    assert result.returncode == 0, result.stdout
    assert "Notebooks are isolated here." in result.stdout
    assert "memory=4 GiB" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_the_doctor_says_what_to_install(no_bubblewrap: str, data: Path, tmp_path: Path) -> None:
    result = grader("doctor", folder=tmp_path, GRADER_DATA=str(data), PATH=no_bubblewrap)

    assert result.returncode == 1
    assert "apt install bubblewrap" in result.stdout
    assert "NOT isolated" in result.stdout


def test_the_doctor_says_if_a_python_can_not_run_notebooks(data: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)

    result = grader("doctor", "--python", tmp_path / "bare" / "bin" / "python", folder=tmp_path, GRADER_DATA=str(data))

    assert result.returncode == 1
    assert "pip install ipykernel" in result.stdout


# A GPU


def test_a_gpu_that_is_not_there_is_told_before_anything_runs(check, tmp_path: Path) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a GPU")

    result, grade = check(DISTANCE, arguments=("--device", "cuda"))

    assert result.returncode == 2
    assert f"torch {torch.__version__} has no GPU to use" in result.stderr
    assert not (tmp_path / "lab.report.html").exists()
    assert grade is None


def test_where_there_is_no_gpu_auto_does_without(check) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a GPU")

    result, grade = check(DISTANCE, arguments=("--device", "auto"))

    assert result.returncode == 0, result.stderr
    assert grade["gpu"] is None
