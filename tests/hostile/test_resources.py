"""Notebooks that take memory, disk, files, CPU time or the report for themselves, until none is left."""

import os
from collections.abc import Iterator

import msgspec
import pytest

from grader import execution
from grader.limits import Limits
from grader.memory import MemoryGroup
from grader.results import CellError
from tests.hostile.attacks import CORNER, DISTANCE, Attack, Outcome

MIB = 2**20
MEMORY = Limits(cell_s=3, notebook_s=20, memory_bytes=500 * MIB, scratch_bytes=64 * MIB)
DISK = Limits(cell_s=10, notebook_s=30, scratch_bytes=48 * MIB, file_bytes=16 * MIB)
CPU = Limits(cell_s=20, notebook_s=40, cpu_s=1)
OUTPUT = Limits(cell_s=2, notebook_s=20, flood_bytes=20 * MIB)
END_S = 40


@pytest.fixture(autouse=True)
def little_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells have less time to end after their limit, or these tests would do little but wait."""
    monkeypatch.setattr(execution, "GRACE_S", 0.5)


@pytest.fixture
def groups() -> Iterator[None]:
    """Only where all of a notebook's memory can be limited together. Afterwards none of the groups may be left."""
    group = MemoryGroup.make(MIB)
    if group is None:
        pytest.skip("this user may make no control group")
    group.close()
    yield
    assert list(group.folder.parent.glob(f"grader-{os.getpid()}-*")) == []


def assert_others_are_full(outcome: Outcome) -> None:
    """The right answers above and below the attack have their points, and it did not take for ever."""
    assert outcome.is_full("bottom_right")
    assert outcome.is_full("mnist_distance")
    assert outcome.seconds < END_S


def error(outcome: Outcome) -> CellError:
    """What the attacking cell ended with."""
    return outcome.grade.notebook[1].error or CellError("", "")


# Memory

AT_ONCE = {
    "NumPy": "import numpy\nnumpy.ones(10**11 // 8)",
    "torch": "import torch\ntorch.ones(10**11 // 4)",
    "Python": "bytearray(10**11)",
}


@pytest.mark.parametrize("name", AT_ONCE)
def test_too_much_memory_at_once_is_refused_and_told(attack: Attack, name: str) -> None:
    outcome = attack(CORNER, AT_ONCE[name], DISTANCE)

    assert outcome.errors[1] == "MemoryError" or "can't allocate memory" in error(outcome).message
    assert "--limit memory=" in error(outcome).explanation
    assert outcome.grade.notes == ()
    assert_others_are_full(outcome)


def test_memory_that_is_taken_page_by_page_and_kept_costs_no_other_exercise(attack: Attack) -> None:
    outcome = attack(CORNER, "taken = []\nwhile True: taken.append(bytearray(4096))", DISTANCE, limits=MEMORY)

    assert outcome.errors == ["", "MemoryError", ""]
    assert_others_are_full(outcome)


MANY_PROCESSES = """
import mmap, os, time
full = mmap.mmap(-1, 8)
for number in range(8):
    if os.fork() == 0:
        taken = b'x' * (100 * 2**20)
        full[number] = 1
        time.sleep(600)
while os.waitpid(-1, os.WNOHANG)[0] == 0:
    if sum(full[:]) == 8:
        print('800 MiB at once')
        break
    time.sleep(.05)"""
SHARED = """
import mmap
shared = mmap.mmap(-1, {size})
for page in range(0, {size}, 4096): shared[page] = 1"""
WITHOUT_LIMIT = {
    "files in memory": "import os\nwhile True: os.write(os.memfd_create('more'), bytes(2**20))",
    "segments of System V": """
import ctypes, os
library = ctypes.CDLL(None, use_errno=True)
while library.shmget(0, 2**20, 0o1600) != -1: pass
raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))""",
}


def test_the_memory_of_many_processes_is_limited_together(attack: Attack, groups: None) -> None:
    """One of them is ended, or the kernel; or the cell, since a full group can be slow to end one."""
    patient = msgspec.structs.replace(MEMORY, cell_s=10, notebook_s=60)  # to fill 800 MiB takes time on a busy machine
    outcome = attack(CORNER, MANY_PROCESSES, DISTANCE, limits=patient)

    assert outcome.text == ""
    assert outcome.errors[1] in ("", "Out of memory", "Timeout")
    assert_others_are_full(outcome)


def test_a_shared_mapping_is_limited(attack: Attack, groups: None) -> None:
    outcome = attack(CORNER, SHARED.format(size=2 * 2**30), DISTANCE, limits=MEMORY)

    assert outcome.errors == ["", "Out of memory", ""]
    assert "--limit memory=" in error(outcome).explanation
    assert_others_are_full(outcome)


