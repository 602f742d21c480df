"""The Python of the notebooks, by path or by the name of a Jupyter kernel."""

import json
import sys
from pathlib import Path

import pytest

from grader.errors import UserError
from grader.interpreters import interpreter


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A function that installs a Jupyter kernel "lab" with a command."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))

    def install(*command: str) -> None:
        folder = tmp_path / "kernels" / "lab"
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "Lab", "language": "python"}))

    return install


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    link = tmp_path / "python"
    link.symlink_to(sys.executable)

    assert interpreter(str(link)) == str(link)


def test_a_jupyter_kernel_names_its_interpreter(kernel) -> None:
    kernel(sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}")

    assert interpreter("lab") == sys.executable


def test_a_kernel_of_another_language_is_refused(kernel) -> None:
    kernel("R", "--slave", "-e", "IRkernel::main()")

    with pytest.raises(UserError, match="is not a Python"):
        interpreter("lab")


def test_a_name_that_is_nothing_is_refused_with_the_kernels_that_there_are(kernel) -> None:
    kernel(sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}")

    with pytest.raises(UserError, match=r"nope: no such program. Jupyter's kernels here: .*lab"):
        interpreter("nope")
