"""What tests of all folders use."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.places import PATIENT

os.environ.setdefault("OMP_WAIT_POLICY", PATIENT)  # before torch is imported

from grader.course import LoadedCourse, load_course

if TYPE_CHECKING:
    from tests.postgresql import Cluster


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


@pytest.fixture(scope="session")
def postgresql() -> "Iterator[Cluster]":
    """A PostgreSQL server of this test run's own; tests that need it are skipped where none is installed."""
    if sys.platform == "win32":
        pytest.skip("the tests' PostgreSQL server needs Unix sockets and users")
    from tests.postgresql import cluster

    with cluster() as running:
        if isinstance(running, str):
            pytest.skip(running)
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def gradebook_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a gradebook that is not there yet: once an SQLite file, once in PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'grades.db'}"
    running: Cluster = request.getfixturevalue("postgresql")
    return running.new_schema()[0]
