"""Running notebooks in a real kernel: errors, limits, dead kernels, and probes that leave no trace."""

from pathlib import Path

import pytest
from nbformat import NotebookNode

from grader.execution import CellEnd, Limits, Session
from grader.probes import Probe
from grader.values import Float, Plain, Raised
from tests.grader.notebooks import notebook_of

SHORT = Limits(cell_s=2, notebook_s=60)


def run(notebook: NotebookNode, folder: Path, limits: Limits = SHORT) -> list[CellEnd]:
    with Session(notebook, folder, folder, limits) as session:
        return [session.run_cell(index) for index in range(len(notebook.cells))]


def text_of(cell: NotebookNode) -> str:
    return "".join(output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def probe(source: str, *names: str, limit_s: float = 5) -> Probe:
    return Probe(source, "scenario", names, ((),), 1, limit_s)


READ = "def scenario(value): return value"


def test_an_error_is_recorded_and_later_cells_still_run(tmp_path: Path) -> None:
    notebook = notebook_of("1/0", "print('still here')")

    failed, fine = run(notebook, tmp_path)

    assert failed.error is not None
    assert (failed.error.type, failed.error.message) == ("ZeroDivisionError", "division by zero")
    assert fine.error is None
    assert text_of(notebook.cells[1]) == "still here\n"


def test_code_starts_in_the_notebooks_folder(tmp_path: Path) -> None:
    (tmp_path / "data.txt").write_text("42")
    notebook = notebook_of("print(open('data.txt').read())")

    run(notebook, tmp_path)

    assert text_of(notebook.cells[0]) == "42\n"


def test_a_syntax_error_names_its_line_and_no_invented_file(tmp_path: Path) -> None:
    (end,) = run(notebook_of("x = 1\n[if x]"), tmp_path)

    assert end.error is not None
    assert end.error.type == "SyntaxError"
    assert "(line 2)" in end.error.message
    assert ".py" not in end.error.message


def test_input_is_an_error_with_an_explanation(tmp_path: Path) -> None:
    (end,) = run(notebook_of("input('name?')"), tmp_path)

    assert end.error is not None
    assert "Nobody sits at the keyboard" in end.error.explanation


def test_a_cell_that_never_ends_is_interrupted_and_the_kernel_goes_on(tmp_path: Path) -> None:
    notebook = notebook_of("x = 1", "while True: pass", "x")
    with Session(notebook, tmp_path, tmp_path, SHORT) as session:
        ends = [session.run_cell(index) for index in range(3)]

        assert session.restarts == 0
    assert ends[1].error is not None
    assert ends[1].error.type == "Timeout"
    assert "interrupted" in ends[1].error.message
    assert text_of(notebook.cells[2]) == "1"


def test_a_cell_that_ignores_the_interrupt_is_ended_and_left_out(tmp_path: Path) -> None:
    stubborn = "import time\nwhile True:\n    try: time.sleep(9)\n    except KeyboardInterrupt: pass"
    notebook = notebook_of("x = 1", stubborn, "x")

    ends = run(notebook, tmp_path)

    assert ends[1].error is not None
    assert "its kernel was ended" in ends[1].error.message
    assert text_of(notebook.cells[2]) == "1"


@pytest.mark.parametrize("ending", ["import os; os._exit(1)", "exit()", "import os, signal; os.kill(os.getpid(), 9)"])
def test_a_cell_that_ends_the_kernel_is_left_out_and_the_others_run_again(tmp_path: Path, ending: str) -> None:
    notebook = notebook_of("x = 1", ending, "x")
    with Session(notebook, tmp_path, tmp_path, SHORT) as session:
        ends = [session.run_cell(index) for index in range(3)]

        assert session.restarts == 1
    assert ends[1].error is not None
    assert ends[1].error.type == "Kernel ended"
    assert text_of(notebook.cells[2]) == "1"


def test_system_exit_ends_its_cell_only(tmp_path: Path) -> None:
    notebook = notebook_of("x = 1", "raise SystemExit", "x")

    ends = run(notebook, tmp_path)

    assert ends[1].error is not None
    assert ends[1].error.type == "SystemExit"
    assert text_of(notebook.cells[2]) == "1"


def test_cells_are_not_run_once_the_notebooks_time_is_over(tmp_path: Path) -> None:
    notebook = notebook_of("while True: pass", "x = 1")

    ends = run(notebook, tmp_path, Limits(cell_s=5, notebook_s=1))

    assert ends[1].error is not None
    assert "Not run" in ends[1].error.message


def test_the_users_ipython_settings_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    startup = tmp_path / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("from_the_users_profile = 1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))

    (end,) = run(notebook_of("from_the_users_profile"), tmp_path)

    assert end.error is not None
    assert end.error.type == "NameError"


# Probes


def test_a_probe_reads_a_variable(tmp_path: Path) -> None:
    notebook = notebook_of("x = [1, 2.5]")
    with Session(notebook, tmp_path, tmp_path, SHORT) as session:
        session.run_cell(0)
        (answer,) = session.ask([probe(READ, "x")])

    assert answer.ending == "done"
    assert [type(value) for value in answer.observations[0].value.v] == [Plain, Float]


def test_what_a_probe_draws_changes_and_prints_is_gone_afterwards(tmp_path: Path) -> None:
    spoil = """
import random

def scenario(values):
    print("spoilt")
    random.seed(0)
    values.append(random.random())
    globals()["leak"] = 1
    import builtins
    builtins.leak = 1
"""
    draws = "import random\nrandom.seed(7)\nvalues = [1]"
    asked = notebook_of(draws, "print(random.random(), values, 'leak' in dir(__builtins__))")
    unasked = notebook_of(*(cell.source for cell in asked.cells))
    with Session(asked, tmp_path, tmp_path, SHORT) as session:
        session.run_cell(0)
        (answer,) = session.ask([probe(spoil, "values")])
        session.run_cell(1)
    run(unasked, tmp_path)

    assert answer.observations[0].printed == "spoilt\n"
    assert text_of(asked.cells[1]) == text_of(unasked.cells[1])


def test_a_probe_that_hangs_or_dies_costs_no_cell(tmp_path: Path) -> None:
    notebook = notebook_of("x = 1", "x")
    hang = probe("def scenario(x):\n    while True: pass", "x", limit_s=1)
    die = probe("import os\ndef scenario(x): os._exit(3)", "x")
    with Session(notebook, tmp_path, tmp_path, SHORT) as session:
        session.run_cell(0)
        endings = [answer.ending for answer in session.ask([hang, die, probe(READ, "x")])]
        session.run_cell(1)

        assert session.restarts == 0
    assert endings == ["timeout", "died", "done"]
    assert text_of(notebook.cells[1]) == "1"


def test_a_missing_name_is_told(tmp_path: Path) -> None:
    notebook = notebook_of("x = 1")
    with Session(notebook, tmp_path, tmp_path, SHORT) as session:
        (answer,) = session.ask([probe(READ, "y")])

    assert (answer.ending, answer.detail) == ("missing", "y")


def test_probing_leaves_no_name_behind(tmp_path: Path) -> None:
    notebook = notebook_of("before = set(dir())", "print(set(dir()) - before - {'before'})")
    with Session(notebook, tmp_path, tmp_path, SHORT) as session:
        session.run_cell(0)
        session.ask([probe(READ, "before")])
        session.run_cell(1)

    assert "agent" not in text_of(notebook.cells[1])
    assert "answer" not in text_of(notebook.cells[1])


@pytest.mark.parametrize(
    "attack",
    [
        "import sys; sys.modules['_grader_agent'].observe = lambda *a: 'not base64'",
        "import sys; sys.modules['_grader_agent'].observe = lambda *a: 1 / 0",
        "import sys; del sys.modules['_grader_agent']",
        "import base64, sys; sys.modules['_grader_agent'].observe = lambda *a: base64.b64encode(b'[' * 9999).decode()",
        "import os, sys; sys.modules['_grader_agent'].observe = lambda *a: os._exit(1)",
        "import sys, time; sys.modules['_grader_agent'].observe = lambda *a: time.sleep(10**9)",
    ],
)
def test_a_cell_that_replaces_the_agent_is_left_out_with_its_answers(tmp_path: Path, attack: str) -> None:
    notebook = notebook_of("x = 1", f"y = 1\n{attack}", "z = 1")
    with Session(notebook, tmp_path, tmp_path, SHORT) as session:
        for index in range(3):
            session.run_cell(index)
        answers = session.ask([probe(READ, name) for name in "xyz"])

        assert [answer.ending for answer in answers] == ["done", "missing", "done"]
        errors = [session.ends[index].error for index in range(3)]
        assert [error and error.type for error in errors] == [None, "Kernel ended", None]


def test_a_cell_that_ends_the_kernel_only_when_it_runs_again_is_left_out_then(tmp_path: Path) -> None:
    first = "is_first = True\nwhile True: pass"  # interrupted, so it is not run again
    again = "import os\n'is_first' in globals() or os._exit(1)"
    notebook = notebook_of("x = 1", first, again, "import os; os._exit(1)", "x")
    with Session(notebook, tmp_path, tmp_path, SHORT) as session:
        for index in range(5):
            session.run_cell(index)

        errors = [session.ends[index].error for index in range(5)]
    assert [error and error.type for error in errors] == [None, "Timeout", "Kernel ended", "Kernel ended", None]
    assert text_of(notebook.cells[4]) == "1"


def test_no_probe_is_asked_once_the_notebooks_time_for_probes_is_over(tmp_path: Path) -> None:
    hang = probe("def scenario(x):\n    while True: pass", "x", limit_s=1)
    with Session(notebook_of("x = 1"), tmp_path, tmp_path, Limits(cell_s=2, notebook_s=1)) as session:
        session.run_cell(0)
        session.ask([hang])
        (answer,) = session.ask([probe(READ, "x")])

    assert answer.ending == "timeout"
    assert "Not tried" in answer.detail


def test_an_exception_in_a_probe_names_the_notebooks_line(tmp_path: Path) -> None:
    notebook = notebook_of("def f():\n    return 1 / 0")
    with Session(notebook, tmp_path, tmp_path, SHORT) as session:
        session.run_cell(0)
        (answer,) = session.ask([probe("def scenario(f): return f()", "f")])

    value = answer.observations[0].value
    assert isinstance(value, Raised)
    assert (value.type, value.line, value.number) == ("ZeroDivisionError", "return 1 / 0", 2)
