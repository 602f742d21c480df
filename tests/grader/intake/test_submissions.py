"""What a class has handed in: the layouts as they come, real files and zips, and everything that is wrong with them."""

import contextlib
import os
import pickle
import tempfile
import unicodedata
import zipfile
from pathlib import Path

import msgspec
import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import UserError
from grader.intake.collecting import Location
from grader.intake.gradescope import LIMIT_BYTES
from grader.intake.reading import Reader
from grader.intake.roster import Roster, Student
from grader.intake.submissions import HandIn, Intake, Problem, find_submissions
from tests.grader.intake.archives import FLAGS_AT, patched, zip_of
from tests.grader.notebooks import notebook_of

ROSTER = Roster(
    (
        Student("7", "Ada Lovelace", "ada@x.edu", keys=("42", "ada-l")),
        Student("8", "Zoë Müller", "zoe@x.edu", keys=("43",)),
        Student("9", "Li Wei", "wei@x.edu"),
    )
)


def notebook(code: str = "x = 1") -> bytes:
    return nbformat.writes(notebook_of(code)).encode()


@pytest.fixture
def place_of(tmp_path: Path):
    """A function that writes files by their paths, and gives the folder."""

    def write(*paths: str, name: str = "class") -> Path:
        (tmp_path / name).mkdir(exist_ok=True)
        for path in paths:
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(notebook(f"whose = {path!r}"))
        return tmp_path / name

    return write


@pytest.fixture
def zip_at(tmp_path: Path):
    """A function that writes a zip with notebooks of these names, and what else is given."""

    def write(*paths: str, name: str = "download.zip", more: tuple[tuple[str, bytes], ...] = ()) -> Path:
        file = tmp_path / name
        file.write_bytes(zip_of(*((path, notebook(f"whose = {path!r}")) for path in paths), *more))
        return file

    return write


def students(intake: Intake) -> list[str]:
    return [hand_in.student for hand_in in intake.hand_ins]


def code_of(hand_in: HandIn) -> str:
    with Reader() as reader:
        return reader.submission(hand_in).notebook.cells[0].source


def reasons(intake: Intake) -> str:
    return "\n".join(f"{problem.where}: {problem.reason}" for problem in intake.problems)


# Layouts, in folders and in zips

LAYOUTS = {
    "a folder or a file for each student": ["ada/lab4.ipynb", "bob/work/lab4.ipynb", "zoe.ipynb"],
    "Moodle's download": [f"{name}_{i}_assignsubmission_file_/lab4.ipynb" for i, name in enumerate(["Ada L", "Bob B"])],
    "Canvas's download": ["lovelaceada_42_77_lab4.ipynb", "bob_LATE_43_78_lab4-1.ipynb"],
    "nbgrader's folders": ["submitted/ada/lab4/lab4.ipynb", "submitted/bob/lab4/lab4.ipynb"],
}


@pytest.mark.parametrize("kind", LAYOUTS)
def test_a_zip_is_understood_as_the_same_files_in_a_folder_are(place_of, zip_at, kind: str) -> None:
    folder = find_submissions(place_of(*LAYOUTS[kind]))
    archive = find_submissions(zip_at(*LAYOUTS[kind]))

    assert folder.layout == archive.layout == kind
    assert folder.problems == archive.problems == ()
    assert [(h.student, h.name, h.assignment, code_of(h)) for h in folder.hand_ins] == [
        (h.student, h.name, h.assignment, code_of(h)) for h in archive.hand_ins
    ]
    assert len(folder.hand_ins) == len(LAYOUTS[kind])
    assert {code_of(h) for h in folder.hand_ins} == {f"whose = {path!r}" for path in LAYOUTS[kind]}


def test_canvas_marks_what_is_late(place_of) -> None:
    intake = find_submissions(place_of(*LAYOUTS["Canvas's download"]))

    late = "Canvas marks it as late and not by how much: nothing is taken off for that."
    assert [(h.student, h.notes) for h in intake.hand_ins] == [("42", ()), ("43", (late,))]


