"""`grader.check` and the others in a real kernel, with the small course."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel

from grader.jupyter.calls import ELSEWHERE
from tests.grader.jupyter.test_assessor import RIGHT, WITH_HINTS, WRONG


class Kernel:
    """A kernel as Jupyter starts it."""

    def __init__(self, folder, environment):
        self.manager, self.client = start_new_kernel(cwd=str(folder), env={**os.environ, **environment})

    def run(self, code, during=None):
        """What a cell displays as plain text and as HTML, and the error that it ends with."""
        texts, pages, errors = [], [], []

        def take(message):
            content = message["content"]
            if message["msg_type"] == "stream":
                texts.append(content["text"])
            elif message["msg_type"] == "error":
                errors.append(content["ename"])
            elif message["msg_type"] in ("display_data", "execute_result"):
                texts.append(content["data"]["text/plain"])
                pages.append(content["data"].get("text/html", ""))

        helper = threading.Thread(target=during or (lambda: None))
        helper.start()
        self.client.execute_interactive(code, output_hook=take, timeout=300)
        helper.join()
        return "\n".join(texts), "\n".join(pages), errors

    def complete(self, code):
        """What Tab offers at the end of a line."""
        return self.client.complete(code, reply=True, timeout=300)["content"]["matches"]

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture
def environment(write_course, tmp_path):
    """That of a kernel which checks by the small course."""
    return {"GRADER_COURSE": str(write_course(WITH_HINTS)), "XDG_DATA_HOME": str(tmp_path / "kept")}


@pytest.fixture
def kernel(environment, tmp_path):
    running = Kernel(tmp_path, environment)
    yield running
    running.close()


STATE = """
import random, numpy, torch
numpy.random.seed(1); random.seed(1); torch.manual_seed(1)
torch.set_grad_enabled(False)
numbers = [1, 2]
def state():
    values = numpy.random.get_state()[1].tolist(), random.getstate(), torch.get_rng_state().tolist()
    names = sorted(name for name in globals() if not name.startswith("_") and name not in ("In", "Out", "before"))
    return repr((values, torch.is_grad_enabled(), torch.get_num_threads(), torch.get_default_dtype(), names, numbers))
"""
MEDDLES = """
def spread(given):
    import random, torch
    global numbers
    numbers = None; random.seed(7); torch.set_grad_enabled(True); torch.set_default_dtype(torch.float64)
    torch.rand(3)
    return max(given) - min(given)
