"""What a run finds, before anything is graded."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from grader.batch.planning import assignment_of, chosen, works_of
from grader.errors import UserError
from grader.intake.submissions import find_submissions
from tests.grader.notebooks import write_notebook


def write(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    return write_notebook(file, "1")


def test_work_is_known_by_the_hash_of_what_was_handed_in(tmp_path: Path) -> None:
    notebook = write(tmp_path / "class" / "ada" / "lab.ipynb")

    (work,) = works_of(find_submissions(tmp_path / "class"), "lab", tmp_path / "class")

    assert (work.entry.student, work.entry.assignment) == ("ada", "lab")
    assert work.entry.sha256 == hashlib.sha256(notebook.read_bytes()).hexdigest()


def test_a_place_that_was_moved_holds_the_same_work(tmp_path: Path) -> None:
    write(tmp_path / "class" / "ada" / "lab.ipynb")
    (before,) = works_of(find_submissions(tmp_path / "class"), "lab", tmp_path / "class")
    (tmp_path / "class").rename(tmp_path / "old")

    (after,) = works_of(find_submissions(tmp_path / "old"), "lab", tmp_path / "old")

    assert after.entry == before.entry


def test_a_damaged_member_of_a_zip_is_a_problem_of_its_own(tmp_path: Path) -> None:
    for name in ("ada", "bob"):
        write(tmp_path / name / "lab.ipynb")
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for name in ("ada", "bob"):
            archive.write(tmp_path / name / "lab.ipynb", f"{name}/lab.ipynb")
    content = bytearray((tmp_path / "class.zip").read_bytes())
    content[content.index(b"nbformat")] ^= 1
    (tmp_path / "class.zip").write_bytes(content)

    works = works_of(find_submissions(tmp_path / "class.zip"), "lab", tmp_path / "class.zip")

    assert [(work.entry.student, bool(work.location), bool(work.problem)) for work in works] == [
        ("ada", False, True),
        ("bob", True, False),
    ]
    assert works[0].problem.endswith(".")
    assert str(tmp_path) not in works[0].problem


def test_several_assignments_are_not_graded_by_one_course(tmp_path: Path) -> None:
    for name in ("lab4", "lab5"):
        write(tmp_path / "submitted" / "ada" / name / "work.ipynb")
    place = tmp_path / "submitted"

    with pytest.raises(UserError, match=r"lab4, lab5.*--assignment"):
        assignment_of(find_submissions(place), "")
    assert assignment_of(find_submissions(place, assignment="lab5"), "") == "lab5"


def test_an_assignment_without_a_name_has_the_default_one(tmp_path: Path) -> None:
    write(tmp_path / "ada.ipynb")

    assert assignment_of(find_submissions(tmp_path), "numbers") == "numbers"


def test_only_those_named_are_chosen(tmp_path: Path) -> None:
    for name in ("ada", "bob", "eve"):
        write(tmp_path / f"{name}.ipynb")
    intake = find_submissions(tmp_path)

    assert [hand_in.student for hand_in in chosen(intake, ["eve", "ada"]).hand_ins] == ["ada", "eve"]
    with pytest.raises(UserError, match=r"--only adam: .* ada, bob, eve\."):
        chosen(intake, ["ada", "adam"])
