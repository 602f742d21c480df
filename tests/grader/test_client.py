"""Cells that show much, in a real kernel: floods, long lines, updates, and what the kernel sends besides."""

import re
from pathlib import Path

import pytest
from nbformat import NotebookNode

from grader import client
from grader.execution import CellEnd, Session
from grader.limits import Limits
from grader.probes import Probe
from tests.grader.notebooks import notebook_of

LIMITS = Limits(cell_s=60, notebook_s=120, output_bytes=2_000)
FLOOD = Limits(cell_s=60, notebook_s=120, output_bytes=2_000, flood_bytes=1_000_000)


def run(notebook: NotebookNode, folder: Path, limits: Limits = LIMITS) -> list[CellEnd]:
    with Session(notebook, folder, folder, limits) as session:
        return [session.run_cell(index) for index in range(len(notebook.cells))]


def text_of(cell: NotebookNode) -> str:
    return "".join(output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def error_of(end: CellEnd) -> str:
    return f"{end.error.type}: {end.error.message}" if end.error else ""


# Much output


def test_one_long_line_keeps_both_its_ends(tmp_path: Path) -> None:
    notebook = notebook_of("print('a' + 'x' * 20_000_000 + 'b')")

    (end,) = run(notebook, tmp_path)

    assert end.error is None
    assert re.fullmatch(r"ax+\n\[… 19.07 MiB of output was left out here …\]\nx+b\n", text_of(notebook.cells[0]))


def test_no_message_is_lost_though_they_come_faster_than_they_are_taken_in(tmp_path: Path) -> None:
    notebook = notebook_of("for i in range(5000): print(f'{i:09}', flush=True)\n1/0")

    (end,) = run(notebook, tmp_path)

    notice = re.compile(r"\n\[… ([\d.]+) KiB of output was left out here …\]\n")
    first, left_out, last = notice.split(text_of(notebook.cells[0]))
    assert first.startswith("000000000\n")
    assert last.endswith("000004999\n")
    assert len(first) + float(left_out) * 1024 + len(last) == pytest.approx(50_000, abs=10)
    assert error_of(end) == "ZeroDivisionError: division by zero"


def test_of_many_displays_the_first_and_the_last_are_kept(tmp_path: Path) -> None:
    notebook = notebook_of("for i in range(3000): display(i)")

    (end,) = run(notebook, tmp_path)

    outputs = notebook.cells[0].outputs
    assert end.error is None
    assert len(outputs) <= 1001
    assert (outputs[0].data["text/plain"], outputs[-1].data["text/plain"]) == ("0", "2999")


@pytest.mark.parametrize(
    "flood",
    [
        "for i in range(10**9): print('x' * 1000)",
        "print('x' * 1_000_000_000)",
        "for i in range(10**9): display(i)",
        "handle = display(0, display_id=True)\nfor i in range(10**9): handle.update(i)",
        "from IPython.display import clear_output\nfor i in range(10**9): clear_output()",
    ],
    ids=["prints", "a line", "displays", "updates", "clears"],
)
def test_a_flood_is_stopped_and_the_kernel_goes_on(tmp_path: Path, flood: str) -> None:
    notebook = notebook_of("x = 1", flood, "x")
    with Session(notebook, tmp_path, tmp_path, FLOOD) as session:
        ends = [session.run_cell(index) for index in range(3)]

        assert session.restarts == 0
    assert error_of(ends[1]) == "Too much output: The cell sent more than 976.6 KiB of output, so it was interrupted."
    assert text_of(notebook.cells[2]) == "1"


def test_a_flood_that_ignores_the_interrupt_ends_with_its_kernel(tmp_path: Path) -> None:
    stubborn = "while True:\n    try:\n        while True: print('x' * 1000)\n    except KeyboardInterrupt: pass"
    notebook = notebook_of("x = 1", stubborn, "x")

    ends = run(notebook, tmp_path, FLOOD)

    assert "its kernel was ended" in error_of(ends[1])
    assert text_of(notebook.cells[1]).startswith("xxx")
    assert text_of(notebook.cells[2]) == "1"


def test_a_notebook_has_a_limit_too(tmp_path: Path) -> None:
    notebook = notebook_of(*["print('x' * 100_000)"] * 4)

    run(notebook, tmp_path, Limits(output_bytes=20_000, notebook_output_bytes=40_000))

    lengths = [text_of(cell).count("x") for cell in notebook.cells]
    assert lengths[0] == lengths[1] > 19_000
    assert lengths[2] == lengths[3] < 2_500


def test_a_thread_that_never_stops_printing_holds_no_probe_up(tmp_path: Path) -> None:
    endless = """
import threading

def flood():
    while True: print('t', flush=True)

x = 1
threading.Thread(target=flood, daemon=True).start()"""
    notebook = notebook_of(endless, "import time; time.sleep(1)")
    probe = Probe("def scenario(value): return value", "scenario", ("x",), ((),), 1, 5)
    with Session(notebook, tmp_path, tmp_path, LIMITS) as session:
        session.run_cell(0)
        session.run_cell(1)
        endings = [session.ask([probe])[0].ending for _ in range(20)]

        assert session.restarts == 0
    assert endings == ["done"] * 20


# What the kernel sends besides


def test_a_message_beyond_all_measure_ends_the_kernel_and_not_the_grader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "LIMIT_MESSAGE_BYTES", 10_000_000)
    monkeypatch.setattr(client, "OUTPUTS_S", 1)
    monkeypatch.setattr(client, "HEAR_S", 1)
    notebook = notebook_of("x = 1", "'x' * 20_000_000", "x")

    ends = run(notebook, tmp_path)

    assert error_of(ends[1]).startswith("Kernel ended: What the kernel sent can't be read (it was too large)")
    assert text_of(notebook.cells[2]) == "1"


def test_an_error_that_was_cleared_away_is_kept(tmp_path: Path) -> None:
    clearing = """
from IPython.display import clear_output
get_ipython().events.register('post_run_cell', lambda result: clear_output())
1/0"""

    (end,) = run(notebook_of(clearing), tmp_path)

    assert error_of(end) == "ZeroDivisionError: division by zero"


def test_cleared_output_is_gone_now_or_when_something_else_comes(tmp_path: Path) -> None:
    notebook = notebook_of(
        "from IPython.display import clear_output",
        "print('before'); clear_output(); print('after')",
        "print('before'); clear_output(wait=True)",
        "print('before'); clear_output(wait=True); print('after')",
    )

    run(notebook, tmp_path)

    assert [text_of(cell) for cell in notebook.cells[1:]] == ["after\n", "before\n", "after\n"]


def test_a_display_is_updated_in_its_place_also_by_later_cells(tmp_path: Path) -> None:
    notebook = notebook_of(
        "print('one'); print('two', flush=True)\nhandle = display('before', display_id=True)\nprint('three')",
        "handle.update('after')",
    )

    run(notebook, tmp_path)

    assert text_of(notebook.cells[0]) == "one\ntwo\n'after'three\n"


def test_what_a_widget_captures_stays_in_the_cell(tmp_path: Path) -> None:
    widget = """
from comm import create_comm

state = {"_model_module": "@jupyter-widgets/output", "_model_name": "OutputModel", "outputs": []}
widget = create_comm(target_name="jupyter.widget", data={"state": state})
parent = get_ipython().kernel.get_parent()
widget.send({"method": "update", "state": {"msg_id": parent["header"]["msg_id"]}})
print("captured")"""
    notebook = notebook_of(widget)

    (end,) = run(notebook, tmp_path)

    assert end.error is None
    assert text_of(notebook.cells[0]) == "captured\n"