def test_a_huge_shared_mapping_is_refused(attack: Attack) -> None:
    outcome = attack(CORNER, SHARED.format(size=100 * 2**30), DISTANCE, limits=MEMORY)

    assert outcome.errors == ["", "OSError", ""]
    assert "Cannot allocate memory" in error(outcome).message
    assert_others_are_full(outcome)


@pytest.mark.parametrize("name", WITHOUT_LIMIT)
def test_shared_memory_that_has_no_limit_is_refused(attack: Attack, name: str) -> None:
    outcome = attack(CORNER, WITHOUT_LIMIT[name], DISTANCE, limits=MEMORY)

    assert outcome.errors == ["", "PermissionError", ""]
    assert_others_are_full(outcome)


# Disk

FILLING = """
import os
for place in ('.', os.path.expanduser('~'), '/tmp', '/var/tmp', '/dev/shm'):
    files = 0
    try:
        while True:
            with open(f'{place}/{files}', 'wb', buffering=0) as file:
                for _ in range(8): file.write(bytes(2**20))
            files += 1
    except OSError as error:
        print(error.strerror)"""


def test_the_disk_is_full_at_its_limit_wherever_files_are_written(attack: Attack) -> None:
    outcome = attack(CORNER, FILLING, DISTANCE, limits=DISK)

    assert outcome.errors == ["", "", ""]
    assert outcome.text == 5 * "No space left on device\n"
    assert_others_are_full(outcome)


TINY_FILES = "import os\nnumber = 0\nwhile True:\n    os.close(os.open(f'{number}', os.O_CREAT))\n    number += 1"
LARGE = {
    "written": "file = open('large', 'wb', buffering=0)\nwhile True: file.write(bytes(2**20))",
    "made": "open('large', 'wb').truncate(10**12)",
}


def test_files_are_limited_in_number(attack: Attack) -> None:
    outcome = attack(CORNER, TINY_FILES, DISTANCE, limits=DISK)

    assert outcome.errors == ["", "OSError", ""]
    assert "No space left on device" in error(outcome).message
    assert_others_are_full(outcome)


@pytest.mark.parametrize("name", LARGE)
def test_a_file_is_limited_in_size(attack: Attack, name: str) -> None:
    outcome = attack(CORNER, LARGE[name], DISTANCE, limits=DISK)

    assert outcome.errors == ["", "OSError", ""]
    assert "File too large" in error(outcome).message
    assert_others_are_full(outcome)


OPENING = "files = []\nwhile True: files.append(open('/dev/null'))"
OPENING_AND_CLOSING = """
import os
files = []
try:
    while True: files.append(os.open('/dev/null', os.O_RDONLY))
except OSError as error:
    for file in files: os.close(file)
    print(error.strerror)"""


def test_open_files_are_limited_and_the_kernel_goes_on_once_they_are_closed(attack: Attack) -> None:
    outcome = attack(CORNER, OPENING_AND_CLOSING, DISTANCE)

    assert outcome.errors == ["", "", ""]
    assert outcome.text == "Too many open files\n"
    assert outcome.grade.notes == ()
    assert_others_are_full(outcome)


def test_files_that_stay_open_cost_no_other_exercise(attack: Attack) -> None:
    outcome = attack(CORNER, OPENING, DISTANCE, limits=Limits(cell_s=1.5, notebook_s=20))

    assert outcome.errors[1] in ("OSError", "Timeout", "Kernel ended")
    assert_others_are_full(outcome)


# CPU time

CHILD = """
import os, signal
child = os.fork()
if child == 0:
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True: pass
print(os.waitpid(child, 0)[1])"""


def test_a_kernel_that_has_used_up_its_cpu_time_is_ended(attack: Attack) -> None:
    outcome = attack(CORNER, "while True: pass", DISTANCE, limits=CPU)

    assert outcome.errors == ["", "Kernel ended", ""]
    assert_others_are_full(outcome)


def test_a_process_that_has_used_up_its_cpu_time_is_ended(attack: Attack) -> None:
    outcome = attack(CORNER, CHILD, DISTANCE, limits=CPU)

    assert outcome.errors == ["", "", ""]
    assert outcome.text == "9\n"
    assert_others_are_full(outcome)


# Output

FLOODS = {
    "prints": "while True: print(10**6 * 'x')",
    "writes": "import os\nwhile True: os.write(1, 10**6 * b'x')",
    "a program": "import subprocess\nsubprocess.run(['cat', '/dev/zero'])",
    "displays": "for number in range(10**6): display(number)",
    "one line": "print(10**8 * 'x')",
    "one value": "10**8 * 'x'",
    "one exception": "raise ValueError(10**8 * 'x')",
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_of_output_is_bounded(attack: Attack, name: str) -> None:
    outcome = attack(CORNER, FLOODS[name], DISTANCE, limits=OUTPUT)

    assert outcome.errors[::2] == ["", ""]
    assert len(outcome.text) < MIB
    assert len(error(outcome).message) < MIB
    assert_others_are_full(outcome)
