"""A class of the small course, and the command that grades it, for tests."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.book.gradebook import Gradebook
from tests.grader.notebooks import write_notebook

RIGHT = "def spread(numbers):\n    return max(numbers) - min(numbers)"
WRONG = "def spread(numbers):\n    return numbers[-1] - numbers[0]"
FATAL = "import os\nos.kill(os.getpid(), 9)"  # ends its kernel
# Goes on when there is a file, which the test makes: every notebook sees the course's data. What is to wait stands in
# the same cell: one on which no exercise depends is not run.
WAITS = "import os, time\nwhile not os.path.exists(os.environ['GRADER_DATA'] + '/go'):\n    time.sleep(0.01)\n"
POINTS = {RIGHT: 3, WRONG: 1}


@dataclass(frozen=True)
class SmallClass:
    """A folder with the small course, its data and a class's submissions."""

    root: Path
    course: Path

    @property
    def submissions(self) -> Path:
        """The folder that is graded."""
        return self.root / "class"

    def hand_in(self, student: str, *cells: str) -> Path:
        """A student's notebook."""
        self.submissions.mkdir(exist_ok=True)
        return write_notebook(self.submissions / f"{student}.ipynb", *cells)

    def go(self) -> None:
        """Lets those go on who wait."""
        (self.root / "data" / "go").touch()

    def started(self, *options: str, **environment: str) -> subprocess.Popen[str]:
        """`grader grade` as a process of its own."""
        (self.root / "data").mkdir(exist_ok=True)
        command = [sys.executable, "-m", "grader", "grade", "class", "--course", str(self.course), *options]
        return subprocess.Popen(
            command,
            cwd=self.root,
            env={**os.environ, "GRADER_DATA": str(self.root / "data"), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def graded(self, *options: str, **environment: str) -> tuple[int, str, str]:
        """Its exit status, and what it has printed on both outputs."""
        process = self.started(*options, **environment)
        out, errors = process.communicate()
        return process.returncode, out, errors

    def points(self) -> dict[str, float | None]:
        """What everybody has, by the gradebook."""
        with Gradebook(self.root / "gradebook.db", must_exist=True) as book:
            return {found.student: found.points for found in book.standings("numbers")}

    def gradings(self, student: str = "") -> list[float | None]:
        """The points of every grading, the oldest first."""
        with Gradebook(self.root / "gradebook.db", must_exist=True) as book:
            return [found.points for found in book.gradings(student)]

    def kept(self) -> int:
        """How many gradings are in the gradebook, which may not be there yet."""
        with contextlib.closing(sqlite3.connect(self.root / "gradebook.db", timeout=60)) as connection:
            try:
                return int(connection.execute("SELECT count(*) FROM gradings").fetchone()[0])
            except sqlite3.OperationalError:
                return 0


def until(is_so: Callable[[], bool], process: "subprocess.Popen[str] | None" = None) -> None:
    """Waits until something is so, as long as the process runs."""
    while not is_so():
        if process is not None and process.poll() is not None:
            raise AssertionError(f"it has ended: {process.communicate()}")
        time.sleep(0.01)  # or it would take the time of what it waits for


def children(pid: int) -> set[int]:
    """The processes that a process has started, and those that these have."""
    found: set[int] = set()
    with contextlib.suppress(OSError):  # it has ended meanwhile
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in task.read_text().split():
                found |= {int(child)} | children(int(child))
    return found


def workers(pid: int) -> set[int]:
    """The workers among the children of a run."""
    return {child for child in children(pid) if b"grader.batch.worker" in command_of(child)}


def command_of(pid: int) -> bytes:
    """A process's command; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