def test_nbgraders_time_stamp_tells_when_it_was_handed_in(place_of) -> None:
    place = place_of("submitted/ada/lab4/x.ipynb", "submitted/bob/lab4/x.ipynb")
    (place / "submitted/ada/lab4/timestamp.txt").write_text("2026-03-01 13:00:00.5 Europe/Paris\n")
    (place / "submitted/bob/lab4/timestamp.txt").write_text("some day")

    assert [h.handed_in for h in find_submissions(place).hand_ins] == ["2026-03-01T12:00:00+00:00", ""]


def test_nbgraders_assignments_are_told_apart(place_of) -> None:
    place = place_of("submitted/ada/lab4/x.ipynb", "submitted/ada/lab5/y.ipynb")

    assert [(h.student, h.assignment) for h in find_submissions(place).hand_ins] == [("ada", "lab4"), ("ada", "lab5")]
    assert [h.assignment for h in find_submissions(place, assignment="lab5").hand_ins] == ["lab5"]


def test_an_assignment_that_nobody_handed_in_is_said_so(place_of) -> None:
    place = place_of("submitted/ada/lab4/x.ipynb", "submitted/ada/lab5/y.ipynb")

    with pytest.raises(UserError, match=r"nothing of the assignment lab6. There are: lab4, lab5\."):
        find_submissions(place, assignment="lab6")


def test_a_file_whose_time_is_unknown_has_none(place_of) -> None:
    assert find_submissions(place_of("ada.ipynb")).hand_ins[0].handed_in == ""


METADATA = """\
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :email: ada@x.edu
    :sid: '7'
  - :name: Bob B
    :email: bob@x.edu
    :sid: ''
  :created_at: 2019-09-04 21:03:57.297916000 Z
"""


@pytest.mark.parametrize("base", ["", "assignment_1_export/"])
def test_gradescope_export_gives_a_pairs_work_to_both(zip_at, base: str) -> None:
    metadata = (f"{base}submission_metadata.yml", METADATA.encode())

    intake = find_submissions(zip_at(f"{base}submission_1/x.ipynb", f"{base}submission_2/y.ipynb", more=(metadata,)))

    assert intake.layout == "Gradescope's download"
    assert [(h.student, h.name, h.email, h.handed_in) for h in intake.hand_ins] == [
        ("7", "Ada Lovelace", "ada@x.edu", "2019-09-04T21:03:57+00:00"),
        ("bob@x.edu", "Bob B", "bob@x.edu", "2019-09-04T21:03:57+00:00"),
    ]
    assert "submission_2/y.ipynb: Its path doesn't tell whose it is" in reasons(intake)


def test_gradescope_export_is_read_unpacked(place_of) -> None:
    place = place_of("submission_1/x.ipynb")
    (place / "submission_metadata.yml").write_text(METADATA)

    assert students(find_submissions(place)) == ["7", "bob@x.edu"]


def test_gradescope_metadata_of_a_student_is_not_believed(place_of) -> None:
    place = place_of("ada/x.ipynb", "bob/x.ipynb")
    (place / "ada" / "submission_metadata.yml").write_text(METADATA.replace("submission_1", "x.ipynb"))

    assert students(find_submissions(place)) == ["ada", "bob"]


def test_gradescope_metadata_that_is_far_too_large_is_said_so(place_of) -> None:
    place = place_of("submission_1/x.ipynb")
    with (place / "submission_metadata.yml").open("wb") as out:
        out.truncate(LIMIT_BYTES + 1)

    assert "submission_metadata.yml is far too large" in reasons(find_submissions(place))


def test_gradescope_export_may_have_files_without_folders(place_of) -> None:
    place = place_of("1.ipynb")
    (place / "submission_metadata.yml").write_text(METADATA.replace("submission_1", "1.ipynb"))

    assert students(find_submissions(place)) == ["7", "bob@x.edu"]