"""


@pytest.mark.parametrize("can_fork", [True, False])
def test_a_check_changes_nothing_of_the_student_s(kernel, can_fork):
    kernel.run("import grader")
    if not can_fork:  # as on Windows, and where the student uses a GPU
        kernel.run("import grader.agent\ngrader.agent.can_fork = lambda: False")
    kernel.run(STATE + MEDDLES)

    kernel.run("before = state()")
    text, _, errors = kernel.run("grader.check('spread')")
    after, _, _ = kernel.run("print(before == state())")

    assert not errors
    assert "3 of 3 points" in text
    assert after.strip() == "True"


@pytest.mark.parametrize("can_fork", [True, False])
def test_a_check_that_would_hang_is_stopped_and_the_kernel_lives(kernel, write_course, can_fork):
    quick = WITH_HINTS["exercises/spread.py"].replace("NUMBERS, points=2", "NUMBERS, points=2, limit_s=0.5")
    write_course({"exercises/spread.py": quick.replace("NUMBERS, hint", "NUMBERS, limit_s=0.5, hint")})
    kernel.run("import grader\nimport grader.agent\nkept = 1")
    if not can_fork:
        kernel.run("grader.agent.can_fork = lambda: False")

    text, _, errors = kernel.run("def spread(numbers):\n    while True: pass\ngrader.check('spread')")

    assert not errors
    assert "It had not ended after 0.5 seconds." in text
    assert kernel.run("print(kept)")[0].strip() == "1"


def test_the_student_can_stop_a_check_and_check_again(kernel):
    kernel.run(f"import grader\n{RIGHT}\ngrader.check('spread')")

    def stop():
        time.sleep(1)  # it has begun by then; if not, the stop ends the cell all the same
        kernel.manager.interrupt_kernel()

    _, _, errors = kernel.run("def spread(numbers):\n    while True: pass\ngrader.check('spread')", stop)
    text, _, _ = kernel.run(f"{RIGHT}\ngrader.check('spread')")

    assert errors == ["KeyboardInterrupt"]
    assert "3 of 3 points" in text


def test_magics_do_the_same_and_names_complete(kernel):
    assert kernel.run("%load_ext grader")[2] == []

    red, page, _ = kernel.run(f"%%check spread\n{WRONG}")
    assert "1 of 3 points" in red
    assert "grader-card bad" in page
    assert "3 of 3 points" in kernel.run(f"%%check spread\n{RIGHT}")[0]
    assert "Not checked" in kernel.run("%%check spread\n1 / 0")[0]
    assert "3 of 3 points" in kernel.run("%check")[0]
    assert "3 of 3 points" in kernel.run("%check 'spread'")[0]
    assert "Hint 1 of 2" in kernel.run("%hint spread")[0]
    assert "Write `spread(numbers)`." in kernel.run("%show spread")[0]
    assert "3 of 3 points; 1 of 1 exercise tried." in kernel.run("%progress")[0]
    kernel.run("import grader")
    for code in ("%check spr", "%%check spr", "%hint spr", "%show spr", "grader.check('spr", 'grader.hint("spr'):
        assert any("spread" in match for match in kernel.complete(code)), code
    assert {"grader.check", "grader.hint", "grader.show", "grader.progress", "grader.quiz"} <= {
        match if match.startswith("grader.") else f"grader.{match}" for match in kernel.complete("grader.")
    }


def test_an_error_of_a_cell_is_told_where_it_left_nothing(kernel):
    kernel.run("%load_ext grader\nimport grader")
    kernel.run("spread = undefined")

    assert "Cell 2 ended with NameError" in kernel.run("grader.check('spread')")[0]


def test_the_assessor_ends_with_its_kernel_and_is_started_again_if_it_ends(kernel):
    kernel.run(f"import grader\n{RIGHT}\ngrader.check('spread')")
    pid = "from grader.jupyter import calls; print(calls.connection.process.pid)"
    first = int(kernel.run(pid)[0])
    os.kill(first, signal.SIGKILL)

    text, _, _ = kernel.run("grader.check('spread')")
    second = int(kernel.run(pid)[0])
    kernel.manager.shutdown_kernel(now=True)

    assert "3 of 3 points" in text
    until_gone(second)


def until_gone(pid):
    """Waits until a process has ended, whoever waits for it."""
    while True:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except OSError:
            return
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"exercises/spread.py": "1 / 0"}, "exercises/spread.py, line 1: can't be loaded (ZeroDivisionError"),
        ({"exercises/course.py": None}, "not a course"),
    ],
)
def test_a_course_that_can_t_be_used_says_why(kernel, environment, tmp_path, files, words):
    for name, text in files.items():
        file = tmp_path / "course" / name
        file.unlink() if text is None else file.write_text(text)

    text, _, errors = kernel.run("import grader\ngrader.check('spread')")

    assert not errors
    assert words in text


def test_in_a_released_course_its_record_is_checked(write_course, tmp_path):
    released = tmp_path / "released"
    command = [sys.executable, "-m", "grader", "release", "--course", write_course(WITH_HINTS), "--out", released]
    subprocess.run(command, check=True, capture_output=True)
    kernel = Kernel(released, {"XDG_DATA_HOME": str(tmp_path / "kept")})

    try:
        red, _, errors = kernel.run(f"import grader\n{WRONG}\ngrader.check('spread')")
        green, _, _ = kernel.run(f"{RIGHT}\ngrader.check()")
        hint, _, _ = kernel.run("grader.hint('spread')")
    finally:
        kernel.close()

    assert not errors
    assert "A known mistake: it subtracts the wrong way round." in red
    assert "3 of 3 points" in green
    assert "Hint 1 of 2" in hint


@pytest.mark.parametrize("call", ["check('spread')", "hint('spread')", "show('spread')", "progress()"])
def test_outside_a_notebook_it_says_what_to_do(call):
    ran = subprocess.run([sys.executable, "-c", f"import grader; grader.{call}"], capture_output=True, text=True)

    assert (ran.returncode, ran.stdout.strip(), ran.stderr) == (0, ELSEWHERE, "")


def test_in_a_terminal_it_is_plain_text(environment, tmp_path):
    code = f"import grader\n{RIGHT}\ngrader.check('spread')\n"
    command = [sys.executable, "-m", "IPython", "--simple-prompt", "--no-banner", "--colors=NoColor"]
    paths = {"IPYTHONDIR": str(tmp_path / "ipython")}

    ran = subprocess.run(
        command, input=code, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, **environment, **paths}
    )

    assert "3 of 3 points" in ran.stdout
    assert "<div" not in ran.stdout


def test_what_a_kernel_imports_is_little():
    code = "import sys, grader, json; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert not {"torch", "numpy", "hypothesis", "jinja2", "nbformat", "exercises"} & set(json.loads(ran.stdout))
