"""What tests of all folders use."""

import os
from pathlib import Path

import pytest

from grader.places import PATIENT

os.environ.setdefault("OMP_WAIT_POLICY", PATIENT)  # before torch is imported

from grader.course import LoadedCourse, load_course


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The prepared data, without the PNG files of all ten digits, which no exercise reads."""
    from reference import mnist, salt

    folder = tmp_path_factory.mktemp("data")
    folder.chmod(0o755)  # where root grades, the isolated are another user
    mnist.prepare(folder, parts=("train_tensors", "mnist_sample"))
    salt.prepare(folder)
    (folder / "mnist_png").mkdir()
    return folder


@pytest.fixture(scope="session")
def course() -> LoadedCourse:
    """The built-in course."""
    return load_course()