def test_github_classroom_clones_are_found(place_of) -> None:
    place = place_of("lab4-ada-l/lab4.ipynb", "lab4-bob/lab4.ipynb", name="lab4-submissions")
    for clone in ("lab4-ada-l", "lab4-bob"):
        (place / clone / ".git").mkdir()

    intake = find_submissions(place, ROSTER)

    assert [(h.student, h.assignment, h.in_roster) for h in intake.hand_ins] == [
        ("7", "lab4", True),
        ("bob", "lab4", False),
    ]
    assert {h.assignment for h in find_submissions(place, ROSTER, "The fourth lab").hand_ins} == {"The fourth lab"}


def test_a_download_alone_in_a_folder_is_opened(zip_at, tmp_path: Path) -> None:
    zip_at(*LAYOUTS["Moodle's download"])
    (tmp_path / "roster.csv").write_text("id,name")

    assert students(find_submissions(tmp_path)) == ["Ada L", "Bob B"]


def test_a_students_zip_alone_in_a_folder_is_that_students(zip_at, tmp_path: Path) -> None:
    zip_at("x.ipynb", name="ada.zip")

    assert students(find_submissions(tmp_path)) == ["ada"]


def test_a_students_zip_may_not_pass_for_a_download(zip_at, place_of, tmp_path: Path) -> None:
    place = place_of("bob.ipynb")
    zip_at("Bob B_1_assignsubmission_file_/x.ipynb", name="class/ada.zip")

    assert students(find_submissions(place)) == ["ada", "bob"]


def test_zips_that_students_handed_in_are_read(place_of, tmp_path: Path) -> None:
    inner = zip_of(("work/lab4.ipynb", notebook("nested")), ("__MACOSX/work/._lab4.ipynb", b""))
    place = place_of("bob/lab4.ipynb")
    (place / "ada").mkdir()
    (place / "ada" / "work.ZIP").write_bytes(inner)
    outer = tmp_path / "download.zip"
    outer.write_bytes(zip_of(("lovelaceada_42_77_work.zip", inner), ("bob_43_78_lab4.ipynb", notebook())))

    in_folder, in_zip = find_submissions(place), find_submissions(outer)

    assert [code_of(h) for h in (in_folder.hand_ins[0], in_zip.hand_ins[0])] == ["nested", "nested"]
    assert students(in_folder) == ["ada", "bob"]
    assert students(in_zip) == ["42", "43"]
    assert in_zip.hand_ins[0].location.shown.endswith("download.zip/lovelaceada_42_77_work.zip/work/lab4.ipynb")


def test_a_zip_within_a_students_zip_is_not_opened(place_of) -> None:
    place = place_of("bob/x.ipynb")
    (place / "ada.zip").write_bytes(zip_of(("inner.zip", zip_of(("x.ipynb", notebook())))))

    intake = find_submissions(place)

    assert students(intake) == ["bob"]
    assert intake.problems == (Problem(str(place / "ada.zip"), "There is no notebook in the zip.", "ada", "", "", ""),)


# Several notebooks of one student


def test_of_several_notebooks_the_one_named_as_the_assignment_is_taken_and_it_is_said(place_of) -> None:
    place = place_of("ada/lab4.ipynb", "ada/scratch.ipynb")
    os.utime(place / "ada/lab4.ipynb", (1, 1))

    [hand_in] = find_submissions(place, assignment="lab4").hand_ins

    assert code_of(hand_in) == "whose = 'ada/lab4.ipynb'"
    assert hand_in.notes == (
        "Of 2 notebooks lab4.ipynb was taken: it is named as the assignment. Others: scratch.ipynb.",
    )


def test_of_several_notebooks_the_newest_is_taken(place_of) -> None:
    place = place_of("ada/a.ipynb", "ada/b.ipynb", "ada/c.ipynb")
    for name, time in (("a", 5), ("b", 9), ("c", 7)):
        os.utime(place / f"ada/{name}.ipynb", (time, time))

    [hand_in] = find_submissions(place).hand_ins

    assert hand_in.location.file.endswith("b.ipynb")
    assert "it is the newest. Others: c.ipynb, a.ipynb" in hand_in.notes[0]


