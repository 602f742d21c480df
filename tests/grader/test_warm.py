"""Warm kernels: forks of one zygote that behave like kernels of their own, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbformat import NotebookNode

from grader.execution import Session
from grader.forking import Zygote, can_fork
from grader.limits import Limits
from grader.probes import Probe
from tests.grader.notebooks import notebook_of

pytestmark = pytest.mark.skipif(not can_fork(), reason="warm kernels need Linux")
LIMITS = Limits(cell_s=20, notebook_s=60)


@pytest.fixture
def zygote():
    made = Zygote(sys.executable)
    yield made
    made.close()


def run(folder: Path, *cells: str) -> list[str]:
    """What the cells of a notebook print."""
    notebook = notebook_of(*cells)
    with Session(notebook, folder, folder, LIMITS) as session:
        for index in range(len(cells)):
            session.run_cell(index)
    return [text_of(cell) for cell in notebook.cells]


def request_of(connection: Path) -> dict[str, object]:
    """What asks for a kernel that is not isolated."""
    folder, environment = str(connection.parent), dict(os.environ)
    arguments = ["-f", str(connection)]
    given = {"arguments": arguments, "folder": folder, "environment": environment}
    return {**given, "imports": [], "sockets": [], "walls": None}


def text_of(cell: NotebookNode) -> str:
    return "".join(output.get("text", "") + output.get("evalue", "") for output in cell.outputs)


def ended_within(process: int, seconds: float) -> bool:
    """Whether a process is gone, or but a zombie, before the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


def test_a_kernel_is_a_fork_in_which_torch_is_there_already(tmp_path: Path) -> None:
    (shown,) = run(tmp_path, "import os, sys\nprint(os.getppid(), 'torch' in sys.modules)")

    assert shown == f"{Zygote.shared().process.pid} True\n"


def test_one_zygote_serves_all_notebooks(tmp_path: Path) -> None:
    code = "import os\nprint(os.getppid())"

    assert run(tmp_path, code) == run(tmp_path, code)


def test_notebooks_share_nothing(tmp_path: Path) -> None:
    spoil = "import torch, builtins, os\ntorch.leak = builtins.leak = 1\nos.environ['LEAK'] = '1'\nos.chdir('/')"
    look = "import torch, builtins, os\nprint(hasattr(torch, 'leak'), hasattr(builtins, 'leak'), 'LEAK' in os.environ)"
    run(tmp_path, spoil)

    shown, folder = run(tmp_path, look, "print(os.getcwd())")

    assert shown == "False False False\n"
    assert folder == f"{tmp_path}\n"


def test_every_kernel_draws_other_random_numbers(tmp_path: Path) -> None:
    code = "import random, numpy, torch\nprint(random.random(), numpy.random.rand(), torch.rand(()).item())"

    (one,), (other,) = run(tmp_path, code), run(tmp_path, code)

    assert not set(one.split()) & set(other.split())


def test_torch_runs_on_several_threads_and_goes_backwards(tmp_path: Path) -> None:
    code = """
import torch
torch.set_num_threads(2)
w = torch.rand(500, 500, requires_grad=True)
(w @ w).sum().backward()
print(w.grad.shape, torch.get_num_threads())
"""

    assert run(tmp_path, code) == ["torch.Size([500, 500]) 2\n"]


def test_what_takes_long_to_import_is_imported_once_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pandas.py").write_text("import os\nwhere = os.getpid()")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(Zygote, "_shared", {})
    code = "import pandas, os\nprint(pandas.where, os.getppid())"

    (first,), (second,) = run(tmp_path, code), run(tmp_path, code)
    Zygote.shared().close()

    assert first == second
    assert len(set(first.split())) == 1


def test_a_data_loader_with_workers_works(tmp_path: Path) -> None:
    code = """
import torch
from torch.utils.data import DataLoader
print(sum(len(batch) for batch in DataLoader(list(range(10)), batch_size=3, num_workers=2)))
"""

    assert run(tmp_path, code) == ["10\n"]


def test_plots_are_shown_and_fonts_are_found(tmp_path: Path) -> None:
    notebook = notebook_of("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('two');")
    with Session(notebook, tmp_path, tmp_path, LIMITS) as session:
        assert session.run_cell(0).error is None

    assert any("image/png" in output.get("data", {}) for output in notebook.cells[0].outputs)


def test_what_a_notebook_started_ends_with_it(tmp_path: Path) -> None:
    (shown,) = run(tmp_path, "import subprocess\nprint(subprocess.Popen(['sleep', '600']).pid)")

    assert ended_within(int(shown), 5)


def test_a_probe_that_goes_on_ends_with_its_kernel(tmp_path: Path) -> None:
    code = "def endless():\n    open('process', 'w').write(str(__import__('os').getpid()))\n    while True: pass"
    probe = Probe("def scenario(endless): endless()", "scenario", ("endless",), ((),), 0, 60)
    with Session(notebook_of(code), tmp_path, tmp_path, Limits(cell_s=20, notebook_s=2)) as session:
        session.run_cell(0)
        (answer,) = session.ask([probe])

    assert answer.ending == "timeout"
    assert ended_within(int((tmp_path / "process").read_text()), 5)


def test_a_zygote_that_died_is_replaced(tmp_path: Path) -> None:
    dead = Zygote.shared()
    os.kill(dead.process.pid, signal.SIGKILL)
    dead.process.wait()

    (shown,) = run(tmp_path, "import os\nprint(os.getppid())")

    assert int(shown) == Zygote.shared().process.pid != dead.process.pid


def test_kernels_end_with_their_zygote(zygote: Zygote, tmp_path: Path) -> None:
    connection = tmp_path / "connection.json"
    kernel = zygote.fork(request_of(connection))

    os.kill(zygote.process.pid, signal.SIGKILL)

    assert ended_within(kernel, 5)


def test_a_zygote_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom grader.forking import Zygote\nz = Zygote.shared()\n"
        f"k = z.fork({request_of(tmp_path / 'connection.json')!r})\n"
        "print(z.process.pid, k, flush=True)\ntime.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        zygote, kernel = map(int, parent.stdout.readline().split())
        parent.kill()

    assert ended_within(zygote, 5)
    assert ended_within(kernel, 5)


def test_a_zygote_does_not_keep_its_callers_pipe_open() -> None:
    code = (
        "import os, sys\nfrom grader.forking import Zygote\nZygote.shared()\n"
        "os.write(1, b'done')\nos._exit(0)  # without telling the zygote"
    )

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)

    assert result.stdout == b"done"


def test_a_kernel_that_ends_is_told_with_its_status(zygote: Zygote, tmp_path: Path) -> None:
    kernel = zygote.fork(request_of(tmp_path / "connection.json"))
    assert zygote.status(kernel) is None

    os.kill(kernel, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while zygote.status(kernel) is None and time.monotonic() < deadline:
        zygote.read(1)

    assert zygote.status(kernel) == -signal.SIGKILL


def test_other_programs_get_warm_kernels_by_the_provisioners_name() -> None:
    from importlib.metadata import entry_points

    (entry,) = entry_points(group="jupyter_client.kernel_provisioners", name="grader-warm")

    assert entry.load().__name__ == "WarmProvisioner"
