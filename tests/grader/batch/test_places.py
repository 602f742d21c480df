"""Where a run's results go."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.batch.places import check_reports, default_gradebook, default_reports, file_name, report_name
from grader.errors import UserError


def test_an_ordinary_id_is_a_file_s_name_as_it_is() -> None:
    assert report_name("ada.lovelace_1815", "lab4") == "lab4/ada.lovelace_1815.html"


@pytest.mark.parametrize(
    "hostile", ["../../etc/passwd", "a/b", "..", "", "con", "COM1.txt", "index", "-rf", "\x00\n", "é" * 300]
)
def test_a_name_stays_in_its_folder_on_every_system(hostile: str) -> None:
    name = file_name(hostile)

    assert name
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert ".." not in name
    assert not name.startswith(("-", "."))
    assert name.partition(".")[0].lower() not in ("con", "com1", "index")
    assert len(name.encode()) < 240


def test_names_that_some_systems_take_for_the_same_are_told_apart() -> None:
    assert file_name("Ada").lower() != file_name("ada").lower()


@given(st.text(), st.text())
def test_no_two_students_share_a_report(one: str, other: str) -> None:
    assert (file_name(one).lower() == file_name(other).lower()) == (one == other)


def test_nobody_can_take_the_name_that_another_student_s_report_has_got() -> None:
    theirs = file_name("Ada Lovelace").lower()

    assert file_name(theirs).lower() != theirs


def test_gradebook_and_reports_are_beside_the_submissions_wherever_one_stands(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "lab4").mkdir()
    monkeypatch.chdir(tmp_path / "lab4")

    assert default_gradebook(Path()) == tmp_path / "gradebook.db"
    assert default_reports(tmp_path / "lab4.zip") == tmp_path / "reports"


def test_reports_among_the_submissions_are_refused(tmp_path: Path) -> None:
    check_reports(tmp_path / "reports", tmp_path / "lab4")  # which is not there: somebody else says so

    with pytest.raises(UserError, match="among the submissions"):
        check_reports(tmp_path / "reports", tmp_path)
