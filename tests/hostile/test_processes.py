"""Notebooks that do not end, that end their kernel or leave it broken, and whose processes and threads go on."""

import pytest

from grader import execution
from grader.limits import Limits
from tests.hostile.attacks import CORNER, DISTANCE, Attack, Outcome

SHORT = Limits(cell_s=1.5, notebook_s=20)
FEW_PROCESSES = Limits(cell_s=1.5, notebook_s=20, processes=64)
LITTLE_MEMORY = Limits(cell_s=1.5, notebook_s=20, memory_bytes=500 * 2**20)
END_S = 30  # for what takes a cell's limit, the time to end after it, and a new kernel


@pytest.fixture(autouse=True)
def little_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells have less time to end after their limit, or these tests would do little but wait."""
    monkeypatch.setattr(execution, "GRACE_S", 0.5)


def assert_others_are_full(outcome: Outcome) -> None:
    """The right answers above and below the attack have their points."""
    assert outcome.is_full("bottom_right")
    assert outcome.is_full("mnist_distance")


# Never ending


def test_a_loop_that_never_ends_costs_its_own_exercise_only(attack: Attack) -> None:
    outcome = attack("while True: pass\n" + DISTANCE, CORNER, limits=SHORT)

    assert outcome.errors == ["Timeout", ""]
    assert outcome.is_full("bottom_right")
    assert not outcome.is_full("mnist_distance")
    assert outcome.seconds < END_S


NEVER_ENDING = {
    "in C, deaf to signals": "sum(range(10**15))",
    "in a regular expression": "import re\nre.match('(a+)+$', 40 * 'a' + 'b')",
    "in torch": "import torch\nt = torch.ones(2000, 2000)\nwhile True: t = t @ t",
    "swallowing the interrupt": """
import time
while True:
    try:
        time.sleep(600)
    except BaseException:
        pass""",
    "blocking all signals": """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
while True:
    pass""",
}


@pytest.mark.parametrize("name", NEVER_ENDING)
def test_a_cell_that_never_ends_is_ended(attack: Attack, name: str) -> None:
    outcome = attack(CORNER, NEVER_ENDING[name], DISTANCE, limits=SHORT)

    assert outcome.errors == ["", "Timeout", ""]
    assert_others_are_full(outcome)
    assert outcome.seconds < END_S


HANGS_WHEN_CALLED_AGAIN = """
def mnist_distance(a, b, calls=[]):
    calls.append(1)
    while len(calls) > 1: pass
    return (a - b).abs().mean((-1, -2))"""


def test_functions_that_hang_when_they_are_called_again_have_no_more_time_than_the_cells(attack: Attack) -> None:
    outcome = attack(CORNER, *[HANGS_WHEN_CALLED_AGAIN] * 20, limits=Limits(cell_s=1.5, notebook_s=4))

    (distance,) = (result for result in outcome.grade.exercises if result.name == "mnist_distance")
    assert {verdict.outcome for verdict in distance.verdicts} == {"timeout"}
    assert outcome.is_full("bottom_right")
    assert outcome.seconds < END_S


# Ending the kernel

ENDING = {
    "os._exit": "import os\nos._exit(0)",
    "exit": "exit()",
    "a segmentation fault": "import ctypes\nctypes.string_at(0)",
    "abort": "import os\nos.abort()",
    "a full stack": """
