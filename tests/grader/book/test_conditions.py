"""The version of a course, and what makes two gradings the same."""

import shutil
import subprocess
import sys

import msgspec
import pytest

from grader.book.conditions import Conditions, course_version, installed_packages, packages_of
from grader.errors import UserError
from grader.limits import Limits


def test_a_copy_of_a_course_has_its_version(write_course):
    assert course_version(write_course(name="one")) == course_version(write_course(name="two"))


@pytest.mark.parametrize(
    "change",
    [
        {"exercises/spread.py": "exercise = None\n"},
        {"reference/order.py": "def ordered(numbers):\n    return  sorted(numbers)\n"},
        {"reference/data/new.bin": ""},
        {"exercises/questions/new.py": "questions = []\n"},
        {"reference/order.py": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_other_file_makes_another_version(write_course, change):
    assert course_version(write_course(name="one")) != course_version(write_course(change, name="two"))


def test_a_renamed_file_makes_another_version(write_course):
    before = write_course(name="one")
    version = course_version(before)

    (before / "reference" / "order.py").rename(before / "reference" / "ordering.py")

    assert course_version(before) != version


def test_what_python_and_editors_leave_there_is_no_part_of_it(write_course):
    left = ("exercises/__pycache__/spread.pyc", "reference/.order.py.swp", "reference/.git/index", "grades.db")

    changed = write_course(dict.fromkeys(left, "x"), name="two")

    assert course_version(changed) == course_version(write_course(name="one"))


def test_a_folder_without_a_course_is_refused(tmp_path):
    with pytest.raises(UserError, match="not a course"):
        course_version(tmp_path)


def test_a_file_that_can_t_be_read_is_named(public_folder, write_course, without_privileges):
    folder = shutil.copytree(write_course(), public_folder / "course")
    (folder / "exercises" / "spread.py").chmod(0)
    without_privileges()

    with pytest.raises(UserError, match=r"spread\.py: can't be read"):
        course_version(folder)


BASE = Conditions("Numbers", "1", Limits(), {"device": "cpu", "full": "no"}, "0.1.0")


@pytest.mark.parametrize(
    "change",
    [
        {"course_version": "2"},
        {"engine": "0.2.0"},
        {"limits": Limits(memory_bytes=1)},
        {"settings": {"device": "cpu"}},
        {"settings": {"device": "cuda", "full": "no"}},
    ],
)
def test_other_conditions_have_another_digest(change):
    assert msgspec.structs.replace(BASE, **change).digest != BASE.digest


def test_the_order_of_settings_and_the_title_make_no_difference():
    same = msgspec.structs.replace(BASE, course="Digits", settings={"full": "no", "device": "cpu"})

    assert same.digest == BASE.digest


def test_the_same_limits_are_the_same_conditions_however_they_are_written():
    written, computed = Limits(cell_s=120, notebook_s=1800, cpu_s=60), Limits(120.0, 1800.0, cpu_s=60.0)

    assert Conditions("Numbers", "1", written).digest == Conditions("Numbers", "1", computed).digest
    assert Conditions("Numbers", "1", Limits(120.5)).digest != Conditions("Numbers", "1", Limits(120)).digest


def test_versions_are_those_of_what_is_installed():
    import numpy

    assert installed_packages()["numpy"] == numpy.__version__
    assert set(installed_packages()) == {"python", "numpy", "torch"}


def test_versions_of_another_python_are_what_is_installed_there(tmp_path, monkeypatch):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "other"], check=True)
    (packages,) = (tmp_path / "other" / "lib").glob("python*/site-packages")
    (packages / "numpy-0.1.dist-info").mkdir()
    (packages / "numpy-0.1.dist-info" / "METADATA").write_text("Name: numpy\nVersion: 0.1\n")
    (tmp_path / "json.py").write_text("raise SystemExit('a file of this folder was taken for a module')")
    monkeypatch.chdir(tmp_path)

    found = packages_of(str(tmp_path / "other" / "bin" / "python"))

    assert found == {"python": installed_packages()["python"], "numpy": "0.1"}


@pytest.mark.parametrize("program", ["false", "echo", "no such program"])
def test_what_says_no_versions_has_none(program):
    assert packages_of(shutil.which(program) or program) == {}
