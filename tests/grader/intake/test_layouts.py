"""Whose work a file is, by its path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.intake.gradescope import GradescopeSubmission, Submitter
from grader.intake.layouts import Owner, Surroundings, layout_of, names_the_assignment

FOLDER = Surroundings(name="class", is_zip=False)


def owners(*paths: str, around: Surroundings = FOLDER) -> dict[str, list[Owner]]:
    """The owners of each path."""
    split = [tuple(path.split("/")) for path in paths]
    layout = layout_of(split, around)
    depth = len(layout.base)
    return {
        path: list(layout.owners(parts[depth:])) if parts[:depth] == layout.base else []
        for path, parts in zip(paths, split, strict=True)
    }


def ids(*paths: str, around: Surroundings = FOLDER) -> list[str]:
    """The ids of the owners of some paths, one after the other; "-" where there is none."""
    return [(found[0].id if found else "-") for found in owners(*paths, around=around).values()]


@pytest.mark.parametrize(
    "path",
    [
        "Ada Lovelace_123_assignsubmission_file_/lab4.ipynb",
        "Ada Lovelace_123_assignsubmission_file/lab4.ipynb",
        "Ada Lovelace_123_assignsubmission_file/week 1/lab4.ipynb",
        "Ada Lovelace_123_assignsubmission_file_lab4.ipynb",
        "wrapper/Ada Lovelace_123_assignsubmission_file_/lab4.ipynb",
        "Ada Lovelace_123_assignsubmission_file_Bob_4_assignsubmission_file_lab4.ipynb",
        "Ada Lovelace_123_assignsubmission_file_/Bob_4_assignsubmission_file_/lab4.ipynb",
    ],
)
def test_moodle_names_the_student_and_a_number_of_the_assignment(path: str) -> None:
    [owner] = owners(path)[path]

    assert (owner.id, owner.name, owner.clue.id) == ("Ada Lovelace", "Ada Lovelace", "participant:123")


def test_moodles_anonymous_participants_have_a_number_and_no_name() -> None:
    [owner] = owners("Participant_123_assignsubmission_file_/x.ipynb").popitem()[1]

    assert (owner.id, owner.name, owner.clue.name) == ("Participant 123", "", "")


def test_moodles_students_of_one_name_are_told_apart() -> None:
    found = ids(*(f"{name}_assignsubmission_file_/x.ipynb" for name in ("Li Wei_1", "Li Wei_2", "Ada_3")))

    assert found == ["Li Wei 1", "Li Wei 2", "Ada"]


def test_what_lies_among_moodles_folders_is_nobodys() -> None:
    assert ids("Ada_1_assignsubmission_file_/x.ipynb", "Bob_2_assignsubmission_file_/x.ipynb", "solution.ipynb") == [
        "Ada",
        "Bob",
        "-",
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("lovelaceada_42_77_lab4.ipynb", ("42", "lovelaceada", False, 77, "lab4.ipynb")),
        ("lovelaceada_LATE_42_77_lab4-1.ipynb", ("42", "lovelaceada", True, 77, "lab4-1.ipynb")),
        ("lovelaceada_42_77_bob_43_78_x.ipynb", ("42", "lovelaceada", False, 77, "bob_43_78_x.ipynb")),
        ("müllerzoë_42_77_my lab (2).ipynb", ("42", "müllerzoë", False, 77, "my lab (2).ipynb")),
        ("LATE_anon_aB3dE_77_lab4.ipynb", ("anon_aB3dE", "", True, 77, "lab4.ipynb")),
        ("anon_aB3dE_77_lab4.ipynb", ("anon_aB3dE", "", False, 77, "lab4.ipynb")),
    ],
)
def test_canvas_names_the_user_and_the_upload(path: str, expected: tuple[object, ...]) -> None:
    [owner] = owners(path)[path]

    assert (owner.id, owner.name, owner.is_late, owner.number, owner.file) == expected


def test_canvas_files_are_known_in_a_folder_of_their_own() -> None:
    assert ids("submissions/a_1_2_x.ipynb", "submissions/b_3_4_x.zip") == ["1", "3"]


def test_names_like_canvas_mean_nothing_within_a_students_folder() -> None:
    assert ids("ada/bob_1_2_x.ipynb", "bob/x.ipynb") == ["ada", "bob"]


def test_gradescope_names_everybody_who_handed_it_in() -> None:
    pair = GradescopeSubmission((Submitter("Ada", "ada@x", "7"), Submitter("Bob", "bob@x", "")), "2026-03-01T12:00:00Z")
    around = Surroundings("export", True, metadata={("assignment_1_export",): {"submission_1": pair}})
    paths = ["assignment_1_export/submission_1/x.ipynb", "assignment_1_export/submission_2/x.ipynb"]

    found = owners(*paths, around=around)

    assert [(o.id, o.name, o.email, o.handed_in) for o in found[paths[0]]] == [
        ("7", "Ada", "ada@x", "2026-03-01T12:00:00Z"),
        ("bob@x", "Bob", "bob@x", "2026-03-01T12:00:00Z"),
    ]
    assert found[paths[1]] == []


def test_metadata_in_a_students_own_folder_is_not_believed() -> None:
    forged = {"x.ipynb": GradescopeSubmission((Submitter("Bob", "", "8"),))}
    around = Surroundings("class", False, metadata={("ada",): forged})

    assert ids("ada/x.ipynb", "bob/x.ipynb", around=around) == ["ada", "bob"]


@pytest.mark.parametrize(
    ("paths", "around"),
    [
        (["submitted/ada/lab4/x.ipynb"], FOLDER),
        (["course/submitted/ada/lab4/x.ipynb"], FOLDER),
        (["submitted/ada/lab4/x.ipynb", "source/lab4/x.ipynb", "autograded/ada/lab4/x.ipynb"], FOLDER),
        (["ada/lab4/x.ipynb"], Surroundings("submitted", False)),
        (["ada/lab4/sub/x.ipynb", "bob/lab4/x.ipynb"], Surroundings("class", False, assignment="lab4")),
        (["ada/lab4/x.ipynb"], Surroundings("class", False, timestamps={("ada", "lab4"): "2026-03-01T12:00:00Z"})),
    ],
)
def test_nbgrader_names_student_and_assignment(paths: list[str], around: Surroundings) -> None:
    found = owners(*paths, around=around)

    assert [(o.id, o.assignment) for o in found[paths[0]]] == [("ada", "lab4")]
    assert not found.get("source/lab4/x.ipynb")
    assert not found.get("autograded/ada/lab4/x.ipynb")


@pytest.mark.parametrize(
    "around",
    [
        Surroundings("lab-4-submissions", False),
        Surroundings("lab-4", False),
        Surroundings("clones", False, assignment="lab-4"),
        Surroundings("clones", False),
    ],
)
def test_github_classroom_names_assignment_and_login(around: Surroundings) -> None:
    clones = frozenset({("lab-4-ada-l",), ("lab-4-bob",), ("lab-4-zoe",)})
    around = Surroundings(around.name, around.is_zip, around.assignment, clones)

    found = owners("lab-4-ada-l/x.ipynb", "lab-4-bob/src/x.ipynb", "notes/x.ipynb", around=around)

    assert [[(o.id, o.assignment) for o in each] for each in found.values()] == [
        [("ada-l", "lab-4")],
        [("bob", "lab-4")],
        [],
    ]


def test_a_students_folder_that_is_a_repository_makes_no_classroom() -> None:
    around = Surroundings("class", False, repositories=frozenset({(), ("ada",)}))

    assert ids("ada/x.ipynb", "bob/x.ipynb", "zoe.ipynb", around=around) == ["ada", "bob", "zoe"]


def test_a_single_clone_without_a_known_assignment_is_not_split() -> None:
    around = Surroundings("x", False, repositories=frozenset({("lab-4-ada-l",)}))

    assert ids("lab-4-ada-l/x.ipynb", around=around) == ["lab-4-ada-l"]


def test_a_folder_or_a_file_is_named_after_its_student() -> None:
    assert ids("ada/lab4.ipynb", "ada/data/other.ipynb", "bob.ipynb", "zoe (1).ipynb") == ["ada", "ada", "bob", "zoe"]


def test_a_files_name_may_have_that_of_the_assignment() -> None:
    around = Surroundings("class", False, assignment="Lab 4")

    assert ids("Lab 4_ada.ipynb", "bob-lab 4.ipynb", "zoe.ipynb", around=around) == ["ada", "bob", "zoe"]


@pytest.mark.parametrize(
    ("paths", "name", "expected"),
    [
        (["lab4/ada/x.ipynb", "lab4/bob/x.ipynb"], "download", ["ada", "bob"]),
        (["lab4/ada.ipynb"], "lab4", ["ada"]),
        (["ada/x.ipynb"], "download", ["ada"]),
    ],
)
def test_the_one_folder_of_a_zip_is_no_students_if_it_holds_several(
    paths: list[str], name: str, expected: list[str]
) -> None:
    assert ids(*paths, around=Surroundings(name, True)) == expected


def test_nothing_at_all_has_a_layout() -> None:
    assert layout_of([], FOLDER).base == ()


@pytest.mark.parametrize(
    ("stem", "is_named"), [("lab4", True), ("Lab_4", True), ("lab4-1", True), ("lab4 (2)", True), ("lab5", False)]
)
def test_a_notebook_is_named_as_the_assignment_in_whichever_upload(stem: str, is_named: bool) -> None:
    assert names_the_assignment(stem, "lab 4") is is_named
    assert not names_the_assignment(stem, "")


NAMES = st.sampled_from(
    ["ada", "lab-4-ada", "submitted", "A B_1_assignsubmission_file_", "a_1_2_x.ipynb", "x.ipynb", "x.zip", "source"]
)


@given(st.lists(st.lists(NAMES, min_size=1, max_size=4).map("/".join), max_size=8), st.booleans())
def test_any_paths_have_a_layout_and_owners_have_ids(paths: list[str], is_zip: bool) -> None:
    repositories = frozenset({("lab-4-ada",)})

    for found in owners(*paths, around=Surroundings("x", is_zip, repositories=repositories)).values():
        assert all(owner.id for owner in found)