def test_of_several_uploads_to_canvas_the_last_is_taken(zip_at) -> None:
    [hand_in] = find_submissions(
        zip_at("ada_42_99_lab4-1.ipynb", "ada_42_100_lab4.ipynb", "ada_42_102_lab4-2.ipynb"), assignment="lab4"
    ).hand_ins

    assert code_of(hand_in) == "whose = 'ada_42_102_lab4-2.ipynb'"


def test_of_notebooks_that_nothing_tells_apart_the_first_is_taken(zip_at) -> None:
    [hand_in] = find_submissions(zip_at("ada/b.ipynb", "ada/a.ipynb", "bob/x.ipynb")).hand_ins[:1]

    assert code_of(hand_in) == "whose = 'ada/a.ipynb'"
    assert "nothing tells which is newer" in hand_in.notes[0]


@pytest.mark.parametrize(
    "path",
    ["ada/.ipynb_checkpoints/lab4-checkpoint.ipynb", "__MACOSX/ada/._lab4.ipynb", "ada/.hidden.ipynb", ".git/x.ipynb"],
)
def test_what_programs_leave_behind_is_left_out(place_of, zip_at, path: str) -> None:
    for intake in (
        find_submissions(place_of("ada/lab4.ipynb", path)),
        find_submissions(zip_at("ada/lab4.ipynb", path)),
    ):
        [hand_in] = intake.hand_ins
        assert code_of(hand_in) == "whose = 'ada/lab4.ipynb'"
        assert hand_in.notes == intake.problems == ()


# The roster


def test_the_roster_gives_ids_and_names_and_tells_who_is_missing(place_of) -> None:
    place = place_of("Lovelace Ada_1_assignsubmission_file_/x.ipynb", "Zoe Muller_2_assignsubmission_file_/x.ipynb")

    intake = find_submissions(place, ROSTER, "lab4")

    assert [(h.student, h.name, h.email, h.in_roster) for h in intake.hand_ins] == [
        ("7", "Ada Lovelace", "ada@x.edu", True),
        ("8", "Zoë Müller", "zoe@x.edu", True),
    ]
    assert intake.missing == {"lab4": (ROSTER.students[2],)}


def test_who_is_not_in_the_roster_is_taken_in_and_it_is_said(place_of) -> None:
    [hand_in] = find_submissions(place_of("mallory.ipynb"), ROSTER).hand_ins

    assert (hand_in.student, hand_in.in_roster) == ("mallory", False)
    assert "nobody in the roster is known as mallory" in hand_in.notes[0]


def test_who_fits_two_students_is_given_to_neither(zip_at) -> None:
    [hand_in] = find_submissions(zip_at("müllerzoë_7_77_x.ipynb"), ROSTER).hand_ins

    assert (hand_in.student, hand_in.in_roster) == ("7?", False)
    assert "another student's in the roster than 7" in hand_in.notes[0]


def test_an_id_is_the_same_whichever_way_its_accents_are_written(zip_at) -> None:
    composed, apart = (unicodedata.normalize(form, "zoë.ipynb") for form in ("NFC", "NFD"))

    assert students(find_submissions(zip_at(composed))) == students(find_submissions(zip_at(apart))) == ["zo\xeb"]


def test_what_was_found_goes_to_other_processes_and_into_json(place_of) -> None:
    intake = find_submissions(place_of("ada/x.ipynb", "bob/x.ipynb"), ROSTER, "lab4")

    assert pickle.loads(pickle.dumps(intake)) == intake
    assert msgspec.json.decode(msgspec.json.encode(intake), type=Intake) == intake


