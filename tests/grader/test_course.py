"""Loading a course's folder, and the sentences for each way in which it can be broken."""

import sys

import pytest

from grader import __version__
from grader.course import load_course
from grader.errors import UserError
from grader.exercise import Course, Exercise
from grader.places import content_folder, data_folder

COURSE = "exercises/course.py"
SPREAD = "exercises/spread.py"


def exercise_file(**changes):
    """The text of an exercise's file."""
    fields = {
        "title": "A sum",
        "provides": "total",
        "oracle": "sums:total",
        "statement": "",
        "starter": "",
        "checks": [],
        **changes,
    }
    declared = ", ".join(f"{name}={value!r}" for name, value in fields.items())
    return f"from grader.exercise import Exercise\n\nexercise = Exercise({declared})\n"


def course_file(**changes):
    """The text of exercises/course.py."""
    fields = {"title": "Numbers", "exercises": ["spread"], "starter": "numbers.ipynb", **changes}
    declared = ", ".join(f"{name}={value!r}" for name, value in fields.items())
    return f"from grader.exercise import Course\n\ncourse = Course({declared})\n"


# A healthy course


def test_a_course_has_its_exercises_in_the_order_of_the_notebook(load):
    files = {
        COURSE: course_file(exercises=["total", "spread"]),
        "exercises/total.py": exercise_file(),
        "reference/sums.py": "total = sum\n",
    }

    loaded = load(files)

    assert isinstance(loaded.course, Course)
    assert loaded.course.title == "Numbers"
    assert list(loaded.exercises) == ["total", "spread"]
    assert all(isinstance(exercise, Exercise) for exercise in loaded.exercises.values())


def test_the_folder_may_be_given_in_any_spelling(write_course, monkeypatch):
    folder = write_course()
    monkeypatch.chdir(folder.parent)

    assert load_course(folder.relative_to(folder.parent)).folder == folder.resolve()


@pytest.mark.parametrize("names", [("course", "course2"), ("course2", "course")])
def test_courses_that_are_loaded_after_one_another_do_not_mix(load, names):
    first = load(name=names[0])
    other = {
        "reference/extremes.py": "def spread(numbers):\n    return 'other'\n",
        SPREAD: exercise_file(provides="spread", oracle="extremes:spread", title="Other"),
    }

    second = load(other, name=names[1])
    again = load(name=names[0])

    assert second.exercises["spread"].title == "Other"
    assert second.oracle_namespace(second.exercises["spread"])["spread"]([1]) == "other"
    for loaded in (first, again):
        assert loaded.exercises["spread"].title == "The spread of a list"
        assert loaded.oracle_namespace(loaded.exercises["spread"])["spread"]([1, 5]) == 4


def test_data_is_prepared_by_the_course_that_asks_for_it(load, tmp_path):
    def files(word):
        return {
            COURSE: course_file(prepare="data:write"),
            "reference/data.py": f"def write(folder, progress):\n    (folder / 'word').write_text('{word}')\n",
        }

    first, second = load(files("one"), "first"), load(files("two"), "second")

    for loaded, word in ((first, "one"), (second, "two"), (first, "one")):
        loaded.prepare(tmp_path)
        assert (tmp_path / "word").read_text() == word


def test_loading_leaves_the_search_path_alone(load):
    before = list(sys.path)

    load()

    assert sys.path == before


def test_a_course_may_import_from_its_own_reference_and_exercises(load):
    files = {
        "exercises/words.py": "TITLE = 'From elsewhere'\n",
        SPREAD: "from exercises.words import TITLE\nfrom reference.extremes import spread\n"
        + exercise_file(oracle="extremes:spread").replace("'A sum'", "TITLE + str(spread([1, 4]))"),
    }

    assert load(files).exercises["spread"].title == "From elsewhere3"


def test_the_oracles_namespace_holds_the_reference_and_what_it_needs(small_course):
    namespace = small_course.oracle_namespace(small_course.exercises["spread"])

    assert namespace["spread"]([3, 9, 1]) == 8
    assert namespace["ordered"]([2, 1]) == [1, 2]


