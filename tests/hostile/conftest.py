"""Attacks: each is a notebook that is graded behind walls, and then nothing of it may be left outside."""

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.course import LoadedCourse
from grader.forking import Zygote
from grader.grading import grade
from grader.kernel import Room, isolated_room
from grader.limits import Limits
from grader.notebook import read_notebook
from tests.grader.notebooks import write_notebook
from tests.hostile.attacks import CORNER, DISTANCE, EXERCISES, LIMITS, Attack, Outcome

END_S = 5.0


@pytest.fixture(scope="session")
def room(data: Path, course: LoadedCourse) -> Room:
    """A room with walls."""
    made = isolated_room(sys.executable, data, course.folder)
    if not made.is_isolated:
        give_up = pytest.fail if os.environ.get("TESTS_NEED_WALLS") else pytest.skip
        give_up(f"notebooks can't be isolated here: {made.problem}")
    return made


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files of this test alone: other graders may be at work on this machine."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


@pytest.fixture
def attack(course: LoadedCourse, data: Path, room: Room, tmp_path: Path, temporary: Path) -> Iterator[Attack]:
    """Grades the cells of a notebook. Afterwards nothing of it may be left, and the next notebook gets its points."""
    zygote = Zygote.shared(room.python, room.view)
    folder = tmp_path / "submission"
    folder.mkdir()

    def run(*cells: str, limits: Limits = LIMITS, exercises: tuple[str, ...] = EXERCISES) -> Outcome:
        file = write_notebook(folder / "notebook.ipynb", *cells)
        started = time.monotonic()
        result = grade(read_notebook(file), course.selected(exercises), data, limits, room=room)
        return Outcome(result, time.monotonic() - started)

    yield run
    assert zygote.process.poll() is None, "the zygote did not survive"
    assert ended(zygote.process.pid), f"processes are left: {descendants(zygote.process.pid)}"
    assert traces(temporary) == set(), "files or sockets are left"
    assert [file.name for file in folder.iterdir()] in ([], ["notebook.ipynb"])
    result = run(DISTANCE, CORNER)
    assert (result.is_full("mnist_distance"), result.is_full("bottom_right")) == (True, True), "the next one suffers"


def ended(zygote: int) -> bool:
    """Whether a zygote has no process below it but itself, or soon has none."""
    deadline = time.monotonic() + END_S
    while time.monotonic() < deadline:
        if len(descendants(zygote)) <= 1:  # bubblewrap's own process is the one that we started
            return True
        time.sleep(0.02)
    return False


def descendants(process: int) -> list[int]:
    """The processes that a process started, and those that they started."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                if state != "Z":
                    parents[int(folder.name)] = int(parent)
    found = [process]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def traces(temporary: Path) -> set[str]:
    """The files that are in a folder now, and the sockets whose files were there."""
    lines = Path("/proc/net/unix").read_text().splitlines()
    sockets = {line.split()[-1] for line in lines if f"{temporary}/" in line}
    return sockets | {str(file) for file in temporary.iterdir()}