def test_two_folders_of_one_student_are_one_students_work(place_of) -> None:
    [hand_in] = find_submissions(place_of("ada/x.ipynb", "Ada Lovelace/y.ipynb"), ROSTER).hand_ins

    assert hand_in.student == "7"
    assert "Of 2 notebooks" in hand_in.notes[0]


def test_who_handed_in_something_broken_is_not_missing(place_of) -> None:
    place = place_of("ada/x.ipynb")
    (place / "zoe").mkdir()
    (place / "zoe" / "work.zip").write_bytes(b"PK broken")
    (place / "wei").mkdir()
    (place / "wei" / "report.pdf").write_bytes(b"%PDF")

    intake = find_submissions(place, ROSTER)

    assert [(p.student, p.name) for p in intake.problems] == [("8", "Zoë Müller"), ("9", "Li Wei")]
    assert "not a zip file, or cut off" in reasons(intake).lower()
    assert "There is no notebook among what was handed in (report.pdf)." in reasons(intake)
    assert intake.missing == {"": ()}


def test_a_class_that_has_handed_in_nothing_yet_is_all_missing_or_said_so(place_of) -> None:
    with pytest.raises(UserError, match="there is no notebook in it"):
        find_submissions(place_of(), ROSTER)


# What is refused, one by one