import ctypes, sys
sys.setrecursionlimit(10**9)
library, pair = ctypes.CDLL(None), (ctypes.c_int * 2)(2, 1)
sort = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(
    lambda a, b: library.qsort(pair, 2, 4, sort) or 0
)
sort(0, 0)""",
    "closing all files": "import os\nos.closerange(0, 1024)",
    "a thread": "import os, threading, time\nthreading.Thread(target=os._exit, args=(1,)).start()\ntime.sleep(600)",
}


@pytest.mark.parametrize("name", ENDING)
def test_a_cell_that_ends_the_kernel_is_left_out(attack: Attack, name: str) -> None:
    outcome = attack(CORNER, ENDING[name], DISTANCE, limits=SHORT)

    assert outcome.errors == ["", "Kernel ended", ""]
    assert_others_are_full(outcome)
    assert outcome.seconds < END_S


def test_sys_exit_ends_its_cell_only(attack: Attack) -> None:
    outcome = attack(CORNER, "import sys\nsys.exit(3)", DISTANCE, limits=SHORT)

    assert outcome.errors == ["", "SystemExit", ""]
    assert_others_are_full(outcome)
    assert outcome.grade.notes == ()


def test_recursion_without_end_takes_its_memory_and_no_more(attack: Attack) -> None:
    deep = "import sys\nsys.setrecursionlimit(10**9)\ndef deeper(): return deeper()\ndeeper()"

    outcome = attack(CORNER, deep, DISTANCE, limits=LITTLE_MEMORY)

    assert outcome.errors[1] in ("MemoryError", "RecursionError", "Timeout", "Kernel ended", "Out of memory")
    assert_others_are_full(outcome)
    assert outcome.seconds < END_S


SIGNALS = """
import os, signal
for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGSEGV):
    for send, to in ((os.kill, os.getpid()), (os.kill, -1), (os.killpg, 0)):
        try:
            send(to, number)
        except ProcessLookupError:
            pass
print('alive')"""


def test_a_kernel_is_not_ended_by_signals_from_inside(attack: Attack) -> None:
    outcome = attack(CORNER, SIGNALS, DISTANCE, limits=SHORT)

    assert outcome.errors == ["", "", ""]
    assert outcome.text == "alive\n"
    assert_others_are_full(outcome)


def test_a_cell_that_ends_the_kernel_only_when_it_runs_again_is_left_out(attack: Attack) -> None:
    first = "is_first = True\nwhile True: pass"  # interrupted, so it is not run again
    again = "import os\n'is_first' in globals() or os._exit(1)"

    outcome = attack(CORNER, first, again, "import os\nos._exit(1)", DISTANCE, limits=SHORT)

    assert outcome.errors == ["", "Timeout", "Kernel ended", "Kernel ended", ""]
    assert_others_are_full(outcome)


def test_a_kernel_that_ends_between_cells_takes_no_answer_above_it_along(attack: Attack) -> None:
    later = "import os, threading\nthreading.Timer(0.05, os._exit, [1]).start()"

    outcome = attack(CORNER, later, "x = 1", "x", DISTANCE, limits=SHORT)

    assert "Kernel ended" in outcome.errors
    assert outcome.is_full("bottom_right")
    assert outcome.seconds < END_S


# Breaking the kernel without ending it

BREAKING = {
    "its handler of requests sleeps": """
import time
get_ipython().kernel.shell_handlers['execute_request'] = lambda *_: time.sleep(10**9)""",
    "it sends nothing": "get_ipython().kernel.session.send = lambda *_, **__: None",
    "its socket is closed": "get_ipython().kernel.shell_stream.close()",
    "a task blocks its loop": """
import asyncio, time
async def block(): time.sleep(10**9)
task = asyncio.ensure_future(block())""",
    "it has no output": "import sys\nsys.stdout = sys.stderr = None",
    "it can't compile": "import builtins\nbuiltins.compile = None",
    "its agent sleeps": "import sys, time\nsys.modules['_grader_agent'].observe = lambda *_: time.sleep(10**9)",
}


@pytest.mark.parametrize("name", BREAKING)
def test_a_cell_that_leaves_a_broken_kernel_is_found_and_left_out(attack: Attack, name: str) -> None:
    outcome = attack(CORNER, BREAKING[name], DISTANCE, limits=SHORT)

    assert outcome.errors[1] in ("Timeout", "Kernel ended")
    assert outcome.errors[::2] == ["", ""]
    assert_others_are_full(outcome)
    assert outcome.seconds < END_S


PROBED = {
    "ends its process": "os._exit(0)",
    "takes all processes": "while True: os.fork() or (os.setsid(), time.sleep(600))",
    "tries to kill the kernel": "os.kill(1, signal.SIGKILL), os.kill(-1, signal.SIGKILL)",
}


@pytest.mark.parametrize("name", PROBED)
def test_what_a_function_does_when_it_is_called_costs_its_own_exercise_only(attack: Attack, name: str) -> None:
    function = f"import os, signal, time\ndef mnist_distance(a, b):\n    {PROBED[name]}"

    outcome = attack(function, CORNER, limits=FEW_PROCESSES)

    assert outcome.errors == ["", ""]
    assert not outcome.is_full("mnist_distance")
    assert outcome.is_full("bottom_right")
    assert outcome.seconds < END_S


# Taking all processes

FORKING = {
    "processes that multiply": """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass""",
    "processes of a shell": "import os\nos.system('bomb() { bomb | bomb & }; bomb; sleep 600')",
    "processes that stay": """