def test_the_solution_is_code_that_stands_alone(small_course):
    code = small_course.solution(small_course.exercises["spread"])
    namespace = {}
    exec(code, namespace)

    assert namespace["spread"]([3, 9, 1]) == 8
    assert "import" not in code


def test_the_solved_namespace_holds_what_setup_given_and_finish_make(load, tmp_path):
    files = {
        COURSE: course_file(setup="folder = '{data}'"),
        SPREAD: exercise_file(
            provides=("total", "result"), oracle="sums", given="start = [1, 2]", finish="result = total(start)"
        ),
        "reference/sums.py": "def total(numbers):\n    return sum(numbers)\n",
    }
    loaded = load(files)
    exercise = loaded.exercises["spread"]

    solved = loaded.solved_namespace(exercise, tmp_path)

    assert (solved["folder"], solved["result"]) == (str(tmp_path), 3)
    assert "result" not in loaded.oracle_namespace(exercise)
    assert loaded.solution(exercise).endswith("\n\n\nresult = total(start)")


def test_selecting_no_names_keeps_all_exercises(small_course):
    assert small_course.selected(()) == small_course


def test_selecting_keeps_the_notebooks_order(load):
    names = ["spread", "b", "c"]
    files = {COURSE: course_file(exercises=names), "reference/sums.py": "total = sum\n"}
    loaded = load(files | {f"exercises/{name}.py": exercise_file() for name in names[1:]})

    assert list(loaded.selected(("c", "spread")).exercises) == ["spread", "c"]


def test_selecting_what_is_not_there_names_it_and_what_there_is(small_course):
    with pytest.raises(UserError, match=r"scatter: no such exercise\. There are: spread\."):
        small_course.selected(("spread", "scatter"))


@pytest.mark.parametrize("needs", ["", "0.0.9", "0.1", __version__])
def test_a_course_that_needs_no_newer_grader_is_loaded(load, needs):
    assert load({COURSE: course_file(needs=needs)}).course.needs == needs


# Broken courses


@pytest.mark.parametrize(
    ("files", "sentences"),
    [
        ({COURSE: None}, ["not a course", "exercises/course.py"]),
        ({COURSE: "course = 5\n"}, ["exercises/course.py", "`course = Course(...)`"]),
        ({COURSE: ""}, ["exercises/course.py", "`course = Course(...)`"]),
        ({COURSE: "\nimport nowhere_to_be_found\n"}, ["exercises/course.py, line 2", "nowhere_to_be_found"]),
        ({COURSE: course_file(exercises=["gone"])}, ["exercises/gone.py", "can't be loaded"]),
        (
            {COURSE: course_file(starters="a")},
            ["exercises/course.py, line 3", f"grader {__version__} does not know `starters` of Course", "pip install"],
        ),
        ({COURSE: course_file(needs="9.1")}, ["needs grader 9.1", f"grader {__version__} is too old", "pip install"]),
        ({SPREAD: "from grader.exercise import Riddle\n"}, ["line 1", "does not know `Riddle` of grader.exercise"]),
        ({SPREAD: "from grader.exercise import Reads\nReads('', riddle=1)\n"}, ["line 2", "`riddle` of Scenario"]),
        ({SPREAD: "def f(a):\n    pass\nf(b=1)\n"}, ["line 3", "can't be loaded (TypeError"]),
        ({SPREAD: "x = 1\n"}, ["exercises/spread.py", "`exercise = Exercise(...)`"]),
        ({SPREAD: "def f(:\n"}, ["exercises/spread.py", "can't be loaded", "SyntaxError", "line 1"]),
        ({SPREAD: "\n\n1 / 0\n"}, ["exercises/spread.py, line 3", "division by zero"]),
        ({SPREAD: "from reference.extremes import nothing\n"}, ["exercises/spread.py, line 1", "nothing"]),
        ({SPREAD: exercise_file(points=3)}, ["exercises/spread.py, line 3", "points"]),
        ({SPREAD: exercise_file(oracle="sums:total")}, ["exercises/spread.py", "'sums:total'", "sums.py"]),
    ],
    ids=str,
)
def test_a_broken_course_is_told_by_file_and_problem(load, files, sentences):
    with pytest.raises(UserError) as caught:
        load(files)

    for sentence in sentences:
        assert sentence in str(caught.value)


