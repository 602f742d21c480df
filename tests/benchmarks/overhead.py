"""What it costs to run a notebook beyond its own cells: python -m tests.benchmarks.overhead

The same notebook of 15 cells, which imports torch, is run cold (nbclient with a new kernel), warm (a session of the
grader), warm and isolated, and by exec in a fork of a process that has torch already: the floor. All in one run, on
one core, in turns, so that what else the machine does strikes all alike. It also prints what a probe costs, what a
warm kernel adds in memory, and how the grader's own memory grows over many notebooks. Needs Linux.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from grader.execution import Session
from grader.kernel import Room, isolated_room, open_room
from grader.limits import Limits
from grader.probes import Probe
from tests.benchmarks.figures import proportional_bytes

CELLS = [
    *("import torch", "import numpy as np", "from torch import nn, tensor", "import torch.nn.functional as F"),
    *("x = torch.arange(10.)", "w = torch.rand(10, requires_grad=True)", "loss = ((x * w) ** 2).mean()"),
    *("loss.backward()", "w.grad.shape", "model = nn.Linear(10, 1)", "model(x)", "def f(a):\n    return a * 2"),
    *("f(x).sum()", "[o * 2 for o in range(10)]", "print('done')"),
]
COLD_RUNS, WARM_RUNS, MANY = 5, 25, 1000
KINDS = {
    "cold": "cold: nbclient, a new kernel",
    "warm": "warm: a fork of the zygote",
    "isolated": "warm and isolated",
    "floor": "floor: fork and exec, no kernel",
}


def main() -> None:
    """Prints the table in Markdown."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    import torch  # noqa: F401  the floor has it already

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)  # where root measures, the isolated are another user
        walls, none = isolated_room(sys.executable, folder, folder), open_room(sys.executable)
        runs: dict[str, Callable[[], object]] = {
            "cold": lambda: cold(folder),
            "warm": lambda: warm(folder, none),
            "isolated": lambda: warm(folder, walls),
            "floor": floor,
        }
        if walls.problem:
            print(f"Notebooks can't be isolated here: {walls.problem}.\n")
            del runs["isolated"]
        times: dict[str, list[float]] = {kind: [] for kind in runs}
        for kind in set(runs) - {"cold"}:
            runs[kind]()  # once, so that all that is started for it is there
        for turn in range(WARM_RUNS):
            for kind, run in runs.items():
                if kind != "cold" or turn < COLD_RUNS:
                    times[kind].append(seconds(run))
        medians = {kind: statistics.median(measured) for kind, measured in times.items()}
        print("| a notebook of 15 cells | median time | cold takes this many times as long |\n| --- | ---: | ---: |")
        for kind, median in medians.items():
            print(f"| {KINDS[kind]} | {median:.3f} s | {medians['cold'] / median:.0f} |")
        room = none if walls.problem else walls
        probe_s, own = probe_seconds(folder, room), kernel_bytes(folder, none)
        print(f"\nA probe: {1000 * probe_s:.0f} ms. A warm kernel's own memory: {own / 2**20:.0f} MiB (PSS).")
        before = proportional_bytes(os.getpid())
        for _ in range(MANY):
            warm(folder, room)
        grown = proportional_bytes(os.getpid()) - before
        print(f"The grader's memory after {MANY} more notebooks: {grown / 2**20:+.1f} MiB.")


def seconds(action: Callable[[], object]) -> float:
    """The wall time of an action."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def notebook() -> nbformat.NotebookNode:
    """The notebook, new for each run."""
    return new_notebook(cells=[new_code_cell(source) for source in CELLS])


def cold(folder: Path) -> None:
    """A kernel of the usual kind."""
    NotebookClient(notebook(), kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()


def warm(folder: Path, room: Room) -> None:
    """A session of the grader."""
    made = notebook()
    with Session(made, folder, folder, Limits(), room) as session:
        for index in range(len(CELLS)):
            assert session.run_cell(index).error is None


def floor() -> None:
    """The cells by exec in a fork of this process."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        namespace: dict[str, object] = {}
        for source in CELLS:
            exec(source, namespace)
        os._exit(0)
    os.waitpid(child, 0)


def probe_seconds(folder: Path, room: Room) -> float:
    """The median time of a probe among ten that are asked together."""
    probe = Probe("def scenario(f): return f(2)", "scenario", ("f",), ((),) * 16, 1, 10)
    made = notebook()
    with Session(made, folder, folder, Limits(), room) as session:
        for index in range(len(CELLS)):
            session.run_cell(index)
        return statistics.median(seconds(lambda: session.ask([probe] * 10)) / 10 for _ in range(9))


def kernel_bytes(folder: Path, room: Room) -> int:
    """The memory of a kernel without what it shares with its zygote. room: one without walls, to see its process."""
    made = notebook()
    made.cells.append(new_code_cell("import os\nprint(os.getpid())"))
    with Session(made, folder, folder, Limits(), room) as session:
        for index in range(len(made.cells)):
            session.run_cell(index)
        return proportional_bytes(int(made.cells[-1].outputs[0].text))


if __name__ == "__main__":
    main()
