"""Notebooks that may use a GPU: their kernel is cold and isolated, and tells how much of its memory they took.

There need be no GPU for this: the notebook's torch says that it has one.
"""

import sys
from pathlib import Path

import pytest

from grader.course import LoadedCourse
from grader.device_memory import device_use, use_in_words
from grader.endings import GPU_FULL, NO_GPU
from grader.grading import grade
from grader.isolation import bubblewrap, view_of
from grader.kernel import Room, isolated_room
from grader.limits import Limits
from grader.notebook import read_notebook
from grader.report import render_html
from grader.results import DeviceUse, Grade
from grader.values import Answer, Float, Items, Observation, Plain
from tests.grader.notebooks import write_notebook

DISTANCE = "def mnist_distance(a, b):\n    return (a - b).abs().mean((-1, -2))"
SHAM = """\
import torch
from types import SimpleNamespace
torch.cuda.is_initialized = lambda: True
torch.cuda.device_count = lambda: 2
torch.cuda.get_device_name = lambda device: "Sham 9000"
torch.cuda.max_memory_allocated = lambda device: 2**20
torch.cuda.get_device_properties = lambda device: SimpleNamespace(total_memory=2**30)
"""


@pytest.fixture
def graded(course: LoadedCourse, data: Path, tmp_path: Path):
    def run(room: Room, *cells: str) -> Grade:
        file = write_notebook(tmp_path / "lab.ipynb", *cells)
        return grade(read_notebook(file), course.selected(("mnist_distance",)), data, Limits(cell_s=60), room=room)

    return run


@pytest.fixture
def gpu_room(data: Path, course: LoadedCourse) -> Room:
    """A room with walls, which shows a device that every machine has."""
    problem = isolated_room(sys.executable, data, course.folder).problem
    if problem:
        pytest.skip(f"notebooks can't be isolated here: {problem}")
    return Room(sys.executable, view_of(sys.executable, data, course.folder, ("/dev/null",)), problem="", has_gpu=True)


def texts(result: Grade) -> list[str]:
    return [cell.text.strip() for cell in result.notebook]


def test_its_kernel_is_cold_and_isolated_and_what_it_took_is_told(gpu_room, graded) -> None:
    result = graded(gpu_room, "import sys; print('torch' in sys.modules)", SHAM, DISTANCE)

    assert texts(result)[0] == "False"
    assert result.is_passed
    assert result.is_isolated
    assert result.gpu == DeviceUse("Sham 9000", 2 * 2**20, 2 * 2**30)
    assert "GPU: Sham 9000, at most 2 MiB of 2 GiB taken." in render_html(result)


def test_without_walls_its_kernel_is_a_new_process(graded) -> None:
    result = graded(Room(has_gpu=True), "import sys; print('torch' in sys.modules)", DISTANCE)

    assert texts(result)[0] == "False"
    assert result.is_passed
    assert result.gpu == DeviceUse()
    assert "which did not use it" in render_html(result)


def test_a_notebook_that_is_to_have_no_gpu_finds_none(graded) -> None:
    result = graded(Room(), "import os; print(repr(os.environ['CUDA_VISIBLE_DEVICES']))", "torch.ones(2).cuda()")

    assert texts(result)[0] == "''"
    assert result.gpu is None
    assert "GPU:" not in render_html(result)


@pytest.mark.parametrize(
    ("code", "explanation"),
    [
        ("import torch\ntorch.zeros(2, device='cuda')", NO_GPU),
        ("import torch\nraise torch.OutOfMemoryError('CUDA out of memory. Tried to allocate 2.00 GiB.')", GPU_FULL),
    ],
)
def test_errors_that_have_to_do_with_gpus_are_explained(graded, code: str, explanation: str) -> None:
    result = graded(Room(), code)

    (cell,) = result.notebook
    assert cell.error
    assert cell.error.explanation == explanation


def test_only_a_view_with_devices_shows_them(data: Path, course: LoadedCourse) -> None:
    without = view_of(sys.executable, data, course.folder)
    shown = view_of(sys.executable, data, course.folder, ("/dev/nvidia0",))

    assert "/dev/nvidia0" in bubblewrap(shown, 3, 4)
    assert not [word for word in bubblewrap(without, 3, 4) if "nvidia" in word]
    assert shown != without  # so that they share no zygote


@pytest.mark.parametrize(
    "value",
    [
        Plain("a lot"),
        Plain(None),
        Items("list", (Plain("Sham"), Plain(5), Plain(3))),
        Items("list", (Plain("Sham"), Plain(-1), Plain(3))),
        Items("list", (Plain("Sham"), Float("nan"), Plain(3))),
    ],
)
def test_an_answer_that_makes_no_sense_counts_as_nothing_used(value) -> None:
    assert device_use(Answer((Observation(value, "", 0.0),), "done")) == DeviceUse()


def test_a_kernel_that_does_not_answer_has_used_nothing() -> None:
    assert device_use(Answer((), "died")) == DeviceUse()


def test_a_name_is_shown_as_one_short_line() -> None:
    use = device_use(Answer((Observation(Items("list", (Plain("Sh\nam" * 50), Plain(1), Plain(2))), "", 0.0),), "done"))

    assert "\n" not in use_in_words(use)
    assert len(use.name) == 80