@pytest.mark.parametrize("package", ["exercises", "reference"])
def test_a_folder_without_its_two_folders_is_no_course(tmp_path, package):
    (tmp_path / ({"exercises", "reference"} - {package}).pop()).mkdir()

    with pytest.raises(UserError, match=f"{tmp_path.name}: not a course .it has no folder {package}/"):
        load_course(tmp_path)


def test_a_folder_that_is_not_there_is_no_course(tmp_path):
    with pytest.raises(UserError, match="nowhere: not a course"):
        load_course(tmp_path / "nowhere")


def test_a_course_can_be_mended_and_loaded_again(load):
    with pytest.raises(UserError, match="division by zero"):
        load({SPREAD: "1 / 0\n"})

    assert "spread" in load().exercises


# Data


def test_a_course_without_data_has_nothing_to_prepare(small_course, tmp_path):
    small_course.prepare(tmp_path / "data")

    assert not (tmp_path / "data").exists()


def test_preparing_gives_the_folder_and_the_progress_to_the_course(load, tmp_path):
    files = {
        COURSE: course_file(prepare="data:write"),
        "reference/data.py": "def write(folder, progress):\n    progress('writing', 1, 2)\n    folder.mkdir()\n",
    }
    told = []

    load(files).prepare(tmp_path / "data", lambda *words: told.append(words))

    assert (tmp_path / "data").is_dir()
    assert told == [("writing", 1, 2)]


def test_a_folder_that_cannot_be_written_is_told_with_the_way_out(load, tmp_path):
    files = {
        COURSE: course_file(prepare="data:write"),
        "reference/data.py": "def write(folder, progress):\n    (folder / 'data').mkdir(parents=True)\n",
    }
    (tmp_path / "occupied").write_text("a file, not a folder")

    with pytest.raises(UserError, match=r"occupied: the course's data can't be written there .*GRADER_DATA"):
        load(files).prepare(tmp_path / "occupied")


def test_the_data_folder_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("GRADER_DATA", str(tmp_path / "here"))

    assert data_folder() == data_folder(tmp_path) == (tmp_path / "here").resolve()


def test_every_course_has_a_data_folder_of_its_own(monkeypatch, tmp_path):
    monkeypatch.delenv("GRADER_DATA", raising=False)
    folders = [data_folder(), data_folder(tmp_path / "a" / "course"), data_folder(tmp_path / "b" / "course")]

    assert len(set(folders)) == 3
    assert data_folder(tmp_path / "a" / "course") == folders[1]


def test_the_content_folder_holds_the_built_in_course():
    assert all((content_folder() / name).is_dir() for name in ("exercises", "reference", "reports"))


def test_the_folders_need_no_init_files(load):
    loaded = load({"exercises/__init__.py": None, "reference/__init__.py": None})

    assert loaded.oracle_namespace(loaded.exercises["spread"])["spread"]([1, 4]) == 3


def test_the_init_files_are_run(load):
    course = load(
        {
            "reference/__init__.py": "WORD = 'the least'\n",
            "exercises/course.py": "from grader.exercise import Course\nfrom reference import WORD\n\n"
            "course = Course(title=WORD, exercises=['spread'], starter='numbers.ipynb')\n",
        }
    )

    assert course.course.title == "the least"


def test_an_init_file_that_fails_is_told_by_name(load):
    with pytest.raises(UserError, match=r"reference/__init__\.py: can't be loaded"):
        load({"reference/__init__.py": "1 / 0\n"})