import os, time
while True:
    if os.fork() == 0:
        time.sleep(600)""",
    "processes that stay when their cell is stopped": """
import os, time
try:
    while True:
        if os.fork() == 0:
            os.setsid()
            time.sleep(600)
except OSError:
    while True: pass""",
    "processes that have ended": """
import os
while True:
    if os.fork() == 0:
        os._exit(0)""",
    "threads": "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(600,)).start()",
}


DIES_OUT = {"processes of a shell": [""]}  # when all of its processes could start no other


@pytest.mark.parametrize("name", FORKING)
def test_processes_and_threads_are_limited(attack: Attack, name: str) -> None:
    outcome = attack(CORNER, FORKING[name], DISTANCE, limits=FEW_PROCESSES)

    assert outcome.errors[1] in ("Timeout", "BlockingIOError", "RuntimeError", "Kernel ended", *DIES_OUT.get(name, ()))
    assert_others_are_full(outcome)
    assert outcome.seconds < END_S


# Going on

DAEMONS = """
import os, signal, subprocess, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.setpgid(0, 0)
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        end = time.monotonic() + 600
        while time.monotonic() < end:
            open('/tmp/still', 'a').write('here')
            time.sleep(0.01)
    os._exit(0)
subprocess.Popen(['sleep', '600'], start_new_session=True)
subprocess.Popen('trap "" HUP INT TERM; nohup sleep 600 & sleep 600', shell=True, start_new_session=True)
while not os.path.exists('/tmp/still'):
    time.sleep(0.01)
print('started')"""


def test_daemons_end_with_their_notebook(attack: Attack) -> None:
    outcome = attack(CORNER, DAEMONS, DISTANCE, "print(open('/tmp/still').read(4))", limits=SHORT)

    assert outcome.errors == ["", "", "", ""]
    assert "started\n" in outcome.text
    assert outcome.text.endswith("here\n")
    assert_others_are_full(outcome)


@pytest.mark.parametrize("work", ["pass", "print(99 * 'x')"], ids=["computing", "printing"])
def test_threads_that_go_on_harm_no_other_cell(attack: Attack, work: str) -> None:
    threads = f"""
import threading
def go_on():
    while True: {work}
for _ in range(3): threading.Thread(target=go_on).start()"""

    outcome = attack(CORNER, threads, DISTANCE)

    assert outcome.errors == ["", "", ""]
    assert len(outcome.text) < 2**20
    assert_others_are_full(outcome)
    assert outcome.seconds < END_S


UNENDING_SHUTDOWN = """
import atexit, signal, threading, time
class Last:
    def __del__(self):
        time.sleep(10**9)
last = Last()
atexit.register(time.sleep, 10**9)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
threading.Thread(target=time.sleep, args=(10**9,)).start()"""


def test_a_shutdown_that_hangs_delays_nothing(attack: Attack) -> None:
    outcome = attack(CORNER, UNENDING_SHUTDOWN, DISTANCE, limits=SHORT)

    assert outcome.errors == ["", "", ""]
    assert_others_are_full(outcome)
    assert outcome.seconds < END_S
