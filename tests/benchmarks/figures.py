"""Measures what the README's table reports, and prints the table: python -m tests.benchmarks.figures

Every figure is the median of several runs of the real command in a new process. Memory is the peak of the command
and of all processes below it, added up (proportional set size, from /proc), so it needs Linux.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import nbformat

from grader.course import load_course
from grader.places import data_folder
from grader.starter import starter_notebook

RUNS = 5
GRADER = [sys.executable, "-m", "grader"]


def main() -> None:
    """Prints the table in Markdown."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        notebooks = solved_notebooks(folder)
        checks = {
            name: [*GRADER, "check", str(file), "--html", str(folder / "r.html")] for name, file in notebooks.items()
        }
        others = [name for name in load_course().exercises if name != "full_mnist"]
        without = [part for name in others for part in ("--exercise", name)]
        rows = [
            ("`grader --help`", seconds([*GRADER, "--help"]), ""),
            (
                "`grader check`, the solved notebook without full MNIST",
                seconds([*checks["without"], *without]),
                memory([*checks["without"], *without]),
            ),
            (
                "of which the notebook's own cells, in a kernel that runs already",
                seconds_of_cells(notebooks["without"]),
                "",
            ),
            ("`grader check`, the whole solved notebook", seconds(checks["whole"]), memory(checks["whole"])),
            ("`grader verify`, a single run", *once([*GRADER, "verify"])),
        ]
    print("| what | median time | peak memory |\n| --- | ---: | ---: |")
    for what, time_s, peak in rows:
        print(f"| {what} | {time_s:.2f} s | {peak} |")
    print(
        f"\nMedian of {RUNS} runs; Python {platform.python_version()}, torch {version('torch')}, "
        f"{os.cpu_count()} cores, {platform.system()}."
    )


def solved_notebooks(folder: Path) -> dict[str, Path]:
    """The reference as a notebook: the whole course, and all but the training on full MNIST."""
    course = load_course()
    data = data_folder()
    course.prepare(data)
    few = course.selected(tuple(name for name in course.exercises if name != "full_mnist"))
    files = {"whole": folder / "whole.ipynb", "without": folder / "without.ipynb"}
    for name, chosen in (("whole", course), ("without", few)):
        nbformat.write(starter_notebook(chosen, str(data), is_solved=True), files[name])
    return files


def seconds(command: list[str]) -> float:
    """The median wall time of a command, which must succeed."""
    return median_of(lambda: subprocess.run(command, check=True, capture_output=True))


def seconds_of_cells(notebook: Path) -> float:
    """The median wall time of a notebook's cells, one after another in one fresh process without a grader."""
    cells = [cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    code = "import time, torch\nfrom torch import nn\nimport torch.nn.functional\n"
    code += "start, names = time.perf_counter(), {'__name__': '__main__'}\n"
    code += "".join(f"exec({source!r}, names)\n" for source in cells)
    code += "print(time.perf_counter() - start)"
    runs = [
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True) for _ in range(RUNS)
    ]
    return statistics.median(float(run.stdout.split()[-1]) for run in runs)


def median_of(action: Callable[[], object]) -> float:
    """The median wall time of RUNS runs, after one to warm the disk's cache."""
    action()
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def once(command: list[str]) -> tuple[float, str]:
    """The wall time and the peak memory of one run of a command that takes long."""
    started = time.perf_counter()
    peak = memory(command)
    return time.perf_counter() - started, peak


def memory(command: list[str]) -> str:
    """The peak memory of a command and all that it starts, in MiB."""
    peak = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(proportional_bytes, family(process.pid))))
            time.sleep(0.02)
    return f"{peak / 2**20:,.0f} MiB"


def family(process: int) -> list[int]:
    """A process and all below it."""
    members = [process]
    for parent in members:
        for tasks in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                members += map(int, tasks.read_text().split())
            except OSError:  # it has ended meanwhile
                continue
    return members


def proportional_bytes(process: int) -> int:
    """A process's memory, what it shares divided by the number of those who share it."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    main()