def test_links_that_lead_out_are_refused_and_others_are_followed(place_of, tmp_path: Path) -> None:
    place = place_of("ada/x.ipynb")
    (tmp_path / "secret.ipynb").write_bytes(notebook("secret"))
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.ipynb").write_bytes(notebook("secret"))
    (place / "bob.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (place / "cy.ipynb").symlink_to("nowhere.ipynb")
    (place / "dan").symlink_to(tmp_path / "outside")
    (place / "eve.ipynb").symlink_to(place / "ada" / "x.ipynb")
    (place / "fay").symlink_to(place / "ada")

    intake = find_submissions(place)

    assert students(intake) == ["ada", "eve"]
    assert "bob.ipynb: It is a symbolic link that leads out of its folder." in reasons(intake)
    assert "cy.ipynb: It is a symbolic link that leads nowhere." in reasons(intake)
    assert {problem.student for problem in intake.problems} == {"bob", "cy"}


def test_a_link_to_another_students_work_is_refused(place_of) -> None:
    place = place_of("ada/x.ipynb", "bob/work/y.ipynb")
    (place / "eve").mkdir()
    (place / "eve" / "x.ipynb").symlink_to("../ada/x.ipynb")
    (place / "bob" / "x.ipynb").symlink_to("work/y.ipynb")

    intake = find_submissions(place)

    assert students(intake) == ["ada", "bob"]
    assert [problem.student for problem in intake.problems] == ["eve"]


def test_a_pipe_is_no_notebook(place_of) -> None:
    place = place_of("ada.ipynb")
    os.mkfifo(place / "bob.ipynb")

    intake = find_submissions(place)

    assert students(intake) == ["ada"]
    assert "bob.ipynb: It is no file" in reasons(intake)


@pytest.mark.parametrize("name", ["a\u202ebnypi.ipynb", "a\x1b[2J.ipynb", "a\\b.ipynb", os.fsdecode(b"a\xff.ipynb")])
def test_a_file_of_a_hostile_name_is_refused(place_of, name: str) -> None:
    place = place_of("ada/good.ipynb", f"bob/{name}", name)

    intake = find_submissions(place)

    assert students(intake) == ["ada"]
    assert [problem.student for problem in intake.problems] == ["", "bob"]
    assert all(problem.where.isprintable() for problem in intake.problems)


def test_hostile_members_are_refused_one_by_one_and_the_others_are_taken(zip_at) -> None:
    place = zip_at("ada/x.ipynb", "../evil.ipynb", "/etc/evil.ipynb", "bob/y.ipynb")

    intake = find_submissions(place)

    assert students(intake) == ["ada", "bob"]
    assert [problem.reason for problem in intake.problems] == [
        "Its name leads out of the folder (..).",
        "Its name is an absolute path.",
    ]


def test_an_encrypted_notebook_is_its_students_problem(tmp_path: Path) -> None:
    file = tmp_path / "download.zip"
    data = zip_of(("ada_42_77_x.ipynb", notebook()), ("zoe_43_78_x.ipynb", notebook()))
    file.write_bytes(patched(data, FLAGS_AT, "<H", 1))

    intake = find_submissions(file, ROSTER)

    assert students(intake) == ["8"]
    assert [(p.student, p.reason) for p in intake.problems] == [("7", "It is encrypted.")]
    assert intake.missing == {"": (ROSTER.students[2],)}


def test_a_file_that_would_not_be_read_in_any_case_is_no_problem(tmp_path: Path) -> None:
    file = tmp_path / "class.zip"
    data = zip_of(("ada/report.pdf", b"%PDF"), ("ada/x.ipynb", notebook()), ("bob/y.ipynb", notebook()))
    file.write_bytes(patched(data, FLAGS_AT, "<H", 1))

    intake = find_submissions(file)

    assert (students(intake), intake.problems) == (["ada", "bob"], ())


def test_a_link_in_a_students_zip_is_refused(place_of) -> None:
    place = place_of("bob/x.ipynb")
    (place / "ada.zip").write_bytes(zip_of(("x.ipynb", b"/etc/passwd"), mode=0o120777))

    intake = find_submissions(place)

    assert [(p.student, p.reason) for p in intake.problems] == [("ada", "It is a symbolic link.")]


def test_a_time_stamp_that_is_none_costs_nobody_their_grade(place_of, zip_at) -> None:
    stamp = "submitted/ada/lab4/timestamp.txt"
    place = place_of("submitted/ada/lab4/x.ipynb")
    (place / stamp).write_bytes(bytes(10**6))

    for intake in (
        find_submissions(place),
        find_submissions(zip_at("submitted/ada/lab4/x.ipynb", more=((stamp, bytes(10**6)),))),
    ):
        assert [(h.student, h.handed_in) for h in intake.hand_ins] == [("ada", "")]
        assert "too large" in reasons(intake)


def test_folders_without_an_end_are_left_at_some_depth(place_of) -> None:
    place = place_of("ada/x.ipynb", "bob/" + "deeper/" * 25 + "x.ipynb")

    intake = find_submissions(place)

    assert students(intake) == ["ada"]
    assert "more than 20 folders deep" in reasons(intake)


def test_more_files_than_a_class_hands_in_are_not_gone_through(place_of, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.intake.collecting.MOST_FILES", 2)

    with pytest.raises(UserError, match="more than 2 files"):
        find_submissions(place_of("a.ipynb", "b.ipynb", "c.ipynb"))


def test_a_broken_zip_alone_in_a_folder_is_a_students_problem(place_of) -> None:
    place = place_of()
    (place / "ada.zip").write_bytes(b"PK")

    assert [(p.student, "not a zip file" in p.reason.lower()) for p in find_submissions(place).problems] == [
        ("ada", True)
    ]


def test_a_damaged_member_is_found_when_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "class.zip"
    good, bad = notebook("good"), notebook("bad")
    data = zip_of(("ada.ipynb", bad), ("bob.ipynb", good), compression=zipfile.ZIP_STORED)
    file.write_bytes(data.replace(b'"bad"', b'"bed"'))

    ada, bob = find_submissions(file).hand_ins

    with Reader() as reader:
        with pytest.raises(UserError, match=r"class\.zip/ada\.ipynb: damaged"):
            reader.submission(ada)
        assert reader.submission(bob).notebook.cells[0].source == "good"


def test_what_is_no_notebook_is_said_of_its_place_in_the_zip(tmp_path: Path) -> None:
    file = tmp_path / "class.zip"
    file.write_bytes(zip_of(("ada.ipynb", b"hello")))
    [hand_in] = find_submissions(file).hand_ins

    with Reader() as reader, pytest.raises(UserError, match=r"class\.zip/ada\.ipynb: not a notebook"):
        reader.submission(hand_in)


def test_a_reader_goes_from_one_archive_to_another(zip_at) -> None:
    first, second = zip_at("a.ipynb", name="1.zip"), zip_at("b.ipynb", name="2.zip")
    [a], [b] = find_submissions(first).hand_ins, find_submissions(second).hand_ins

    with Reader() as reader:
        read = [reader.submission(h).notebook.cells[0].source for h in (a, b, a)]

    assert read == ["whose = 'a.ipynb'", "whose = 'b.ipynb'", "whose = 'a.ipynb'"]


@pytest.mark.parametrize(("name", "said"), [("none", "no such folder"), ("x.txt", "no folder and no zip file")])
def test_a_place_that_is_none_is_said_so(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "x.txt").write_text("")

    with pytest.raises(UserError, match=said):
        find_submissions(tmp_path / name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_may_not_be_read_stops_nothing_else(place_of) -> None:
    place = place_of("ada/x.ipynb", "bob/x.ipynb")
    (place / "bob").chmod(0)

    intake = find_submissions(place)
    (place / "bob").chmod(0o755)

    assert students(intake) == ["ada"]
    assert "bob: The folder can't be read" in reasons(intake)


PARTS = st.sampled_from(
    ["..", ".", "", "ada", "Ada L_1_assignsubmission_file_", "submitted", "C:", "a\\b", ".git", "__MACOSX", "x.ipynb"]
) | st.text(min_size=1, max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.lists(PARTS, min_size=1, max_size=4).map(lambda parts: "/".join(parts) + ".ipynb"), max_size=6))
def test_whatever_a_zip_has_nothing_is_written_and_each_notebook_is_read_from_it(
    tmp_path: Path, names: list[str]
) -> None:
    file = tmp_path / "class.zip"
    unique = sorted({name for name in names if "\0" not in name} | {"zoe/good.ipynb"})
    file.write_bytes(zip_of(*((name, notebook(name)) for name in unique)))

    intake = find_submissions(file, ROSTER)

    assert list(tmp_path.iterdir()) == [file]
    for hand_in in intake.hand_ins:
        assert hand_in.location == Location(str(file), (code_of(hand_in),))
        assert hand_in.student


PLACES = st.lists(st.sampled_from(["ada", "bob", "submitted", "x.ipynb", "y.ipynb"]), min_size=1, max_size=4).map(
    "/".join
)
TARGETS = st.sampled_from(
    [
        "secret.ipynb",
        "outside",
        "class",
        "class/ada",
        "class/../secret.ipynb",
        "class/x.ipynb",
        "class/ada/x.ipynb",
        ".",
    ]
)


@given(st.lists(st.tuples(PLACES, TARGETS | st.none(), st.booleans()), max_size=8))
def test_whatever_links_a_folder_has_each_notebook_that_is_taken_lies_below_it(
    files: list[tuple[str, str | None, bool]],
) -> None:
    with tempfile.TemporaryDirectory() as made:
        root = Path(made).resolve()
        place = root / "class"
        (root / "outside").mkdir()
        place.mkdir()
        for secret in (root / "secret.ipynb", root / "outside" / "x.ipynb"):
            secret.write_bytes(notebook(str(secret)))
        for path, target, is_relative in files:
            with contextlib.suppress(
                OSError, RuntimeError
            ):  # a file where a folder would have to be, or a second one of its name
                (place / path).parent.mkdir(parents=True, exist_ok=True)
                if not (place / path).resolve().is_relative_to(place):
                    continue
                if target is None:
                    (place / path).write_bytes(notebook(str((place / path).resolve())))
                else:
                    to = root / target
                    (place / path).symlink_to(os.path.relpath(to, (place / path).parent) if is_relative else to)

        with contextlib.suppress(UserError):
            for hand_in in find_submissions(place).hand_ins:
                assert Path(code_of(hand_in)).is_relative_to(Path(hand_in.location.file).parent)
