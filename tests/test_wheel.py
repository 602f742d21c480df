"""The wheel, alone in an empty environment: it carries its content, verifies it, and grades the sample notebook."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from grader.quiz.bank import open_bank

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "tests" / "data" / "half_right.ipynb"
FEW = [word for name in ("pixels", "baseline", "mnist_distance", "sgd_step", "plots") for word in ("--exercise", name)]


def run(*command: object, folder: Path, status: int = 0, **environment: str) -> str:
    """What a command prints; it must end with this status."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV", "GRADER"))}
    result = subprocess.run(
        list(map(str, command)), cwd=folder, env={**clean, **environment}, capture_output=True, text=True, check=False
    )
    assert result.returncode == status, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `grader` of a new environment that holds the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, folder=folder)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=True)
    scripts = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    install = (scripts / "python", "-m", "pip", "install", "--quiet", "--constraint", ROOT / "constraints.txt")
    run(*install, "torch==2.13.0", folder=folder)  # first and exactly: see the Makefile
    run(*install, wheel, folder=folder)
    return scripts / "grader"


def test_the_wheel_verifies_its_course(installed: Path, tmp_path: Path) -> None:
    read_data = ("baseline", "segmentation")  # what needs no data is the same in a checkout
    options = [option for name in read_data for option in ("--exercise", name)]

    shown = run(installed, "verify", "--no-mutants", *options, folder=tmp_path, XDG_CACHE_HOME=str(tmp_path))

    assert "all as it should be" in shown


def test_the_wheel_grades_the_sample(installed: Path, tmp_path: Path) -> None:
    shown = run(
        installed,
        "check",
        SAMPLE,
        *FEW,
        "--html",
        tmp_path / "r.html",
        folder=tmp_path,
        status=1,
        XDG_CACHE_HOME=str(tmp_path),
    )

    assert "points" in shown
    assert "<!doctype html>" in (tmp_path / "r.html").read_text()


def test_the_wheel_makes_a_gradebook(installed: Path, tmp_path: Path) -> None:
    code = "from grader.book.gradebook import Gradebook; Gradebook('grades.db').close(); Gradebook('grades.db').close()"

    run(installed.with_name("python"), "-c", code, folder=tmp_path)

    assert (tmp_path / "grades.db").stat().st_size > 0


def test_the_wheel_has_its_questions_and_generators(installed: Path, tmp_path: Path) -> None:
    code = (
        "from grader.quiz.bank import open_bank\n"
        "bank = open_bank()\n"
        "print(len(bank.questions), *(bank.find(f'{generator.name}#1').name for generator in bank.generators))"
    )
    here = open_bank()

    shown = run(installed.with_name("python"), "-c", code, folder=tmp_path)

    assert shown.split() == [str(len(here.questions)), *(f"{generator.name}#1" for generator in here.generators)]
